"""The tables of the first floor: schemes as published documents, citizens' places in them, and use of their caps."""

from subsidies.models.places import CapUse, Enrolment, Ticket
from subsidies.models.schemes import Scheme, SchemeVersion

__all__ = ["CapUse", "Enrolment", "Scheme", "SchemeVersion", "Ticket"]
