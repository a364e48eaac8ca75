"""The facts that a scheme document may ask about: the one list that authors, operations and the porch share.

A fact that is not known when a scheme asks for it never satisfies a condition, whichever way the condition is
turned: a purchase is not "outside the home province" because nobody knows the shop's province.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple


class Kind(StrEnum):
    """What a fact is made of, which decides the tests that make sense for it."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    LIST = "list"


class Fact(NamedTuple):
    """One name in the vocabulary."""

    kind: Kind
    means: str


VOCABULARY: Final[Mapping[str, Fact]] = {
    "tier": Fact(Kind.TEXT, "the tier of the enrolment, one of those under [[tiers]]"),
    "at.weekday": Fact(Kind.TEXT, "mon, tue, wed, thu, fri, sat, sun, in the scheme's time zone"),
    "at.day": Fact(Kind.TEXT, "workday, or holiday: Saturday, Sunday and the dates in [calendar]"),
    "at.hour": Fact(Kind.NUMBER, "0 to 23, in the scheme's time zone"),
    "at.date": Fact(Kind.DATE, "the calendar date in the scheme's time zone"),
    "person.nationality": Fact(Kind.TEXT, "ISO 3166 code, TH for Thai"),
    "person.born_on": Fact(Kind.DATE, "date of birth"),
    "person.age": Fact(Kind.NUMBER, "full years, on the condition's `on` date or else on the day"),
    "person.birth_year_digit": Fact(Kind.NUMBER, "last digit of the year of birth, for rotas"),
    "person.province": Fact(Kind.TEXT, "province of the registered address"),
    "person.district": Fact(Kind.TEXT, "district of the registered address"),
    "person.chosen_province": Fact(Kind.TEXT, "the province chosen at enrolment"),
    "person.income_satang": Fact(Kind.NUMBER, "yearly income"),
    "person.deposits_satang": Fact(Kind.NUMBER, "bank deposits on the scheme's day"),
    "person.insured_section": Fact(Kind.TEXT, "section of the Social Security Act: 33, 39, 40 or none"),
    "person.occupation": Fact(Kind.TEXT, "occupation group"),
    "person.group": Fact(Kind.TEXT, "group in the programme's own register: child, pregnant, …"),
    "person.household_size": Fact(Kind.NUMBER, "members of the registered household"),
    "person.children": Fact(Kind.NUMBER, "children in the household"),
    "person.is_household_head": Fact(Kind.FLAG, "claims for the household"),
    "person.household_is_served": Fact(Kind.FLAG, "another member of the household has a place already"),
    "person.places_on_phone": Fact(Kind.NUMBER, "places of this scheme that are on the same phone number already"),
    "person.is_student": Fact(Kind.FLAG, "enrolled at a school or university"),
    "person.is_disabled": Fact(Kind.FLAG, "holds a disability card"),
    "person.verified_on": Fact(Kind.DATE, "when identity was proven (e-KYC)"),
    "person.lists": Fact(Kind.LIST, "the named snapshot lists the person is on, such as tax-filers-2567"),
    "person.enrolled_in": Fact(Kind.LIST, "codes of the schemes the person is in today"),
    "person.was_enrolled_in": Fact(Kind.LIST, "codes of all schemes the person has ever been in"),
    "person.left_before_satang": Fact(Kind.NUMBER, "what was left of the right of the phase before"),
    "person.nights_used_before": Fact(Kind.NUMBER, "room-nights used in earlier phases"),
    "person.used_before": Fact(Kind.NUMBER, "satang or times used in earlier phases, as the cap counts"),
    "person.base_spend_satang": Fact(Kind.NUMBER, "what the person spent in a period like this before the scheme"),
    "person.workday_nights": Fact(Kind.NUMBER, "nights of the stay from Monday to Thursday"),
    "person.holiday_nights": Fact(Kind.NUMBER, "nights of the stay from Friday to Sunday"),
    "person.stay_from": Fact(Kind.DATE, "first day of the stay"),
    "person.stay_until": Fact(Kind.DATE, "last day of the stay"),
    "merchant.legal_form": Fact(Kind.TEXT, "natural_person, juristic_person, cooperative, community_fund, state"),
    "merchant.class": Fact(
        Kind.TEXT,
        "food, general, blue_flag, otop, service, transport, hotel, restaurant, franchise_convenience_store, …",
    ),
    "merchant.category_code": Fact(Kind.TEXT, "ISO 18245 category of the shop, such as 8062 for hospitals"),
    "merchant.platform": Fact(Kind.TEXT, "the one delivery platform that the shop is bound to"),
    "merchant.province": Fact(Kind.TEXT, "province of the shop"),
    "merchant.district": Fact(Kind.TEXT, "district of the shop"),
    "merchant.place_class": Fact(Kind.TEXT, "main_city or secondary_city"),
    "merchant.turnover_satang": Fact(Kind.NUMBER, "yearly income declared for tax"),
    "merchant.is_vat_registered": Fact(Kind.FLAG, "registered for value added tax"),
    "merchant.is_franchise": Fact(Kind.FLAG, "sells under the name of a chain"),
    "merchant.is_tax_registered": Fact(Kind.FLAG, "files any income tax"),
    "merchant.lists": Fact(Kind.LIST, "the named lists the shop is on"),
    "merchant.accepted_schemes": Fact(Kind.LIST, "codes of the schemes whose terms the shop has accepted"),
    "merchant.accepted_on": Fact(Kind.DATE, "when the shop first accepted this scheme's terms"),
    "sale.channel": Fact(Kind.TEXT, "shop, delivery, …: a channel that has hours under [[spend.hours]]"),
    "sale.token": Fact(Kind.TEXT, "how the citizen confirmed: app, id_card, printed_note, staff"),
    "sale.platform": Fact(Kind.TEXT, "the platform that the order came through"),
    "sale.covers": Fact(Kind.NUMBER, "people who eat at the table"),
    "sale.nights": Fact(Kind.NUMBER, "room-nights bought"),
    "sale.rooms": Fact(Kind.NUMBER, "rooms bought"),
    "sale.starts_on": Fact(Kind.DATE, "the first day of what was bought: the day of check-in"),
    "sale.day": Fact(Kind.TEXT, "workday or holiday, of the day sale.starts_on"),
    "sale.ends_on": Fact(Kind.DATE, "the last day of what was bought: the day of check-out"),
    "sale.seats": Fact(Kind.NUMBER, "seats bought"),
    "sale.lead_days": Fact(Kind.NUMBER, "whole days between payment and sale.starts_on"),
    "sale.distance_m": Fact(Kind.NUMBER, "metres between the two phones"),
    "sale.home_distance_m": Fact(Kind.NUMBER, "metres between the shop and the citizen's registered address"),
    "sale.is_face_to_face": Fact(Kind.FLAG, "both phones were at the till"),
    "sale.units": Fact(Kind.NUMBER, "units on a meter or pump: kilowatt-hours, litres, cylinders"),
}
