"""Ids that can be counted: citizen 17 is found without asking the database, here and in SQL alike.

So neither the load generator nor `limit.sql` spends anything on finding whom to pay with.
"""

from enum import IntEnum
from typing import Final
from uuid import UUID


class Named(IntEnum):
    """What is counted; the number begins the id."""

    CITIZEN = 1
    DEVICE = 2
    ENROLMENT = 3
    TICKET = 4
    TOP_UP = 5
    MERCHANT = 6
    TILL = 7
    CHARGE = 8
    SECOND_ENROLMENT = 9
    SECOND_TICKET = 10


def id_of(named: Named, number: int) -> UUID:
    """Return the id of one of them, in the form of a UUIDv7."""
    return UUID(int=named << 96 | 0x7 << 76 | 0x8 << 60 | number)


# The same in SQL. It is inlined where it is called.
ID_OF: Final = """
    CREATE SCHEMA bench;
    GRANT USAGE ON SCHEMA bench TO PUBLIC;
    CREATE FUNCTION bench.id_of(named int, number bigint) RETURNS uuid IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
        SELECT (lpad(to_hex(named), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid
    $$;
"""
