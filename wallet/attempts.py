"""Wrong sign-ins, counted by where they come from and whom they are for, so that nobody can guess for long.

A citizen's PIN has a count of its own under the citizen's lock (`proofs.py`). This is for what has no such lock: one
network address that tries a PIN on everybody, and the name of an officer that is tried from everywhere.
"""

import datetime as dt
from typing import ClassVar, Final, NamedTuple

from django.db.models import F

from wallet import privacy
from wallet.models import AddressAttempts
from wallet.refusals import Refusal

WINDOW: Final = dt.timedelta(minutes=10)


class Source(NamedTuple):
    """What wrong tries are counted by, and how many of them one window allows."""

    kind: str
    value: str
    allowed: int


class TooManyTries(Refusal):
    """There were too many wrong sign-ins from this network address, or for this name, in the last minutes."""

    code: ClassVar = "too_many_tries"
    status: ClassVar = 429


def from_address(address: str) -> Source:
    """Return a network address as a source of tries."""
    # One address may stand for a whole market behind one router, so it is allowed many honest mistakes; a stranger
    # who tries one PIN on everybody still gets at most 300 guesses an hour.
    return Source("address", address, 50)


def for_name(name: str) -> Source:
    """Return the name of an officer, a shop's staff or a till as a source of tries."""
    # A person who has forgotten a password stops before this; a machine gets 60 guesses an hour.
    return Source("name", name, 10)


def must_be_calm(*sources: Source, at: dt.datetime) -> None:
    """Refuse to judge another try while too many were wrong.

    :raises TooManyTries: with the seconds after which to try again.
    """
    starts_at = _window(at)
    for source in sources:
        tries = AddressAttempts.objects.filter(address_index=_index(source), window_starts_at=starts_at)
        if tries.filter(wrong__gte=source.allowed).exists():
            raise TooManyTries(retry_after_seconds=int((starts_at + WINDOW - at).total_seconds()) + 1)


def count(*sources: Source, at: dt.datetime) -> None:
    """Count one wrong try. Call outside a transaction that may be rolled back."""
    starts_at = _window(at)
    for source in sources:
        row = AddressAttempts(address_index=_index(source), window_starts_at=starts_at, wrong=0)
        AddressAttempts.objects.bulk_create([row], ignore_conflicts=True)
        tries = AddressAttempts.objects.filter(address_index=row.address_index, window_starts_at=starts_at)
        tries.update(wrong=F("wrong") + 1)


def _index(source: Source) -> bytes:
    return privacy.index_of(source.kind, source.value)


def _window(at: dt.datetime) -> dt.datetime:
    seconds = int(WINDOW.total_seconds())
    return dt.datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, dt.UTC)
