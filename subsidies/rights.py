"""What a citizen still has, for their home screen: of each scheme in which they have a place, today and in all."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from subsidies import entitlements, first_payments, schemes
from subsidies.compiled import Scheme
from subsidies.decision import Purse
from subsidies.entitlements import Left
from subsidies.models import CapUse, ComingOver, Enrolment
from wallet.models import Balance
from wallet.money import Satang


@dataclass(frozen=True, slots=True)
class Right:
    """One place in one scheme, and what it is still worth."""

    enrolment: Enrolment
    scheme: Scheme
    left: Left
    first_use_by: dt.datetime | None


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
    places = Enrolment.objects.filter(citizen_id=citizen_id).exclude(id__in=given_up).order_by("enrolled_at")
    rights = tuple(_right(place, balances.get(place.id, 0), used.get(place.id, {}), at) for place in places)
    return Home(balances.get(citizen_id, 0), rights)


def _right(place: Enrolment, left: Satang, used: dict[tuple[str, dt.datetime], int], at: dt.datetime) -> Right:
    scheme = schemes.compiled(place.version_id)
    kept = Purse(
        enrolment_id=place.id,
        scheme_id=place.scheme_id,
        version_id=place.version_id,
        scheme=scheme,
        left=left,
        tier=place.tier,
        person=place.person,
        enrolled_at=place.enrolled_at,
        first_used_at=place.first_used_at,
        used=used,
    )
    (purse,) = first_payments.as_promised([kept], at=at)
    return Right(place, scheme, entitlements.left_today(purse=purse, at=at), entitlements.first_use_deadline(purse))
