"""What happens after a sale, as sentences."""

from collections.abc import Iterator

from subsidies.documents import Document
from subsidies.documents.settling import Due
from subsidies.plain_words.conditions import words
from subsidies.plain_words.saying import MIDNIGHT, WEEKDAYS, Sentence, Speaker, clock, several


def after_the_sale(document: Document) -> Iterator[Sentence]:
    """Yield refunds, when the shop is paid, and the end."""
    yield _refunds(document)
    channels = {channel for due in document.settlement for channel in due.channels}
    for due in document.settlement:
        yield _due(due, Speaker(document), is_for_all=set(due.channels) == channels)
    end = document.end
    to = ("กลับคืนรัฐ", "goes back to the State") if end.unused == "to_treasury" else ("เป็นของท่าน", "is yours")
    soon = ("ทันที", "at once")
    if end.after_days:
        soon = (f" ภายใน {end.after_days} วัน", f"within {several(end.after_days, 'day')}")
    yield Sentence(
        "settling",
        f"เมื่อโครงการสิ้นสุด สิทธิที่ไม่ได้ใช้{to[0]}{soon[0]}",
        f"When the scheme is over, what was not used {to[1]} {soon[1]}.",
    )


def _refunds(document: Document) -> Sentence:
    refunds = document.refunds
    if refunds is None:
        return Sentence("settling", "รายการที่ใช้สิทธิแล้วขอเงินคืนไม่ได้", "What was paid with this right is not given back.")
    returns = refunds.right == "returns"
    right = ("สิทธิกลับคืนด้วย", "the right comes back too") if returns else ("แต่สิทธิไม่กลับคืน", "the right is lost")
    part = ("ทั้งหมดหรือบางส่วน", "in full or in part") if refunds.partial else ("เต็มจำนวนเท่านั้น", "in full only")
    within = ("ในวันเดียวกัน", "on the day of the sale")
    if refunds.within_days:
        days = several(refunds.within_days, "business day")
        within = (f"ภายใน {refunds.within_days} วันทำการหลังวันซื้อ", f"within {days} after the sale")
    return Sentence(
        "settling",
        f"ร้านคืนเงินให้ท่านได้{within[0]} {part[0]} {right[0]}",
        f"The shop can give your money back {within[1]}, {part[1]}; {right[1]}.",
    )


def _due(due: Due, speaker: Speaker, *, is_for_all: bool) -> Sentence:
    part = ("ส่วนของท่าน", "your part") if due.part == "citizen" else ("ส่วนของรัฐ", "the State's part")
    channels = ("", "")
    if not is_for_all:
        only = words(due.channels, speaker)
        channels = f" ({only[0]})", f" ({only[1]})"
    kind = ("วันทำการ", "banking day") if due.banking_days else ("วัน", "day")
    after = (f"{due.days} {kind[0]}หลังวันขาย", f"{several(due.days, kind[1])} after the sale")
    if not due.days:
        after = ("ในวันขาย", "on the day of the sale")
    if due.week_ends is not None:
        last = WEEKDAYS[due.week_ends]
        after = (
            f"{due.days} {kind[0]}หลังสิ้นสัปดาห์ ({last[0]})",
            f"{several(due.days, kind[1])} after the end of its week ({last[1].removesuffix('s')})",
        )
    at = ("", "") if due.at == MIDNIGHT else (f" เวลา {clock(due.at)} น.", f", at {clock(due.at)}")
    return Sentence(
        "settling",
        f"ร้านได้รับ{part[0]}{channels[0]} {after[0]}{at[0]}",
        f"The shop gets {part[1]}{channels[1]} {after[1]}{at[1]}.",
    )
