"""On which lists somebody was on a day. A list tells of one day and holds until a newer one of its code."""

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

# Each list's code -> the days that were told of (ISO texts) -> whether the person was on it.
Snapshots: TypeAlias = Mapping[str, Mapping[str, bool]]


def lists_on(day: date, snapshots: Snapshots) -> list[str]:
    """Return the codes of the lists that the person was on as known on `day`: the newest of that day or before counts.

    A list that tells of a later day only says nothing about `day`; nobody was on it.
    """
    latest = day.isoformat()
    found = []
    for code, days in snapshots.items():
        told = [told_of for told_of in days if told_of <= latest]
        if told and days[max(told)]:
            found.append(code)
    return sorted(found)
