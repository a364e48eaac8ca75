"""What the stand-in knows: its objects, the events that they caused, and the money that it keeps for us.

Everything lives in memory and is bounded: the oldest of a kind is forgotten first. Whoever reads or writes holds
`World.lock`.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from copy import deepcopy
from typing import Any, TypeAlias

from config.loopback.stripe.parameters import Parameters, integer
from config.loopback.stripe.problems import Problem, unknown_object
from wallet.money import BasisPoints, Rounding, Satang, share_of

Object: TypeAlias = dict[str, Any]

API_VERSION = "2026-10-28.endive"

# Objects kept of each kind: a demo day or a long test run, in some tens of megabytes.
MOST_OF_A_KIND = 20_000

# Stripe's own bound for one page of a list.
LONGEST_PAGE = 100

# The fees are only like Stripe's Thai price list (https://stripe.com/en-th/pricing), which changes and is negotiable;
# nothing in the project may depend on the figures. Value added tax of 7 % comes on top.
FEES: dict[str, tuple[BasisPoints, Satang]] = {"promptpay": (165, 0), "card": (365, 10_00)}
VALUE_ADDED_TAX_BP: BasisPoints = 700


class World:
    """All objects by kind and id, in the order in which they came to be."""

    def __init__(self, *, tell: Callable[[Object], None]) -> None:
        """Begin empty.

        :param tell: called with each event as it happens, under the lock; it must not block.
        """
        self.lock = threading.RLock()
        self.base = ""
        self.payout_of: dict[str, str] = {}
        self._tell = tell
        self._kinds: dict[str, OrderedDict[str, Object]] = {}

    def keep(self, prefix: str, kind: str, **fields: Any) -> Object:
        """Make an object with a new id, keep it, and return it."""
        made = {
            "id": f"{prefix}_{secrets.token_hex(12)}",
            "object": kind,
            "created": int(time.time()),
            "livemode": False,
            **fields,
        }
        kept = self._kinds.setdefault(kind, OrderedDict())
        kept[made["id"]] = made
        while len(kept) > MOST_OF_A_KIND:
            forgotten, _ = kept.popitem(last=False)
            self.payout_of.pop(forgotten, None)
        return made

    def find(self, kind: str, object_id: str) -> Object:
        """Return one object.

        :raises Problem: 404 `resource_missing`.
        """
        try:
            return self._kinds[kind][object_id]
        except KeyError:
            raise unknown_object(kind, object_id) from None

    def newest(self, kind: str) -> list[Object]:
        """Return every object of a kind, newest first, as Stripe lists them."""
        return list(reversed(self._kinds.get(kind, OrderedDict()).values()))

    def happened(self, what: str, about: Object) -> Object:
        """Keep an event with a snapshot of its object, and tell whoever listens."""
        event = self.keep(
            "evt",
            "event",
            type=what,
            api_version=API_VERSION,
            data={"object": deepcopy(about)},
            pending_webhooks=1,
            request={"id": None, "idempotency_key": None},
        )
        self._tell(event)
        return event

    def book(self, kind: str, *, amount: Satang, source: str, fees: list[Object] | None = None) -> Object:
        """Keep a balance transaction of `amount` satang (negative: money that leaves us), less its fees."""
        fees = fees or []
        fee = sum(each["amount"] for each in fees)
        return self.keep(
            "txn",
            "balance_transaction",
            type=kind,
            reporting_category=kind,
            amount=amount,
            currency="thb",
            fee=fee,
            fee_details=fees,
            net=amount - fee,
            source=source,
            status="available",
            available_on=int(time.time()),
            description=None,
            exchange_rate=None,
        )

    def expanded(self, answer: Object, paths: list[str]) -> Object:
        """Return a copy in which each path, such as `latest_charge.balance_transaction`, is the object itself."""
        copy = deepcopy(answer)
        for path in paths:
            self._expand(copy, path.split("."))
        return copy

    def _expand(self, holder: Any, steps: list[str]) -> None:
        if isinstance(holder, list):
            for each in holder:
                self._expand(each, steps)
        elif isinstance(holder, dict) and steps and steps[0] in holder:
            step, *rest = steps
            if isinstance(holder[step], str):
                holder[step] = deepcopy(self._anything(holder[step]))
            self._expand(holder[step], rest)

    def _anything(self, object_id: str) -> Object | str:
        """Return whichever object has this id, or the text itself when none has."""
        return next((kept[object_id] for kept in self._kinds.values() if object_id in kept), object_id)


def fee_details(method: str, amount: Satang) -> list[Object]:
    """Return what the stand-in keeps of a payment of `amount` satang: its fee, and the tax on it."""
    rate_bp, fixed = FEES[method]
    fee = share_of(amount=amount, rate_bp=rate_bp, rounding=Rounding.HALF_UP) + fixed
    tax = share_of(amount=fee, rate_bp=VALUE_ADDED_TAX_BP, rounding=Rounding.HALF_UP)
    return [
        {"type": "stripe_fee", "amount": fee, "currency": "thb", "application": None, "description": "Processing fee"},
        {"type": "tax", "amount": tax, "currency": "thb", "application": None, "description": "VAT"},
    ]


def page(objects: list[Object], parameters: Parameters, *, url: str) -> Object:
    """Return one page of a list that is sorted newest first (https://docs.stripe.com/api/pagination).

    :raises Problem: 400 on a limit outside 1..100 or a cursor that is not in the list.
    """
    limit = integer(parameters, "limit", 10)
    if not 1 <= limit <= LONGEST_PAGE:
        raise Problem(
            400, f"Limit must be between 1 and {LONGEST_PAGE}.", code="parameter_invalid_integer", param="limit"
        )
    objects = [each for each in objects if _created_within(each, parameters.get("created"))]
    ids = [each["id"] for each in objects]
    for cursor in ("starting_after", "ending_before"):
        if parameters.get(cursor, ids[0] if ids else None) not in [*ids, None]:
            raise Problem(400, f"No such object: '{parameters[cursor]}'", code="resource_missing", param=cursor)
    if "ending_before" in parameters:
        before = objects[: ids.index(parameters["ending_before"])]
        shown, more = before[-limit:], len(before) > limit
    else:
        after = objects[ids.index(parameters["starting_after"]) + 1 :] if "starting_after" in parameters else objects
        shown, more = after[:limit], len(after) > limit
    return {"object": "list", "url": url, "has_more": more, "data": deepcopy(shown)}


def _created_within(each: Object, bounds: Any) -> bool:
    if bounds is None:
        return True
    if not isinstance(bounds, dict):
        return bool(each["created"] == integer({"created": bounds}, "created"))
    tests: dict[str, Callable[[int, int], bool]] = {
        "gt": int.__gt__,
        "gte": int.__ge__,
        "lt": int.__lt__,
        "lte": int.__le__,
    }
    return all(tests[name](each["created"], integer(bounds, name)) for name in bounds if name in tests)
