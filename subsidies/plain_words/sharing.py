"""What the State pays, up to which limits, in which pieces, and what spending earns, as sentences."""

from collections.abc import Iterator, Sequence
from typing import Final

from subsidies.documents import Document
from subsidies.documents.sharing import Band, Cap, EarningStep, Step
from subsidies.plain_words.conditions import NAMES, when, words
from subsidies.plain_words.joining import tier_names
from subsidies.plain_words.saying import (
    EACH,
    PERIODS,
    Said,
    Sentence,
    Speaker,
    all_of,
    clock,
    counted,
    ordinal,
    percent,
    several,
    times,
)

ROUNDED: Final = {
    "down": ("ปัดลงเป็น", "down to"),
    "up": ("ปัดขึ้นเป็น", "up to"),
    "half_up": ("ปัดเป็น", "to the nearest"),
}

# By satang: what a whole one is called.
WHOLE: Final[dict[int, Said]] = {1: ("จำนวนเต็มสตางค์", "a whole satang"), 100: ("จำนวนเต็มบาท", "a whole baht")}


def what_the_state_pays(document: Document) -> Iterator[Sentence]:
    """Yield the rate, the bounds, the notes, the limits, the rounding and what is earned."""
    yield from _funding(document)
    yield from _notes(document)
    for cap in document.caps:
        yield _cap(cap, document)
    unit, mode = _unit(document), ROUNDED[document.rounding.mode.value]
    yield Sentence(
        "sharing",
        f"ส่วนของรัฐ{mode[0]}{unit[0]} ส่วนที่เหลือท่านชำระ",
        f"The State's share is rounded {mode[1]} {unit[1]}; you pay the rest.",
    )
    if document.shortage.right == "refuse":
        yield Sentence(
            "sharing", "ถ้าสิทธิเหลือไม่พอ จะใช้กับรายการนั้นไม่ได้", "When too little is left of the right, the sale is refused."
        )
    if document.funding.combines:
        yield Sentence("sharing", "ใช้ร่วมกับสิทธิอื่นในบิลเดียวกันได้", "It can share a bill with other rights.")
    yield from _earning(document)


def _unit(document: Document) -> Said:
    unit = document.rounding.unit_satang
    if document.scheme.currency == "THB" and unit in WHOLE:
        return WHOLE[unit]
    said = Speaker(document).money(unit)
    return f"จำนวนเต็มของ {said[0]}", f"a multiple of {said[1]}"


def _funding(document: Document) -> Iterator[Sentence]:
    section, speaker, tiers = document.funding, Speaker(document), tier_names(document)
    for rate in section.rates or ():
        said = when(rate.when, speaker, tiers)
        yield Sentence(
            "sharing",
            f"รัฐจ่าย {percent(rate.rate_bp)} ของราคา{said[0]}",
            f"The State pays {percent(rate.rate_bp)} of the price{said[1]}.",
        )
    yield from _worth(section.bands, section.steps, "รัฐจ่าย", "The State pays", document=document)
    if section.times is not None:
        name = NAMES[section.times]
        yield Sentence("sharing", f"รัฐจ่ายตามนั้นคูณด้วย{name[0]}", f"The State pays it times {name[1]}.")
    for amount, thai, english in (
        (section.at_least_satang, "ต้องซื้ออย่างน้อย {}", "The sale must be at least {}."),
        (section.at_most_satang, "เกิน {} รัฐไม่จ่ายเลย", "Above {} the State pays nothing at all."),
        (section.own_at_least_satang or None, "ท่านชำระเองอย่างน้อย {}", "You always pay at least {} yourself."),
    ):
        if amount is not None:
            said = speaker.money(amount)
            yield Sentence("sharing", thai.format(said[0]), english.format(said[1]))
    if section.pays_back is not None:
        days = all_of((str(day), ordinal(day)) for day in section.pays_back.on_days)
        after = ("ชำระเงิน", "payment") if section.pays_back.after == "payment" else NAMES["sale.ends_on"]
        yield Sentence(
            "sharing",
            f"ท่านจ่ายเต็มก่อน รัฐคืนให้ในวันที่ {days[0]} ของเดือน หลัง{after[0]} {section.pays_back.wait_days} วัน",
            f"You pay in full; the State pays its share back to you on the {days[1]} of a month, "
            f"{several(section.pays_back.wait_days, 'day')} or more after {after[1]}.",
        )


def _worth(
    bands: Sequence[Band] | None,
    steps: Sequence[Step] | None,
    thai: str,
    english: str,
    *,
    document: Document,
) -> Iterator[Sentence]:
    speaker, tiers = Speaker(document), tier_names(document)
    below: Said | None = None
    for band in bands or ():
        top = None if band.up_to_satang is None else speaker.money(band.up_to_satang)
        part = (
            (f"ส่วนที่เกิน {below[0]}" if below else "ส่วนแรก") + (f" ถึง {top[0]}" if top else ""),
            (f"the part above {below[1]}" if below else "the first part") + (f" up to {top[1]}" if top else ""),
        )
        yield Sentence(
            "sharing",
            f"{thai} {percent(band.rate_bp)} ของ{part[0]}",
            f"{english} {percent(band.rate_bp)} of {part[1]}.",
        )
        below = top
    for step in steps or ():
        least, pays = speaker.money(step.at_least_satang), speaker.money(step.pays_satang)
        said = when(step.when, speaker, tiers) if isinstance(step, EarningStep) else ("", "")
        yield Sentence(
            "sharing",
            f"ตั้งแต่ {least[0]}: {thai} {pays[0]}{said[0]}",
            f"From {least[1]} on: {english} {pays[1]}{said[1]}.",
        )


def _notes(document: Document) -> Iterator[Sentence]:
    section, speaker = document.funding, Speaker(document)
    if section.notes is None:
        return
    for note in section.notes:
        value = (
            ("ทั้งวงเงิน", "all that is in the purse") if note.value_satang is None else speaker.money(note.value_satang)
        )
        least = speaker.money(note.at_least_satang) if note.at_least_satang else None
        yield Sentence(
            "sharing",
            f"คูปอง {value[0]} จำนวน {counted(note.count)} ใบ" + (f" ใช้ได้หนึ่งใบต่อยอดซื้อทุก {least[0]}" if least else ""),
            f"{several(note.count, 'note')} of {value[1]}"
            + (f", one for each {least[1]} of a sale." if least else "."),
        )
    if section.notes_per_sale is not None:
        yield Sentence(
            "sharing", f"ครั้งละไม่เกิน {section.notes_per_sale} ใบ", f"At most {section.notes_per_sale} in one sale."
        )
    lost = section.rest_of_note == "lost"
    yield Sentence(
        "sharing",
        "ไม่มีเงินทอน ส่วนที่เหลือของคูปองหมดไป" if lost else "ส่วนที่เหลือของคูปองเก็บไว้ใช้ครั้งต่อไป",
        "No change is given: the rest of a note is lost." if lost else "The rest of a note is kept for the next sale.",
    )


def _cap(cap: Cap, document: Document) -> Sentence:
    speaker, per = Speaker(document), PERIODS[cap.per]
    said = when(cap.when, speaker, tier_names(document))
    limit = (counted(cap.limit or 0),) * 2 if cap.limit_satang is None else speaker.money(cap.limit_satang)
    goods = words(cap.goods, speaker) if cap.goods else ("สินค้า", "goods")
    fact = NAMES[cap.fact] if cap.fact else ("", "")
    thai, english = {
        "state": (f"รัฐจ่ายไม่เกิน {limit[0]}", f"The State pays at most {limit[1]}"),
        "spend": (f"นับยอดซื้อไม่เกิน {limit[0]}", f"At most {limit[1]} of spend counts"),
        "payments": (f"ใช้ได้ไม่เกิน {limit[0]} ครั้ง", f"It can be used {times(cap.limit or 0)} at most"),
        "quantity": (f"{goods[0]} ไม่เกิน {limit[0]} หน่วย", f"At most {several(cap.limit or 0, 'unit')} of {goods[1]}"),
        "fact": (f"{fact[0]}ไม่เกิน {limit[0]}", f"At most {_so_many(cap.limit or 0, fact[1])}"),
    }[cap.counts]
    thai, english = f"{thai} {per[0]}", f"{english} {per[1]}"
    if cap.times is not None:
        thai, english = f"{thai} คูณด้วย{NAMES[cap.times][0]}", f"{english}, times {NAMES[cap.times][1]}"
    if cap.less is not None:
        thai, english = f"{thai} หัก{NAMES[cap.less][0]}", f"{english}, less {NAMES[cap.less][1]}"
    if cap.resets is not None:
        anew = ("เริ่มวันใหม่", "a new day begins") if cap.per == "day" else ("เริ่มนับใหม่", "it is counted anew")
        thai, english = f"{thai} {anew[0]}เวลา {clock(cap.resets)} น.", f"{english}; {anew[1]} at {clock(cap.resets)}"
    after = {
        "stays": ("", ""),
        "carried": (" ส่วนที่ไม่ใช้ทบไปรอบถัดไป", "; what is not used adds to the next"),
        "lost": (" ส่วนที่ไม่ใช้หมดไป", "; what is not used is lost"),
    }[cap.unused]
    return Sentence("sharing", f"{thai}{after[0]}{said[0]}", f"{english}{after[1]}{said[1]}.")


def _so_many(number: int, what: str) -> str:
    """Say a limit on what a fact counts: of "the number of nights", 5 nights or 1 night."""
    one, _, more = what.removeprefix("the number of ").partition(" ")
    return " ".join(
        filter(None, [several(number, one.removesuffix("s")) if one.endswith("s") else f"{number} {one}", more])
    )


def _earning(document: Document) -> Iterator[Sentence]:
    section, speaker = document.earning, Speaker(document)
    if section is None:
        return
    starts, ends, per = speaker.at(section.starts_at), speaker.until(section.ends_at), PERIODS[section.per]
    each = (per[0], "in all") if section.per == "scheme" else (f"นับ{per[0]}", f"by the {EACH[section.per][1]}")
    yield Sentence(
        "sharing",
        f"เงินของท่านที่ใช้ตั้งแต่ {starts[0]} {ends[0]} สะสมเป็นสิทธิเพิ่ม {each[0]}",
        f"What you spend of your own from {starts[1]} {ends[1]} earns you more, counted {each[1]}.",
    )
    yield from _worth(section.bands, section.steps, "ได้รับ", "You earn", document=document)
    if section.times is not None:
        name = NAMES[section.times]
        most_of_them = (
            ("", "")
            if section.times_at_most is None
            else (f" (นับไม่เกิน {section.times_at_most})", f", of which {section.times_at_most} count at most")
        )
        yield Sentence(
            "sharing", f"ได้ตาม{name[0]}{most_of_them[0]}", f"You earn it for each of the {name[1]}{most_of_them[1]}."
        )
    for cap in section.caps:
        limit, every = speaker.money(cap.limit_satang), PERIODS[cap.per]
        yield Sentence("sharing", f"นับไม่เกิน {limit[0]} {every[0]}", f"At most {limit[1]} {every[1]} counts.")
    if section.over is not None:
        yield Sentence(
            "sharing",
            f"นับเฉพาะส่วนที่เกิน {percent(section.over.times_bp)} ของยอดใช้จ่ายฐาน",
            f"Only what is above {percent(section.over.times_bp)} of your spend before the scheme counts.",
        )
    most = speaker.money(section.at_most_satang)
    yield Sentence("sharing", f"ได้ไม่เกิน {most[0]}", f"You earn at most {most[1]}.")
    to = ("เข้ากระเป๋าสิทธิ", "into the purse") if section.to == "purse" else ("เป็นเงินของท่าน", "as your own money")
    if section.pays_at:
        days = [speaker.at(at) for at in section.pays_at]
        yield Sentence(
            "sharing",
            f"จ่าย{to[0]}เมื่อ {all_of(days)[0]}",
            f"It is paid {to[1]} on {all_of(days)[1]}.",
        )
    else:
        wait = ("ทันทีเมื่อครบรอบ", "as soon as the period is over")
        if section.wait_days:
            later = several(section.wait_days, "day")
            wait = (f"หลังครบรอบ {section.wait_days} วัน", f"{later} after the period is over")
        yield Sentence(
            "sharing",
            f"จ่าย{to[0]}{wait[0]}",
            f"It is paid {to[1]} {wait[1]}.",
        )
