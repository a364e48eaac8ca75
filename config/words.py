"""What is said with a no, by the API and the pages: the words of no floor in particular, and how all are shown."""

import importlib
import importlib.util
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Final

import structlog

from subsidies.plain_words import saying
from wallet import money
from wallet.clock import BANGKOK

FLOORS: Final = ("wallet", "subsidies", "merchants", "settlement")
BUDDHIST_ERA: Final = 543  # years that the Thai calendar is ahead
THAI_MONTHS: Final = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
ENGLISH_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# Who a door is open to, by the names that tokens have for them.
WHO: Final[dict[str, tuple[str, str]]] = {
    "citizen": ("ประชาชน", "a citizen"),
    "till": ("เครื่องรับเงิน", "a till"),
    "staff": ("พนักงานร้าน", "one of a shop's staff"),
    "cashier": ("แคชเชียร์", "a cashier"),
    "manager": ("ผู้จัดการร้าน", "a shop's manager"),
    "owner": ("เจ้าของร้าน", "a shop's owner"),
    "officer": ("เจ้าหน้าที่การเงิน", "a finance officer"),
    "integrator": ("ระบบของร้าน", "a shop's own system"),
}

# code: (Thai, English). Facts stand in braces; each sentence says what to do next.
REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "malformed": (
        "ข้อมูลที่ส่งมาไม่ครบหรือไม่ถูกรูปแบบ กรุณาตรวจสอบแล้วส่งใหม่",
        "What was sent is incomplete or not in the right form. Please check it and send it again.",
    ),
    "not_signed_in": (
        "กรุณาเข้าสู่ระบบก่อน แล้วลองอีกครั้ง",
        "Please sign in first, then try again.",
    ),
    "not_allowed": (
        "บัญชีนี้ไม่มีสิทธิทำรายการนี้ กรุณาใช้บัญชีที่มีสิทธิ",
        "This account may not do that. Please use an account that may.",
    ),
    "not_found": (
        "ไม่พบสิ่งที่ขอ กรุณาตรวจสอบที่อยู่หรือหมายเลข",
        "There is nothing here under that address or number. Please check it.",
    ),
    "fields_wrong": (
        "ข้อมูลบางช่องขาดหาย ไม่รู้จัก หรือไม่ถูกรูปแบบ ({fields}) กรุณาแก้ไขแล้วส่งใหม่",
        "Some fields are missing, not known or not in the right form ({fields}). Please mend them and send it again.",
    ),
    "body_too_large": (
        "ข้อมูลที่ส่งมายาวเกิน {largest_bytes} ไบต์ กรุณาส่งให้สั้นลง",
        "What was sent is longer than {largest_bytes} bytes. Please send less.",
    ),
    "key_missing": (
        "คำขอนี้ต้องมีหัวข้อ Idempotency-Key เพื่อไม่ให้ทำรายการซ้ำ กรุณาใส่แล้วส่งใหม่",
        "This request needs an Idempotency-Key header, so that it cannot happen twice. Please add one and send again.",
    ),
    "key_malformed": (
        "Idempotency-Key ต้องเป็นตัวอักษร ASCII ที่มองเห็นได้ 1 ถึง 64 ตัว กรุณาแก้ไขแล้วส่งใหม่",
        "The Idempotency-Key must be 1 to 64 visible ASCII characters. Please mend it and send it again.",
    ),
    "not_your_role": (
        "บัญชีประเภทนี้ทำรายการนี้ไม่ได้ กรุณาเข้าสู่ระบบด้วยบัญชีที่มีสิทธิ ({open_to})",
        "This kind of account may not do that. Please sign in as one that may ({open_to}).",
    ),
    "scope_missing": (
        "คีย์นี้ไม่ได้ออกไว้สำหรับงานนี้ ({scope}) กรุณาให้เจ้าของร้านออกคีย์ที่มีสิทธิดังกล่าว",
        "This key was not issued for that ({scope}). Please ask the shop's owner for one that was.",
    ),
    "rehearsal_unknown": (
        "คีย์ทดสอบตอบเฉพาะยอดทดสอบใน docs/refusals.md และไม่มีเงินเคลื่อนไหว กรุณาส่งยอดในนั้น",
        "A test key moves nothing, and answers only to the test amounts of docs/refusals.md. Please send one.",
    ),
    "method_not_allowed": (
        "ที่อยู่นี้ไม่รับคำสั่งแบบที่ส่งมา กรุณาดูคู่มือ API",
        "This address does not take that method. Please see the API's description.",
    ),
    "not_acceptable": (
        "ที่อยู่นี้ตอบเป็น JSON เท่านั้น กรุณาขอคำตอบเป็น application/json",
        "This address answers in JSON only. Please ask for application/json.",
    ),
    "unsupported_media_type": (
        "ที่อยู่นี้ไม่รับข้อมูลชนิดนี้ กรุณาส่งเป็น application/json หรือ application/xml สำหรับรายการเดินบัญชีธนาคาร",
        "This address does not take that. Please send application/json, or application/xml for a bank statement.",
    ),
    "form_too_old": (
        "หน้านี้เปิดค้างไว้นานเกินไป ยังไม่มีการทำรายการใด กรุณากลับไปเปิดหน้าเดิมใหม่แล้วลองอีกครั้ง",
        "This page was open for too long, so nothing was done. Please open it anew and try again.",
    ),
    "too_many_requests": (
        "ส่งคำขอถี่เกินไป กรุณารอ {wait_seconds} วินาที แล้วลองใหม่",
        "Too many requests. Please wait {wait_seconds} seconds, then try again.",
    ),
    "busy_try_again": (
        "ระบบกำลังทำรายการอื่นของบัญชีนี้อยู่ ยังไม่มีเงินเคลื่อนไหว กรุณาลองใหม่ในอีกสักครู่",
        "Something else is being done with this account. No money has moved. Please try again in a moment.",
    ),
    "unavailable_try_again": (
        "ระบบขัดข้องชั่วคราว กรุณาลองใหม่ในอีกสักครู่ด้วยรายการเดิม ระบบจะไม่คิดเงินซ้ำ",
        "The service is interrupted. Please try the same thing again in a moment; it is never charged twice.",
    ),
    "our_fault": (
        "เกิดข้อผิดพลาดในระบบของเรา เราได้รับแจ้งแล้ว กรุณาตรวจสอบประวัติรายการก่อนลองใหม่",
        "Something went wrong on our side, and we have been told. Please look at your history before you try again.",
    ),
    "refused": (
        "ทำรายการนี้ไม่ได้ในขณะนี้ กรุณาแจ้งเจ้าหน้าที่ว่า {code}",
        "This cannot be done now. Please tell our staff: {code}.",
    ),
}


@cache
def catalogue() -> dict[str, tuple[str, str]]:
    """Return the words of all floors by code.

    :raises ValueError: when two floors word the same code.
    """
    words = dict(REFUSALS)
    for floor in FLOORS:
        if importlib.util.find_spec(f"{floor}.words"):
            porch = importlib.import_module(f"{floor}.words")
            for theirs in (porch.REFUSALS, getattr(porch, "REASONS", {})):
                if twice := words.keys() & theirs.keys():
                    raise ValueError(f"{floor}/words.py words again: {', '.join(sorted(twice))}")
                words |= theirs
    return words


def worded(*, code: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """Return the Thai and the English sentence for a refusal or a reason, with its facts in them.

    A code or a fact that is missing here is our mistake, not the reader's: they get a general sentence, we a log line.
    """
    if code not in catalogue():
        structlog.get_logger(__name__).error("refusal_without_words", code=code)
        return worded(code="refused", facts={"code": code})
    thai, english = catalogue()[code]
    in_thai, in_english = (_Facts(facts, code=code, thai=language) for language in (True, False))
    return thai.format_map(in_thai), english.format_map(in_english)


class _Facts(dict[str, str]):
    """Facts as words; each is worded when a sentence asks for it, and most sentences ask for few."""

    def __init__(self, facts: Mapping[str, Any], *, code: str, thai: bool) -> None:
        super().__init__()
        self.facts, self.code, self.thai = facts, code, thai

    def __missing__(self, name: str) -> str:
        if name not in self.facts:
            structlog.get_logger(__name__).error("refusal_without_fact", code=self.code)
            return "…"
        return _shown(name, self.facts[name], thai=self.thai)


def _shown(name: str, value: Any, *, thai: bool) -> str:
    if name.endswith("_satang"):
        return f"{money.grouped_baht(value)} {'บาท' if thai else 'baht'}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {said}" for key, said in value.items())
    if name in {"open_to", "role"}:
        roles = [value] if isinstance(value, str) else value
        return ", ".join(WHO[role][0 if thai else 1] if role in WHO else role for role in roles)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return _when(name, value, thai=thai) if value is not None else str(value)


def _when(name: str, value: Any, *, thai: bool) -> str:
    if name.endswith("_at"):
        return moment(datetime.fromisoformat(value), thai=thai)
    if name.endswith("_date"):
        return day(date.fromisoformat(value), thai=thai)
    return str(value)


def moment(instant: datetime, *, thai: bool) -> str:
    """Return an instant as Bangkok's date and time of day, in the Buddhist era where it is said in Thai."""
    at = instant.astimezone(BANGKOK)
    return f"{day(at.date(), thai=thai)} {time_of_day(at, thai=thai)}"


def day(date: date, *, thai: bool) -> str:
    """Return a date: 10 พ.ย. 2568, or 10 Nov 2025."""
    if thai:
        return f"{date.day} {THAI_MONTHS[date.month - 1]} {date.year + BUDDHIST_ERA}"
    return f"{date.day} {ENGLISH_MONTHS[date.month - 1]} {date.year}"


def month(date: date, *, thai: bool) -> str:
    """Return the month of a date in full: พฤศจิกายน 2568, or November 2025."""
    if thai:
        return f"{saying.THAI_MONTHS[date.month - 1]} {date.year + BUDDHIST_ERA}"
    return f"{saying.ENGLISH_MONTHS[date.month - 1]} {date.year}"


def time_of_day(instant: datetime, *, thai: bool) -> str:
    """Return Bangkok's time of day: 18:30 น., or 18:30."""
    at = instant.astimezone(BANGKOK)
    return f"{at:%H:%M} น." if thai else f"{at:%H:%M}"
