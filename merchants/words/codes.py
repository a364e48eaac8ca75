"""What is said with a no about posters, proposals and the codes that citizens show."""

from typing import Final

REFUSALS: Final[dict[str, tuple[str, str]]] = {
    # What a citizen scans at a wall
    "amount_needed": (
        "นี่คือป้ายคิวอาร์ของร้าน กรุณาใส่จำนวนเงินตามที่ร้านบอก แล้วรอร้านกดยืนยัน",
        "This is the shop's poster. Please key in the price, then wait until the till says yes.",
    ),
    "qr_not_a_poster": (
        "คิวอาร์นี้มีจำนวนเงินอยู่แล้ว กรุณาสแกนเพื่อจ่ายโดยไม่ต้องใส่จำนวนเงิน",
        "This QR names its amount already. Please scan it to pay, without keying an amount.",
    ),
    "poster_unknown": (
        "ไม่พบป้ายคิวอาร์นี้ กรุณาให้ร้านเปิดคิวอาร์บนหน้าจอ",
        "There is no such poster. Please ask the shop for the QR on its screen.",
    ),
    "poster_revoked": (
        "ป้ายที่ {version} นี้ร้านเลิกใช้แล้ว ยังไม่มีการตัดเงิน กรุณาสแกนป้ายใหม่หรือคิวอาร์บนหน้าจอของร้าน",
        "The shop has taken poster {version} down. Nothing was paid. Please scan the new one, or the till's screen.",
    ),
    # What a citizen proposes there
    "proposal_unknown": (
        "ไม่พบรายการนี้ กรุณาสแกนป้ายคิวอาร์อีกครั้ง",
        "There is no such proposal. Please scan the poster again.",
    ),
    "proposal_expired": (
        "ร้านไม่ได้ยืนยันภายใน {expired_at} ยังไม่มีการตัดเงิน กรุณาสแกนป้ายคิวอาร์อีกครั้ง",
        "The shop did not say yes before {expired_at}. Nothing was paid. Please scan the poster again.",
    ),
    "proposal_ended": (
        "ร้านตอบรายการนี้ไปแล้ว กรุณาดูรายการที่เครื่องของร้าน",
        "A till has said yes or no to this already. Please look at the shop's tills.",
    ),
    "too_many_proposals": (
        "ท่านมีรายการที่รอร้านยืนยันอยู่ {most} รายการแล้ว กรุณารอสักครู่",
        "You have {most} proposals that wait for a shop. Please wait a moment.",
    ),
    # What a till scans on a citizen's phone
    "code_not_presented": (
        "นี่ไม่ใช่คิวอาร์ของลูกค้า กรุณาให้ลูกค้าเปิดหน้า “คิวอาร์ของฉัน” ในแอป",
        'This is not a customer\'s code. Please ask them to open "My QR" in the app.',
    ),
    "code_damaged": (
        "อ่านคิวอาร์ของลูกค้าได้ไม่ครบ กรุณาขยับให้เห็นทั้งรูปแล้วสแกนใหม่",
        "Only part of the customer's code was read. Please show all of it to the camera and scan again.",
    ),
    "code_foreign": (
        "คิวอาร์นี้เป็นของธนาคารหรือวอลเล็ตอื่น กรุณาให้ลูกค้าเปิดคิวอาร์ในแอปของโครงการ",
        "This code is of a bank or another wallet. Please ask the customer for the one in the scheme's own app.",
    ),
    "code_signature_wrong": (
        "คิวอาร์นี้ไม่ได้ออกโดยแอปของโครงการ อย่ารับ และให้ลูกค้าเปิดแอปใหม่",
        "Our app did not make this code. Do not take it, and ask the customer to open the app anew.",
    ),
    "code_expired": (
        "คิวอาร์ของลูกค้าหมดอายุแล้ว กรุณาให้ลูกค้าเปิดคิวอาร์ใหม่แล้วสแกนอีกครั้ง",
        "The customer's code is too old. Please ask them to open it anew, and scan again.",
    ),
    "code_used": (
        "คิวอาร์นี้ถูกใช้เรียกเก็บไปแล้ว กรุณารอคิวอาร์ใหม่ไม่เกินครึ่งนาทีแล้วสแกนอีกครั้ง",
        "This code has asked for money once. Please wait half a minute for the next one, and scan again.",
    ),
    "code_revoked": (
        "โทรศัพท์ของลูกค้าถูกนำออกจากวอลเล็ตแล้ว กรุณาให้ลูกค้าเข้าสู่ระบบใหม่",
        "The customer's phone was signed out of the wallet. Please ask them to sign in again.",
    ),
}
