"""A citizen's own money and their right: buying in (pay 1,000, get 3,000), and taking a right out as own money."""

import datetime as dt
from typing import Any, ClassVar
from uuid import UUID

from subsidies import entitlements, freezing, schemes, stops
from subsidies.changes import held
from subsidies.models import BuyIn, Enrolment
from subsidies.rules.windows import SchemeEnded
from wallet import keys, ledger, people
from wallet.accounts import cash, fund, purse
from wallet.ids import uuid7
from wallet.models import Transfer, TransferKind
from wallet.money import Satang
from wallet.refusals import Refusal


class OwnMoneyShort(Refusal):
    """The citizen's own money does not cover what they pay in."""

    code: ClassVar = "own_money_short"


class NotWithdrawable(Refusal):
    """The scheme does not let anybody take the right out as money."""

    code: ClassVar = "not_withdrawable"


class RightHasLess(Refusal):
    """More was to be taken out than is left of the right."""

    code: ClassVar = "right_has_less"


def buy_in(*, citizen_id: UUID, device_id: UUID, enrolment_id: UUID, key: str, at: dt.datetime) -> BuyIn:
    """Put a citizen's own money into their purse, with what the State adds. The same key again is the same buy-in.

    :raises DeviceRevoked: the phone that asks was signed out.
    :raises KeyReused: the key stands for something else.
    :raises EnrolmentUnknown | RightForfeited | RightGivenUp: it is not theirs, or not any more.
    :raises RightFrozen: their rights are being looked at.
    :raises SchemeStopped | SchemeSuspended: officers have said so.
    :raises SchemeEnded | NoBuyIn | BuyInOver | BuyInUsedUp: the scheme says no.
    :raises OwnMoneyShort: their money does not cover it.
    """
    with ledger.posting(citizens=[citizen_id]) as business_date:
        people.must_be_signed_in(citizen_id=citizen_id, device_id=device_id)
        buy_in_id, content = uuid7(), {"buy in": str(enrolment_id)}
        was = keys.claim(caller_id=citizen_id, key=key, content=content, outcome_id=buy_in_id, at=at)
        if was is not None:
            return BuyIn.objects.get(citizen_id=citizen_id, id=was)
        place = _usable(citizen_id, enrolment_id, at)
        times = BuyIn.objects.filter(citizen_id=citizen_id, enrolment_id=place.id).count()
        own, state = entitlements.buy_in(scheme=schemes.of_place(place, at=at), times_before=times, at=at)
        if (has := ledger.balance(cash(citizen_id))) < own:
            raise OwnMoneyShort(needed_satang=own, cash_satang=has, short_satang=own - has)
        bought = BuyIn.objects.create(
            id=buy_in_id,
            citizen_id=citizen_id,
            enrolment_id=place.id,
            number=times + 1,
            own=own,
            state=state,
            bought_at=at,
            business_date=business_date,
        )
        about = _about(place, TransferKind.BUY_IN, cause=bought.id)
        moves = [ledger.Move(source=cash(citizen_id), target=purse(place.id), amount=own, **about)]
        if state:
            moves.append(ledger.Move(source=fund(place.scheme_id), target=purse(place.id), amount=state, **about))
        ledger.post(moves=moves, business_date=business_date, at=at)
        return bought


def withdraw(
    *, citizen_id: UUID, device_id: UUID, enrolment_id: UUID, amount: Satang, key: str, at: dt.datetime
) -> Transfer:
    """Take `amount` satang of a right out as the citizen's own money. The same key again is the same withdrawal.

    :raises DeviceRevoked: the phone that asks was signed out.
    :raises KeyReused: the key stands for something else.
    :raises EnrolmentUnknown | RightForfeited | RightGivenUp: it is not theirs, or not any more.
    :raises RightFrozen: their rights are being looked at.
    :raises SchemeStopped | SchemeSuspended: officers have said so.
    :raises SchemeEnded | NotWithdrawable | RightHasLess: the scheme says no, or so much is not left.
    """
    with ledger.posting(citizens=[citizen_id]) as business_date:
        people.must_be_signed_in(citizen_id=citizen_id, device_id=device_id)
        withdrawal_id, content = uuid7(), {"withdraw": str(enrolment_id), "amount": amount}
        was = keys.claim(caller_id=citizen_id, key=key, content=content, outcome_id=withdrawal_id, at=at)
        if was is None:
            place = _usable(citizen_id, enrolment_id, at)
            scheme = schemes.of_place(place, at=at)
            if not scheme.document.purse.withdrawable:
                raise NotWithdrawable(scheme=scheme.code)
            if (left := ledger.balance(purse(place.id), owner_id=citizen_id)) < amount:
                raise RightHasLess(left_satang=left, wanted_satang=amount)
            about = _about(place, TransferKind.WITHDRAWN, cause=withdrawal_id)
            move = ledger.Move(source=purse(place.id), target=cash(citizen_id), amount=amount, **about)
            ledger.post(moves=[move], business_date=business_date, at=at)
        return Transfer.objects.get(owner_id=citizen_id, cause=was or withdrawal_id)


def _usable(citizen_id: UUID, enrolment_id: UUID, at: dt.datetime) -> Enrolment:
    """Return a citizen's place, if its right is not frozen or over."""
    place = held(citizen_id=citizen_id, enrolment_id=enrolment_id)
    freezing.must_not_be(citizen_id=citizen_id)
    stops.must_go_on(scheme_id=place.scheme_id, at=at)
    scheme = schemes.of_place(place, at=at)
    over_at = entitlements.over_at(scheme=scheme, enrolled_at=place.enrolled_at, person=place.person)
    if at >= over_at:
        raise SchemeEnded(ended_at=over_at.isoformat())
    return place


def _about(place: Enrolment, kind: TransferKind, *, cause: UUID) -> dict[str, Any]:
    return {"kind": kind, "cause": cause, "owner_id": place.citizen_id, "scheme_id": place.scheme_id}
