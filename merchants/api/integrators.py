"""A shop's owner hands out keys to the shop's own systems, replaces them and takes them back.

Keys live by real time, as all tokens do, whatever a demonstration's clock says.
"""

import datetime as dt
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import MANAGERS
from config.doors import Door
from config.shapes import Instant, Name, Shape
from merchants import counter, integrators, onboarding
from merchants.integrators import LONGEST_LIFE, MOST_KEYS, Scope
from merchants.models import ApiKey


class ApiKeyAsked(Shape):
    """What the key is for, and for how long."""

    name: Name
    scopes: list[Scope] = Field(min_length=1, max_length=len(integrators.SCOPES))
    days: int = Field(90, ge=1, le=LONGEST_LIFE.days, description="until it runs out")
    test: bool = Field(default=False, description="a test key: it moves nothing, see docs/integrators.md")


class ApiKeyShown(Shape):
    """A key, by its beginning."""

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    test: bool
    issued_at: Instant
    expires_at: Instant
    used_at: Instant | None


class NewApiKeyShown(ApiKeyShown):
    """A key, whole: this once and never again."""

    key: str


class ApiKeysShown(Shape):
    """The keys that open something, newest first."""

    results: list[ApiKeyShown] = Field(max_length=2 * MOST_KEYS)


class ApiKeysDoor(Door):
    """A shop's keys."""

    open_to: ClassVar = {"GET": MANAGERS, "POST": MANAGERS}

    @extend_schema(responses={200: ApiKeysShown})
    def get(self, request: Request) -> Response:
        """List the keys that open something."""
        keys = integrators.living(merchant_id=self.shop_id, at=timezone.now())
        return Response(ApiKeysShown(results=[ApiKeyShown(**_facts(key)) for key in keys]))

    @extend_schema(request=ApiKeyAsked, responses={201: NewApiKeyShown})
    def post(self, request: Request) -> Response:
        """Issue a key. It is shown this once."""
        asked = self.body(ApiKeyAsked)
        by = counter.manager(caller=self.caller)
        key, written = integrators.issue(
            merchant=onboarding.merchant(merchant_id=by.merchant_id),
            name=asked.name,
            scopes=frozenset(asked.scopes),
            rehearses=asked.test,
            life=dt.timedelta(days=asked.days),
            actor=by.actor,
            at=timezone.now(),
        )
        return Response(NewApiKeyShown(**_facts(key), key=written), status=201)


class ApiKeyDoor(Door):
    """One key."""

    open_to: ClassVar = {"DELETE": MANAGERS}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, key_id: UUID) -> Response:
        """End a key at once."""
        by = counter.manager(caller=self.caller)
        integrators.revoke(merchant_id=by.merchant_id, key_id=key_id, actor=by.actor, at=timezone.now())
        return Response(status=204)


class RotationDoor(Door):
    """Where a key is replaced."""

    open_to: ClassVar = {"POST": MANAGERS}

    @extend_schema(request=None, responses={201: NewApiKeyShown})
    def post(self, request: Request, key_id: UUID) -> Response:
        """Issue a key in place of this one, which opens for 24 hours more."""
        by = counter.manager(caller=self.caller)
        key, written = integrators.rotate(merchant_id=by.merchant_id, key_id=key_id, actor=by.actor, at=timezone.now())
        return Response(NewApiKeyShown(**_facts(key), key=written), status=201)


def _facts(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": key.scopes,
        "test": key.rehearses,
        "issued_at": key.issued_at,
        "expires_at": key.expires_at,
        "used_at": key.used_at,
    }
