"""When, where and on what a right can be used, as sentences."""

from collections.abc import Iterator

from subsidies.documents import Document
from subsidies.documents.spending import Goods, Hours
from subsidies.plain_words.conditions import when, words
from subsidies.plain_words.joining import tier_names
from subsidies.plain_words.saying import Sentence, Speaker, clock, day, hours, listed, several, weekdays


def when_and_where(document: Document) -> Iterator[Sentence]:
    """Yield the dates, the hours, what must be true of a sale, the shops and the goods."""
    spend, speaker = document.spend, Speaker(document)
    starts, ends = speaker.at(spend.starts_at), speaker.at(spend.ends_at)
    yield Sentence(
        "spending", f"ใช้ได้ตั้งแต่ {starts[0]} ถึงก่อน {ends[0]}", f"It can be used from {starts[1]} until {ends[1]}."
    )
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
        opens, closes = clock(spend.stay.opens), clock(spend.stay.closes)
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
    thai, english = f"{channels[0]}: {daily[0]}", f"{channels[1]}: {daily[1]}"
    if row.weekdays is not None:
        days = weekdays(row.weekdays)
        thai, english = f"{thai} เฉพาะ{days[0]}", f"{english}, on {days[1]} only"
    if row.except_on:
        days = listed(day(one)[0] for one in row.except_on), listed(day(one)[1] for one in row.except_on)
        thai, english = f"{thai} ยกเว้น {days[0]}", f"{english}, but not on {days[1]}"
    if row.starts_at is not None:
        at = speaker.at(row.starts_at)
        thai, english = f"{thai} ตั้งแต่ {at[0]}", f"{english}, from {at[1]}"
    if row.ends_at is not None:
        at = speaker.at(row.ends_at)
        thai, english = f"{thai} ถึงก่อน {at[0]}", f"{english}, until {at[1]}"
    return Sentence("spending", thai, f"{english}.")


def _kinds(document: Document, speaker: Speaker) -> Iterator[Sentence]:
    tiers = tier_names(document)
    for kind in document.merchants.kinds:
        said = when(kind.when, speaker, tiers)
        yield Sentence("spending", f"ร้านที่เข้าร่วมได้:{said[0]}", f"Shops that take part:{said[1]}.")


def _goods(goods: Goods, speaker: Speaker) -> Sentence:
    listed_goods = words(goods.allow or goods.deny or (), speaker)
    where = words(goods.channels, speaker) if goods.channels else ("", "")
    prefix = (f"{where[0]}: ", f"{where[1]}: ") if where[0] else ("", "")
    rest = (
        (" ส่วนที่ไม่อยู่ในสิทธิท่านชำระเอง", " What is not covered is yours to pay.")
        if goods.rest == "citizen"
        else (" บิลที่มีสินค้าอื่นใช้สิทธิไม่ได้", " A bill with anything else on it is refused.")
    )
    skus = (" เฉพาะรายการที่กำหนด", " Listed articles only.") if goods.allow_skus or goods.deny_skus else ("", "")
    if goods.allow is not None:
        return Sentence(
            "spending",
            f"{prefix[0]}ใช้ได้กับ {listed_goods[0]} เท่านั้น{skus[0]}{rest[0]}",
            f"{prefix[1]}only for {listed_goods[1]}.{skus[1]}{rest[1]}",
        )
    return Sentence(
        "spending",
        f"{prefix[0]}ใช้กับ {listed_goods[0]} ไม่ได้{skus[0]}{rest[0]}",
        f"{prefix[1]}not for {listed_goods[1]}.{skus[1]}{rest[1]}",
    )
