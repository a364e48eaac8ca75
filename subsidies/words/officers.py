"""What the first floor says about the officers' side of a scheme: drafts, versions, suspending and stopping."""

from typing import Final

OFFICERS: Final[dict[str, tuple[str, str]]] = {
    # Drafts and versions
    "takes_effect_too_early": (
        "ฉบับนี้จะมีผลเมื่อ {effective_at} แต่ต้องไม่ก่อน {earliest_at} กรุณาแก้วันเวลาที่มีผล",
        "This version would take effect at {effective_at}; it can from {earliest_at} on. Please change its instant.",
    ),
    "places_left_behind": (
        "มีผู้ถือสิทธิที่ฉบับนี้ไม่มีกติการองรับ ({names}) กรุณาคงสิ่งเหล่านี้ไว้ หรือใช้รหัสใหม่สำหรับวงเงินที่มีความหมายใหม่",
        "People hold places that this version has no rules for ({names}). Keep them, or give a new limit a new code.",
    ),
    "version_unknown": (
        "โครงการนี้ไม่มีฉบับที่ {version} กรุณาเลือกจากรายการฉบับ",
        "This scheme has no version {version}. Please choose one from its list of versions.",
    ),
    "draft_unknown": (
        "ไม่พบร่างเอกสารนี้ กรุณาเลือกจากรายการร่าง",
        "There is no such draft. Please choose one from the list of drafts.",
    ),
    "draft_too_long": (
        "ร่างยาวเกิน {largest_bytes} ไบต์ กรุณาตัดให้สั้นลง",
        "The draft is longer than {largest_bytes} bytes. Please shorten it.",
    ),
    "draft_not_yours": (
        "ร่างนี้เป็นของเจ้าหน้าที่คนอื่น กรุณาคัดลอกไปสร้างร่างของคุณเอง",
        "Another officer writes this draft. Please copy its text into a draft of your own.",
    ),
    "draft_published": (
        "ร่างนี้ประกาศเป็นฉบับที่ {version} ของ {scheme} แล้ว กรุณาสร้างร่างใหม่สำหรับฉบับต่อไป",
        "This draft is published as version {version} of {scheme}. Please begin a new draft for the next version.",
    ),
    "draft_submitted": (
        "ร่างนี้เสนอไว้แล้ว กรุณารอเจ้าหน้าที่คนอื่นอนุมัติหรือไม่อนุมัติ",
        "This draft is submitted already. Please wait for another officer to approve or reject it.",
    ),
    "draft_not_submitted": (
        "ร่างนี้ยังไม่มีผู้เสนอ หรือถูกไม่อนุมัติไปแล้ว กรุณาเสนอก่อน",
        "Nobody has submitted this draft, or it was rejected. Please submit it first.",
    ),
    "draft_changed": (
        "ร่างนี้เปลี่ยนไปจากที่คุณเห็นหรือที่เสนอไว้ ยังไม่มีอะไรประกาศ กรุณาเปิดดูใหม่แล้วเสนออีกครั้ง",
        "This draft is no longer what you were shown, or what was submitted. Nothing was published. Please look again.",
    ),
    "approver_drafted": (
        "คุณเป็นผู้เขียนหรือผู้เสนอร่างนี้ จึงอนุมัติเองไม่ได้ กรุณาให้เจ้าหน้าที่คนอื่นอนุมัติ",
        "You wrote or submitted this draft, so you cannot approve it. Please ask another officer.",
    ),
    # Suspending and stopping
    "scheme_suspended": (
        "โครงการนี้ระงับการใช้สิทธิชั่วคราว สิทธิของท่านยังอยู่ครบ ท่านชำระด้วยเงินของท่านเองได้ กรุณาติดตามประกาศ",
        "This scheme is suspended for now. Your right is kept, and you can pay with your own money. Watch for news.",
    ),
    "scheme_stopped": (
        "โครงการนี้ยุติแล้วเมื่อ {ended_at} ท่านชำระด้วยเงินของท่านเองได้",
        "This scheme was stopped at {ended_at}. You can pay with your own money.",
    ),
    "scheme_suspended_already": (
        "โครงการนี้ระงับอยู่แล้ว ไม่ต้องทำซ้ำ",
        "This scheme is suspended already; there is nothing to do.",
    ),
    "scheme_goes_on": (
        "โครงการนี้ไม่ได้ระงับอยู่ จึงไม่มีอะไรให้ยกเลิก",
        "This scheme is not suspended, so there is nothing to restore.",
    ),
    "second_officer_needed": (
        "คุณเป็นผู้เริ่มเรื่องนี้ จึงต้องให้เจ้าหน้าที่คนอื่นเป็นผู้เห็นชอบ",
        "You began this, so another officer has to agree to it.",
    ),
    "stop_asked_already": (
        "มีผู้เสนอให้ยุติโครงการนี้แล้ว กรุณารอเจ้าหน้าที่คนอื่นเห็นชอบหรือไม่เห็นชอบ",
        "An officer has asked to stop this scheme already. Please wait for another one to agree or to say no.",
    ),
    "stop_not_asked": (
        "ยังไม่มีผู้เสนอให้ยุติโครงการนี้ กรุณาเสนอก่อน",
        "Nobody has asked to stop this scheme. An officer has to ask for it first.",
    ),
}
