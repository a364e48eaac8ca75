"""Who knocks at a door of the API, and whether it is open to them.

Access tokens are checked without a query, the keys of integrators by one.
"""

import ipaddress
import json
from contextlib import suppress
from typing import Any, ClassVar, Final, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from merchants import integrators
from wallet import tokens
from wallet.refusals import Refusal
from wallet.tokens import Caller, Role, StaffRole, TokenRefused

BEARER: Final = "Bearer"
# What a household or a phone is given of IPv6.
NETWORK_BITS: Final = 64

OpenTo = frozenset[Role | StaffRole]

ANYONE: Final[OpenTo] = frozenset()
CITIZEN: Final[OpenTo] = frozenset({"citizen"})
TILL: Final[OpenTo] = frozenset({"till"})
SHOP: Final[OpenTo] = frozenset({"till", "staff"})
STAFF: Final[OpenTo] = frozenset({"staff"})
OWNER: Final[OpenTo] = frozenset({"owner"})
MANAGERS: Final[OpenTo] = frozenset({"owner", "manager"})
OFFICER: Final[OpenTo] = frozenset({"officer"})
INTEGRATOR: Final[OpenTo] = frozenset({"integrator"})
COUNTER: Final[OpenTo] = frozenset({"till", "integrator"})
SIGNED_IN: Final[OpenTo] = frozenset({"citizen", "till", "staff", "officer"})


class NotYourRole(Refusal):
    """The token is good, but this door is open to others."""

    code: ClassVar = "not_your_role"
    status: ClassVar = 403


class ScopeMissing(Refusal):
    """The key was not issued for this."""

    code: ClassVar = "scope_missing"
    status: ClassVar = 403


class AccessToken(BaseAuthentication):
    """`Authorization: Bearer <access token or API key>` (RFC 6750). A door that is open to anyone does not look."""

    def authenticate(self, request: Request) -> tuple[Caller, None] | None:
        """Return the caller, or None when no token was brought or none is needed.

        :raises TokenRefused: damaged, forged or too old.
        """
        if _open_to(request, request.parser_context["view"]) is ANYONE:
            return None
        scheme, _, access = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != BEARER.lower():
            return None
        brought = access.strip()
        if integrators.is_key(brought):
            return integrators.read(written=brought, at=timezone.now()), None
        return tokens.read(brought), None


class RoleMayEnter(BasePermission):
    """Lets in whom the door names for this method, and nobody where it names none."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return True, or refuse.

        :raises MethodNotAllowed: the door does not name the method.
        :raises TokenRefused: no token was brought.
        :raises NotYourRole: the door is open to others.
        :raises ScopeMissing: an integrator's key is not for this.
        :raises Refusal: the one that a test key asks for; it is let in nowhere.
        """
        open_to = _open_to(request, view)
        if open_to is None:
            raise exceptions.MethodNotAllowed(str(request.method))
        if open_to is ANYONE:
            return True
        caller: Caller | None = cast("Caller | None", request.user)
        if caller is None:
            raise TokenRefused
        if caller.roles.isdisjoint(open_to):
            raise NotYourRole(role=caller.staff_role or caller.role, open_to=sorted(open_to))
        if caller.role == "integrator":
            scope = view.scopes[_method(request)]
            if scope not in caller.scopes:
                raise ScopeMissing(scope=scope)
            if caller.rehearses:
                from config import rehearsals  # draws in what draws QR codes, which live events can do without

                view.check_throttles(request)  # here, for what is refused here is never counted after
                rehearsals.answer(amount=_amount(view.bytes))
        return True


def address_of(request: Request | HttpRequest) -> str:
    """Return the network address of whoever asks; behind our own proxies, what the outermost of them saw.

    Of IPv6 it is the network: who has one address of it has 2^64 (RFC 6177), and would be counted anew with each.
    """
    proxies: int = settings.TRUSTED_PROXIES
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if proxies and len(forwarded) >= proxies:
        return _counted_as(forwarded[-proxies].strip())
    return _counted_as(str(request.META["REMOTE_ADDR"]))


def _counted_as(address: str) -> str:
    try:
        seen = ipaddress.ip_address(address)
    except ValueError:  # a proxy may write what it likes; a socket of this machine has no address
        return address
    if isinstance(seen, ipaddress.IPv4Address):
        return str(seen)
    if seen.ipv4_mapped is not None:
        return str(seen.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(seen), NETWORK_BITS), strict=False))


def _open_to(request: Request, view: Any) -> OpenTo | None:
    roles: OpenTo | None = getattr(view, "open_to", {}).get(_method(request))
    return roles


def _amount(body: bytes) -> int | None:
    with suppress(ValueError, TypeError, KeyError, RecursionError):
        amount = json.loads(body)["amount_satang"]
        return amount if isinstance(amount, int) else None
    return None


def _method(request: Request) -> str:
    return "GET" if request.method == "HEAD" else str(request.method)
