"""What is said to whoever checks a receipt, listens for events, or connects a shop's own system."""

from typing import Final

# code: (Thai, English), as in the rest of this package.
REFUSALS: Final[dict[str, tuple[str, str]]] = {
    # Receipts
    "receipt_forged": (
        "ใบเสร็จนี้ถูกแก้ไขหรือไม่ได้ออกโดยระบบของเรา อย่ามอบสินค้า และขอให้ลูกค้าชำระเงินใหม่",
        "This receipt was changed, or we never issued it. Hand over nothing for it, and ask the customer to pay.",
    ),
    # Listening
    "events_elsewhere": (
        "ที่อยู่นี้ไม่ได้ส่งเหตุการณ์ กรุณาให้ผู้ดูแลระบบตั้งพร็อกซีไปยังบริการเหตุการณ์ ระหว่างนี้ดูรายการรับเงินแทนได้",
        "Events are not told here: the operator's proxy must lead to where they are. Look at your payments instead.",
    ),
    "too_many_listeners": (
        "มีเครื่องที่รอฟังพร้อมกันมากเกินไป กรุณารอ {retry_after_seconds} วินาที แล้วลองใหม่",
        "Too many devices are listening at once. Please wait {retry_after_seconds} seconds, then try again.",
    ),
    # The shops' own systems
    "api_key_unknown": (
        "ไม่พบคีย์นี้ หรือคีย์ถูกยกเลิกหรือหมดอายุแล้ว กรุณาดูรายการคีย์ของร้าน",
        "There is no such key, or it has ended. Please look at the shop's list of keys.",
    ),
    "api_key_replaced": (
        "คีย์นี้ถูกแทนด้วยคีย์ใหม่แล้ว กรุณาเปลี่ยนคีย์ใหม่นั้นแทน",
        "This key was replaced before. Please rotate the key that took its place.",
    ),
    "too_many_api_keys": (
        "ร้านมีคีย์ครบ {most} ชุดแล้ว กรุณายกเลิกคีย์ที่ไม่ใช้ก่อน",
        "The shop has {most} keys, and that is the most. Please revoke one that nobody uses.",
    ),
    "webhook_address_refused": (
        "ส่งข้อมูลไปยังที่อยู่นี้ไม่ได้ ({reason}) กรุณาใช้ https พอร์ต 443 หรือ 8443 ที่เป็นที่อยู่สาธารณะ",
        "We do not send there ({reason}). Please give a public https address, on port 443 or 8443.",
    ),
    "webhook_unknown": (
        "ไม่พบปลายทางเว็บฮุกนี้ หรือถูกหยุดแล้ว กรุณาดูรายการปลายทางของร้าน",
        "There is no such webhook endpoint, or it was stopped. Please look at the shop's list, or add it anew.",
    ),
    "webhook_there": (
        "ร้านมีปลายทางเว็บฮุกนี้อยู่แล้ว ไม่ต้องเพิ่มอีก",
        "The shop is told at this address already; nothing needs to be added.",
    ),
    "too_many_webhooks": (
        "ร้านมีปลายทางเว็บฮุกครบ {most} แห่งแล้ว กรุณาลบปลายทางที่ไม่ใช้ก่อน",
        "The shop has {most} webhook endpoints, and that is the most. Please remove one that is not used.",
    ),
    "webhook_message_unknown": (
        "ไม่พบข้อความเว็บฮุกนี้ หรือปลายทางถูกหยุดแล้ว กรุณาดูรายการข้อความของปลายทาง",
        "There is no such message, or its endpoint was stopped. Please look at the endpoint's messages.",
    ),
}
