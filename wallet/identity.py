"""Who somebody is, as the identity provider says it: a signed statement, never what a form claims.

The provider (in Thailand ThaID or a bank's identity check) hands the citizen's phone a short-lived JWT (RFC 7519)
signed with Ed25519; we hold the public key. We keep the facts that schemes judge by, sealed.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import jwt
from django.conf import settings

from wallet.refusals import Refusal

AUDIENCE: Final = "g-wallet"
ID_DIGITS: Final = 13


class IdentityNotProven(Refusal):
    """The identity provider's statement is missing, damaged, too old or not for us."""

    code: ClassVar = "identity_not_proven"
    status: ClassVar = 403


@dataclass(frozen=True, slots=True)
class Identity:
    """What the provider says about one person. `facts` are what schemes judge by (province, nationality …)."""

    national_id: str
    name: str
    phone: str
    born_on: dt.date
    facts: dict[str, Any]


def read_assertion(assertion: str) -> Identity:
    """Return the person that a signed statement speaks of. Its age is judged by real time.

    :raises IdentityNotProven: the signature, audience, age or content is wrong.
    """
    try:
        claims = jwt.decode(
            assertion,
            settings.IDENTITY_PROVIDER_KEY,
            algorithms=["EdDSA"],
            audience=AUDIENCE,
            options={"require": ["exp", "aud", "national_id", "name", "phone", "born_on"]},
        )
        identity = Identity(
            national_id=str(claims["national_id"]),
            name=str(claims["name"]).strip()[:120],
            phone=str(claims["phone"]),
            born_on=dt.date.fromisoformat(claims["born_on"]),
            facts=dict(claims.get("facts", {})),
        )
    except (jwt.InvalidTokenError, ValueError, TypeError) as error:
        raise IdentityNotProven from error
    if not valid_national_id(identity.national_id) or not _thai_mobile(identity.phone) or not identity.name:
        raise IdentityNotProven
    return identity


def valid_national_id(digits: str) -> bool:
    """Tell whether 13 digits carry their own check digit: (11 - sum of d[i] x (13 - i) mod 11) mod 10."""
    if len(digits) != ID_DIGITS or not (digits.isascii() and digits.isdigit()):
        return False
    weighed = sum(int(digit) * (ID_DIGITS - place) for place, digit in enumerate(digits[:-1]))
    return (11 - weighed % 11) % 10 == int(digits[-1])


def _thai_mobile(phone: str) -> bool:
    return len(phone) == 10 and phone.isascii() and phone.isdigit() and phone.startswith("0")
