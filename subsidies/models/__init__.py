"""The tables of the first floor: schemes, places in them, caps, what falls due, lists, roll calls, appeals."""

from subsidies.models.appeals import Appeal, AppealDecision
from subsidies.models.changes import ComingOver, FactChange
from subsidies.models.drafts import Draft, Submission, Verdict
from subsidies.models.handing_back import HandBack
from subsidies.models.lists import ListApproval, ListMember, ListRejection, PeopleList
from subsidies.models.places import (
    OPEN_TO_ALL,
    CapUse,
    Enrolment,
    FirstUseDeadline,
    Forfeit,
    FreePlace,
    PassedOver,
    Promise,
    Queue,
    Ticket,
)
from subsidies.models.roll_calls import Called, NewWallet, RollCall
from subsidies.models.schemes import Scheme, SchemeVersion
from subsidies.models.stops import Stop, Suspension
from subsidies.models.timetable import BuyIn, Filling, Pending
from subsidies.models.waking import Waking
from subsidies.models.watching import BudgetWarning, Freeze, LimitAudit, LimitBreach, SchemeDay, SummedDay

__all__ = [
    "OPEN_TO_ALL",
    "Appeal",
    "AppealDecision",
    "BudgetWarning",
    "BuyIn",
    "Called",
    "CapUse",
    "ComingOver",
    "Draft",
    "Enrolment",
    "FactChange",
    "Filling",
    "FirstUseDeadline",
    "Forfeit",
    "FreePlace",
    "Freeze",
    "HandBack",
    "LimitAudit",
    "LimitBreach",
    "ListApproval",
    "ListMember",
    "ListRejection",
    "NewWallet",
    "PassedOver",
    "Pending",
    "PeopleList",
    "Promise",
    "Queue",
    "RollCall",
    "Scheme",
    "SchemeDay",
    "SchemeVersion",
    "Stop",
    "Submission",
    "SummedDay",
    "Suspension",
    "Ticket",
    "Verdict",
    "Waking",
]
