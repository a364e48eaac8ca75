"""The tables of the second floor: shops and their tills, what they ask for, and what citizens paid."""

from merchants.models.applications import Application, ApplicationDecision, ApplicationVerdict, ApplicationVersion
from merchants.models.bank_accounts import BankAccountChange
from merchants.models.charges import Charge, ChargeEnd, End
from merchants.models.holds import Hold, HoldSoFar, Release, Why
from merchants.models.integrators import ApiKey
from merchants.models.notices import Look, Notice
from merchants.models.payments import Payment
from merchants.models.posters import Poster, Proposal
from merchants.models.refunds import Refund, RefundedSoFar
from merchants.models.shops import (
    Acceptance,
    Branch,
    Invitation,
    Merchant,
    Particulars,
    Role,
    Staff,
    Suspension,
    Till,
)
from merchants.models.webhooks import WebhookAttempt, WebhookEndpoint, WebhookMessage, WebhookSecret

__all__ = [
    "Acceptance",
    "ApiKey",
    "Application",
    "ApplicationDecision",
    "ApplicationVerdict",
    "ApplicationVersion",
    "BankAccountChange",
    "Branch",
    "Charge",
    "ChargeEnd",
    "End",
    "Hold",
    "HoldSoFar",
    "Invitation",
    "Look",
    "Merchant",
    "Notice",
    "Particulars",
    "Payment",
    "Poster",
    "Proposal",
    "Refund",
    "RefundedSoFar",
    "Release",
    "Role",
    "Staff",
    "Suspension",
    "Till",
    "WebhookAttempt",
    "WebhookEndpoint",
    "WebhookMessage",
    "WebhookSecret",
    "Why",
]
