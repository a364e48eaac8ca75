"""What a citizen still has, for their home screen: of each scheme in which they have a place, today and in all."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from subsidies import entitlements, first_payments, schemes, stops
from subsidies.compiled import Scheme
from subsidies.decision import Purse
from subsidies.entitlements import Left
from subsidies.models import CapUse, ComingOver, Enrolment
from subsidies.stops import Standstill
from wallet.models import Balance
from wallet.money import Satang


@dataclass(frozen=True, slots=True)
class Right:
    """One place in one scheme, by the version in force, and what it is still worth."""

    enrolment: Enrolment
    scheme: Scheme
    left: Left
    first_use_by: dt.datetime | None
    suspended_at: dt.datetime | None
    stopped_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Home:
    """What a citizen has: their own money, in satang, and their rights in the order in which they took them."""

    cash: Satang
    rights: tuple[Right, ...]


def home(*, citizen_id: UUID, at: dt.datetime) -> Home:
    """Return what a citizen has at this instant."""
    balances = {balance.account_id: balance.balance for balance in Balance.objects.filter(owner_id=citizen_id)}
    used: dict[UUID, dict[tuple[str, dt.datetime], int]] = {}
    for use in CapUse.objects.filter(citizen_id=citizen_id, ends_at__gt=at):
        used.setdefault(use.enrolment_id, {})[use.cap, use.ends_at] = use.used
    given_up = ComingOver.objects.filter(citizen_id=citizen_id).values("from_enrolment_id")
    places = list(Enrolment.objects.filter(citizen_id=citizen_id).exclude(id__in=given_up).order_by("enrolled_at"))
    scheme_ids = [place.scheme_id for place in places]
    versions = schemes.ids_in_force(scheme_ids=scheme_ids, at=at)
    standstills = stops.standstills(scheme_ids=scheme_ids, at=at)
    purses = [
        _purse(
            place,
            versions.get(place.scheme_id, place.version_id),
            balances.get(place.id, 0),
            used.get(place.id, {}),
            standstills.get(place.scheme_id, stops.GOES_ON),
        )
        for place in places
    ]
    promised = first_payments.as_promised(purses, at=at)
    rights = tuple(_right(place, purse, at) for place, purse in zip(places, promised, strict=True))
    return Home(balances.get(citizen_id, 0), rights)


def _right(place: Enrolment, purse: Purse, at: dt.datetime) -> Right:
    left, first_use_by = entitlements.left_today(purse=purse, at=at), entitlements.first_use_deadline(purse)
    return Right(place, purse.scheme, left, first_use_by, purse.suspended_at, purse.stopped_at)


def _purse(
    place: Enrolment, version_id: UUID, left: Satang, used: dict[tuple[str, dt.datetime], int], standstill: Standstill
) -> Purse:
    return Purse(
        enrolment_id=place.id,
        scheme_id=place.scheme_id,
        version_id=version_id,
        scheme=schemes.compiled(version_id),
        left=left,
        tier=place.tier,
        person=place.person,
        enrolled_at=place.enrolled_at,
        first_used_at=place.first_used_at,
        used=used,
        suspended_at=standstill.suspended_at,
        stopped_at=standstill.stopped_at,
    )
