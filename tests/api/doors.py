"""Knocking at the API as a phone, a till or an officer does: over Django's test client, with real tokens."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from merchants import staff
from merchants.models import Charge, Role
from tests.cast import PIN, PLUS, Citizen, Stall
from tests.settlement.office import FinanceOfficer
from tests.shopkeepers import keeper
from wallet import tokens
from wallet.tokens import Caller

API = "/api/v1/"


@dataclass
class Knock:
    """One caller at the API. Each request that needs a key gets a new one unless one is given."""

    access: str | None = None
    client: Client = field(default_factory=Client)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(API + path, query, headers=self._headers())

    def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
        """Post a body: text and bytes as they are, anything else as JSON."""
        return self.client.post(
            API + path,
            body if isinstance(body, str | bytes) else json.dumps({} if body is None else body),
            content_type=headers.pop("content_type", "application/json"),
            headers={**self._headers(), "Idempotency-Key": key or str(uuid4()), **headers},
        )

    def put(self, path: str, body: Any) -> Any:
        return self.client.put(API + path, json.dumps(body), content_type="application/json", headers=self._headers())

    def delete(self, path: str) -> Any:
        return self.client.delete(API + path, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access}"} if self.access else {}


def as_citizen(someone: Citizen) -> Knock:
    return knock_as(Caller("citizen", someone.id, device_id=someone.device.id))


def as_till(stall: Stall) -> Knock:
    return knock_as(Caller("till", stall.till.id, merchant_id=stall.merchant.id))


def knock_as(caller: Caller) -> Knock:
    return Knock(tokens.access_for(caller, at=timezone.now()))


def as_staff(stall: Stall, role: Role = Role.OWNER) -> Knock:
    """Somebody who works at a stall."""
    member = keeper(stall, role).member
    return knock_as(Caller("staff", member.id, merchant_id=stall.merchant.id, staff_role=staff.role_of(member)))


def as_officer(officer: FinanceOfficer) -> Knock:
    return knock_as(Caller("officer", officer.officer.id))


def terms_of(charge: Charge, *, own_part: int, **said: Any) -> dict[str, Any]:
    """Return the body by which a citizen confirms a charge with their PIN, or says something differently."""
    return {
        "charge_id": str(charge.id),
        "price_satang": charge.amount,
        "own_part_satang": own_part,
        "schemes": [PLUS],
        "nonce": "0123456789abcdef",
        "pin": PIN,
        **said,
    }
