"""What an example refers to: codes that its document has, and facts of the vocabulary with values of their kind."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final

from pydantic import AfterValidator, ValidationInfo

from subsidies.documents.conditions import known_fact
from subsidies.documents.facts import VOCABULARY, Kind
from subsidies.documents.section import LAST_YEAR, Code

# Facts that follow from others: an example gives those.
FOLLOWS: Final[Mapping[str, str]] = {
    "person.age": "`born_on`, from which it follows",
    "person.birth_year_digit": "`born_on`, from which it follows",
    "sale.day": "`starts_on`, from which it follows",
    "sale.lead_days": "`starts_on`, from which it follows",
    "sale.channel": "`channel` beside `facts`",
}
# Under this key validation is told which sections the author wrote.
SECTIONS: Final = "sections"

LARGEST_NUMBER: Final = 10**15
FIRST_BIRTH: Final = 1850  # nobody who asks is older
WRITTEN: Final[Mapping[Kind, str]] = {
    Kind.TEXT: "a text in quotes",
    Kind.NUMBER: "a whole number, not below 0",
    Kind.FLAG: "true or false",
    Kind.DATE: "a date such as 1990-05-17",
    Kind.LIST: "a list of texts",
}


def _one_of(section: str) -> AfterValidator:
    """Return what refuses a code that the document has no row for under this name (see `document.named_in`)."""

    def check(code: str, info: ValidationInfo) -> str:
        named = (info.context or {}).get(section)
        if named is not None and code not in named:
            raise ValueError("one that the document names: " + (", ".join(sorted(named)) or "it names none"))
        return code

    return AfterValidator(check)


def _facts_of(root: str) -> AfterValidator:
    """Return what refuses facts of a person, shop or sale that nobody knows, or that are of another kind."""

    def check(facts: dict[str, Any]) -> dict[str, Any]:
        return {name: _fact(f"{root}.{name}", value) for name, value in facts.items()}

    return AfterValidator(check)


def _fact(name: str, value: Any) -> Any:
    """Return the value as facts are kept: plain JSON, a date as its ISO text."""
    if name == "person.lists_as_of":
        return _snapshots(value)
    if name in FOLLOWS:
        raise ValueError(f"{FOLLOWS[name]}, not {name}")
    kind = VOCABULARY[known_fact(name)].kind
    match kind:
        case Kind.NUMBER:
            # A till may say it in words: to the scheme that is unknown.
            said = name.startswith("sale.") and isinstance(value, str)
            fits = said or (type(value) is int and 0 <= value <= LARGEST_NUMBER)
        case Kind.FLAG:
            fits = type(value) is bool
        case Kind.DATE:
            value = value.isoformat() if type(value) is date else value
            fits = value == "" or _is_date(value) or (name == "merchant.accepted_on" and _are_dates(value))
        case Kind.LIST:
            fits = isinstance(value, list) and all(isinstance(one, str) for one in value)
        case _:
            fits = isinstance(value, str)
    if not fits:
        raise ValueError(f"for {name}, {WRITTEN[kind]}")
    return value


def _snapshots(value: Any) -> Any:
    """Return on which lists a person was on which days: what a condition with `on` looks at."""
    days = value.values() if isinstance(value, dict) else [None]
    if all(isinstance(told, dict) and all(map(_is_date, told)) for told in days):
        return value
    raise ValueError("for person.lists_as_of, { list = { 2025-06-30 = true } }")


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and FIRST_BIRTH <= date.fromisoformat(value).year <= LAST_YEAR
    except ValueError:
        return False


def _are_dates(value: Any) -> bool:
    """Return whether these are a shop's dates by scheme."""
    return isinstance(value, dict) and all(map(_is_date, value.values()))


TierCode = Annotated[Code, _one_of("tier")]
ChannelCode = Annotated[Code, _one_of("settled")]
CounterCode = Annotated[Code, _one_of("counters")]
NoteCode = Annotated[Code, _one_of("notes")]
ChangeCode = Annotated[Code, _one_of("changes")]
PersonFacts = Annotated[dict[str, Any], _facts_of("person")]
MerchantFacts = Annotated[dict[str, Any], _facts_of("merchant")]
SaleFacts = Annotated[dict[str, Any], _facts_of("sale")]
