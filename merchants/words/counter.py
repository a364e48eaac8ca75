"""What is said with a no about money that is held, and about money back."""

from typing import Final

REFUSALS: Final[dict[str, tuple[str, str]]] = {
    # Holds
    "right_not_holdable": (
        "สิทธิโครงการ {scheme} ใช้กับรายการที่กันเงินไว้ก่อนไม่ได้ กรุณาใช้ที่หน้าร้าน หรือเลือกจ่ายโดยไม่ใช้สิทธินี้",
        "The right of {scheme} cannot be held for a delivery. Use it at the counter, or order without it.",
    ),
    "charge_held": (
        "ลูกค้ายืนยันรายการนี้แล้วและเงินถูกกันไว้ จึงยกเลิกไม่ได้ หากไม่ส่งของ กรุณากดคืนเงินที่กันไว้",
        "A customer has confirmed this and the money is held, so it cannot be taken back. Release the hold instead.",
    ),
    "hold_unknown": (
        "ไม่พบรายการกันเงินนี้ กรุณาตรวจสอบหมายเลขรายการ",
        "There is no such hold. Please check its number.",
    ),
    "hold_expired": (
        "การกันเงินหมดเวลาเมื่อ {expired_at} เงินที่เหลือคืนลูกค้าแล้ว กรุณาเรียกเก็บใหม่",
        "The time of this hold was over at {expired_at}; what was left is the customer's again. Please charge anew.",
    ),
    "hold_released": (
        "เงินที่กันไว้คืนลูกค้าไปแล้ว จึงตัดเงินไม่ได้ กรุณาเรียกเก็บใหม่",
        "This hold was released, so nothing can be captured of it. Please charge anew.",
    ),
    "hold_captured": (
        "ตัดเงินไปครบ {captured_satang} แล้ว ไม่มีเงินเหลือให้คืน หากต้องการคืนเงิน กรุณาคืนเงินจากรายการชำระเงิน",
        "All {captured_satang} are captured, so nothing is left to release. To give money back, refund the payment.",
    ),
    "capture_over_rest": (
        "เงินที่กันไว้เหลือ {left_satang} (ตัดไปแล้ว {captured_satang}) กรุณาแก้ไขยอด",
        "{left_satang} are left of this hold ({captured_satang} are captured). Please mend the amount.",
    ),
    "capture_id_reused": (
        "หมายเลขการตัดเงินนี้ใช้กับยอด {amount_satang} ไปแล้ว กรุณาใช้หมายเลขใหม่",
        "This id stands for a capture of {amount_satang}. Please take a new id for another amount.",
    ),
    # Refunds
    "cashier_cannot_refund": (
        "แคชเชียร์ยกเลิกได้เฉพาะทั้งรายการของเครื่องนี้ ภายใน {undo_until_at} หลังจากนั้นกรุณาให้ผู้จัดการหรือเจ้าของร้านคืนเงิน",
        "A cashier can undo a whole payment of their own till, until {undo_until_at}. Please ask the manager or owner.",
    ),
    "refund_over_rest": (
        "รายการนี้คืนได้อีก {left_satang} (คืนไปแล้ว {refunded_satang}) กรุณาแก้ไขยอด",
        "{left_satang} can still be given back ({refunded_satang} were). Please mend the amount.",
    ),
    "refund_id_reused": (
        "หมายเลขการคืนเงินนี้ใช้กับยอด {amount_satang} ไปแล้ว กรุณาใช้หมายเลขใหม่",
        "This id stands for a refund of {amount_satang}. Please take a new id for another amount.",
    ),
}
