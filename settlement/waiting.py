"""What waits for an officer: everything that somebody with a second factor, or with a reason, has to decide."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from merchants import applications, bank_accounts
from merchants.applications import Standing
from merchants.models import BankAccountChange
from settlement import batches, discrepancies
from settlement.models import Batch, Discrepancy
from subsidies import appeals, budgets, drafts, freezing, handing_back, lists, schemes, stops
from subsidies.appeals import Told
from subsidies.documents.section import Words
from subsidies.models import BudgetWarning, Freeze, HandBack, PeopleList, Stop, Submission, Suspension

# As many of each kind as an officer looks at before lunch.
MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Warned:
    """A scheme whose money runs low."""

    name: Words
    warning: BudgetWarning


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits, the oldest first.

    :ivar to_submit: batches that nobody has submitted.
    :ivar to_approve: batches that another officer has submitted.
    :ivar with_another: what this officer has submitted: another one has to approve it.
    :ivar drafts: scheme documents that two others wrote and submitted, or one.
    :ivar stops: schemes that another officer wants to end for good.
    :ivar suspensions: schemes that another officer suspended; whether they may go on is for this one to say.
    :ivar hand_backs: schemes that are over, and of which another officer wants to give back what is left.
    :ivar freezes: people whose rights are on hold, as the audit of limits found something or an officer said so.
    :ivar warned: schemes that still pay and have passed a threshold of their budget: to know, not to decide.
    """

    to_submit: list[Batch]
    to_approve: list[Batch]
    with_another: list[Batch]
    discrepancies: list[Discrepancy]
    applications: list[Standing]
    bank_accounts: list[BankAccountChange]
    appeals: list[Told]
    lists: list[PeopleList]
    drafts: list[Submission]
    stops: list[Stop]
    suspensions: list[Suspension]
    hand_backs: list[HandBack]
    freezes: list[Freeze]
    warned: list[Warned]

    @property
    def nothing(self) -> bool:
        """Whether this officer has nothing to decide."""
        return not (self.to_submit or self.to_approve or self.discrepancies or self.people or self.schemes)

    @property
    def people(self) -> bool:
        """Whether a shop or a citizen waits."""
        return bool(self.applications or self.bank_accounts or self.appeals or self.lists or self.freezes)

    @property
    def schemes(self) -> bool:
        """Whether a scheme waits."""
        return bool(self.drafts or self.stops or self.suspensions or self.hand_backs)


def for_officer(*, officer_id: UUID, at: dt.datetime) -> Waiting:
    """Return what waits for one officer at this instant."""
    undecided = batches.undecided()[:MOST]
    submitted = [batch for batch in undecided if hasattr(batch, "submission")]
    return Waiting(
        to_submit=[batch for batch in undecided if not hasattr(batch, "submission")],
        to_approve=[batch for batch in submitted if batch.submission.officer_id != officer_id],
        with_another=[batch for batch in submitted if batch.submission.officer_id == officer_id],
        discrepancies=discrepancies.open_ones(most=MOST),
        applications=applications.waiting(at_most=MOST),
        bank_accounts=bank_accounts.waiting(at_most=MOST),
        appeals=appeals.waiting(at_most=MOST),
        lists=[each for each in lists.waiting(at_most=MOST) if each.made_by_id != officer_id],
        drafts=[each for each in drafts.waiting(at_most=MOST) if officer_id not in (each.drafted_by, each.officer_id)],
        stops=[each for each in stops.asked_for(at_most=MOST) if each.officer_id != officer_id],
        suspensions=[each for each in stops.suspended(at_most=MOST) if each.officer_id != officer_id],
        hand_backs=[each for each in handing_back.asked_for(at_most=MOST) if each.officer_id != officer_id],
        freezes=freezing.open_ones(at_most=MOST),
        warned=_warned(at),
    )


def _warned(at: dt.datetime) -> list[Warned]:
    highest = budgets.highest_warnings()
    versions = schemes.ids_in_force(scheme_ids=[warning.scheme_id for warning in highest], at=at) if highest else {}
    rules = {scheme_id: schemes.compiled(version_id) for scheme_id, version_id in versions.items()}
    return [
        Warned(paying.document.scheme.name, warning)
        for warning in highest
        if (paying := rules.get(warning.scheme_id)) and at < paying.windows.ends_at
    ]
