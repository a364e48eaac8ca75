"""When a right can be used: the scheme's dates, and each channel's hours. Windows are half-open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from subsidies.rules.calendar import ONE_DAY, WEEKDAYS, Calendar
from wallet.refusals import Refusal

# A scheme opens at least once in so many days, or it has no next opening to tell of.
DAYS_TO_LOOK: Final = 400


class SchemeNotStarted(Refusal):
    """The right cannot be used yet."""

    code = "scheme_not_started"


class SchemeEnded(Refusal):
    """The right can no longer be used."""

    code = "scheme_ended"


class SchemeStopped(SchemeEnded):
    """Officers stopped the scheme for good, before its time."""

    code = "scheme_stopped"


class SchemeSuspended(Refusal):
    """Officers suspended the scheme; whether it goes on is not decided yet."""

    code = "scheme_suspended"


class OutsideHours(Refusal):
    """The right can be used on this channel, but not now."""

    code = "outside_hours"


class ChannelNotAllowed(Refusal):
    """The right can never be used on this channel."""

    code = "channel_not_allowed"


@dataclass(frozen=True, slots=True)
class Hours:
    """Daily hours; `closes` at or before `opens` is on the next day."""

    opens: time
    closes: time
    weekdays: frozenset[str] | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    except_on: frozenset[date] = frozenset()

    def window(self, day: date, calendar: Calendar) -> tuple[datetime, datetime] | None:
        """Return from when to when this is open on the local `day`, as UTC instants."""
        if day in self.except_on:
            return None
        if self.weekdays is not None and WEEKDAYS[day.weekday()] not in self.weekdays:
            return None
        opens = calendar.instant(day, self.opens)
        closes = calendar.instant(day if self.closes > self.opens else day + ONE_DAY, self.closes)
        opens = max(opens, self.starts_at or opens)
        closes = min(closes, self.ends_at or closes)
        return (opens, closes) if opens < closes else None


@dataclass(slots=True)
class Windows:
    """The dates of the scheme and the hours of its channels."""

    calendar: Calendar
    starts_at: datetime
    ends_at: datetime
    hours: Mapping[str, tuple[Hours, ...]]
    # The window that was found open last, by channel: most payments fall into it.
    _open: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    def must_be_open(self, *, channel: str, at: datetime) -> None:
        """Return if the scheme is open on the channel at this instant.

        :raises SchemeNotStarted, SchemeEnded, ChannelNotAllowed, OutsideHours: with `opens_at` where it opens again.
        """
        known = self._open.get(channel)
        if known is None or not known[0] <= at < known[1]:
            self._look(channel, at)

    def open_window(self, *, channel: str, at: datetime) -> tuple[datetime, datetime] | None:
        """Return the window that is open now or opens next, as UTC instants; None when there is none any more."""
        # Yesterday's hours may reach past midnight.
        day = self.calendar.local(max(at, self.starts_at)).date() - ONE_DAY
        last = min(self.calendar.local(self.ends_at).date(), day + timedelta(days=DAYS_TO_LOOK))
        while day <= last:
            ahead = [window for window in self._on(day, channel) if at < window[1]]
            if ahead:
                return min(ahead)
            day += ONE_DAY
        return None

    def _on(self, day: date, channel: str) -> list[tuple[datetime, datetime]]:
        """Return the channel's windows that open on the local `day`, cut to the dates of the scheme."""
        windows = filter(None, (hours.window(day, self.calendar) for hours in self.hours.get(channel, ())))
        cut = ((max(opens, self.starts_at), min(closes, self.ends_at)) for opens, closes in windows)
        return [(opens, closes) for opens, closes in cut if opens < closes]

    def _look(self, channel: str, at: datetime) -> None:
        if channel not in self.hours:
            raise ChannelNotAllowed(channel=channel)
        window = self.open_window(channel=channel, at=at)
        if window is None:
            raise SchemeEnded(ended_at=self._ended_at(channel).isoformat())
        if at < self.starts_at:
            raise SchemeNotStarted(opens_at=window[0].isoformat())
        if at < window[0]:
            raise OutsideHours(channel=channel, opens_at=window[0].isoformat())
        self._open[channel] = window

    def _ended_at(self, channel: str) -> datetime:
        """Return when the channel closed for the last time, which may be before the scheme's own end."""
        day = self.calendar.local(self.ends_at).date()
        for _ in range(DAYS_TO_LOOK):
            closes = [window[1] for window in self._on(day, channel)]
            if closes:
                return max(closes)
            day -= ONE_DAY
        return self.ends_at
