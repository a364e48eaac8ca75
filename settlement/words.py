"""What the third floor says with a no, in Thai and English: why, and what to do next.

A placeholder is a fact of the refusal. Facts that end in `_satang` are shown as baht, those in `_at` as Bangkok time.
"""

from typing import Final

REFUSALS: Final[dict[str, tuple[str, str]]] = {
    # Days and what is counted of them
    "day_not_over": (
        "วันที่ {business_date} ยังไม่สิ้นสุด ปิดวันได้ตั้งแต่ {due_at}",
        "{business_date} is not over yet. It can be closed from {due_at}.",
    ),
    "books_open_already": (
        "เปิดบัญชีไปแล้ว ไม่ต้องเปิดซ้ำ",
        "The books are open already; there is nothing to do.",
    ),
    "books_busy": (
        "ขณะนี้มีรายการเข้ามาต่อเนื่อง จึงยังปิดวันไม่ได้ ไม่มีอะไรเปลี่ยนแปลง กรุณาลองใหม่ในอีกสักครู่",
        "Payments kept coming in, so the day could not be closed. Nothing has changed. Please try again in a moment.",
    ),
    "day_still_open": (
        "วันที่ {business_date} ยังไม่ปิด กรุณาปิดวันก่อนแล้วจึงสรุปยอด",
        "{business_date} is not closed. Close the day first; then it can be counted.",
    ),
    "already_sliced": (
        "สรุปยอดของวันที่ {business_date} ไปแล้ว ไม่ต้องทำซ้ำ",
        "{business_date} has been counted already; there is nothing to do.",
    ),
    "nothing_to_seal": (
        "ไม่มีวันที่รอผนึก วันที่ปิดแล้วผนึกครบทุกวัน หรือวันเก่าที่สุดยังสรุปยอดไม่เสร็จ",
        "No day is waiting to be sealed: all closed days are, or the oldest one has not been counted yet.",
    ),
    # Reports of schemes
    "nothing_to_count": (
        "ทุกวันที่ปิดแล้วนับยอดสำหรับรายงานครบ ไม่ต้องทำซ้ำ",
        "Every closed day is counted for the reports; there is nothing to do.",
    ),
    "report_too_large": (
        "วันที่ยังไม่ได้นับยอดมีรายการมากเกินกว่าจะนับได้ใน {seconds} วินาที กรุณาเลือกเฉพาะวันที่นับยอดแล้ว หรือรอจนถึงพรุ่งนี้",
        "The days that are not counted yet hold too much for {seconds} seconds. Ask for earlier days, or wait a night.",
    ),
    "no_such_days": (
        "บัญชีไม่มีวันในช่วงที่เลือก กรุณาเลือกช่วงวันใหม่",
        "The books have no day in this range. Please choose other days.",
    ),
    # Batches and the two officers
    "nothing_due": (
        "ขณะนี้ไม่มียอดที่ถึงกำหนดจ่าย กรุณารอรอบถัดไป",
        "Nothing is due to any shop now. Please wait for the next round.",
    ),
    "batch_decided": (
        "ชุดจ่ายเงินนี้มีผู้ตัดสินไปแล้วเมื่อ {decided_at} กรุณาเปิดดูผลในหน้ารายการ",
        "This batch was decided at {decided_at}. Please look at the list for the outcome.",
    ),
    "already_submitted": (
        "ชุดจ่ายเงินนี้มีเจ้าหน้าที่เสนอแล้ว ขั้นต่อไปคือให้เจ้าหน้าที่อีกคนอนุมัติ",
        "An officer has submitted this batch already. Next, another officer approves it.",
    ),
    "not_submitted": (
        "ชุดจ่ายเงินนี้ยังไม่มีผู้เสนอ ต้องมีเจ้าหน้าที่คนหนึ่งเสนอก่อน แล้วอีกคนจึงอนุมัติได้",
        "Nobody has submitted this batch. One officer submits it first; then another can approve it.",
    ),
    "approver_submitted": (
        "คุณเป็นผู้เสนอชุดจ่ายเงินนี้ จึงอนุมัติเองไม่ได้ กรุณาให้เจ้าหน้าที่คนอื่นอนุมัติ",
        "You submitted this batch, so you cannot approve it. Please ask another officer.",
    ),
    "batch_changed": (
        "ชุดจ่ายเงินนี้เปลี่ยนไปจากที่คุณเห็น ขณะนี้มี {payouts} รายการ รวม {total_satang} ยังไม่มีการจ่าย กรุณาตรวจใหม่",
        (
            "This batch is no longer what you were shown: it now has {payouts} payouts, {total_satang} in all."
            " Nothing was sent. Please look again."
        ),
    ),
    "already_withheld": (
        "ร้านนี้ถูกระงับการจ่ายอยู่แล้ว ไม่ต้องทำซ้ำ",
        "Payouts to this shop are withheld already; there is nothing to do.",
    ),
    "not_withheld": (
        "ร้านนี้ไม่ได้ถูกระงับการจ่าย จึงไม่มีอะไรให้ยกเลิก",
        "Payouts to this shop are not withheld, so there is nothing to release.",
    ),
    # The bank
    "all_written": (
        "ไฟล์ธนาคารของชุดจ่ายเงินนี้เขียนครบแล้ว กรุณาดาวน์โหลดจากหน้ารายการ",
        "All bank files of this batch are written. Please download them from the list.",
    ),
    "not_approved": (
        "ชุดจ่ายเงินนี้ยังไม่ได้รับอนุมัติ จึงยังไม่มีไฟล์ธนาคาร กรุณารอการอนุมัติ",
        "This batch is not approved, so it has no bank files. Please wait for the approval.",
    ),
    "statement_unknown": (
        "ไม่พบใบแจ้งรายการนี้ กรุณาตรวจสอบหมายเลข",
        "There is no such statement. Please check its number.",
    ),
    "statement_known": (
        "รับใบแจ้งรายการ {statement} ไว้แล้ว ไม่ต้องนำเข้าซ้ำ",
        "Statement {statement} was taken in before; there is nothing to do.",
    ),
    "statement_of_another_account": (
        "ใบแจ้งรายการนี้เป็นของบัญชีอื่น กรุณาเลือกไฟล์ของบัญชีที่ใช้จ่ายร้านค้า",
        "This statement is of another account. Please choose the file of the account from which shops are paid.",
    ),
    "statement_malformed": (
        "อ่านไฟล์ไม่ได้ที่ {element} บรรทัด {line} ยังไม่มีการนำเข้า กรุณาขอไฟล์ camt.053.001.08 จากธนาคารใหม่",
        (
            "The file cannot be read at {element}, line {line}. Nothing was taken in. Please ask the bank for the"
            " camt.053.001.08 file again."
        ),
    ),
    "statement_too_large": (
        "ไฟล์ใหญ่เกินกว่าจะเป็นใบแจ้งรายการหนึ่งวัน ยังไม่มีการนำเข้า กรุณาตรวจว่าเลือกไฟล์ถูกต้อง",
        "The file is too large for one day's statement. Nothing was taken in. Please check that it is the right one.",
    ),
    "statement_wrong_currency": (
        "ใบแจ้งรายการมีสกุลเงินอื่นนอกจากบาท ยังไม่มีการนำเข้า กรุณาสอบถามธนาคาร",
        "The statement holds another currency than baht. Nothing was taken in. Please ask the bank.",
    ),
    "statement_totals_wrong": (
        "รายการในไฟล์รวมแล้วได้ {reached_satang} แต่ยอดปิดคือ {closing_satang} ยังไม่มีการนำเข้า กรุณาขอไฟล์ใหม่จากธนาคาร",
        (
            "The lines lead to {reached_satang}, the closing balance says {closing_satang}."
            " Nothing was taken in. Please ask the bank for the file again."
        ),
    ),
    "already_reconciled": (
        "ใบแจ้งรายการ {statement} กระทบยอดแล้ว ไม่ต้องทำซ้ำ",
        "Statement {statement} is reconciled already; there is nothing to do.",
    ),
    "discrepancy_resolved": (
        "ผลต่างรายการนี้มีผู้ชี้แจงแล้ว กรุณาเปิดดูเหตุผลในหน้ารายการ",
        "Somebody has settled this discrepancy. Please look at the list for the reason.",
    ),
    # What is asked for and is not there
    "batch_unknown": (
        "ไม่พบชุดจ่ายเงินนี้ กรุณาตรวจสอบหมายเลขชุดจ่ายเงิน",
        "There is no such batch. Please check its number.",
    ),
    "bank_file_unknown": (
        "ไม่พบไฟล์ธนาคารนี้ กรุณาตรวจสอบหมายเลขไฟล์",
        "There is no such bank file. Please check its number.",
    ),
    "discrepancy_unknown": (
        "ไม่พบรายการที่ไม่ตรงกันนี้ กรุณาตรวจสอบหมายเลข",
        "There is no such discrepancy. Please check its number.",
    ),
    # A merchant's own books
    "statement_too_long": (
        "ขอรายการได้ครั้งละไม่เกิน {days} วัน และวันสิ้นสุดต้องไม่ก่อนวันเริ่มต้น กรุณาเลือกช่วงวันใหม่",
        "A statement is of {days} days at most, and ends after it begins. Please choose other dates.",
    ),
}
