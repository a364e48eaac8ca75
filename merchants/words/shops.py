"""What is said with a no about joining, staff, tills, branches and bank accounts; and what shops are told."""

from typing import Final

REFUSALS: Final[dict[str, tuple[str, str]]] = {
    # Joining
    "application_unknown": (
        "ไม่พบคำขอนี้ กรุณาดูรายการคำขอของท่าน",
        "There is no such application of yours. Please look at your list of applications.",
    ),
    "application_changed": (
        "ผู้สมัครแก้ไขคำขอนี้แล้ว กรุณาดูฉบับล่าสุดก่อนตัดสิน",
        "The applicant has corrected this. Please look at what it says now before you decide.",
    ),
    "application_decided": (
        "คำขอนี้ตัดสินแล้ว หากต้องการเปลี่ยนข้อมูลร้าน กรุณาส่งคำขอใหม่",
        "This application is decided. To change what a shop is known by, please make a new one.",
    ),
    "application_not_approved": (
        "คำขอนี้ยังไม่ได้รับอนุมัติ กรุณารอเจ้าหน้าที่ตรวจสอบ",
        "This application is not approved. Please wait until an officer has looked at it.",
    ),
    "too_many_applications": (
        "มีคำขอหรือการแก้ไขครบ {most} รายการแล้ว กรุณารอเจ้าหน้าที่ตรวจสอบ",
        "There are {most} applications or corrections already. Please wait until an officer has looked at them.",
    ),
    "terms_changed": (
        "เงื่อนไขของโครงการ {scheme} เปลี่ยนเป็นฉบับที่ {version} แล้ว กรุณาอ่านแล้วยอมรับอีกครั้ง",
        "The terms of scheme {scheme} are now version {version}. Please read them, then accept again.",
    ),
    "already_accepted": (
        "ร้านยอมรับเงื่อนไขโครงการ {scheme} ฉบับที่ {version} แล้ว ไม่ต้องทำอะไรเพิ่ม",
        "The shop has accepted version {version} of scheme {scheme} already; nothing more is needed.",
    ),
    # Staff, tills, branches
    "not_at_work": (
        "ท่านไม่มีสิทธิทำรายการนี้ที่ร้านนี้แล้ว กรุณาให้เจ้าของร้านช่วย หรือเข้าสู่ระบบใหม่",
        "You may not do this at this shop, or not any more. Please ask its owner, or sign in again.",
    ),
    "staff_unknown": (
        "ไม่พบพนักงานคนนี้ในร้าน กรุณาดูรายชื่อพนักงาน",
        "Nobody of this id works at the shop. Please look at the list of staff.",
    ),
    "last_owner": (
        "ร้านต้องมีเจ้าของอย่างน้อยหนึ่งคน กรุณาเพิ่มเจ้าของคนใหม่ก่อน",
        "A shop keeps at least one owner. Please invite another one first.",
    ),
    "branch_unknown": (
        "ไม่พบสาขานี้ หรือปิดไปแล้ว กรุณาดูรายการสาขา",
        "There is no such branch, or it is closed. Please look at the list of branches.",
    ),
    "invitation_unknown": (
        "คิวอาร์นี้ไม่ใช่คำเชิญที่ใช้ได้ที่นี่ กรุณาให้เจ้าของร้านสร้างคำเชิญใหม่",
        "This is no invitation that is good here. Please ask the shop's owner for a new one.",
    ),
    "invitation_expired": (
        "คำเชิญนี้หมดอายุเมื่อ {expired_at} กรุณาให้เจ้าของร้านสร้างคำเชิญใหม่",
        "This invitation ran out at {expired_at}. Please ask the shop's owner for a new one.",
    ),
    "invitation_used": (
        "คำเชิญนี้ถูกใช้ไปแล้ว กรุณาให้เจ้าของร้านสร้างคำเชิญใหม่ หากไม่ใช่ท่านที่ใช้ ให้แจ้งเจ้าของร้านทันที",
        "This invitation was used. Please ask for a new one; if it was not you who used it, tell the owner at once.",
    ),
    "username_taken": (
        "ชื่อผู้ใช้นี้มีคนใช้แล้ว กรุณาเลือกชื่ออื่น",
        "Somebody has this name already. Please choose another one.",
    ),
    "password_too_weak": (
        "รหัสผ่านนี้เดาง่ายเกินไป กรุณาใช้อย่างน้อย 12 ตัวอักษรที่ไม่เหมือนชื่อผู้ใช้",
        "This password is too easy to guess. Please take 12 letters or more that are not like the name.",
    ),
    # Bank accounts
    "bank_account_change_unknown": (
        "ไม่พบคำขอเปลี่ยนบัญชีนี้ กรุณาดูรายการคำขอ",
        "There is no such change of a bank account. Please look at the list of changes.",
    ),
    "bank_account_change_waits": (
        "มีคำขอเปลี่ยนบัญชีที่รออยู่แล้ว กรุณาถอนคำขอเดิมก่อน",
        "A change of the bank account waits already. Please take that one back first.",
    ),
    "bank_account_change_ended": (
        "คำขอเปลี่ยนบัญชีนี้สิ้นสุดแล้ว หากยังต้องการเปลี่ยน กรุณาส่งคำขอใหม่",
        "This change of a bank account is over. If it is still wanted, please ask anew.",
    ),
    "cooling_off": (
        "ยังไม่ครบ 24 ชั่วโมงที่ร้านถอนคำขอได้ อนุมัติได้ตั้งแต่ {until_at}",
        "The day in which the shop can take it back is not over. It can be approved from {until_at}.",
    ),
    "not_vouched_for": (
        "ยังไม่มีเจ้าหน้าที่รับรองว่าบัญชีนี้เป็นของร้าน ให้เจ้าหน้าที่คนหนึ่งสอบถามร้านทางช่องทางเดิมและรับรองก่อน แล้วอีกคนจึงอนุมัติ",
        "No officer vouches for this account yet. First one asks the shop by its old contact; then another approves.",
    ),
    "vouched_already": (
        "มีเจ้าหน้าที่รับรองบัญชีนี้แล้ว ขั้นต่อไปให้เจ้าหน้าที่อีกคนอนุมัติ",
        "An officer vouches for this account already. Next, another officer approves it.",
    ),
    "approver_vouched": (
        "คุณเป็นผู้รับรองบัญชีนี้ จึงอนุมัติเองไม่ได้ กรุณาให้เจ้าหน้าที่อีกคนอนุมัติ",
        "You vouched for this account, so you cannot approve it. Please ask another officer.",
    ),
    "approver_asked": (
        "คุณเป็นผู้ขอเปลี่ยนบัญชีนี้ จึงอนุมัติเองไม่ได้ กรุณาให้เจ้าหน้าที่คนอื่นตรวจสอบ",
        "You asked for this change yourself. Please leave it to another officer.",
    ),
}

# Notices: what has happened, and what to do if that was not wanted.
NOTICES: Final[dict[str, tuple[str, str]]] = {
    "bank_account_change_asked": (
        "มีการขอเปลี่ยนบัญชีรับเงินของร้านเป็น {account} เจ้าหน้าที่อนุมัติได้ตั้งแต่ {cooled_at} หากไม่ใช่ท่าน กรุณาถอนคำขอทันที",
        "Somebody asked that the money go to {account}, from {cooled_at} on. If it was not you, take it back at once.",
    ),
    "bank_account_changed": (
        "เงินของร้านจะโอนเข้าบัญชี {account} ตั้งแต่รอบจ่ายถัดไป หากไม่ใช่ท่าน กรุณาติดต่อเจ้าหน้าที่ทันที",
        "From the next payout on the shop's money goes to {account}. If you did not want that, call us at once.",
    ),
    "bank_account_change_rejected": (
        "ไม่อนุมัติให้เปลี่ยนบัญชีเป็น {account}: {reason}",
        "The change to account {account} was not approved: {reason}",
    ),
    "shop_suspended": (
        "ร้านถูกระงับการรับชำระเงิน: {reason} หากเห็นว่าไม่ถูกต้อง กรุณาติดต่อเจ้าหน้าที่",
        "The shop may not take payments at present: {reason} If that is wrong, please call us.",
    ),
    "shop_restored": (
        "ร้านรับชำระเงินได้อีกครั้ง: {reason}",
        "The shop may take payments again: {reason}",
    ),
    "application_approved": (
        "ร้าน {shop} ได้รับอนุมัติแล้ว กรุณาสร้างบัญชีเจ้าของร้านจากหน้าคำขอของท่าน",
        "The shop {shop} was taken in. Please go on to its owner's sign-in, from your application.",
    ),
    "application_rejected": (
        "คำขอของร้าน {shop} ไม่ได้รับอนุมัติ: {reason} ท่านแก้ไขแล้วส่งใหม่ได้",
        "The application of the shop {shop} was not approved: {reason} You can correct it.",
    ),
    "particulars_changed": (
        "ข้อมูลของร้านเปลี่ยนแล้วตามที่ขอ กรุณาตรวจสอบที่หน้าร้าน",
        "What the shop is known by was changed as you asked. Please look at it.",
    ),
    "staff_joined": (
        "มีพนักงานใหม่เข้าร้านในตำแหน่ง {role} หากไม่ใช่คนที่ท่านเชิญ ให้นำออกทันที",
        "Somebody joined the shop's staff as {role}. If it is not whom you invited, send them away at once.",
    ),
}
