"""What is said about lists of people and what is wrong with their lines, about appeals and changes."""

from typing import Final

REFUSALS: Final[dict[str, tuple[str, str]]] = {
    # Lists
    "list_unknown": (
        "ไม่พบรายชื่อชุดนี้ กรุณาเลือกจากหน้ารายชื่อ",
        "There is no such list. Please choose one from the page of lists.",
    ),
    "list_too_large": (
        "ไฟล์ใหญ่เกิน {largest_bytes} ไบต์ ซึ่งมากกว่ารายชื่อคนทั้งประเทศ กรุณาส่งเฉพาะคอลัมน์เลขประจำตัวประชาชน",
        "The file has more than {largest_bytes} bytes: more than the whole nation needs. Send only the column of IDs.",
    ),
    "list_ahead_of_its_day": (
        "รายชื่อระบุวันที่ {as_of} ซึ่งยังมาไม่ถึง กรุณาตรวจสอบวันที่ (ปีคริสต์ศักราช)",
        "The list says that it tells of {as_of}, which has not come. Please check the date and its year.",
    ),
    "list_file_differs": (
        "ไฟล์นี้ไม่ใช่ไฟล์เดิมที่เริ่มอ่านไว้ กรุณาส่งไฟล์เดิม หรือเริ่มใหม่ด้วยคีย์ใหม่",
        "This is not the file whose reading was begun. Send that one again, or begin anew with a new key.",
    ),
    "list_upload_cut_off": (
        "ได้รับ {read_bytes} จาก {size_bytes} ไบต์ แล้วการส่งขาดไป กรุณาส่งไฟล์เดิมอีกครั้งด้วยคีย์เดิม ระบบจะอ่านต่อจากจุดนั้น",
        "{read_bytes} of {size_bytes} bytes came. Send the same file again under the same key: reading goes on there.",
    ),
    "list_upload_elsewhere": (
        "กำลังอ่านไฟล์นี้จากการส่งอีกครั้งหนึ่งอยู่ กรุณาดูความคืบหน้าในหน้ารายชื่อ",
        "This file is being read from another upload. Please watch its progress on the page of lists.",
    ),
    "list_stopped": (
        "หยุดอ่านไฟล์แล้ว ผิด {rejected} จาก {lines} บรรทัด กรุณาแก้ไขไฟล์แล้วส่งใหม่ด้วยคีย์ใหม่",
        "Reading stopped: {rejected} of {lines} lines are wrong. Put the file right and send it under a new key.",
    ),
    "list_not_read": (
        "ยังอ่านรายชื่อนี้ไม่ครบ (อ่านแล้ว {lines} บรรทัด) จึงอนุมัติไม่ได้ กรุณารอหรือส่งไฟล์เดิมอีกครั้ง",
        "The list is not read to its end ({lines} lines so far), so it cannot be approved. Wait, or send it again.",
    ),
    "list_approved": (
        "รายชื่อนี้มีผลใช้อยู่แล้ว ไม่ต้องอนุมัติซ้ำ",
        "This list is in force already; there is nothing to do.",
    ),
    "list_not_yours": (
        "เจ้าหน้าที่คนอื่นเป็นผู้เริ่มส่งรายชื่อนี้ กรุณาให้ผู้นั้นส่งไฟล์ต่อ หรือส่งเป็นรายชื่อชุดใหม่",
        "Another officer began this list. Please let them send its file again, or upload it as a list of your own.",
    ),
    "list_maker_approves": (
        "ผู้ส่งรายชื่ออนุมัติเองไม่ได้ กรุณาให้เจ้าหน้าที่อีกคนอนุมัติ",
        "Who uploads a list cannot approve it. Please ask another officer.",
    ),
    # Appeals
    "nothing_to_appeal": (
        "ไม่มีเงื่อนไขใดปฏิเสธท่านในโครงการ {scheme} ท่านลงทะเบียนได้เมื่อเปิดรับ ไม่ต้องอุทธรณ์",
        "No rule of {scheme} refuses you. You can register while registration is open, without an appeal.",
    ),
    "appeal_not_taken": (
        "โครงการนี้ไม่รับอุทธรณ์เรื่องนี้ หรือหมดเวลาแล้ว: {says_th} {appeal_th}",
        "This scheme takes no appeal about this, or takes none any more: {says_en} {appeal_en}",
    ),
    "appeal_open": (
        "คำอุทธรณ์ของท่านเมื่อ {asked_at} กำลังรอเจ้าหน้าที่พิจารณา ไม่ต้องส่งซ้ำ",
        "Your appeal of {asked_at} is waiting for an officer. There is no need to send it again.",
    ),
    "appeal_unknown": (
        "ไม่พบคำอุทธรณ์นี้ กรุณาเลือกจากหน้ารายการ",
        "There is no such appeal. Please choose one from the list.",
    ),
    "appeal_decided": (
        "มีเจ้าหน้าที่พิจารณาคำอุทธรณ์นี้แล้วเมื่อ {decided_at} กรุณาดูผลในรายการ",
        "An officer decided this appeal at {decided_at}. The list shows what was decided.",
    ),
    # Changes after enrolling
    "enrolment_unknown": (
        "ไม่พบสิทธินี้ของท่าน กรุณาเลือกจากหน้าแรก",
        "You have no such right. Please choose one from your home screen.",
    ),
    "no_place_free": (
        "โครงการ {scheme} ไม่มีสิทธิเหลือแล้ว สิทธิเดิมของท่านยังอยู่ครบและใช้ได้ตามปกติ",
        "Scheme {scheme} has no place left. You keep the right that you have, and can use it as before.",
    ),
    "right_given_up": (
        "ท่านสละสิทธิโครงการ {scheme} เพื่อย้ายไปโครงการอื่นแล้วเมื่อ {given_up_at} จึงกลับมาใช้อีกไม่ได้ ดูสิทธิปัจจุบันได้ที่หน้าแรก",
        "You gave up your right in {scheme} for another at {given_up_at}. Your home screen shows the one you have.",
    ),
    "nothing_changed": (
        "ข้อมูลเป็นอย่างนี้อยู่แล้ว ไม่มีอะไรเปลี่ยน และไม่นับเป็นการเปลี่ยน",
        "It is so already. Nothing was changed, and it does not count as a change.",
    ),
}

# By `subsidies.list_files.Wrong`.
WRONG_LINES: Final[dict[str, tuple[str, str]]] = {
    "empty": ("ไม่มีเลขประจำตัวประชาชน", "there is no national ID"),
    "too_long": ("บรรทัดยาวเกินไป", "the line is too long"),
    "nul_byte": ("มีไบต์ศูนย์ ไฟล์อาจเป็น UTF-16 หรือไม่ใช่ข้อความ", "it holds NUL bytes: the file may be UTF-16, or no text"),
    "not_utf8": ("ไม่ใช่ UTF-8 กรุณาบันทึกไฟล์เป็น CSV UTF-8", "it is not UTF-8; save the file as CSV UTF-8"),
    "not_csv": ("เครื่องหมายคำพูดไม่ครบคู่", "a quotation mark is not closed"),
    "not_13_digits": ("ไม่ใช่เลข 13 หลัก", "it is not 13 digits"),
    "check_digit_wrong": ("เลขตรวจสอบหลักสุดท้ายไม่ถูกต้อง", "its check digit is wrong"),
    "duplicate": ("ซ้ำกับบรรทัดก่อนหน้า", "an earlier line has the same person"),
}
