"""The tables of the first floor: schemes, citizens' places in them and use of their caps, lists of people, appeals."""

from subsidies.models.appeals import Appeal, AppealDecision
from subsidies.models.changes import FactChange
from subsidies.models.lists import ListApproval, ListMember, ListRejection, PeopleList
from subsidies.models.places import CapUse, Enrolment, Ticket
from subsidies.models.schemes import Scheme, SchemeVersion

__all__ = [
    "Appeal",
    "AppealDecision",
    "CapUse",
    "Enrolment",
    "FactChange",
    "ListApproval",
    "ListMember",
    "ListRejection",
    "PeopleList",
    "Scheme",
    "SchemeVersion",
    "Ticket",
]
