"""Ploy drafts and submits, Anan approves what he was shown, and with that it is published: never by one officer."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import psycopg2
import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError, connection, connections, transaction

from subsidies import checking, drafts, schemes
from subsidies.documents import DocumentInvalid
from subsidies.drafts import (
    ApproverDrafted,
    DraftChanged,
    DraftNotSubmitted,
    DraftNotYours,
    DraftPublished,
    DraftSubmitted,
    DraftTooLong,
    DraftUnknown,
)
from subsidies.models import Draft, SchemeVersion, Submission, Verdict
from subsidies.publishing import TakesEffectTooEarly, VersionNotNext, digest_of
from tests.cast import NOON, STAGE_HAND, Stage
from tests.properties.stalls import SMALL_HALF
from tests.races.at_once import at_once
from tests.settlement.office import FinanceOfficer, Office
from tests.subsidies.small_half import ALL_SAINTS, CODE, MORE_GENEROUS, changed, next_version
from wallet.ids import uuid7
from wallet.models import AuditEntry
from wallet.officers import NotAnOfficer
from wallet.second_factors import SecondFactorWrong

pytestmark = pytest.mark.django_db

SECOND = next_version(from_=ALL_SAINTS, saying=MORE_GENEROUS)
PATIENCE_SECONDS = 20


@pytest.fixture
def office(stage: Stage) -> Office:
    """Return the office, with the small scheme published already."""
    stage.scheme(document=SMALL_HALF)
    return Office()


def begin(officer: FinanceOfficer, document: str = SECOND) -> Draft:
    return drafts.begin(document=document, actor=officer.actor, at=NOON)


def submit(draft: Draft, officer: FinanceOfficer, **said: Any) -> Submission:
    seen = digest_of(drafts.of(draft_id=draft.id).document)
    return drafts.submit(**{"draft_id": draft.id, "actor": officer.actor, "seen": seen, "at": NOON, **said})


def approve(draft: Draft, officer: FinanceOfficer, **said: Any) -> Verdict:
    seen = digest_of(drafts.of(draft_id=draft.id).document)
    asked = {"draft_id": draft.id, "actor": officer.actor, "second_factor": officer.code(), "seen": seen, "at": NOON}
    return drafts.approve(**{**asked, **said})


def state(draft: Draft) -> str:
    draft = drafts.of(draft_id=draft.id)
    return drafts.state(draft, drafts.newest_submission(draft))


def test_what_ploy_submitted_and_anan_approved_is_the_next_version(office: Office) -> None:
    draft = begin(office.ploy)
    submit(draft, office.ploy)
    verdict = approve(draft, office.anan)
    assert state(draft) == "published"
    version = schemes.in_force(code=CODE, at=ALL_SAINTS)
    assert (version, version.document, version.published_by) == (verdict.version, SECOND, str(office.anan.actor))
    assert (verdict.officer, verdict.drafted_by, verdict.submitted_by, bytes(verdict.seen or b"")) == (
        office.anan.officer,
        office.ploy.officer.id,
        office.ploy.officer.id,
        digest_of(SECOND),
    )
    acts = AuditEntry.objects.filter(act__startswith="draft.").order_by("id").values_list("act", "actor_id")
    ploy, anan = str(office.ploy.officer.id), str(office.anan.officer.id)
    assert list(acts) == [("draft.begin", ploy), ("draft.submit", ploy), ("draft.approve", anan)]


def test_a_first_version_begins_a_scheme(office: Office) -> None:
    first = changed(
        {
            'code = "small-half"\nf': 'code = "smaller-half"\nf',
            "2025-10-20T06:00:00+07:00\nn": "2025-11-01T06:00:00+07:00\nn",
        }
    )
    draft = begin(office.ploy, first)
    submit(draft, office.ploy)
    assert approve(draft, office.anan).version.scheme.code == "smaller-half"  # type: ignore[union-attr]


@pytest.mark.parametrize("submitter", ["ploy", "anan"])
def test_whoever_drafted_or_submitted_cannot_approve(office: Office, submitter: str) -> None:
    draft = begin(office.ploy)
    submit(draft, getattr(office, submitter))
    for officer in (office.ploy, getattr(office, submitter)):
        with pytest.raises(ApproverDrafted):
            approve(draft, officer)
    assert state(draft) == "submitted"


def test_only_officers_draft_submit_and_approve(office: Office) -> None:
    draft = begin(office.ploy)
    for act in (
        partial(drafts.begin, document=SECOND, at=NOON, actor=STAGE_HAND),
        partial(drafts.change, draft_id=draft.id, document=SECOND, at=NOON, actor=STAGE_HAND),
        partial(submit, draft, office.ploy, actor=STAGE_HAND),
        partial(approve, draft, office.anan, actor=STAGE_HAND),
        partial(drafts.reject, draft_id=draft.id, reason="no", at=NOON, actor=STAGE_HAND),
    ):
        with pytest.raises(NotAnOfficer):
            act()


def test_nobody_writes_in_another_officers_draft(office: Office) -> None:
    draft = begin(office.ploy)
    with pytest.raises(DraftNotYours):
        drafts.change(draft_id=draft.id, document="", actor=office.anan.actor, at=NOON)
    with pytest.raises(DraftUnknown):
        drafts.change(draft_id=uuid7(), document="", actor=office.anan.actor, at=NOON)


def test_a_draft_may_be_wrong_but_not_what_is_submitted(office: Office) -> None:
    wrong = begin(office.ploy, "[scheme]\n")
    with pytest.raises(DocumentInvalid):
        submit(wrong, office.ploy)
    late = begin(office.ploy, next_version(from_=NOON))
    with pytest.raises(TakesEffectTooEarly):
        submit(late, office.ploy)
    with pytest.raises(DraftTooLong):
        begin(office.ploy, "#" * 1_000_001)


def test_a_draft_that_changed_after_its_submission_is_submitted_again(office: Office) -> None:
    draft = begin(office.ploy)
    submit(draft, office.ploy)
    drafts.change(draft_id=draft.id, document=SECOND + "# a word\n", actor=office.ploy.actor, at=NOON)
    assert state(draft) == "changed"
    for seen in (SECOND, SECOND + "# a word\n"):  # neither what was submitted nor what it says now
        with pytest.raises(DraftChanged):
            approve(draft, office.anan, seen=digest_of(seen))
    submit(draft, office.ploy)
    assert approve(draft, office.anan).version.document.endswith("# a word\n")  # type: ignore[union-attr]


def test_ploy_submits_what_she_was_shown_and_once(office: Office) -> None:
    draft = begin(office.ploy)
    with pytest.raises(DraftChanged):
        submit(draft, office.ploy, seen=digest_of("something else"))
    submit(draft, office.ploy)
    with pytest.raises(DraftSubmitted):
        submit(draft, office.ploy)


def test_a_rejected_draft_says_why_and_may_come_again(office: Office) -> None:
    draft = begin(office.ploy)
    with pytest.raises(DraftNotSubmitted):
        approve(draft, office.anan)
    submit(draft, office.ploy)
    drafts.reject(draft_id=draft.id, reason="the cabinet said half", actor=office.anan.actor, at=NOON)
    assert (state(draft), Verdict.objects.get().reason) == ("rejected", "the cabinet said half")
    with pytest.raises(DraftNotSubmitted):
        approve(draft, office.anan)
    submit(draft, office.ploy)
    approve(draft, office.anan)
    with pytest.raises(DraftPublished):
        drafts.change(draft_id=draft.id, document=SMALL_HALF, actor=office.ploy.actor, at=NOON)


def test_of_two_drafts_of_one_version_the_second_is_refused(office: Office) -> None:
    first, second = begin(office.ploy), begin(office.ploy)
    for draft in (first, second):
        submit(draft, office.ploy)
    approve(first, office.anan)
    with pytest.raises(VersionNotNext):
        approve(second, office.anan)
    assert state(second) == "submitted"


def test_the_same_key_does_it_once(office: Office) -> None:
    draft, again = (drafts.begin(document=SECOND, actor=office.ploy.actor, at=NOON, key="draft") for _ in range(2))
    assert draft == again
    assert len({submit(draft, office.ploy, key="submit").id for _ in range(2)}) == 1
    assert len({approve(draft, office.anan, key="approve").version_id for _ in range(2)}) == 1
    assert SchemeVersion.objects.filter(scheme__code=CODE).count() == 2


def test_a_check_tells_every_mistake_or_every_example(office: Office) -> None:
    wrong = checking.check(document=SECOND.replace("6_000", '"six"').replace('per = "day"', 'per = "hour"'), at=NOON)
    assert [(mistake.field, mistake.found) for mistake in wrong.mistakes] == [
        ("funding.rates.0.rate_bp", "'six'"),
        ("caps.0.per", "'hour'"),
    ]
    half_changed = next_version(from_=ALL_SAINTS, saying={"rate_bp = 5_000": "rate_bp = 6_000"})
    failing = checking.check(document=half_changed, at=NOON)
    assert [answer.is_right for answer in failing.answers] == [False, False]
    assert failing.refusal is not None
    assert failing.refusal.code == "examples_fail"
    late = checking.check(document=SECOND, at=ALL_SAINTS)
    assert [answer.is_right for answer in late.answers] == [True, True]
    assert late.refusal is not None
    assert late.refusal.code == "takes_effect_too_early"
    assert checking.check(document=SECOND, at=NOON).refusal is None


def test_the_database_compares_the_three_officers_too(office: Office) -> None:
    draft = begin(office.ploy)
    submission = submit(draft, office.ploy)
    version = SchemeVersion.objects.get(scheme__code=CODE)
    ploy, anan = office.ploy.officer, office.anan.officer
    for officer, drafted_by, submitted_by, seen, constraint in (
        (ploy, ploy.id, ploy.id, b"0", "approver_never_drafted_nor_submitted"),
        (anan, ploy.id, ploy.id, None, "approver_never_drafted_nor_submitted"),
        (ploy, anan.id, anan.id, b"0", "verdict_is_on_the_submission"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Verdict.objects.create(
                submission=submission,
                version=version,
                officer=officer,
                drafted_by=drafted_by,
                submitted_by=submitted_by,
                seen=seen,
                at=NOON,
            )
    with pytest.raises(IntegrityError, match="submission_is_of_its_author"), transaction.atomic():
        Submission.objects.create(
            id=uuid7(), draft=draft, drafted_by=anan.id, officer=ploy, document="", seen=b"", at=NOON
        )
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Submission.objects.update(document="another")


@pytest.mark.django_db(transaction=True)
def test_a_wrong_code_is_counted_though_nothing_else_happens(office: Office) -> None:
    draft = begin(office.ploy)
    submit(draft, office.ploy)
    wrong = f"{(int(office.anan.code()) + 1) % 1_000_000:06d}"
    with pytest.raises(SecondFactorWrong):
        approve(draft, office.anan, second_factor=wrong)
    office.anan.device.refresh_from_db()
    assert (office.anan.device.throttling_failure_count, state(draft)) == (1, "submitted")


@pytest.mark.django_db(transaction=True)
def test_an_approval_and_a_rejection_at_once_end_one_way(office: Office) -> None:
    draft = begin(office.ploy)
    submit(draft, office.ploy)
    code = office.anan.code()
    outcomes = at_once(
        [
            partial(approve, draft, office.anan, second_factor=code),
            partial(drafts.reject, draft_id=draft.id, reason="no", actor=office.ploy.actor, at=NOON),
        ]
    )
    assert sorted(isinstance(outcome, Verdict) for outcome in outcomes) == [False, True]
    published = SchemeVersion.objects.filter(scheme__code=CODE, number=2).exists()
    assert published is (Verdict.objects.get().version_id is not None)


@pytest.mark.django_db(transaction=True)
def test_an_approval_that_comes_twice_at_once_publishes_once(office: Office) -> None:
    draft = begin(office.ploy)
    submit(draft, office.ploy)
    twice = partial(approve, draft, office.anan, second_factor=office.anan.code(), key="approve")
    first, second = at_once([twice, twice])
    assert (first, SchemeVersion.objects.filter(scheme__code=CODE).count()) == (second, 2)


@pytest.mark.django_db(transaction=True)
def test_killed_between_the_approval_and_the_publication_there_is_neither(office: Office, superuser: str) -> None:
    draft = begin(office.ploy)
    submit(draft, office.ploy)
    act = partial(approve, draft, office.anan, second_factor=office.anan.code(), key="approve")
    raised: list[BaseException] = []
    with transaction.atomic(), connection.cursor() as cursor:
        # Whoever publishes waits here, with the approval judged and not committed.
        cursor.execute("SELECT 1 FROM subsidies_scheme WHERE code = %s FOR UPDATE", [CODE])
        approving = threading.Thread(target=_keep_what_is_raised, args=(act, raised))
        approving.start()
        _kill_who_waits(superuser)
        approving.join(PATIENCE_SECONDS)
    assert [type(error) for error in raised] == [OperationalError]
    assert (state(draft), Verdict.objects.count(), SchemeVersion.objects.filter(number=2).count()) == (
        "submitted",
        0,
        0,
    )
    assert not AuditEntry.objects.filter(act="draft.approve").exists()
    assert act().version is not None


def _keep_what_is_raised(act: Callable[[], Any], raised: list[BaseException]) -> None:
    try:
        act()
    except Exception as error:  # noqa: BLE001  what was raised is the result
        raised.append(error)
    finally:
        connections.close_all()


def _kill_who_waits(superuser: str) -> None:
    """End the backend that waits for a lock in the test database, once there is one."""
    watching = psycopg2.connect(superuser)
    watching.autocommit = True
    until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=PATIENCE_SECONDS)
    with watching.cursor() as cursor:
        while dt.datetime.now(dt.UTC) < until:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchall():
                break
            time.sleep(0.01)
    watching.close()
