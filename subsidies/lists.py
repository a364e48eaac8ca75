"""Officers upload lists of people, and a second officer puts each in force; schemes then judge by them.

A file is read as it comes in and never put down: a batch of lines becomes keyed blind indexes and one short
transaction, which also keeps how far the reading is. So the national IDs of a nation lie nowhere in clear, not even in
a temporary file; whoever looks sees the progress; and an upload that was cut off or killed goes on where it stopped
when the same file is sent again under the same key. Why so: docs/decisions/0014.
"""

import datetime as dt
from typing import BinaryIO, ClassVar, Final, Literal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from subsidies.list_files import START, Batch, FileDiffers, Place, Rejected, Wrong, batches
from subsidies.models import ListApproval, ListRejection, PeopleList
from wallet import audit, keys, officers, second_factors
from wallet.clock import today
from wallet.ids import uuid7
from wallet.refusals import Refusal

State = Literal["reading", "stopped", "waiting", "approved"]

# A nation of seventy million at thirty bytes a line.
LARGEST_FILE: Final = 1 << 31
# A file of which so many lines, and one in so many, are wrong is another file than was meant; the rest is not read.
WRONG_LINES_JUDGED: Final = 10_000
ONE_WRONG_IN: Final = 10

# Why a reading was given up.
MOSTLY_WRONG: Final = "mostly_wrong"
NOBODY: Final = "nobody"

# Adds whom a batch names, and returns the indexes that were on the list already.
ADD: Final = """
    WITH given AS MATERIALIZED (SELECT * FROM unnest(%s::bytea[]) AS given (person_index)), added AS (
        INSERT INTO subsidies_listmember (person_index, list_id) SELECT person_index, %s FROM given
        ON CONFLICT DO NOTHING RETURNING person_index
    )
    SELECT person_index FROM given EXCEPT SELECT person_index FROM added
"""


class ListUnknown(Refusal):
    """There is no such list."""

    code: ClassVar = "list_unknown"
    status: ClassVar = 404


class ListTooLarge(Refusal):
    """The file is longer than a list of the whole nation."""

    code: ClassVar = "list_too_large"
    status: ClassVar = 413


class ListAhead(Refusal):
    """A list cannot tell of a day that has not come."""

    code: ClassVar = "list_ahead_of_its_day"
    status: ClassVar = 422


class UploadCutOff(Refusal):
    """Less of the file came than was announced. What came is kept; the same file under the same key goes on."""

    code: ClassVar = "list_upload_cut_off"


class UploadElsewhere(Refusal):
    """Another request is reading the same upload."""

    code: ClassVar = "list_upload_elsewhere"


class ListStopped(Refusal):
    """The reading was given up: most lines were wrong, or nobody was on it."""

    code: ClassVar = "list_stopped"
    status: ClassVar = 422


class ListNotRead(Refusal):
    """The list has not been read to its end, so nobody can approve it."""

    code: ClassVar = "list_not_read"


class ListApproved(Refusal):
    """The list is in force already."""

    code: ClassVar = "list_approved"


class ListNotYours(Refusal):
    """Another officer began this list."""

    code: ClassVar = "list_not_yours"
    status: ClassVar = 403


class ListMakerApproves(Refusal):
    """Who uploads a list never approves it."""

    code: ClassVar = "list_maker_approves"
    status: ClassVar = 403


def upload(
    *,
    file: BinaryIO,
    size: int,
    code: str,
    as_of: dt.date,
    source: str,
    actor: audit.Actor,
    key: str,
    at: dt.datetime,
) -> PeopleList:
    """Read a list to its end and return it. It waits for a second officer.

    The same file again under the same key goes on where it stopped, or returns what was read.

    :param size: bytes of the file, as whoever sends it announces.
    :raises NotAnOfficer | KeyReused | ListTooLarge | ListAhead:
    :raises FileDiffers: the key began with another file.
    :raises UploadCutOff | UploadElsewhere: send it again.
    :raises ListStopped: it is not a list of people. The lines that were judged are told by `rejections`.
    """
    officer = officers.of(actor)
    if size > LARGEST_FILE:
        raise ListTooLarge(largest_bytes=LARGEST_FILE)
    if as_of > today(at):
        raise ListAhead(as_of=as_of.isoformat())
    content = {"list": code, "as_of": as_of, "source": source, "size": size}
    with transaction.atomic(durable=True):
        list_id = uuid7()
        was = keys.claim(caller_id=officer.id, key=key, content=content, outcome_id=list_id, at=at)
        if was is None:
            PeopleList.objects.create(
                id=list_id,
                code=code,
                as_of=as_of,
                source=source,
                made_by=officer,
                begun_at=at,
                size=size,
                digest=START.digest,
            )
            audit.record(actor=actor, act="list.upload", subject_id=list_id, at=at, code=code, as_of=as_of.isoformat())
        found = PeopleList.objects.get(id=was or list_id)
    return _read(found, file=file, at=at)


def read_on(*, list_id: UUID, file: BinaryIO, size: int, actor: audit.Actor, at: dt.datetime) -> PeopleList:
    """Go on with a list whose upload was cut off: the same file again, from the same officer, without its key.

    :raises NotAnOfficer | ListUnknown:
    :raises ListNotYours: another officer began it; what two have sent nobody could approve alone.
    :raises FileDiffers | UploadCutOff | UploadElsewhere | ListStopped: as `upload` says.
    """
    officer = officers.of(actor)
    found = of(list_id=list_id)
    if found.made_by_id != officer.id:
        raise ListNotYours
    if found.size != size:
        raise FileDiffers
    return _read(found, file=file, at=at)


def approve(*, list_id: UUID, actor: audit.Actor, second_factor: str, at: dt.datetime) -> ListApproval:
    """Put a list in force, as the second officer: from now on it is the newest of its code that tells of its day.

    :param second_factor: a TOTP code from the officer's device, made now.
    :raises NotAnOfficer | ListUnknown | ListNotRead | ListApproved | ListMakerApproves:
    :raises SecondFactorWrong: counted, and that alone is committed.
    """
    officer = officers.of(actor)
    with transaction.atomic(durable=True):
        found = PeopleList.objects.select_for_update().filter(id=list_id).first()
        if found is None:
            raise ListUnknown
        if ListApproval.objects.filter(list=found).exists():
            raise ListApproved
        if found.ended_at is None or found.stopped_why:
            raise ListNotRead(lines=found.lines)
        if found.made_by_id == officer.id:
            raise ListMakerApproves
        wrong = second_factors.judge(officer=officer, code=second_factor)
        if wrong is None:
            audit.record(
                actor=actor,
                act="list.approve",
                subject_id=found.id,
                at=at,
                people=found.people,
                digest=bytes(found.digest).hex(),
            )
            return ListApproval.objects.create(
                list=found,
                officer=officer,
                made_by=found.made_by_id,
                seen=bytes(found.digest),
                people=found.people,
                at=at,
            )
        audit.record(actor=actor, act="list.second_factor_wrong", subject_id=found.id, at=at)
    raise wrong


def of(*, list_id: UUID) -> PeopleList:
    """Return a list, with who uploaded and who approved it.

    :raises ListUnknown: there is none of this id.
    """
    found = _with_officers().filter(id=list_id).first()
    if found is None:
        raise ListUnknown
    return found


def state(found: PeopleList) -> State:
    """Return how a list stands: while it is read, once that was given up, while it waits, and in force."""
    if found.ended_at is None:
        return "reading"
    if found.stopped_why:
        return "stopped"
    return "approved" if hasattr(found, "approval") else "waiting"


def newest(*, at_most: int, before: UUID | None = None) -> list[PeopleList]:
    """Return the newest lists, older than `before` if given."""
    lists = _with_officers().order_by("-id")
    return list((lists if before is None else lists.filter(id__lt=before))[:at_most])


def waiting(*, at_most: int) -> list[PeopleList]:
    """Return the lists that are read and wait for a second officer, oldest first."""
    read = _with_officers().filter(ended_at__isnull=False, stopped_why="", approval__isnull=True)
    return list(read.order_by("id")[:at_most])


def rejections(*, list_id: UUID, at_most: int, after: int = 0) -> list[ListRejection]:
    """Return the lines of a list that were not taken in, in order, after a line."""
    return list(ListRejection.objects.filter(list_id=list_id, line__gt=after).order_by("line")[:at_most])


def _with_officers() -> QuerySet[PeopleList]:
    return PeopleList.objects.select_related("made_by__user", "approval__officer__user")


def _read(found: PeopleList, *, file: BinaryIO, at: dt.datetime) -> PeopleList:
    """Read the file on from where the list stands, to its end."""
    _must_go_on(found)
    place = Place(found.bytes_read, found.lines, bytes(found.digest))
    for batch in batches(file=file, size=found.size, after=place):
        _take(found.id, batch, after=place, at=at)
        place = batch.place
    if place.bytes_read < found.size:
        raise UploadCutOff(read_bytes=place.bytes_read, size_bytes=found.size)
    return _end(found.id, at=at)


def _take(list_id: UUID, batch: Batch, *, after: Place, at: dt.datetime) -> None:
    """Take in what one batch says, and how far the reading is.

    :raises UploadElsewhere: another request has read on from `after`.
    :raises ListStopped: most of what was read is wrong. The reading ends here, and that is committed.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        found = PeopleList.objects.select_for_update().get(id=list_id)
        if found.ended_at is not None or found.bytes_read != after.bytes_read:
            raise UploadElsewhere
        cursor.execute(ADD, [_array(batch.people), list_id])
        again = [Rejected(line, Wrong.DUPLICATE, masked) for line, masked in _known(batch, cursor.fetchall())]
        rejected = [*batch.rejected, *again]
        ListRejection.objects.bulk_create(
            ListRejection(list_id=list_id, line=line, why=why, masked=masked) for line, why, masked in rejected
        )
        found.bytes_read, found.lines, found.digest = batch.place
        found.people += len(batch.people) - len(again)
        found.rejected += len(rejected)
        if found.rejected >= WRONG_LINES_JUDGED and found.rejected * ONE_WRONG_IN > found.lines:
            found.ended_at, found.stopped_why = at, MOSTLY_WRONG
        found.save()
    _must_go_on(found)


def _known(batch: Batch, indexes: list[tuple[memoryview]]) -> list[tuple[int, str]]:
    return [batch.people[bytes(index)] for (index,) in indexes]


def _array(indexes: dict[bytes, tuple[int, str]]) -> str:
    # As PostgreSQL writes an array: a tenth of what a constructor of ten thousand values costs to parse.
    return "{" + ",".join(f'"\\\\x{index.hex()}"' for index in indexes) + "}"


def _end(list_id: UUID, *, at: dt.datetime) -> PeopleList:
    with transaction.atomic(durable=True):
        found = PeopleList.objects.select_for_update().get(id=list_id)
        if found.ended_at is None:
            found.ended_at, found.stopped_why = at, "" if found.people else NOBODY
            found.save()
    _must_go_on(found)
    return of(list_id=list_id)


def _must_go_on(found: PeopleList) -> None:
    if found.stopped_why:
        raise ListStopped(list_id=str(found.id), why=found.stopped_why, lines=found.lines, rejected=found.rejected)
