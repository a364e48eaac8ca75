"""Ploy uploads a list, Anan puts it in force, and schemes judge by it."""

import datetime as dt
import hashlib
import io

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from subsidies import lists, people_facts
from subsidies.list_files import LINES_AT_ONCE, FileDiffers
from subsidies.lists import (
    ListAhead,
    ListApproved,
    ListMakerApproves,
    ListNotRead,
    ListStopped,
    ListTooLarge,
    ListUnknown,
    UploadCutOff,
    UploadElsewhere,
)
from subsidies.models import ListApproval, ListMember, ListRejection, PeopleList
from tests.cast import NOON, OPENING, PLUS, Stage, thai_id
from tests.settlement.office import Office
from wallet.audit import Actor
from wallet.ids import uuid7
from wallet.keys import KeyReused
from wallet.models import AuditEntry
from wallet.officers import NotAnOfficer
from wallet.second_factors import SecondFactorWrong

pytestmark = pytest.mark.django_db

JUNE = dt.date(2025, 6, 30)
FILERS = "tax-filers-2567"


@pytest.fixture
def office() -> Office:
    return Office()


def csv_of(*numbers: int) -> bytes:
    return "".join(f"{thai_id(number)}\n" for number in numbers).encode()


def upload(
    office: Office,
    content: bytes,
    *,
    code: str = FILERS,
    as_of: dt.date = JUNE,
    key: str = "k1",
    size: int | None = None,
    at: dt.datetime = OPENING,
) -> PeopleList:
    return lists.upload(
        file=io.BytesIO(content),
        size=len(content) if size is None else size,
        code=code,
        as_of=as_of,
        source="Revenue Department, letter 7",
        actor=office.ploy.actor,
        key=key,
        at=at,
    )


def approve(office: Office, found: PeopleList, *, at: dt.datetime = OPENING) -> None:
    lists.approve(list_id=found.id, actor=office.anan.actor, second_factor=office.anan.code(), at=at)


def in_force(office: Office, content: bytes, *, at: dt.datetime = OPENING, **said) -> PeopleList:
    found = upload(office, content, key=str(uuid7()), at=at, **said)
    approve(office, found, at=at)
    return found


def told(found: PeopleList) -> tuple[int, int, int]:
    return found.lines, found.people, found.rejected


def test_a_list_is_read_and_waits_for_another_officer(office: Office) -> None:
    content = b"national_id\n" + csv_of(1, 2, 2) + b"12\n" + csv_of(3)

    found = upload(office, content)

    assert told(found) == (6, 3, 2)
    assert (found.bytes_read, bytes(found.digest)) == (len(content), hashlib.sha256(content).digest())
    assert (found.ended_at, found.made_by_id) == (OPENING, office.ploy.officer.id)
    assert [(line.line, line.why, line.masked) for line in lists.rejections(list_id=found.id, at_most=10)] == [
        (4, "duplicate", "•••••••••" + thai_id(2)[-4:]),
        (5, "not_13_digits", ""),
    ]
    assert not ListApproval.objects.exists()
    assert [entry.act for entry in AuditEntry.objects.filter(subject_id=found.id)] == ["list.upload"]


def test_a_person_of_an_earlier_batch_is_a_duplicate_too(office: Office) -> None:
    found = upload(office, csv_of(*range(LINES_AT_ONCE + 3), 7, LINES_AT_ONCE + 1, 8))

    assert told(found) == (LINES_AT_ONCE + 6, LINES_AT_ONCE + 3, 3)
    assert [(line.line, line.why) for line in lists.rejections(list_id=found.id, at_most=10)] == [
        (LINES_AT_ONCE + 4, "duplicate"),
        (LINES_AT_ONCE + 5, "duplicate"),
        (LINES_AT_ONCE + 6, "duplicate"),
    ]


def test_no_national_id_is_kept_in_clear(office: Office) -> None:
    upload(office, csv_of(1, 2, 2) + b"1234567890123\n" + thai_id(9)[:12].encode() + b"\n")

    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        kept = []
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(kept::text, ' '), '') FROM {table} kept")
            kept.append(cursor.fetchone()[0])
    for digits in (thai_id(1), thai_id(2), "1234567890123", thai_id(9)[:12]):
        assert digits not in " ".join(kept)
        assert digits.encode().hex() not in " ".join(kept)


def test_the_same_file_under_the_same_key_is_one_list(office: Office) -> None:
    first = upload(office, csv_of(1, 2))

    assert upload(office, csv_of(1, 2)).id == first.id
    assert PeopleList.objects.count() == 1
    with pytest.raises(KeyReused):
        upload(office, csv_of(1, 2), as_of=JUNE.replace(day=29))
    with pytest.raises(FileDiffers):
        upload(office, csv_of(1, 3))


def test_an_upload_that_was_cut_off_goes_on_where_it_stopped(office: Office) -> None:
    content = csv_of(*range(LINES_AT_ONCE + 50))

    with pytest.raises(UploadCutOff) as cut:
        upload(office, content[:-200], size=len(content))

    assert cut.value.facts == {"read_bytes": LINES_AT_ONCE * 14, "size_bytes": len(content)}
    (seen,) = lists.newest(at_most=5)
    assert (told(seen), seen.ended_at) == ((LINES_AT_ONCE, LINES_AT_ONCE, 0), None)
    with pytest.raises(ListNotRead):
        approve(office, seen)

    found = upload(office, content)

    assert (found.id, told(found)) == (seen.id, (LINES_AT_ONCE + 50, LINES_AT_ONCE + 50, 0))
    assert ListMember.objects.filter(list_id=found.id).count() == LINES_AT_ONCE + 50


class Meanwhile(io.BytesIO):
    """A file whose other half comes slowly: meanwhile another request reads it to its end."""

    def __init__(self, content: bytes, then) -> None:
        super().__init__(content)
        self.then = then

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() and self.then:
            then, self.then = self.then, None
            then()
        return super().read(size)


def test_two_uploads_of_one_file_at_once_become_one_list(office: Office) -> None:
    content = csv_of(*range(LINES_AT_ONCE + 50))
    slow = Meanwhile(content, then=lambda: upload(office, content))

    with pytest.raises(UploadElsewhere):
        lists.upload(
            file=slow,
            size=len(content),
            code=FILERS,
            as_of=JUNE,
            source="Revenue Department, letter 7",
            actor=office.ploy.actor,
            key="k1",
            at=OPENING,
        )

    (found,) = lists.newest(at_most=5)
    assert told(found) == (LINES_AT_ONCE + 50, LINES_AT_ONCE + 50, 0)


def test_what_is_mostly_rubbish_is_not_read_to_its_end(office: Office) -> None:
    rubbish = b"rubbish\n" * (3 * LINES_AT_ONCE)

    with pytest.raises(ListStopped) as stopped:
        upload(office, rubbish)

    (found,) = lists.newest(at_most=5)
    assert stopped.value.facts == {
        "list_id": str(found.id),
        "why": "mostly_wrong",
        "lines": found.lines,
        "rejected": found.rejected,
    }
    assert found.lines == 2 * LINES_AT_ONCE
    assert ListRejection.objects.filter(list_id=found.id).count() == found.rejected
    with pytest.raises(ListStopped):
        upload(office, rubbish)
    with pytest.raises(ListNotRead):
        approve(office, found)


def test_a_list_of_nobody_is_not_put_in_force(office: Office) -> None:
    with pytest.raises(ListStopped) as stopped:
        upload(office, b"national_id\nsomchai\n")
    assert (stopped.value.facts["why"], stopped.value.facts["rejected"]) == ("nobody", 1)
    with pytest.raises(ListStopped):
        upload(office, b"", key="k2")


def test_a_list_that_cannot_be_is_not_begun(office: Office) -> None:
    with pytest.raises(ListTooLarge):
        upload(office, b"", size=lists.LARGEST_FILE + 1)
    with pytest.raises(ListAhead):
        upload(office, csv_of(1), as_of=OPENING.date() + dt.timedelta(days=1))
    with pytest.raises(NotAnOfficer):
        lists.upload(
            file=io.BytesIO(),
            size=0,
            code=FILERS,
            as_of=JUNE,
            source="nobody",
            actor=Actor("officer", str(uuid7())),
            key="k1",
            at=OPENING,
        )
    assert not PeopleList.objects.exists()


def test_who_uploads_never_approves(office: Office) -> None:
    found = upload(office, csv_of(1))

    with pytest.raises(ListMakerApproves):
        lists.approve(list_id=found.id, actor=office.ploy.actor, second_factor=office.ploy.code(), at=OPENING)
    with pytest.raises(IntegrityError, match="list_approver_never_made_it"), transaction.atomic():
        ListApproval.objects.create(
            list=found, officer=office.ploy.officer, made_by=office.ploy.officer.id, seen=b"", people=1, at=OPENING
        )


def test_an_approval_names_who_truly_uploaded(office: Office) -> None:
    found = upload(office, csv_of(1))

    with pytest.raises(IntegrityError, match="approval_is_on_the_list"), transaction.atomic():
        ListApproval.objects.create(
            list=found, officer=office.ploy.officer, made_by=office.anan.officer.id, seen=b"", people=1, at=OPENING
        )


def test_a_second_officer_approves_once_with_a_second_factor(office: Office) -> None:
    found = upload(office, csv_of(1))

    with pytest.raises(SecondFactorWrong):
        lists.approve(list_id=found.id, actor=office.anan.actor, second_factor="000000", at=OPENING)
    approve(office, found)
    with pytest.raises(ListApproved):
        approve(office, found)
    with pytest.raises(ListUnknown):
        lists.approve(list_id=uuid7(), actor=office.anan.actor, second_factor=office.anan.code(), at=OPENING)

    acts = list(AuditEntry.objects.filter(subject_id=found.id).order_by("id").values_list("act", flat=True))
    assert acts == ["list.upload", "list.second_factor_wrong", "list.approve"]
    approval = ListApproval.objects.get()
    assert (bytes(approval.seen), approval.people) == (bytes(found.digest), 1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE subsidies_peoplelist SET people = 7",
        "DELETE FROM subsidies_peoplelist",
        "UPDATE subsidies_listmember SET person_index = ''",
        "DELETE FROM subsidies_listmember",
        "DELETE FROM subsidies_listrejection",
        "UPDATE subsidies_listapproval SET people = 7",
    ],
)
def test_a_list_stays_as_it_was_read(office: Office, statement: str) -> None:
    in_force(office, csv_of(1))
    with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_newest_list_of_a_code_counts_and_a_day_in_the_past_is_a_snapshot(stage: Stage, office: Office) -> None:
    somchai = stage.citizen("somchai")  # the person of number 0
    facts = lambda at=OPENING: people_facts.facts_of(citizen_id=somchai.id, at=at)  # noqa: E731  asked again and again
    assert (facts()["lists"], facts()["lists_as_of"]) == ([], {})

    in_force(office, csv_of(0, 1))
    in_force(office, csv_of(0), code="welfare-card")
    assert facts()["lists"] == [FILERS, "welfare-card"]

    in_force(office, csv_of(1), as_of=dt.date(2025, 9, 30))
    in_force(office, csv_of(0, 1), as_of=dt.date(2025, 3, 31))  # late, of an earlier day
    assert facts()["lists"] == ["welfare-card"]
    assert facts()["lists_as_of"] == {
        FILERS: {"2025-03-31": True, "2025-06-30": True, "2025-09-30": False},
        "welfare-card": {"2025-06-30": True},
    }

    in_force(office, csv_of(1), at=NOON)  # the same day told again, without him: it counts from its approval on
    assert facts()["lists_as_of"][FILERS]["2025-06-30"] is True
    assert facts(NOON)["lists_as_of"][FILERS]["2025-06-30"] is False


def test_a_list_that_nobody_approved_is_not_judged_by(stage: Stage, office: Office) -> None:
    somchai = stage.citizen("somchai")
    upload(office, csv_of(0))
    assert people_facts.facts_of(citizen_id=somchai.id, at=OPENING)["lists"] == []


def test_whoever_filed_taxes_as_known_in_june_gets_2400_baht(stage: Stage, office: Office) -> None:
    in_force(office, csv_of(0))
    in_force(office, csv_of(1), as_of=dt.date(2025, 9, 30))  # too late for this programme

    stage.citizen("somchai", enrolled=PLUS)
    stage.citizen("nok", enrolled=PLUS)

    assert stage.books() == {"purse:somchai": 2_400_00, "purse:nok": 2_000_00}


def test_what_is_known_about_somebody_takes_two_statements(
    stage: Stage, office: Office, django_assert_num_queries
) -> None:
    somchai = stage.citizen("somchai", enrolled=PLUS)
    for code in ("a", "b", "c"):
        in_force(office, csv_of(0), code=code)

    with django_assert_num_queries(2):
        facts = people_facts.facts_of(citizen_id=somchai.id, at=NOON)

    assert facts == {
        "nationality": "TH",
        "province": "กรุงเทพมหานคร",
        "born_on": "1988-02-09",
        "lists": ["a", "b", "c"],
        "lists_as_of": {"a": {"2025-06-30": True}, "b": {"2025-06-30": True}, "c": {"2025-06-30": True}},
        "enrolled_in": [PLUS],
        "was_enrolled_in": [PLUS],
        "waived": {},
    }
