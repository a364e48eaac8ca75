"""What the first floor says to people: every refusal and every reason, in Thai and English, and what to do next.

A placeholder is a fact of the refusal. Facts that end in `_satang` are shown as baht, those in `_at` as Bangkok time.
Several purses may be asked at once: then the code of a refusal can also stand among the reasons of a split.
"""

from typing import Final

from subsidies.words import people, places, watching
from subsidies.words.officers import OFFICERS

REFUSALS: Final[dict[str, tuple[str, str]]] = {
    **people.REFUSALS,
    **places.REFUSALS,
    **watching.REFUSALS,
    **OFFICERS,
    # Using a right
    "not_refundable": (
        "โครงการ {scheme} ไม่รับคืนรายการที่ใช้สิทธิแล้ว หากต้องการคืนเงิน ร้านตกลงกับลูกค้าโดยตรง",
        "Scheme {scheme} takes no sale back. If money is to be given back, settle it with the customer directly.",
    ),
    "refund_too_late": (
        "คืนรายการนี้ผ่านโครงการได้ถึงวันทำการ {last_date} เท่านั้น หากต้องการคืนเงิน ร้านตกลงกับลูกค้าโดยตรง",
        "The scheme allowed this sale to be given back until business date {last_date}. Settle it with the customer.",
    ),
    "refund_whole_only": (
        "โครงการนี้ให้คืนได้เฉพาะเต็มจำนวน กรุณาคืนทั้งรายการ",
        "The scheme allows a sale to be given back as a whole only. Please give all of it back.",
    ),
    "outside_hours": (
        "ขณะนี้อยู่นอกเวลาใช้สิทธิ ใช้สิทธิได้อีกครั้งตั้งแต่ {opens_at} หรือชำระครั้งนี้ด้วยเงินของท่านเอง",
        "The right cannot be used at this hour. You can use it from {opens_at}, or pay for this with your own money.",
    ),
    "scheme_not_started": (
        "ยังไม่ถึงเวลาเริ่มใช้สิทธิ เริ่มใช้ได้ตั้งแต่ {opens_at} ครั้งนี้ท่านชำระด้วยเงินของท่านเองได้",
        "This right cannot be used yet. You can use it from {opens_at}; until then, pay with your own money.",
    ),
    "scheme_ended": (
        "สิทธิโครงการนี้สิ้นสุดแล้วเมื่อ {ended_at} ท่านยังชำระด้วยเงินของท่านเองได้",
        "This right ended at {ended_at}. You can still pay with your own money.",
    ),
    "channel_not_allowed": (
        "โครงการนี้ใช้สิทธิผ่านช่องทางนี้ไม่ได้ กรุณาใช้ที่ร้านค้าที่เข้าร่วมโครงการ",
        "This right cannot be used in this way. Please use it at a shop that takes part.",
    ),
    "first_use_missed": (
        "สิทธินี้หมดไปแล้ว เพราะไม่ได้เริ่มใช้ภายใน {deadline_at} ท่านยังชำระด้วยเงินของท่านเองได้ และติดตามโครงการรอบใหม่ได้",
        "This right lapsed: it was not used before {deadline_at}. Pay with your own money; watch for the next round.",
    ),
    "daily_right_used_up": (
        "วันนี้ใช้สิทธิครบแล้ว ใช้สิทธิใหม่ได้ตั้งแต่ {opens_at} หรือชำระครั้งนี้ด้วยเงินของท่านเอง",
        "Today's right is used up. It begins anew at {opens_at}, or pay for this with your own money.",
    ),
    "period_right_used_up": (
        "ใช้สิทธิของรอบนี้ครบแล้ว ใช้สิทธิใหม่ได้ตั้งแต่ {opens_at} หรือชำระครั้งนี้ด้วยเงินของท่านเอง",
        "The right of this period is used up. It begins anew at {opens_at}, or pay for this with your own money.",
    ),
    "right_used_up": (
        "ใช้สิทธิโครงการนี้ครบแล้ว ท่านยังชำระด้วยเงินของท่านเองได้",
        "This right is used up. You can still pay with your own money.",
    ),
    "right_short": (
        "สิทธิคงเหลือ {left_satang} ไม่พอสำหรับรายการนี้ซึ่งต้องใช้ {wanted_satang} กรุณาเลือกรายการที่เล็กลง หรือชำระด้วยเงินของท่านเอง",
        "Your right has {left_satang} left and this needs {wanted_satang}. Choose less, or pay with your own money.",
    ),
    "goods_not_allowed": (
        "สินค้าในบิลนี้ใช้สิทธิไม่ได้ ให้ร้านแยกบิล หรือชำระด้วยเงินของท่านเอง",
        "This right does not cover these goods. Ask the shop for a separate bill, or pay with your own money.",
    ),
    "merchant_not_eligible": (
        "ร้านนี้ใช้สิทธิไม่ได้: {says_th} ท่านยังชำระด้วยเงินของท่านเองได้",
        "This right cannot be used at this shop: {says_en} You can still pay with your own money.",
    ),
    "price_too_small": (
        "ยอดนี้น้อยเกินกว่าที่รัฐจะร่วมจ่ายได้ ขั้นต่ำของส่วนที่รัฐจ่ายหรือของยอดซื้อคือ {at_least_satang} ท่านยังชำระด้วยเงินของท่านเองได้",
        "This is too little for the State to share (at least {at_least_satang}). You can pay with your own money.",
    ),
    "price_too_large": (
        "โครงการนี้ร่วมจ่ายเฉพาะยอดที่ไม่เกิน {at_most_satang} ท่านยังชำระยอดนี้ด้วยเงินของท่านเองได้",
        "The State shares sums up to {at_most_satang}, and this is more. You can still pay with your own money.",
    ),
    "no_rate_applies": (
        "โครงการนี้ไม่ร่วมจ่ายในวันหรือสถานที่นี้ ท่านยังชำระด้วยเงินของท่านเองได้",
        "The State does not share on this day or at this place. You can still pay with your own money.",
    ),
    "fact_missing": (
        "ร้านยังไม่ได้กรอกข้อมูลที่โครงการต้องใช้ ({fact}) ให้ร้านสร้างรายการใหม่",
        "The shop has not said what the scheme needs to know ({fact}). Ask for a new bill.",
    ),
    "not_with_other_schemes": (
        "สิทธินี้ใช้ร่วมกับสิทธิอื่นในบิลเดียวกันไม่ได้ กรุณาเลือกเพียงสิทธิเดียว",
        "This right cannot share a bill with another. Please choose one of them.",
    ),
    "nothing_left_to_pay": (
        "สิทธิอื่นจ่ายบิลนี้ครบแล้ว สิทธินี้ไม่ถูกใช้และยังเหลือไว้ใช้ครั้งต่อไป",
        "Other rights pay all of this bill. This one is not used, and is there for the next time.",
    ),
    "sale_not_eligible": (
        "รายการนี้ใช้สิทธิไม่ได้: {says_th} ท่านยังชำระด้วยเงินของท่านเองได้",
        "This right cannot be used for this: {says_en} You can still pay with your own money.",
    ),
    "notes_not_yours": (
        "คูปองที่เลือกมีไม่พอ หรือเกินจำนวนที่ใช้ได้ต่อครั้ง กรุณาเลือกใหม่",
        "You have fewer of these notes, or one sale takes fewer. Please choose again.",
    ),
    "note_not_needed": (
        "คูปองที่เลือกรวม {worth_satang} เกินยอด {wanted_satang} และไม่มีเงินทอน กรุณานำออกอย่างน้อยหนึ่งใบ",
        "Your notes are worth {worth_satang} for {wanted_satang}, and no change is given. Please take one back.",
    ),
    "notes_need_more": (
        "ยอดนี้น้อยเกินกว่าจะใช้คูปองได้ ต้องซื้ออย่างน้อย {at_least_satang} หรือชำระด้วยเงินของท่านเอง",
        "This is too little for a note: a sale needs at least {at_least_satang}. Buy more, or pay with your own money.",
    ),
    # Taking a place
    "registration_not_open": (
        "ยังไม่เปิดลงทะเบียนในขณะนี้ ลงทะเบียนได้ตั้งแต่ {opens_at}",
        "Registration is not open now. It opens at {opens_at}.",
    ),
    "registration_closed": (
        "ปิดลงทะเบียนแล้วเมื่อ {ended_at} กรุณาติดตามรอบต่อไป",
        "Registration closed at {ended_at}. Please watch for the next round.",
    ),
    "enrolled_by_list": (
        "โครงการนี้ไม่ต้องลงทะเบียน รัฐให้สิทธิตามรายชื่อ หากคิดว่าท่านควรได้รับ ติดต่อสำนักงานคลังจังหวัด",
        "Nobody registers for this scheme: the State has a list. If you should be on it, ask the provincial treasury.",
    ),
    "not_eligible": ("ลงทะเบียนไม่ได้: {says_th} {appeal_th}", "You cannot register: {says_en} {appeal_en}"),
    "no_tier": (
        "ท่านไม่อยู่ในกลุ่มที่โครงการนี้ให้สิทธิ หากคิดว่าผิดพลาด ติดต่อสำนักงานคลังจังหวัด",
        "You are in none of the groups that this scheme is for. If that is a mistake, ask the provincial treasury.",
    ),
    "nothing_to_grant": (
        "โครงการนี้ไม่มีวงเงินสำหรับผู้ที่ลงทะเบียนในช่วงนี้ กรุณาติดตามรอบต่อไป",
        "This scheme has nothing to grant to those who register now. Please watch for the next round.",
    ),
    "already_enrolled": (
        "ท่านลงทะเบียนโครงการนี้แล้ว ดูสิทธิได้ที่หน้าแรก",
        "You are registered for this scheme already. Your home screen shows your right.",
    ),
    "terms_not_accepted": (
        "กรุณาอ่านและยอมรับเงื่อนไขของโครงการก่อนลงทะเบียน",
        "Please read and accept the scheme's terms before you register.",
    ),
    "scheme_unknown": (
        "ไม่พบโครงการนี้ หรือยังไม่เปิดใช้ กรุณาเลือกจากรายการโครงการ",
        "There is no such scheme, or it is not in force yet. Please choose one from the list.",
    ),
    "not_your_day": (
        "วันนี้เป็นวันของผู้ที่เกิดในปีอื่น ท่านลงทะเบียนได้ตั้งแต่ {opens_at}",
        "Today is for people born in other years. You can register from {opens_at}.",
    ),
    # Changing and buying afterwards
    "change_unknown": (
        "โครงการนี้ไม่เปิดให้เปลี่ยนแปลงเรื่องนี้ ติดต่อเจ้าหน้าที่หากข้อมูลของท่านผิด",
        "This scheme does not let you change that. If your details are wrong, please ask our staff.",
    ),
    "change_over": (
        "หมดเวลาเปลี่ยนแปลงแล้วเมื่อ {ended_at} สิทธิเดิมของท่านยังใช้ได้",
        "It could be changed until {ended_at}. Your right stays as it is.",
    ),
    "change_used_up": (
        "ท่านเปลี่ยนแปลงครบ {times} ครั้งแล้ว สิทธิเดิมของท่านยังใช้ได้",
        "It can be changed {times} time(s), and you have done so. Your right stays as it is.",
    ),
    "right_already_used": (
        "ท่านใช้สิทธิโครงการเดิมแล้ว จึงเปลี่ยนโครงการไม่ได้ ท่านยังใช้สิทธิเดิมต่อได้",
        "You have used the right that you hold, so you cannot change over. You can go on using it.",
    ),
    "no_buy_in": (
        "โครงการนี้ไม่มีการซื้อสิทธิเพิ่ม ท่านใช้สิทธิที่มีอยู่ได้ตามปกติ",
        "Nobody can buy into this scheme. You can use the right that you have.",
    ),
    "buy_in_over": (
        "หมดเวลาซื้อสิทธิแล้วเมื่อ {ended_at} เงินของท่านยังอยู่ครบ",
        "Buying in ended at {ended_at}. Your money is still yours.",
    ),
    "buy_in_used_up": (
        "ท่านซื้อสิทธิครบ {times} ครั้งแล้ว เงินของท่านยังอยู่ครบ",
        "You can buy in {times} time(s), and you have done so. Your money is still yours.",
    ),
    # Publishing and paying for schemes
    "document_invalid": (
        "เอกสารโครงการมีข้อผิดพลาด {count} แห่ง กรุณาแก้ตามรายการแล้วส่งใหม่",
        "The scheme document has {count} mistakes. Please put right what is listed and send it again.",
    ),
    "examples_fail": (
        "กติกาให้คำตอบไม่ตรงกับตัวอย่างในเอกสาร กรุณาแก้กติกาหรือตัวอย่าง แล้วส่งใหม่",
        "The rules answer otherwise than the document's own examples. Put the rules or the examples right.",
    ),
    "version_not_next": (
        "เอกสารนี้เป็นฉบับที่ {version} แต่ฉบับต่อไปต้องเป็น {next_version} กรุณาแก้เลขฉบับ",
        "This document is version {version}; the next one must be {next_version}. Please change its number.",
    ),
    "scheme_not_funded": (
        "รัฐยังจัดสรรเงินสำหรับโครงการนี้ไม่ครบ จึงยังลงทะเบียนไม่ได้ กรุณาลองใหม่ภายหลัง",
        "The State has not yet set aside the money for this scheme, so nobody can enrol. Please try again later.",
    ),
    "budget_short": (
        "เงินที่จัดไว้ {funded_satang} ไม่พอ ต้องใช้ {needed_satang} กรุณาจัดสรรเงินเพิ่มก่อน",
        "There are {funded_satang} and {needed_satang} are needed. Please set more money aside first.",
    ),
}

REASONS: Final[dict[str, tuple[str, str]]] = {
    "own_money_only": (
        "ท่านเลือกชำระด้วยเงินของท่านเองทั้งหมด ไม่ใช้สิทธิ",
        "You chose to pay all of this with your own money, without a right.",
    ),
    "rate_of_price": (
        "{percent}% ของ {amount_satang} คือ {gives_satang}",
        "{percent}% of {amount_satang} is {gives_satang}.",
    ),
    "sum_for_price": (
        "ยอด {amount_satang} รัฐจ่าย {gives_satang}",
        "For {amount_satang} the State pays {gives_satang}.",
    ),
    "cap_reached": (
        "วงเงิน {limit_satang} เหลือ {left_satang} รัฐจึงจ่ายไม่เกินนั้น ส่วนที่เกินท่านชำระเอง",
        "The limit of {limit_satang} leaves {left_satang}, so the State pays no more than that.",
    ),
    "own_part_at_least": (
        "ท่านต้องชำระเองอย่างน้อย {own_satang}",
        "At least {own_satang} is always yours to pay.",
    ),
    "notes_handed_over": (
        "ใช้คูปอง {notes} จ่าย {amount_satang}",
        "Notes handed over: {notes}; they pay {amount_satang}.",
    ),
    "no_change_given": (
        "คูปองไม่มีเงินทอน ส่วนที่เหลือ {lost_satang} จะหมดไป",
        "No change is given for notes: {lost_satang} is gone.",
    ),
    "paid_back_later": (
        "ท่านจ่ายเต็มจำนวนก่อน รัฐจะคืนให้ {later_satang} ในวันที่ {later_at}",
        "You pay the full price now, and the State gives {later_satang} back on {later_at}.",
    ),
    "counts_towards_earning": (
        "ยอด {counted_satang} นับสะสมเพื่อรับสิทธิภายหลัง",
        "{counted_satang} of this counts towards what you earn.",
    ),
    "right_runs_out": (
        "สิทธิเหลือ {left_satang} รัฐจ่ายให้ทั้งหมดที่เหลือ ส่วนที่ขาดท่านชำระเอง",
        "Your right had {left_satang} left. The State pays all of it, and you pay the rest.",
    ),
    "goods_not_covered": (
        "สินค้าหรือค่าบริการ {amount_satang} ไม่อยู่ในสิทธิ ท่านชำระส่วนนี้เอง",
        "Goods or fees of {amount_satang} are not covered; that part is yours to pay.",
    ),
}
