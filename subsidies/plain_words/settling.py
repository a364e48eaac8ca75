"""What happens after a sale, as sentences."""

from collections.abc import Iterator

from subsidies.documents import Document
from subsidies.documents.settling import Due
from subsidies.plain_words.conditions import words
from subsidies.plain_words.saying import WEEKDAYS, Sentence, Speaker, clock, several


def after_the_sale(document: Document) -> Iterator[Sentence]:
    """Yield refunds, when the shop is paid, and the end."""
    yield _refunds(document)
    for due in document.settlement:
        yield _due(due, Speaker(document))
    end = document.end
    to = ("คืนรัฐ", "goes back to the State") if end.unused == "to_treasury" else ("เป็นของท่าน", "is yours")
    soon = ("ทันที", "at once")
    if end.after_days:
        soon = (f"ภายใน {end.after_days} วัน", f"within {several(end.after_days, 'day')}")
    yield Sentence(
        "settling",
        f"เมื่อโครงการสิ้นสุด สิทธิที่ไม่ได้ใช้{to[0]} {soon[0]}",
        f"When the scheme is over, what was not used {to[1]} {soon[1]}.",
    )


def _refunds(document: Document) -> Sentence:
    refunds = document.refunds
    if refunds is None:
        return Sentence("settling", "คืนเงินรายการที่ใช้สิทธิไม่ได้", "A payment cannot be given back.")
    returns = refunds.right == "returns"
    right = ("สิทธิกลับคืน", "the right comes back") if returns else ("สิทธิไม่กลับคืน", "the right is lost")
    part = ("บางส่วนได้", "also in part") if refunds.partial else ("เต็มจำนวนเท่านั้น", "in full only")
    within = ("ในวันเดียวกัน", "on the same business day")
    if refunds.within_days:
        days = several(refunds.within_days, "business day")
        within = (f"ภายใน {refunds.within_days} วันทำการหลังวันซื้อ", f"within {days} after its own")
    return Sentence(
        "settling",
        f"ร้านคืนเงินได้{within[0]} {part[0]} {right[0]}",
        f"The shop may give a payment back {within[1]}, {part[1]}; {right[1]}.",
    )


def _due(due: Due, speaker: Speaker) -> Sentence:
    part = ("ส่วนของประชาชน", "The citizen's part") if due.part == "citizen" else ("ส่วนของรัฐ", "The State's part")
    channels = words(due.channels, speaker)
    kind = ("วันทำการ", "banking day") if due.banking_days else ("วัน", "day")
    after = (f"{due.days} {kind[0]}หลังวันขาย", f"{several(due.days, kind[1])} after the sale")
    if not due.days:
        after = ("ในวันขาย", "on the day of the sale")
    if due.week_ends is not None:
        names = WEEKDAYS[due.week_ends]
        after = (
            f"{due.days} {kind[0]}หลังสิ้นสัปดาห์ ({names[0]})",
            f"{several(due.days, kind[1])} after its week, which {names[1]} end",
        )
    return Sentence(
        "settling",
        f"{part[0]} ({channels[0]}) ร้านได้รับ {after[0]} เวลา {clock(due.at)} น.",
        f"{part[1]} ({channels[1]}) comes to the shop {after[1]}, at {clock(due.at)}.",
    )
