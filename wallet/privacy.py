"""Personal data: sealed with AES-256-GCM, found only by keyed blind index, shown masked.

Keys are named by version and live in the settings, never in the database, so a stolen copy of the tables tells
nobody's name and cannot be searched by trying every national ID.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES: Final = 12


def seal(facts: Mapping[str, Any], *, subject_id: UUID) -> bytes:
    """Encrypt `facts` for one subject: one byte of key version, the nonce, the ciphertext.

    The subject's id is authenticated too, so that a sealed row cannot be moved to another person.
    """
    version = max(settings.PERSONAL_DATA_KEYS)
    nonce = os.urandom(NONCE_BYTES)
    plain = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    return (
        bytes([version]) + nonce + AESGCM(settings.PERSONAL_DATA_KEYS[version]).encrypt(nonce, plain, subject_id.bytes)
    )


def unseal(sealed: bytes | memoryview, *, subject_id: UUID) -> dict[str, Any]:
    """Decrypt what `seal` made.

    :raises cryptography.exceptions.InvalidTag: changed, or another subject's.
    """
    data = bytes(sealed)
    nonce, ciphertext = data[1 : 1 + NONCE_BYTES], data[1 + NONCE_BYTES :]
    plain = AESGCM(settings.PERSONAL_DATA_KEYS[data[0]]).decrypt(nonce, ciphertext, subject_id.bytes)
    found: dict[str, Any] = json.loads(plain)
    return found


def index_of(kind: str, value: str) -> bytes:
    """Return the keyed blind index under which a value of this kind is found, 32 bytes."""
    return hmac.digest(settings.BLIND_INDEX_KEY, f"{kind}:{value}".encode(), hashlib.sha256)


def masked_name(name: str) -> str:
    """Return a name as a receipt may show it: `สมชาย ใจดี` becomes `สมชาย จ***`."""
    first, _, last = name.strip().partition(" ")
    initial = next((letter for letter in last if letter.isalpha() and letter not in "เแโใไ"), "")
    return f"{first} {initial}***" if initial else first


def masked_digits(digits: str) -> str:
    """Return a number with all but its last four digits hidden."""
    return "•" * max(len(digits) - 4, 0) + digits[-4:]
