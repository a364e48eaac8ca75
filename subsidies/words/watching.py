"""What the first floor says of money and rights after enrolment: frozen, bought, withdrawn, handed back."""

from typing import Final

REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "right_frozen": (
        "สิทธิของท่านถูกพักไว้ระหว่างตรวจสอบ เงินของท่านเองยังใช้ได้ตามปกติ ติดต่อเจ้าหน้าที่หากมีข้อสงสัย",
        "Your rights are on hold while they are looked at. Your own money is not: pay with it, or ask our staff.",
    ),
    "own_money_short": (
        "เงินของท่านขาดอีก {short_satang} กรุณาเติมเงินแล้วลองใหม่",
        "Your own money is {short_satang} short. Please top up and try again.",
    ),
    "not_withdrawable": (
        "สิทธิโครงการ {scheme} ถอนเป็นเงินไม่ได้ ใช้จ่ายที่ร้านค้าได้ตามปกติ",
        "The right of {scheme} cannot be withdrawn as money. You can use it at shops.",
    ),
    "right_has_less": (
        "สิทธิมีเหลือ {left_satang} ถอน {wanted_satang} ไม่ได้ กรุณาถอนไม่เกินที่มี",
        "Your right has {left_satang} left, so {wanted_satang} cannot be withdrawn. Please withdraw no more than that.",
    ),
    "already_frozen": (
        "สิทธิของบุคคลนี้ถูกพักไว้อยู่แล้ว ดูเหตุผลได้ในรายการตรวจสอบ",
        "This person's rights are on hold already. The list of breaches says why.",
    ),
    "not_frozen": (
        "สิทธิของบุคคลนี้ไม่ได้ถูกพักไว้ ไม่ต้องดำเนินการ",
        "This person's rights are not on hold. Nothing needs to be done.",
    ),
    "scheme_not_over": (
        "โครงการ {scheme} ยังใช้สิทธิได้ถึง {ends_at} จึงยังคืนเงินไม่ได้",
        "The right of {scheme} can be used until {ends_at}, so its money is still needed. Please wait until then.",
    ),
    "rights_not_over": (
        "โครงการ {scheme} ยังมีสิทธิที่ไม่สิ้นสุด {rights} รายการ จึงยังคืนเงินไม่ได้ กรุณารอให้สิ้นสุดก่อน",
        "{rights} right(s) of {scheme} are not over, so its money is still needed. Please wait until they are.",
    ),
    "nothing_to_hand_back": (
        "โครงการ {scheme} ไม่มีเงินเหลือให้คืน ไม่ต้องดำเนินการ",
        "Scheme {scheme} has no money left to hand back. Nothing needs to be done.",
    ),
    "hand_back_asked_already": (
        "มีผู้เสนอให้คืนเงินที่เหลือของโครงการ {scheme} แล้ว กรุณารอเจ้าหน้าที่คนอื่นเห็นชอบหรือไม่เห็นชอบ",
        "An officer has asked already to hand back what is left of {scheme}. Please wait for another one to decide.",
    ),
    "hand_back_not_asked": (
        "ยังไม่มีผู้เสนอให้คืนเงินที่เหลือของโครงการ {scheme} กรุณาเสนอก่อน",
        "Nobody has asked to hand back what is left of {scheme}. An officer has to ask for it first.",
    ),
    "hand_back_changed": (
        "ขณะนี้เงินเหลือ {left_satang} ไม่ใช่ {asked_satang} ที่เสนอไว้ กรุณาไม่เห็นชอบรายการนี้แล้วเสนอใหม่",
        "There is {left_satang} left now, and not the {asked_satang} that was asked for. Please say no, and ask anew.",
    ),
}
