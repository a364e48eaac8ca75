"""Identifiers: UUID version 7 (RFC 9562 §5.7), made in Python so that any PostgreSQL from 15 on will do.

They sort by the millisecond in which they were made, so a new row lands at the right-hand edge of its index.
"""

import os
import time
from uuid import UUID


def uuid7() -> UUID:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | (noise >> 68 & 0xFFF) << 64
    value |= 0b10 << 62 | (noise & 0x3FFF_FFFF_FFFF_FFFF)
    return UUID(int=value)
