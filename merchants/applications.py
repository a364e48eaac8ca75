"""A shop applies, corrects what it said, and once it is taken in, its first owner is let in.

A citizen whose identity was proven applies for a new shop; an owner, that their shop be called or judged otherwise.
An officer decides on it in `approvals.py`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Final, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from merchants import invitations, onboarding, staff
from merchants.invitations import Invited
from merchants.models import Application, ApplicationDecision, ApplicationVerdict, ApplicationVersion, Role
from merchants.particulars import Described
from wallet import audit, keys, privacy
from wallet.ids import uuid7
from wallet.refusals import Refusal

# Nobody has more shops than this to open at once; the office would be swamped.
MOST_OPEN: Final = 5
MOST_VERSIONS: Final = 20


class ApplicationUnknown(Refusal):
    """There is no such application, or it is somebody else's."""

    code: ClassVar = "application_unknown"
    status: ClassVar = 404


class ApplicationDecided(Refusal):
    """The application was decided already."""

    code: ClassVar = "application_decided"


class NotApproved(Refusal):
    """The shop is not taken in (yet), so nobody can be made its owner."""

    code: ClassVar = "application_not_approved"


class TooManyApplications(Refusal):
    """So many applications of one citizen wait already, or one was corrected so often."""

    code: ClassVar = "too_many_applications"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where a new shop wants its money."""

    bank_code: str
    number: str


@dataclass(frozen=True, slots=True)
class Standing:
    """An application with what it says now, and what was decided about that."""

    application: Application
    version: ApplicationVersion
    decision: ApplicationDecision | None

    @property
    def state(self) -> Literal["waiting", "approved", "rejected"]:
        """How it stands."""
        if self.decision is None:
            return "waiting"
        return "approved" if self.decision.verdict == ApplicationVerdict.APPROVED else "rejected"

    @property
    def account_masked(self) -> str:
        """The bank account that it names, all but the last four digits hidden; empty for a shop that is in."""
        if self.version.bank_account_sealed is None:
            return ""
        opened = privacy.unseal(self.version.bank_account_sealed, subject_id=self.application.id)
        return privacy.masked_digits(opened["account"])


def apply(*, citizen_id: UUID, described: Described, account: Account, key: str = "", at: dt.datetime) -> Standing:
    """Apply, as a citizen, for a new shop. The same key is the same application.

    :raises TooManyApplications: five of theirs wait already.
    :raises KeyReused: the key stands for something else.
    """
    application = Application(id=uuid7(), citizen_id=citizen_id, asked_at=at, waits_since=at)
    with transaction.atomic(durable=True):
        if was := _earlier(citizen_id, key, application.id, {"shop": asdict(described), "to": asdict(account)}, at=at):
            return was
        if Application.objects.filter(citizen_id=citizen_id, waits_since__isnull=False).count() >= MOST_OPEN:
            raise TooManyApplications(most=MOST_OPEN)
        application.save(force_insert=True)
        audit.record(actor=_citizen(citizen_id), act="application.make", subject_id=application.id, at=at)
        return Standing(application, _say(application, 1, described, account=account, at=at), None)


def apply_for_change(*, staff_id: UUID, described: Described, reason: str, key: str = "", at: dt.datetime) -> Standing:
    """Apply, as an owner, that the shop be called and judged otherwise. Its bank account is changed elsewhere.

    :raises NotAtWork: only owners do.
    :raises KeyReused: the key stands for something else.
    :raises TooManyApplications: five of the shop's wait already.
    """
    owner = staff.at_work(staff_id=staff_id, roles=(Role.OWNER,))
    application = Application(id=uuid7(), merchant_id=owner.merchant_id, asked_at=at, waits_since=at)
    with transaction.atomic(durable=True):
        if was := _earlier(staff_id, key, application.id, {"change": asdict(described), "why": reason}, at=at):
            return was
        if Application.objects.filter(merchant_id=owner.merchant_id, waits_since__isnull=False).count() >= MOST_OPEN:
            raise TooManyApplications(most=MOST_OPEN)
        application.save(force_insert=True)
        audit.record(actor=staff.actor(owner), act="application.make", subject_id=application.id, at=at)
        return Standing(application, _say(application, 1, described, reason=reason, at=at), None)


def correct(
    *, application_id: UUID, citizen_id: UUID, described: Described, account: Account, at: dt.datetime
) -> Standing:
    """Say it better, as the citizen who applied: before it is decided, or after it was rejected.

    :raises ApplicationUnknown: it is not theirs.
    :raises ApplicationDecided: it was approved.
    :raises TooManyApplications: it was corrected twenty times.
    """
    with transaction.atomic(durable=True):
        was = locked(application_id, Q(citizen_id=citizen_id))
        if was.state == "approved":
            raise ApplicationDecided
        if was.version.number >= MOST_VERSIONS:
            raise TooManyApplications(most=MOST_VERSIONS)
        audit.record(actor=_citizen(citizen_id), act="application.correct", subject_id=application_id, at=at)
        version = _say(was.application, was.version.number + 1, described, account=account, at=at)
        Application.objects.filter(id=application_id).update(waits_since=at)
    return Standing(was.application, version, None)


def invite_owner(*, application_id: UUID, citizen_id: UUID, at: dt.datetime) -> Invited:
    """Invite the citizen who applied to be their new shop's owner, with a name, a password and an authenticator.

    It also lets them in again who have lost all three: the citizen's wallet proves who they are.

    :raises ApplicationUnknown | NotApproved:
    """
    with transaction.atomic(durable=True):
        now = locked(application_id, Q(citizen_id=citizen_id))
        if now.state != "approved":
            raise NotApproved
        return invitations.make(
            merchant=onboarding.merchant(merchant_id=application_id),
            role=Role.OWNER,
            name=now.version.name[: invitations.LONGEST_NAME],
            branch=None,
            actor=_citizen(citizen_id),
            at=at,
        )


def of_citizen(*, citizen_id: UUID, at_most: int) -> list[Standing]:
    """Return a citizen's applications, newest first."""
    return _standings(Application.objects.filter(citizen_id=citizen_id).order_by("-id")[:at_most])


def of_shop(*, merchant_id: UUID, at_most: int) -> list[Standing]:
    """Return what a shop's owners applied for, newest first."""
    return _standings(Application.objects.filter(merchant_id=merchant_id).order_by("-id")[:at_most])


def waiting(*, at_most: int) -> list[Standing]:
    """Return the applications that wait for an officer, the longest-waiting first."""
    rows = Application.objects.filter(waits_since__isnull=False)
    return _standings(rows.order_by("waits_since", "id")[:at_most])


def of(*, application_id: UUID) -> Standing:
    """Return an application, for an officer.

    :raises ApplicationUnknown: there is none of this id.
    """
    found = _standings(Application.objects.filter(id=application_id))
    if not found:
        raise ApplicationUnknown
    return found[0]


def locked(application_id: UUID, whose: Q) -> Standing:
    """Lock an application and return how it stands.

    :raises ApplicationUnknown: there is none, or it is not of those asked for.
    """
    # Locked in one statement and looked at in the next: a correction may have come while this one waited.
    application = Application.objects.select_for_update().filter(whose, id=application_id).first()
    if application is None:
        raise ApplicationUnknown
    return _standings([application])[0]


def _standings(applications: "QuerySet[Application] | list[Application]") -> list[Standing]:
    wanted = list(applications)
    versions = ApplicationVersion.objects.filter(application__in=wanted).select_related("decision")
    newest = {version.application_id: version for version in versions.order_by("number")}
    return [
        Standing(application, newest[application.id], getattr(newest[application.id], "decision", None))
        for application in wanted
    ]


def _earlier(
    caller_id: UUID, key: str, application_id: UUID, content: Mapping[str, Any], *, at: dt.datetime
) -> Standing | None:
    """Return what a key has applied for before; with no key, each time is another."""
    was = keys.claim(caller_id=caller_id, key=key, content=content, outcome_id=application_id, at=at) if key else None
    return None if was is None else of(application_id=was)


def _say(
    application: Application,
    number: int,
    described: Described,
    *,
    account: Account | None = None,
    reason: str = "",
    at: dt.datetime,
) -> ApplicationVersion:
    return ApplicationVersion.objects.create(
        id=uuid7(),
        application=application,
        number=number,
        name=described.name,
        name_en=described.name_en,
        city=described.city,
        facts=dict(described.facts),
        bank_code=account.bank_code if account else "",
        bank_account_sealed=privacy.seal({"account": account.number}, subject_id=application.id) if account else None,
        reason=reason,
        at=at,
    )


def _citizen(citizen_id: UUID) -> audit.Actor:
    return audit.Actor("citizen", str(citizen_id))
