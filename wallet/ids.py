"""Identifiers: UUID version 7 (RFC 9562 §5.7), made in Python so that any PostgreSQL from 15 on will do.

They sort by the instant at which they were made, so a new row lands at the right-hand edge of its index. As in
PostgreSQL's own `uuidv7()` the clock goes on below the millisecond (§6.2, method 3): within one, chance would put a
payment before the grant that it spends.
"""

import os
import time
from typing import Final
from uuid import UUID

MILLISECOND: Final = 1_000_000  # nanoseconds


def uuid7() -> UUID:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, 12 bits of the rest of the clock, then 62 random bits."""
    milliseconds, rest = divmod(time.time_ns(), MILLISECOND)
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | ((rest << 12) // MILLISECOND) << 64
    value |= 0b10 << 62 | (int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF)
    return UUID(int=value)
