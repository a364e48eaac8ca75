"""The scheme, who can have it, how much and when, as sentences."""

from collections.abc import Iterator
from typing import Final

from subsidies.documents import Document
from subsidies.documents.identity import Tier
from subsidies.documents.joining import Dates, Grant, Repeats
from subsidies.plain_words.conditions import NAMES, when, word
from subsidies.plain_words.saying import (
    EACH,
    MIDNIGHT,
    Said,
    Sentence,
    Speaker,
    all_of,
    any_of,
    both,
    clock,
    counted,
    day,
    hours,
    ordinal,
    provided,
    several,
    times,
    weekdays,
)

# By how many months lie between.
EVERY_SO_MANY_MONTHS: Final[dict[int, Said]] = {
    1: ("ของทุกเดือน", "of each month"),
    3: ("ทุกสามเดือน", "of every third month"),
}


def scheme(document: Document) -> Iterator[Sentence]:
    """Yield what the scheme is and since when."""
    identity, speaker = document.scheme, Speaker(document)
    since = speaker.at(identity.effective_at)
    yield Sentence(
        "scheme",
        f"{identity.name.th} ฉบับที่ {identity.version} มีผลตั้งแต่ {since[0]}",
        f"{identity.name.en}, version {identity.version}, in force from {since[1]}.",
    )


def tier_names(document: Document) -> dict[str, Said]:
    """Return what each tier is called."""
    return {tier.code: both(tier.name) for tier in document.tiers}


def who(document: Document) -> Iterator[Sentence]:
    """Yield who may enrol and when, how many, and what may be changed."""
    speaker, tiers = Speaker(document), tier_names(document)
    if document.registration is None:
        yield _unregistered(document)
    else:
        for dates in (document.registration, *document.registration.rounds):
            yield _registration(dates, speaker, tiers)
        for row in document.registration.rota:
            days, digits = weekdays(row.weekdays), any_of((str(digit),) * 2 for digit in row.digits)
            yield Sentence(
                "joining",
                f"{days[0]}ลงทะเบียนได้เฉพาะผู้เกิดปีที่ลงท้ายด้วย {digits[0]}",
                f"On {days[1]} only those can register who were born in a year that ends in {digits[1]}.",
            )
    for rule in document.eligibility:
        appeal = both(rule.appeal) if rule.appeal else ("", "")
        yield Sentence("joining", f"{rule.says.th} {appeal[0]}".strip(), f"{rule.says.en} {appeal[1]}".strip())
        if rule.appeal_until is not None:
            until = speaker.at(rule.appeal_until)
            yield Sentence("joining", f"รับอุทธรณ์เรื่องนี้ก่อน {until[0]}", f"Appeals are taken before {until[1]}.")
    if len(document.tiers) > 1:
        for tier in document.tiers:
            yield _tier(tier, speaker, tiers)
    yield from _places(document, speaker, tiers)
    for change in document.changes:
        until = speaker.at(change.until)
        if change.scheme:
            other = word(change.scheme, speaker)
            thai, english = f"ย้ายมาจาก {other[0]} ", f"come over from {other[1]}"
        else:
            thai, english = f"เปลี่ยน{NAMES[change.fact or ''][0]}", f"change {NAMES[change.fact or ''][1]}"
        yield Sentence(
            "joining",
            f"{thai}ได้ {change.times} ครั้ง ก่อน {until[0]}",
            f"You may {english} {times(change.times)}, before {until[1]}.",
        )


def _unregistered(document: Document) -> Sentence:
    if any(rule.fact == "person.lists" for rule in document.eligibility):
        return Sentence("joining", "ไม่ต้องลงทะเบียน รัฐให้สิทธิตามรายชื่อ", "You need not register: the State has a list.")
    return Sentence("joining", "ไม่ต้องลงทะเบียน", "You need not register.")


def _tier(tier: Tier, speaker: Speaker, tiers: dict[str, Said]) -> Sentence:
    if not tier.when:
        return Sentence("joining", f"ผู้อื่นอยู่ในกลุ่ม “{tier.name.th}”", f"Everybody else is in the group “{tier.name.en}”.")
    said = when(tier.when, speaker, tiers)
    return Sentence(
        "joining", f"ท่านอยู่ในกลุ่ม “{tier.name.th}”{said[0]}", f"You are in the group “{tier.name.en}”{said[1]}."
    )


def _registration(dates: Dates, speaker: Speaker, tiers: dict[str, Said]) -> Sentence:
    starts, ends, said = speaker.at(dates.starts_at), speaker.until(dates.ends_at), when(dates.when, speaker, tiers)
    daily = hours(dates.opens, dates.closes) if dates.opens and dates.closes else ("", "")
    return Sentence(
        "joining",
        f"ลงทะเบียนตั้งแต่ {starts[0]} {ends[0]}{' ทุกวัน ' + daily[0] if daily[0] else ''}{said[0]}",
        provided(f"Register from {starts[1]} {ends[1]}{', each day ' + daily[1] if daily[1] else ''}", said[1]) + ".",
    )


def _places(document: Document, speaker: Speaker, tiers: dict[str, Said]) -> Iterator[Sentence]:
    quota = document.quota
    if quota is None:
        return
    for_whom = ("", "")
    if quota.counted == "at_payment":
        for_whom = " สำหรับผู้ที่ชำระเงินก่อน", ", for those who pay first"
    elif document.registration is not None:
        for_whom = " สำหรับผู้ที่ลงทะเบียนก่อน", ", for those who register first"
    places = counted(quota.places)
    yield Sentence("joining", f"มี {places} สิทธิ{for_whom[0]}", f"There are {places} places{for_whom[1]}.")
    if quota.forfeited_places == "reopened":
        yield Sentence(
            "joining", "สิทธิที่ไม่ได้ใช้ในเวลาที่กำหนดเปิดให้ผู้อื่น", "Places that are not used in time are given to others."
        )
    for pool in quota.pools:
        said = when(pool.when, speaker, tiers)
        yield Sentence(
            "joining",
            f"ในจำนวนนี้ {counted(pool.places)} สิทธิกันไว้ให้ท่าน{said[0]}",
            f"Of these, {counted(pool.places)} are kept for you{said[1]}.",
        )


def grants(document: Document) -> Iterator[Sentence]:
    """Yield what fills the purse, and what empties it."""
    speaker, tiers = Speaker(document), tier_names(document)
    for row in document.grants:
        yield _grant(row, speaker, tiers)
    if document.buy_in is not None:
        pays, gets = speaker.money(document.buy_in.pays_satang), speaker.money(document.buy_in.gets_satang)
        until = speaker.at(document.buy_in.until)
        yield Sentence(
            "grants",
            f"จ่าย {pays[0]} ได้สิทธิ {gets[0]} ไม่เกิน {document.buy_in.times} ครั้ง ก่อน {until[0]}",
            f"Pay {pays[1]} and get {gets[1]}, {times(document.buy_in.times)} at most, before {until[1]}.",
        )
    first = document.first_use
    if first is not None:
        said = when(first.when, speaker, tiers)
        by = (
            speaker.at(first.by)
            if first.by
            else (f"{first.within_days} วันหลังได้สิทธิ", f"{several(first.within_days or 0, 'day')} from enrolment")
        )
        # The condition first: behind "or it is lost" it would say when it is lost.
        thai, english = (f"{said[0].strip()} ", f"{said[1].strip()}, ") if said[0] else said
        yield Sentence(
            "grants",
            f"{thai}ต้องใช้ครั้งแรกก่อน {by[0]} มิฉะนั้นสิทธิจะหมดไป",
            f"{english}use it for the first time before {by[1]}, or it is lost.",
        )
    if document.purse.empties != "never":
        thai, english = EACH[document.purse.empties]
        yield Sentence(
            "grants",
            f"สิทธิที่ใช้ไม่หมดใน{thai}นั้นไม่ทบไป{thai}ถัดไป",
            f"What you do not use in one {english} is not added to the next.",
        )
    if document.purse.withdrawable:
        yield Sentence("grants", "ถอนเป็นเงินของตนเองได้", "It can be withdrawn as your own money.")


def _grant(row: Grant, speaker: Speaker, tiers: dict[str, Said]) -> Sentence:
    said = when(row.when, speaker, tiers)
    if row.amount_satang is None:
        amount: Said = NAMES[row.amount_from or ""]
    else:
        money = speaker.money(row.amount_satang)
        amount = f" {money[0]}", money[1]
    most = ("", "") if row.at_most_satang is None else speaker.money(row.at_most_satang)
    each = ("", "") if row.times is None else (f" คูณด้วย{NAMES[row.times][0]}", f" times {NAMES[row.times][1]}")
    thai, english = f"ได้{amount[0]}{each[0]}", f"You get {amount[1]}{each[1]}"
    if most[0]:
        thai, english = f"{thai} ไม่เกิน {most[0]}", f"{english}, at most {most[1]}"
    if row.pays_at is not None:
        at = speaker.at(row.pays_at)
        thai, english = f"{thai} ในวันที่ {at[0]}", f"{english} on {at[1]}"
    if row.repeats is not None:
        again = _again(row.repeats)
        thai, english = f"{thai} {again[0]}", f"{english} {again[1]}"
    if row.verified_by_day is not None:
        by = row.verified_by_day
        thai += f" สำหรับผู้ยืนยันตัวตนภายในวันที่ {by} ของเดือนก่อนหน้า"
        english += f", if your identity was proven by the {ordinal(by)} of the month before"
    if row.back_pay is not None:
        thai, english = f"{thai} และได้ย้อนหลัง", f"{english}, with back pay for what you missed"
    if row.joined_from is not None:
        at = speaker.at(row.joined_from)
        thai, english = f"{thai} สำหรับผู้ลงทะเบียนตั้งแต่ {at[0]}", f"{english}, if you enrol from {at[1]}"
    if row.joined_before is not None:
        at = speaker.at(row.joined_before)
        thai, english = f"{thai} สำหรับผู้ลงทะเบียนก่อน {at[0]}", f"{english}, if you enrol before {at[1]}"
    if row.if_spent_satang is not None:
        spent = speaker.money(row.if_spent_satang)
        once = (" ครั้งเดียว", "; once only, the first time") if row.repeats is not None else ("", ", if")
        thai, english = f"{thai}{once[0]} เมื่อใช้ไปแล้ว {spent[0]}", f"{english}{once[1]} {spent[1]} of it was spent"
    return Sentence("grants", f"{thai}{said[0]}", f"{provided(english, said[1])}.")


def _again(repeats: Repeats) -> Said:
    starts, ends = day(repeats.starts_on), day(repeats.ends_on)
    span = f"ตั้งแต่ {starts[0]} ถึง {ends[0]}", f"from {starts[1]} to {ends[1]}"
    if repeats.at != MIDNIGHT:
        span = f"{span[0]} เวลา {clock(repeats.at)} น.", f"{span[1]}, at {clock(repeats.at)}"
    if repeats.weekday is not None:
        days = weekdays([repeats.weekday])
        if repeats.interval > 1:
            every = ordinal(repeats.interval)
            return f"{days[0]} ทุก {repeats.interval} สัปดาห์ {span[0]}", f"on {days[1]} of every {every} week {span[1]}"
        return f"ทุก{days[0]} {span[0]}", f"on {days[1]} {span[1]}"
    if repeats.every == "day":
        if repeats.interval > 1:
            return f"ทุก {repeats.interval} วัน {span[0]}", f"every {ordinal(repeats.interval)} day {span[1]}"
        return f"ทุกวัน {span[0]}", f"every day {span[1]}"
    on_days = all_of((str(day), ordinal(day)) for day in repeats.on_days or ())
    apart = repeats.interval * (3 if repeats.every == "quarter" else 1)
    months = EVERY_SO_MANY_MONTHS.get(apart, (f"ทุก {apart} เดือน", f"of every {ordinal(apart)} month"))
    return f"ในวันที่ {on_days[0]} {months[0]} {span[0]}", f"on the {on_days[1]} {months[1]} {span[1]}"
