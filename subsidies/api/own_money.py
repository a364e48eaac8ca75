"""Doors for citizens who put own money into a right, or take a right out as own money."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.authentication import CITIZEN
from config.describing import KEY
from config.doors import Door
from config.shapes import Instant, Price, Satang, Shape
from subsidies import own_money
from wallet import clock


class BuyInShown(Shape):
    """What went into the purse: the citizen's own money, and the State's."""

    id: UUID
    enrolment_id: UUID
    own_satang: Satang
    state_satang: Satang
    bought_at: Instant


class WithdrawalAsked(Shape):
    """How much."""

    amount_satang: Price


class WithdrawalShown(Shape):
    """What became the citizen's own money."""

    id: UUID
    enrolment_id: UUID
    amount_satang: Satang
    withdrawn_at: Instant


class BuyInsDoor(Door):
    """Buying into a right: pay 1,000, get 3,000."""

    open_to: ClassVar = {"POST": CITIZEN}

    @extend_schema(parameters=[KEY], request=None, responses={201: BuyInShown})
    def post(self, request: Request, enrolment_id: UUID) -> Response:
        """Put own money into the purse, with what the State adds."""
        bought = own_money.buy_in(
            citizen_id=self.caller.id,
            device_id=self.device_id,
            enrolment_id=enrolment_id,
            key=self.key,
            at=clock.now(),
        )
        shown = BuyInShown(
            id=bought.id,
            enrolment_id=bought.enrolment_id,
            own_satang=bought.own,
            state_satang=bought.state,
            bought_at=bought.bought_at,
        )
        return Response(shown, status=201)


class WithdrawalsDoor(Door):
    """Taking out a right that may be taken out."""

    open_to: ClassVar = {"POST": CITIZEN}

    @extend_schema(parameters=[KEY], request=WithdrawalAsked, responses={201: WithdrawalShown})
    def post(self, request: Request, enrolment_id: UUID) -> Response:
        """Make so much of a right one's own money."""
        moved = own_money.withdraw(
            citizen_id=self.caller.id,
            device_id=self.device_id,
            enrolment_id=enrolment_id,
            amount=self.body(WithdrawalAsked).amount_satang,
            key=self.key,
            at=clock.now(),
        )
        shown = WithdrawalShown(
            id=moved.cause, enrolment_id=moved.from_id, amount_satang=moved.amount, withdrawn_at=moved.occurred_at
        )
        return Response(shown, status=201)
