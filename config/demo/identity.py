"""An identity provider for the length of one run. In Thailand this is ThaID, or a bank's check of a person.

Its private key is made in memory and never leaves it; the service is given the public half.
"""

import datetime as dt
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

AUDIENCE: Final = "g-wallet"
GOOD_FOR: Final = dt.timedelta(minutes=10)


class Provider:
    """Vouches for people by signed statements (JWT, EdDSA)."""

    def __init__(self) -> None:
        """Make a key pair."""
        self._key = Ed25519PrivateKey.generate()

    @property
    def public_key(self) -> str:
        """The key that its statements are checked with, as PEM."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def vouch(
        self, *, national_id: str, name: str, phone: str, born_on: dt.date, facts: dict[str, Any], at: dt.datetime
    ) -> str:
        """Return the statement that this person is who they say, good for ten minutes from `at` (real time)."""
        claims = {
            "aud": AUDIENCE,
            "exp": at + GOOD_FOR,
            "national_id": national_id,
            "name": name,
            "phone": phone,
            "born_on": born_on.isoformat(),
            "facts": facts,
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA")
