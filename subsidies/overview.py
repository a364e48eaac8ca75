"""Each scheme as the finance office sees it: its versions, whether it goes on, who holds it back, and its money."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from django.db.models import QuerySet

from subsidies import budgets, schemes, stops
from subsidies.budgets import Totals
from subsidies.compiled import Scheme as Rules
from subsidies.models import Scheme, SchemeVersion
from subsidies.schemes import SchemeUnknown
from subsidies.stops import Brakes

State = Literal["ahead", "running", "suspended", "stopped", "over"]

NO_MONEY: Final = Totals.of({})
NOT_HELD: Final = Brakes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """One scheme at one instant.

    :ivar versions: newest first, without their texts.
    :ivar in_force: the version that holds now; None while all are ahead.
    :ivar rules: what that version says, or the first one ahead.
    """

    scheme: Scheme
    state: State
    versions: list[SchemeVersion]
    in_force: SchemeVersion | None
    rules: Rules
    brakes: Brakes
    totals: Totals

    @property
    def has_ended(self) -> bool:
        """Whether it never pays again."""
        return self.state in {"stopped", "over"}


def all_of(*, at: dt.datetime) -> list[Overview]:
    """Return every scheme that has a version, by code."""
    return _seen(Scheme.objects.order_by("code"), budgets.totals(), at)


def of(*, code: str, at: dt.datetime) -> Overview:
    """Return one scheme.

    :raises SchemeUnknown: nothing of this code was ever published.
    """
    wanted = Scheme.objects.filter(code=code)
    for scheme in wanted:
        return _seen(wanted, budgets.totals(scheme_id=scheme.id), at)[0]
    raise SchemeUnknown(scheme=code)


def _seen(wanted: QuerySet[Scheme], money: dict[UUID, Totals], at: dt.datetime) -> list[Overview]:
    found = list(wanted)
    versions = defaultdict[UUID, list[SchemeVersion]](list)
    for version in (
        SchemeVersion.objects.filter(scheme__in=found)
        .defer("document")
        .select_related("verdict__officer__user", "verdict__submission__officer__user")
        .order_by("-number")
    ):
        versions[version.scheme_id].append(version)
    brakes = stops.brakes(scheme_ids=[scheme.id for scheme in found])
    return [
        _one(scheme, versions[scheme.id], brakes.get(scheme.id, NOT_HELD), money.get(scheme.id, NO_MONEY), at)
        for scheme in found
    ]


def _one(scheme: Scheme, versions: list[SchemeVersion], brakes: Brakes, totals: Totals, at: dt.datetime) -> Overview:
    in_force = next((version for version in versions if version.effective_at <= at), None)
    rules = schemes.compiled((in_force or versions[-1]).id)
    return Overview(
        scheme=scheme,
        state=_state(in_force, rules, brakes, at),
        versions=versions,
        in_force=in_force,
        rules=rules,
        brakes=brakes,
        totals=totals,
    )


def _state(in_force: SchemeVersion | None, rules: Rules, brakes: Brakes, at: dt.datetime) -> State:
    if brakes.stop is not None and brakes.stop.stopped_at is not None:
        return "stopped"
    if brakes.suspension is not None:
        return "suspended"
    if in_force is None:
        return "ahead"
    return "over" if at >= rules.windows.ends_at else "running"
