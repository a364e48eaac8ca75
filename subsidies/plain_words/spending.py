"""When, where and on what a right can be used, as sentences."""

from collections.abc import Iterable, Iterator

from subsidies.documents import Document
from subsidies.documents.spending import Goods, Hours
from subsidies.plain_words.conditions import any_words, when, words
from subsidies.plain_words.joining import tier_names
from subsidies.plain_words.saying import (
    Said,
    Sentence,
    Speaker,
    all_of,
    clock,
    clock_end,
    day,
    hours,
    several,
    weekdays,
)


def when_and_where(document: Document) -> Iterator[Sentence]:
    """Yield the dates, the hours, what must be true of a sale, the shops and the goods."""
    spend, speaker = document.spend, Speaker(document)
    starts, ends = speaker.at(spend.starts_at), speaker.until(spend.ends_at)
    yield Sentence("spending", f"ใช้ได้ตั้งแต่ {starts[0]} {ends[0]}", f"It can be used from {starts[1]} {ends[1]}.")
    for row in spend.hours:
        yield _hours(row, speaker)
    if spend.activates_after_hours:
        yield Sentence(
            "spending",
            f"เริ่มใช้ได้หลังลงทะเบียน {spend.activates_after_hours} ชั่วโมง",
            f"It can be used {several(spend.activates_after_hours, 'hour')} after you enrol.",
        )
    if spend.lasts_days:
        days = several(spend.lasts_days, "day")
        yield Sentence("spending", f"ใช้ได้ {spend.lasts_days} วันหลังได้สิทธิ", f"It lasts {days} from enrolment.")
    if spend.stay is not None:
        opens, closes = clock(spend.stay.opens), clock_end(spend.stay.closes)
        yield Sentence(
            "spending",
            f"ใช้ได้ตั้งแต่ {opens} น. ของวันแรก ถึง {closes} น. ของวันสุดท้ายของการพัก",
            f"It can be used from {opens} of the first to {closes} of the last day of your stay.",
        )
    for rule in (*spend.requires, *document.merchants.requires):
        yield Sentence("spending", rule.says.th, rule.says.en)
    yield from _kinds(document, speaker)
    for goods in document.goods:
        yield _goods(goods, speaker)


def _hours(row: Hours, speaker: Speaker) -> Sentence:
    channels, daily = words(row.channels, speaker), hours(row.opens, row.closes)
    each = ("ทุกวัน", "every day") if row.weekdays is None else _only(row.weekdays)
    thai, english = f"{channels[0]}: {each[0]} {daily[0]}", f"{channels[1]}: {each[1]} {daily[1]}"
    if row.except_on:
        days = all_of(day(one) for one in row.except_on)
        thai, english = f"{thai} ยกเว้น {days[0]}", f"{english}, but not on {days[1]}"
    if row.starts_at is not None:
        at = speaker.at(row.starts_at)
        thai, english = f"{thai} เริ่ม {at[0]}", f"{english}, beginning on {at[1]}"
    if row.ends_at is not None:
        at = speaker.until(row.ends_at)
        thai, english = f"{thai} {at[0]}", f"{english}, {at[1]}"
    return Sentence("spending", thai, f"{english}.")


def _only(codes: Iterable[str]) -> Said:
    days = weekdays(codes)
    return f"เฉพาะ{days[0]}", f"on {days[1]} only,"


def _kinds(document: Document, speaker: Speaker) -> Iterator[Sentence]:
    tiers = tier_names(document)
    for kind in document.merchants.kinds:
        said = when(kind.when, speaker, tiers)
        # The shop is what the sentence is about, so its clauses need not name it again.
        thai = said[0].replace("หากร้าน", "หาก").replace("และร้าน", "และ")
        english = said[1].replace("the shop's ", "its ").replace("the shop ", "it ")
        yield Sentence("spending", f"ร้านเข้าร่วมได้{thai}", f"A shop can take part{english}.")


def _goods(goods: Goods, speaker: Speaker) -> Sentence:
    where = words(goods.channels, speaker) if goods.channels else ("", "")
    prefix = (f"{where[0]}: ", f"{where[1]}: ") if where[0] else ("", "")
    rest = (
        (" ส่วนที่ใช้สิทธิไม่ได้ท่านชำระเอง", " You pay yourself for what is not covered.")
        if goods.rest == "citizen"
        else (" บิลที่มีสินค้าอื่นใช้สิทธิไม่ได้", " A bill with anything else on it is refused.")
    )
    skus = (" เฉพาะรายการที่กำหนด", " Listed articles only.") if goods.allow_skus or goods.deny_skus else ("", "")
    if goods.allow is not None:
        allowed = words(goods.allow, speaker)
        return Sentence(
            "spending",
            f"{prefix[0]}ใช้ได้กับ{allowed[0]}เท่านั้น{skus[0]}{rest[0]}",
            f"{prefix[1]}it can be used for {allowed[1]} only.{skus[1]}{rest[1]}",
        )
    denied = any_words(goods.deny or (), speaker)
    return Sentence(
        "spending",
        f"{prefix[0]}ใช้กับ{denied[0]}ไม่ได้{skus[0]}{rest[0]}",
        f"{prefix[1]}it cannot be used for {denied[1]}.{skus[1]}{rest[1]}",
    )
