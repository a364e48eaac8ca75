"""The tables of the first floor: schemes, places in them, use of caps, what falls due, lists of people, appeals."""

from subsidies.models.appeals import Appeal, AppealDecision
from subsidies.models.changes import FactChange
from subsidies.models.lists import ListApproval, ListMember, ListRejection, PeopleList
from subsidies.models.places import CapUse, Enrolment, Ticket
from subsidies.models.schemes import Scheme, SchemeVersion
from subsidies.models.timetable import BuyIn, Filling, Pending
from subsidies.models.watching import BudgetWarning, Freeze, LimitAudit, LimitBreach, SchemeDay, SummedDay

__all__ = [
    "Appeal",
    "AppealDecision",
    "BudgetWarning",
    "BuyIn",
    "CapUse",
    "Enrolment",
    "FactChange",
    "Filling",
    "Freeze",
    "LimitAudit",
    "LimitBreach",
    "ListApproval",
    "ListMember",
    "ListRejection",
    "Pending",
    "PeopleList",
    "Scheme",
    "SchemeDay",
    "SchemeVersion",
    "SummedDay",
    "Ticket",
]
