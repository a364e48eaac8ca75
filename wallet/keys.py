"""Idempotency keys: the same key with the same content gets the same answer, and a second request waits for the first.

`pay` looks for its key under the citizen's lock and writes it with the payment. Every other act that moves money
claims its key here, first thing in its transaction.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection

from wallet.models import RequestKey
from wallet.refusals import Refusal


class KeyReused(Refusal):
    """The key was used before, for something else."""

    code: ClassVar = "key_reused"
    status: ClassVar = 422


def fingerprint(content: Mapping[str, Any]) -> bytes:
    """Return what a key stands for: SHA-256 over the content as canonical JSON."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).digest()


def earlier(*, caller_id: UUID, key: str, content: Mapping[str, Any]) -> UUID | None:
    """Return the id of the outcome that a key has, if it has one. Look under a lock that its twin takes too.

    :raises KeyReused: the key stands for other content.
    """
    found = RequestKey.objects.filter(caller_id=caller_id, key=key).first()
    if found is None:
        return None
    if bytes(found.fingerprint) != fingerprint(content):
        raise KeyReused
    return found.outcome_id


def claim(*, caller_id: UUID, key: str, content: Mapping[str, Any], outcome_id: UUID, at: dt.datetime) -> UUID | None:
    """Take the key for this act, or return the id of the outcome that it already has.

    Waits for another request with the same key to commit or fail (bounded by the connection's lock time-out);
    if that one fails, the key is free again.

    :raises KeyReused: the key stands for other content.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO wallet_requestkey (caller_id, key, fingerprint, outcome_id, at) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [caller_id, key, fingerprint(content), outcome_id, at],
        )
        if cursor.rowcount:
            return None
    return earlier(caller_id=caller_id, key=key, content=content)
