"""The tables of the second floor: shops and their tills, what they ask for, and what citizens paid."""

from merchants.models.charges import Charge, ChargeEnd, End
from merchants.models.payments import Payment
from merchants.models.shops import Merchant, Role, Staff, Suspension, Till

__all__ = ["Charge", "ChargeEnd", "End", "Merchant", "Payment", "Role", "Staff", "Suspension", "Till"]
