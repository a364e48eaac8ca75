"""What the second floor says with a no, in Thai and English: why, and what to do next.

A placeholder is a fact of the refusal. Facts that end in `_satang` are shown as baht, those in `_at` as Bangkok time.
"""

from typing import Final

from merchants.words import codes, counter, integrators, shops

REFUSALS: Final[dict[str, tuple[str, str]]] = {
    # What was scanned
    "qr_not_payment": (
        "คิวอาร์นี้ไม่ใช่คิวอาร์สำหรับชำระเงิน กรุณาสแกนคิวอาร์บนหน้าจอของร้าน",
        "This is not a payment QR. Please scan the one on the shop's screen.",
    ),
    "qr_too_long": (
        "คิวอาร์นี้ยาวเกินกว่าจะเป็นคิวอาร์ชำระเงิน กรุณาสแกนคิวอาร์บนหน้าจอของร้าน",
        "This QR is too long for a payment QR. Please scan the one on the shop's screen.",
    ),
    "qr_truncated": (
        "อ่านคิวอาร์ได้ไม่ครบ กรุณาเช็ดกล้องหรือขยับให้เห็นทั้งรูปแล้วสแกนใหม่",
        "Only part of the QR was read. Please wipe the lens, show all of it to the camera and scan again.",
    ),
    "qr_damaged": (
        "คิวอาร์นี้เสียหาย ยังไม่มีการตัดเงิน กรุณาสแกนใหม่ หรือให้ร้านสร้างคิวอาร์ใหม่",
        "This QR is damaged. Nothing was paid. Please scan again, or ask the shop for a new one.",
    ),
    "qr_repeated_field": (
        "คิวอาร์นี้ผิดรูปแบบ ยังไม่มีการตัดเงิน กรุณาให้ร้านสร้างคิวอาร์ใหม่",
        "This QR is not well formed. Nothing was paid. Please ask the shop for a new one.",
    ),
    "qr_other_country": (
        "คิวอาร์นี้เป็นของต่างประเทศหรือสกุลเงินอื่น วอลเล็ตนี้ชำระได้เฉพาะเงินบาทในประเทศไทย",
        "This QR is of another country or currency. This wallet pays baht, in Thailand. Please pay in another way.",
    ),
    "qr_foreign": (
        "คิวอาร์นี้เป็นของธนาคารหรือวอลเล็ตอื่น กรุณาให้ร้านเปิดคิวอาร์ของโครงการ หรือชำระด้วยแอปธนาคาร",
        "This QR is of a bank or another wallet. Ask the shop for the scheme's own QR, or pay with your bank's app.",
    ),
    "qr_signature_wrong": (
        "คิวอาร์นี้ถูกแก้ไขหรือไม่ได้ออกโดยร้านนี้ อย่าชำระเงิน และแจ้งให้ร้านทราบ",
        "This QR was changed, or no shop of ours issued it. Do not pay it, and tell the shop.",
    ),
    "photo_unreadable": (
        "เปิดรูปนี้ไม่ได้ กรุณาถ่ายรูปคิวอาร์ใหม่ หรือพิมพ์ตัวเลขใต้คิวอาร์",
        "This picture cannot be opened. Please take a new photo of the QR, or type the digits below it.",
    ),
    "no_code_in_photo": (
        "ไม่พบคิวอาร์ในรูปนี้ กรุณาถ่ายให้ใกล้ขึ้นและชัดขึ้น หรือพิมพ์ตัวเลขใต้คิวอาร์",
        "No QR was found in this photo. Please take one from nearer and hold still, or type the digits below the QR.",
    ),
    # The charge
    "charge_unknown": (
        "ไม่พบรายการเรียกเก็บเงินนี้ กรุณาให้ร้านสร้างคิวอาร์ใหม่",
        "There is no such charge. Please ask the shop for a new QR.",
    ),
    "charge_expired": (
        "คิวอาร์นี้หมดอายุเมื่อ {expired_at} ยังไม่มีการตัดเงิน กรุณาให้ร้านสร้างคิวอาร์ใหม่",
        "This QR ran out at {expired_at}. Nothing was paid. Please ask the shop for a new one.",
    ),
    "charge_cancelled": (
        "ร้านยกเลิกรายการนี้แล้ว ยังไม่มีการตัดเงิน กรุณาให้ร้านสร้างคิวอาร์ใหม่",
        "The shop took this charge back. Nothing was paid. Please ask the shop for a new QR.",
    ),
    "already_paid": (
        "รายการนี้ชำระแล้ว ไม่มีการตัดเงินซ้ำ กรุณาดูประวัติการชำระเงินของท่าน หรือถามที่ร้าน",
        "This was paid already, and is not paid twice. Please look at your payments, or ask the shop.",
    ),
    "charge_too_large": (
        "ยอด {amount_satang} เกินกว่าที่เรียกเก็บได้ครั้งละ {largest_satang} กรุณาตรวจสอบยอด หรือแยกบิล",
        "{amount_satang} is more than one charge may ask for ({largest_satang}). Check it or split the bill.",
    ),
    "lines_do_not_sum": (
        "รายการในบิลรวมได้ {lines_satang} แต่ยอดเรียกเก็บคือ {amount_satang} กรุณาแก้ไขบิล",
        "The lines add up to {lines_satang}, but the charge is {amount_satang}. Please mend the bill.",
    ),
    # Paying
    "cash_short": (
        "ท่านต้องจ่าย {own_part_satang} มีเงินในวอลเล็ต {cash_satang} กรุณาเติมอีก {short_satang} แล้วสแกนใหม่",
        "Your part is {own_part_satang}, you have {cash_satang}. Top up {short_satang}, then scan again.",
    ),
    "split_changed": (
        "ยอดของท่านเปลี่ยนจาก {shown_own_part_satang} เป็น {own_part_satang} ยังไม่มีการตัดเงิน กรุณาดูยอดใหม่แล้วยืนยันอีกครั้ง",
        "Your part is now {own_part_satang}, not {shown_own_part_satang}. Nothing was paid. Please confirm again.",
    ),
    "not_enrolled": (
        "ท่านยังไม่ได้ลงทะเบียนโครงการที่เลือก ({schemes}) กรุณาลงทะเบียน หรือชำระด้วยเงินของท่านเอง",
        "You have no place in a scheme that you chose ({schemes}). Please enrol, or pay with your own money.",
    ),
    "payment_unknown": (
        "ไม่พบการชำระเงินนี้ กรุณาดูประวัติการชำระเงินของท่าน",
        "There is no such payment of yours. Please look at your list of payments.",
    ),
    "full_price_not_chosen": (
        "รายการนี้ไม่ได้ใช้สิทธิโครงการใด ท่านต้องจ่ายเองทั้งหมด {price_satang} ยังไม่มีการตัดเงิน หากต้องการจ่ายเองทั้งหมด กรุณาเลือกและยืนยัน",
        "No scheme was chosen, so you would pay all {price_satang} yourself. Nothing was paid. Say so if you want to.",
    ),
    # Shops and tills
    "merchant_suspended": (
        "ร้านนี้ถูกระงับการรับชำระเงินชั่วคราว ยังไม่มีการตัดเงิน กรุณาชำระด้วยวิธีอื่น ร้านสามารถติดต่อเจ้าหน้าที่โครงการได้",
        "This shop may not take payments now. Nothing was paid. Pay in another way; the shop can ask our office why.",
    ),
    "till_revoked": (
        "เครื่องรับชำระนี้ถูกนำออกจากร้านแล้ว กรุณาให้ร้านสร้างคิวอาร์จากเครื่องอื่น",
        "This till was signed out of the shop. Please ask the shop for a QR from another till.",
    ),
    "till_secret_wrong": (
        "รหัสของเครื่องรับชำระไม่ถูกต้อง หรือเครื่องถูกนำออกจากร้านแล้ว กรุณาให้เจ้าของร้านเพิ่มเครื่องใหม่",
        "The till's secret is not right, or the till was signed out. Please ask the shop's owner to add it anew.",
    ),
    "merchant_unknown": (
        "ไม่พบร้านค้านี้ กรุณาตรวจสอบหมายเลขร้านค้า",
        "There is no such shop. Please check its number.",
    ),
    "already_suspended": (
        "ร้านนี้ถูกระงับอยู่แล้ว หากต้องการเปลี่ยนเหตุผล กรุณายกเลิกการระงับก่อน",
        "This shop is suspended already. To change the reason, lift the suspension first.",
    ),
    "not_suspended": (
        "ร้านนี้ไม่ได้ถูกระงับ จึงไม่มีอะไรต้องยกเลิก",
        "This shop is not suspended, so there is nothing to lift.",
    ),
    **codes.REFUSALS,
    **integrators.REFUSALS,
    **counter.REFUSALS,
    **shops.REFUSALS,
}

# What shops are told is worded like a reason.
REASONS: Final = shops.NOTICES
