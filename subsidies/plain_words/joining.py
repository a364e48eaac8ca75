"""The scheme, who can have it, how much and when, as sentences."""

from collections.abc import Iterator

from subsidies.documents import Document
from subsidies.documents.joining import Dates, Grant, Repeats
from subsidies.plain_words.conditions import NAMES, when
from subsidies.plain_words.saying import (
    PERIODS,
    Said,
    Sentence,
    Speaker,
    both,
    clock,
    counted,
    day,
    hours,
    several,
    times,
    weekdays,
)


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
        yield Sentence("joining", "ไม่ต้องลงทะเบียน รัฐให้สิทธิตามรายชื่อ", "Nobody registers: the State has a list.")
    else:
        for dates in (document.registration, *document.registration.rounds):
            yield _registration(dates, speaker, tiers)
        for row in document.registration.rota:
            days, digits = weekdays(row.weekdays), ", ".join(map(str, row.digits))
            yield Sentence(
                "joining",
                f"{days[0]}: เฉพาะผู้เกิดปีที่ลงท้ายด้วย {digits}",
                f"On {days[1]}: only those born in a year that ends in {digits}.",
            )
    for rule in document.eligibility:
        appeal = both(rule.appeal) if rule.appeal else ("", "")
        yield Sentence("joining", f"{rule.says.th} {appeal[0]}".strip(), f"{rule.says.en} {appeal[1]}".strip())
        if rule.appeal_until is not None:
            until = speaker.at(rule.appeal_until)
            yield Sentence("joining", f"รับอุทธรณ์เรื่องนี้ก่อน {until[0]}", f"Appeals are taken before {until[1]}.")
    if len(document.tiers) > 1:
        for tier in document.tiers:
            said = when(tier.when, speaker, tiers)
            yield Sentence("joining", f"กลุ่ม {tier.name.th}{said[0]}", f"Group: {tier.name.en}{said[1]}.")
    yield from _places(document, speaker, tiers)
    for change in document.changes:
        until = speaker.at(change.until)
        what = (f"ย้ายมาจาก {change.scheme}",) * 2 if change.scheme else NAMES[change.fact or ""]
        english = f"come over from {change.scheme}" if change.scheme else f"change {what[1]}"
        yield Sentence(
            "joining",
            f"{what[0] if change.scheme else 'เปลี่ยน' + what[0]}ได้ {change.times} ครั้ง ก่อน {until[0]}",
            f"You may {english} {times(change.times)}, before {until[1]}.",
        )


def _registration(dates: Dates, speaker: Speaker, tiers: dict[str, Said]) -> Sentence:
    starts, ends, said = speaker.at(dates.starts_at), speaker.at(dates.ends_at), when(dates.when, speaker, tiers)
    daily = hours(dates.opens, dates.closes) if dates.opens and dates.closes else ("", "")
    return Sentence(
        "joining",
        f"ลงทะเบียนตั้งแต่ {starts[0]} ถึงก่อน {ends[0]}{' ทุกวัน ' + daily[0] if daily[0] else ''}{said[0]}",
        f"Register from {starts[1]} until {ends[1]}{', each day ' + daily[1] if daily[1] else ''}{said[1]}.",
    )


def _places(document: Document, speaker: Speaker, tiers: dict[str, Said]) -> Iterator[Sentence]:
    quota = document.quota
    if quota is None:
        return
    at_payment = quota.counted == "at_payment"
    yield Sentence(
        "joining",
        f"มี {counted(quota.places)} สิทธิ {'นับเมื่อชำระเงิน' if at_payment else 'นับเมื่อลงทะเบียน'}",
        f"There are {counted(quota.places)} places, counted {'at payment' if at_payment else 'at enrolment'}.",
    )
    if quota.forfeited_places == "reopened":
        yield Sentence(
            "joining", "สิทธิที่ไม่ได้ใช้ในเวลาที่กำหนดเปิดให้ผู้อื่น", "Places that are not used in time are given to others."
        )
    for pool in quota.pools:
        said = when(pool.when, speaker, tiers)
        yield Sentence(
            "joining",
            f"ในจำนวนนี้ {counted(pool.places)} สิทธิกันไว้ให้{said[0]}",
            f"Of these, {counted(pool.places)} are kept{said[1]}.",
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
        yield Sentence(
            "grants",
            f"ต้องใช้ครั้งแรกก่อน {by[0]} มิฉะนั้นสิทธิจะหมดไป{said[0]}",
            f"Use it for the first time before {by[1]}, or it is lost{said[1]}.",
        )
    if document.purse.empties != "never":
        thai, english = PERIODS[document.purse.empties]
        yield Sentence("grants", f"ที่เหลือไม่สะสม ({thai})", f"What is left does not add up: the purse is for {english}.")
    if document.purse.withdrawable:
        yield Sentence("grants", "ถอนเป็นเงินของตนเองได้", "It can be withdrawn as your own money.")


def _grant(row: Grant, speaker: Speaker, tiers: dict[str, Said]) -> Sentence:
    said = when(row.when, speaker, tiers)
    if row.amount_satang is None:
        amount: Said = NAMES[row.amount_from or ""]
    else:
        amount = speaker.money(row.amount_satang)
    most = ("", "") if row.at_most_satang is None else speaker.money(row.at_most_satang)
    each = ("", "") if row.times is None else (f" ต่อ{NAMES[row.times][0]}", f" for each of: {NAMES[row.times][1]}")
    thai, english = f"ได้ {amount[0]}{each[0]}", f"You get {amount[1]}{each[1]}"
    if most[0]:
        thai, english = f"{thai} ไม่เกิน {most[0]}", f"{english}, at most {most[1]}"
    if row.pays_at is not None:
        at = speaker.at(row.pays_at)
        thai, english = f"{thai} เมื่อ {at[0]}", f"{english} on {at[1]}"
    if row.repeats is not None:
        again = _again(row.repeats)
        thai, english = f"{thai} {again[0]}", f"{english} {again[1]}"
    if row.verified_by_day is not None:
        thai += f" สำหรับผู้ยืนยันตัวตนภายในวันที่ {row.verified_by_day} ก่อนหน้า"
        english += f", if your identity was proven by the {row.verified_by_day}th before"
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
    return Sentence("grants", f"{thai}{said[0]}", f"{english}{said[1]}.")


def _again(repeats: Repeats) -> Said:
    starts, ends = day(repeats.starts_on), day(repeats.ends_on)
    span = (
        f"ตั้งแต่ {starts[0]} ถึง {ends[0]} เวลา {clock(repeats.at)} น.",
        f"from {starts[1]} to {ends[1]} at {clock(repeats.at)}",
    )
    if repeats.weekday is not None:
        days = weekdays([repeats.weekday])
        return f"ทุก{days[0]} {span[0]}", f"on {days[1]} {span[1]}"
    if repeats.every == "day":
        return f"ทุกวัน {span[0]}", f"every day {span[1]}"
    on_days = ", ".join(map(str, repeats.on_days or ()))
    months = ("ทุกสามเดือน", "every third month") if repeats.every == "quarter" else ("ทุกเดือน", "of each month")
    return f"วันที่ {on_days} {months[0]} {span[0]}", f"on day {on_days} {months[1]} {span[1]}"
