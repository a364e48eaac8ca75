"""What every template can say: money, days, refusals and icons, in the language of whoever reads.

They are built in, so no template has to load them. Nothing here decides anything.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, Literal
from urllib.parse import quote, urlencode

from django import template
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config import words
from subsidies import schemes
from subsidies.schemes import SchemeUnknown
from wallet import ids, money
from wallet.clock import BANGKOK
from wallet.money import Satang

register = template.Library()

# The scale on which a bar of two shares is drawn.
BAR: Final = 1_000


def in_thai() -> bool:
    """Tell whether whoever reads this reads Thai."""
    return not (translation.get_language() or "th").startswith("en")


@register.filter
def baht(amount: Satang | None) -> str:
    """Say satang as baht, in thousands: 1234567 is 12,345.67. The unit stands beside it in the template."""
    return "" if amount is None else money.grouped_baht(amount)


@register.filter
def plain_baht(amount: Satang | Literal[""] | None) -> str:
    """Say satang as a field takes them: 1234567 is 12345.67; what is not there leaves it empty."""
    return "" if amount is None or amount == "" else money.baht(amount)


@register.filter
def grouped(count: int) -> str:
    """Say a count in thousands: 1234567 is 1,234,567."""
    return f"{count:,}"


@register.filter
def moment(instant: dt.datetime | None) -> str:
    """Say an instant as day and time of day in Bangkok."""
    return "" if instant is None else _unbroken(words.moment(instant, thai=in_thai()))


@register.filter
def day(date: dt.date | None) -> str:
    """Say a date."""
    return "" if date is None else words.day(_date(date), thai=in_thai())


@register.filter
def month(date: dt.date) -> str:
    """Say the month of a date in full."""
    return words.month(_date(date), thai=in_thai())


@register.filter
def time_of_day(instant: dt.datetime) -> str:
    """Say the time of day in Bangkok."""
    return _unbroken(words.time_of_day(instant, thai=in_thai()))


def _unbroken(moment: str) -> str:
    # The sign for o'clock does not stand alone on the next line.
    return moment.replace(" น.", "\u00a0น.")


@register.filter
def instant(at: dt.datetime) -> str:
    """Write an instant for a machine (`datetime`, `data-until`)."""
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")


@register.filter
def days_until(instant: dt.datetime, now: dt.datetime) -> int:
    """Count the days that are left, of 24 hours, begun ones included."""
    return max(-(-(instant - now) // dt.timedelta(days=1)), 0)


@register.filter
def said(both: Any) -> str:
    """Say what comes in both languages, as `th` and `en`, in the reader's own."""
    return str(both.th if in_thai() else both.en)


@register.filter
def sentence(told: Any) -> str:
    """Word a refusal or a reason: anything with a code and facts."""
    code, facts = (told["code"], told["facts"]) if isinstance(told, Mapping) else (told.code, told.facts)
    thai, english = words.worded(code=code, facts=_named(code, facts))
    return thai if in_thai() else english


def _named(code: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the facts with names for the codes of schemes, which people do not know, where the sentence says one."""
    if "{scheme" not in words.catalogue().get(code, ("",))[0]:
        return facts
    named = dict(facts)
    if isinstance(one := facts.get("scheme"), str):
        named["scheme"] = _scheme(one)
    if isinstance(several := facts.get("schemes"), list | tuple):
        named["schemes"] = [_scheme(each) for each in several]
    return named


def _scheme(code: str) -> str:
    try:
        newest = schemes.versions(code=code)[0]
    except SchemeUnknown:
        return code
    return said(schemes.compiled(newest.id).document.scheme.name)


@register.simple_tag
def say(code: str) -> str:
    """Word a code that needs no facts."""
    thai, english = words.worded(code=code, facts={})
    return thai if in_thai() else english


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of config/static/icons.svg. Without a label it only adorns the words beside it."""
    use = f"{static('icons.svg')}#{quote(name)}"
    if label:
        return format_html('<svg class="icon" role="img"><title>{}</title><use href="{}"/></svg>', label, use)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"/></svg>', use)


@register.simple_tag
def bar(part: int, rest: int, look: str = "") -> SafeString:
    """Draw two amounts as two lengths of one bar; `look` may be `split`. What it shows stands in words beside it."""
    whole = part + rest
    width = part * BAR // whole if whole else 0
    return format_html(
        '<svg class="bar {look}" viewBox="0 0 {bar} 40" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="rest" width="{bar}" height="40"/><rect class="part" width="{width}" height="40"/></svg>',
        look=look if whole else "",  # of nothing, nobody has the rest
        bar=BAR,
        width=width,
    )


@register.simple_tag
def querystring_of(**said: str) -> str:
    """Write what an address says after its question mark."""
    return urlencode(said)


@register.simple_tag
def key() -> SafeString:
    """Write a new idempotency key into a form: sent twice, by a double tap or a reload, it acts once."""
    return format_html('<input type="hidden" name="key" value="{}">', ids.uuid7().hex)


@register.inclusion_tag("pieces/field.html", takes_context=True)
def field(context: template.Context, name: str, label: str, **attributes: Any) -> dict[str, Any]:
    """Write a labelled field. Beside attributes of `input` (underscores for hyphens) it takes `hint` and `unit`."""
    refusal = context.get("refusal")
    wrong = name in getattr(refusal, "facts", {}).get("fields", {})
    typed = context.get("typed") or {}
    hint, unit = attributes.pop("hint", ""), attributes.pop("unit", "")
    value = typed.get(name, attributes.pop("value", ""))
    return {
        "name": name,
        "label": label,
        "hint": hint,
        "unit": unit,
        "wrong": wrong,
        "value": value,
        "described": bool(hint),
        "attributes": {key.replace("_", "-"): value for key, value in attributes.items()},
    }


def _date(day: dt.date) -> dt.date:
    return day.astimezone(BANGKOK).date() if isinstance(day, dt.datetime) else day
