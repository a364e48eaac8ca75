"""The tables of the ground floor. What may never be is a constraint here, with a name that reads."""

from wallet.models.audit import OF_THE_HOUSE, AuditEntry, RefusalRecord
from wallet.models.books import SLICED, Balance, Channel, Part, RequestKey, Transfer, TransferKind
from wallet.models.days import BusinessDay, DaySeal, DayTotal, DemoClock
from wallet.models.people import AddressAttempts, Citizen, Device, Officer, Person, Pin, RefreshToken
from wallet.models.topups import StripeEvent, TopUp

__all__ = [
    "OF_THE_HOUSE",
    "SLICED",
    "AddressAttempts",
    "AuditEntry",
    "Balance",
    "BusinessDay",
    "Channel",
    "Citizen",
    "DaySeal",
    "DayTotal",
    "DemoClock",
    "Device",
    "Officer",
    "Part",
    "Person",
    "Pin",
    "RefreshToken",
    "RefusalRecord",
    "RequestKey",
    "StripeEvent",
    "TopUp",
    "Transfer",
    "TransferKind",
]
