"""What the ground floor says with a no, in Thai and English: why, and what to do next.

A placeholder is a fact of the refusal. Facts that end in `_satang` are shown as baht, those in `_at` as Bangkok time.
"""

from typing import Final

REFUSALS: Final[dict[str, tuple[str, str]]] = {
    # Who somebody is
    "identity_not_proven": (
        "ยังยืนยันตัวตนไม่สำเร็จ กรุณายืนยันตัวตนกับผู้ให้บริการอีกครั้งแล้วกลับมาสมัครใหม่",
        "We could not confirm who you are. Please go through the identity check again, then come back.",
    ),
    "already_joined": (
        "เลขประจำตัวประชาชนหรือหมายเลขโทรศัพท์นี้มีวอลเล็ตอยู่แล้ว กรุณาเข้าสู่ระบบด้วยหมายเลขโทรศัพท์และ PIN",
        "This national ID or phone number has a wallet already. Please sign in with your phone number and PIN.",
    ),
    "sign_in_refused": (
        "ข้อมูลเข้าสู่ระบบไม่ถูกต้อง กรุณาตรวจสอบแล้วลองใหม่",
        "What you entered does not match. Please check it and try again.",
    ),
    "too_many_tries": (
        "มีการลองเข้าสู่ระบบผิดหลายครั้งเกินไป กรุณารอ {retry_after_seconds} วินาทีแล้วลองใหม่",
        "There were too many wrong tries. Please wait {retry_after_seconds} seconds, then try again.",
    ),
    "token_refused": (
        "การเข้าสู่ระบบหมดอายุแล้ว กรุณาเข้าสู่ระบบใหม่",
        "You are no longer signed in. Please sign in again.",
    ),
    # PIN and phones
    "pin_wrong": (
        "PIN ไม่ถูกต้อง ลองได้อีก {tries_left} ครั้งก่อนที่ PIN จะถูกล็อก",
        "That PIN is not right. You have {tries_left} more tries before it is locked.",
    ),
    "pin_locked": (
        "ใส่ PIN ผิดหลายครั้งเกินไป PIN ถูกล็อกไว้ถึง {until_at} เงินและสิทธิของท่านยังอยู่ครบ",
        "There were too many wrong PINs. It is locked until {until_at}. Your money and your rights are safe.",
    ),
    "pin_too_easy": (
        "PIN นี้เดาง่ายเกินไป กรุณาเลือกเลข 6 หลักที่ไม่เรียง ไม่ซ้ำ และไม่ใช่ปีเกิด",
        "This PIN is too easy to guess. Choose six digits that do not run, repeat or hold your year of birth.",
    ),
    "device_revoked": (
        "โทรศัพท์เครื่องนี้ถูกนำออกจากวอลเล็ตแล้ว กรุณาเข้าสู่ระบบใหม่ด้วยหมายเลขโทรศัพท์และ PIN",
        "This phone has been signed out of the wallet. Please sign in again with your phone number and PIN.",
    ),
    "device_key_unreadable": (
        "อ่านกุญแจของโทรศัพท์เครื่องนี้ไม่ได้ กรุณาอัปเดตแอปแล้วลองใหม่ หรือใช้ PIN แทน",
        "This phone's key cannot be read. Please update the app and try again, or go on without it and use your PIN.",
    ),
    "signature_wrong": (
        "ลายเซ็นจากโทรศัพท์ไม่ตรงกับรายการนี้ ยังไม่มีการตัดเงิน กรุณาสแกนใหม่แล้วยืนยันด้วย PIN",
        "The phone's signature does not fit this payment. Nothing was paid. Scan again and confirm with your PIN.",
    ),
    # Officers and operators
    "citizen_unknown": (
        "ไม่พบประชาชนรายนี้ กรุณาตรวจสอบรหัส",
        "There is no such citizen. Please check the id.",
    ),
    "reason_too_short": (
        "กรุณาบอกเหตุผลให้ชัดเจน อย่างน้อย {shortest} และไม่เกิน {longest} ตัวอักษร",
        "Please say why in a sentence: {shortest} to {longest} characters.",
    ),
    "not_an_officer": (
        "เฉพาะเจ้าหน้าที่การเงินเท่านั้นที่ทำรายการนี้ได้ กรุณาเข้าสู่ระบบด้วยบัญชีเจ้าหน้าที่",
        "Only a finance officer can do this. Please sign in as one.",
    ),
    "second_factor_wrong": (
        "รหัสยืนยันไม่ถูกต้องหรือใช้ไปแล้ว ยังไม่มีอะไรเปลี่ยนแปลง กรุณารอรหัสใหม่บนอุปกรณ์ของคุณแล้วลองอีกครั้ง",
        (
            "The code is wrong or was used before. Nothing was done. Please wait for the next code on your device"
            " and try again."
        ),
    ),
    # Idempotency keys
    "key_reused": (
        "Idempotency-Key นี้ใช้กับรายการอื่นไปแล้ว กรุณาใช้คีย์ใหม่สำหรับรายการใหม่",
        "This Idempotency-Key was used for something else. Please take a new key for a new request.",
    ),
    # Topping up
    "top_up_amount_not_accepted": (
        "เติมเงินได้ครั้งละ {least_satang} ถึง {largest_satang} กรุณาเปลี่ยนจำนวนเงิน",
        "You can top up by {least_satang} to {largest_satang} at a time. Please choose another amount.",
    ),
    "wallet_full": (
        "มีเงินในวอลเล็ต {cash_satang} แล้ว มีได้ไม่เกิน {ceiling_satang} กรุณาเติมให้น้อยลง",
        "You have {cash_satang} in the wallet, which holds at most {ceiling_satang}. Please top up by less.",
    ),
    "top_up_unknown": (
        "ไม่พบรายการเติมเงินนี้ กรุณาดูรายการเติมเงินทั้งหมดของท่าน",
        "There is no such top-up of yours. Please look at your list of top-ups.",
    ),
    "top_up_declined": (
        "ธนาคารของบัตรไม่อนุมัติ ({decline_code}) กรุณาใช้บัตรอื่นหรือเติมเงินด้วยพร้อมเพย์",
        "The card's bank said no ({decline_code}). Please use another card, or top up by PromptPay.",
    ),
    "stripe_unavailable": (
        "ผู้ให้บริการรับชำระเงินไม่ตอบในขณะนี้ เราจะถามต่อให้เอง กรุณากลับมาดูรายการเติมเงินในอีกสักครู่",
        "The payment provider does not answer just now. We keep asking; please look at your top-up again in a moment.",
    ),
    "intent_unknown": (
        "ผู้ให้บริการรับชำระเงินไม่รู้จักรายการนี้ กรุณาขอเติมเงินใหม่",
        "The payment provider does not know this top-up. Please begin a new one.",
    ),
    "intent_not_cancellable": (
        "ยกเลิกการเติมเงินนี้ไม่ได้แล้ว ({stripe_status}) หากชำระแล้วเงินจะเข้าวอลเล็ตเอง",
        "This top-up can no longer be cancelled ({stripe_status}). If it was paid, the money arrives by itself.",
    ),
    "webhook_signature_wrong": (
        "ลายเซ็นของ webhook ไม่ถูกต้องหรือเก่าเกินไป กรุณาตรวจสอบความลับของ webhook ที่ Stripe",
        "The webhook's signature is wrong or too old. Please check the webhook secret at Stripe.",
    ),
    "webhook_not_understood": (
        "อ่านเหตุการณ์จาก Stripe นี้ไม่ได้ กรุณาตรวจสอบรุ่นของ API และสกุลเงินที่ Stripe",
        "This event of Stripe's cannot be read. Please check the API version and the currency at Stripe.",
    ),
}
