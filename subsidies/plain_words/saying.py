"""How sums, instants, times of day and lists are said in Thai and in English."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from subsidies.documents import Document
from subsidies.documents.section import Words
from wallet.money import Satang

THAI_MONTHS: Final = (
    *("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน"),
    *("กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"),
)
ENGLISH_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS: Final = {
    "mon": ("วันจันทร์", "Mondays"),
    "tue": ("วันอังคาร", "Tuesdays"),
    "wed": ("วันพุธ", "Wednesdays"),
    "thu": ("วันพฤหัสบดี", "Thursdays"),
    "fri": ("วันศุกร์", "Fridays"),
    "sat": ("วันเสาร์", "Saturdays"),
    "sun": ("วันอาทิตย์", "Sundays"),
}
# A period as a noun.
EACH: Final = {
    "day": ("วัน", "day"),
    "week": ("สัปดาห์", "week"),
    "month": ("เดือน", "month"),
    "quarter": ("ไตรมาส", "quarter"),
    "year": ("ปี", "year"),
}
PERIODS: Final = {
    "sale": ("ต่อครั้ง", "in one sale"),
    "day": ("ต่อวัน", "a day"),
    "week": ("ต่อสัปดาห์", "a week"),
    "month": ("ต่อเดือน", "a month"),
    "quarter": ("ต่อไตรมาส", "a quarter"),
    "year": ("ต่อปี", "a year"),
    "tranche": ("ต่องวด", "a tranche"),
    "scheme": ("ตลอดโครงการ", "in all"),
}
BUDDHIST_ERA: Final = 543
MIDNIGHT: Final = time()

Said = tuple[str, str]


class Sentence(NamedTuple):
    """One rule in both languages, under a heading of `plain_words.SECTIONS`."""

    section: str
    th: str
    en: str


class Speaker:
    """Says the values of one document: its currency, its time zone, its own words."""

    def __init__(self, document: Document) -> None:
        """Keep what the document says about them."""
        self.own_words = {code: both(words) for code, words in document.words.items()}
        self.currency = document.scheme.currency
        self.zone = ZoneInfo(document.scheme.zone)

    def money(self, amount: Satang) -> Said:
        """Say a sum, without its hundredths where there are none."""
        figure = f"{amount / 100:,.2f}" if amount % 100 else f"{amount // 100:,}"
        if self.currency == "THB":
            return f"{figure} บาท", f"{figure} baht"
        return f"{figure} {self.currency}", f"{figure} {self.currency}"

    def at(self, instant: datetime) -> Said:
        """Say an instant in the scheme's own zone; the beginning of a day is that day."""
        local = instant.astimezone(self.zone)
        thai, english = day(local.date())
        if local.time() == MIDNIGHT:
            return thai, english
        return f"{thai} เวลา {local:%H:%M} น.", f"{english} at {local:%H:%M}"

    def until(self, instant: datetime) -> Said:
        """Say until when something holds; the beginning of a day is the end of the day before."""
        local = instant.astimezone(self.zone)
        if local.time() == MIDNIGHT:
            thai, english = day(local.date() - timedelta(days=1))
            return f"ถึงสิ้นวันที่ {thai}", f"until the end of {english}"
        thai, english = self.at(instant)
        return f"ถึง {thai}", f"until {english}"


def day(of: date) -> Said:
    """Say a date."""
    return (
        f"{of.day} {THAI_MONTHS[of.month - 1]} {of.year + BUDDHIST_ERA}",
        f"{of.day} {ENGLISH_MONTHS[of.month - 1]} {of.year}",
    )


def clock(of: time) -> str:
    """Say a time of day."""
    return f"{of:%H:%M}"


def clock_end(of: time) -> str:
    """Say a time of day at which something ends: midnight ends a day."""
    return "24:00" if of == MIDNIGHT else clock(of)


def hours(opens: time, closes: time) -> Said:
    """Say daily hours."""
    if opens == closes:
        return "ตลอด 24 ชั่วโมง", "at all hours"
    return f"เวลา {clock(opens)} ถึง {clock_end(closes)} น.", f"from {clock(opens)} to {clock_end(closes)}"


def percent(rate_bp: int) -> str:
    """Say basis points."""
    return f"{rate_bp / 100:g}%"


def all_of(said: Iterable[Said]) -> Said:
    """Say several things that belong together."""
    return _listed(said, "และ", "and")


def any_of(said: Iterable[Said]) -> Said:
    """Say several things of which one is enough."""
    return _listed(said, "หรือ", "or")


def _listed(said: Iterable[Said], thai: str, english: str) -> Said:
    every = list(said)
    last = every.pop() if every else ("", "")
    if not every:
        return last
    gap = "" if "\u0e00" <= last[0][:1] <= "\u0e7f" else " "  # Thai runs on; what is not Thai stands apart
    return (
        f"{', '.join(th for th, _ in every)} {thai}{gap}{last[0]}",
        f"{', '.join(en for _, en in every)} {english} {last[1]}",
    )


def weekdays(codes: Iterable[str]) -> Said:
    """Say the weekdays of a week."""
    return all_of(WEEKDAYS[code] for code in codes)


def both(words: Words) -> Said:
    """Return the author's own words."""
    return words.th, words.en


def times(number: int) -> str:
    """Say how often, in English."""
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def provided(english: str, condition: str) -> str:
    """Put a condition behind a sentence; where that has commas already, with one more, so that it is of all of it."""
    return f"{english},{condition}" if condition and ", " in english else f"{english}{condition}"


def ordinal(number: int) -> str:
    """Say which day of a month, in English."""
    ending = "th" if number in range(11, 14) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def several(number: int, one: str) -> str:
    """Say so many of a thing, in English."""
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


def counted(number: int) -> str:
    """Say a count."""
    return f"{number:,}"
