"""Audit: what officers, operators and the timetable did, by whom, what and which day."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext
from pydantic import BeforeValidator, StringConstraints

from config.authentication import OFFICER
from config.screens import Screen
from config.shapes import Shape
from settlement.web.acts import ACTS
from wallet import audit, officers
from wallet.audit import Done
from wallet.clock import BANGKOK
from wallet.money import grouped_baht

SHOWN: Final = 50
# Where what was done can be looked at, by the first word of the act.
ABOUT: Final = {
    "batch": "office-batch",
    "draft": "office-draft",
    "discrepancy": "office-discrepancy",
    "statement": "office-statement",
    "merchant": "office-shop",
    "application": "office-application",
    "bank_account": "office-account",
    "person": "office-person",
    "rights": "office-person",
    "appeal": "office-appeal",
    "list": "office-list",
}


def _day(typed: str) -> dt.date | None:
    return dt.date.fromisoformat(typed) if typed else None


def _id(typed: str) -> UUID | None:
    return UUID(typed) if typed else None


class AuditAsked(Shape):
    """Who: `officer:<id>`, `operator`, `timetable`; what: an act; on which day of Bangkok; about whom; before what."""

    who: Annotated[str, StringConstraints(pattern=r"^(officer:[0-9a-f-]{36}|operator|timetable)?$")] = ""
    what: Annotated[str, StringConstraints(pattern=r"^[a-z_.]{0,60}$")] = ""
    on: Annotated[dt.date | None, BeforeValidator(_day)] = None
    about: Annotated[UUID | None, BeforeValidator(_id)] = None
    before: UUID | None = None


class AuditScreen(Screen):
    """Who did what, newest first."""

    open_to: ClassVar = OFFICER
    template = "settlement/audits.html"

    def seen(self) -> Mapping[str, Any]:
        """Return a page of it, and what it can be asked by."""
        asked = self.query(AuditAsked)
        kind, _, actor_id = asked.who.partition(":")
        midnight = dt.datetime.combine(asked.on, dt.time.min, BANGKOK) if asked.on else None
        found = audit.done_by_the_house(
            kind=kind or None,  # type: ignore[arg-type]  # the shape lets three of the kinds in, and nothing
            actor_id=actor_id,
            act=asked.what,
            subject_id=asked.about,
            since=midnight,
            until=midnight + dt.timedelta(days=1) if midnight else None,
            before=asked.before,
            at_most=SHOWN + 1,
        )
        shown = found[:SHOWN]
        return {
            "asked": asked,
            "whos": [(f"officer:{officer.id}", officer.user.get_username()) for officer in officers.everyone()],
            "acts": sorted(((act, gettext(words)) for act, words in ACTS.items()), key=lambda each: each[1]),
            "rows": [(done, _words(done), ABOUT.get(done.entry.act.partition(".")[0]), _facts(done)) for done in shown],
            "earlier": _earlier(asked, shown[-1]) if len(found) > SHOWN else None,
        }


def _earlier(asked: AuditAsked, last: Done) -> str:
    said = {"who": asked.who, "what": asked.what, "on": asked.on, "about": asked.about, "before": last.entry.id}
    return urlencode({name: value for name, value in said.items() if value})


def _words(done: Done) -> str:
    act = done.entry.act
    return gettext(ACTS[act]) if act in ACTS else act


def _facts(done: Done) -> list[tuple[str, Any]]:
    return [_fact(name, value) for name, value in done.entry.facts.items() if name != "reason" and value]


def _fact(name: str, value: Any) -> tuple[str, Any]:
    if name.endswith("_satang"):
        return name.removesuffix("_satang"), f"{grouped_baht(value)} {gettext('baht')}"
    return name, value
