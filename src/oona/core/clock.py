"""Time: UTC inside, the person's zone at the edge, and a clock that tests can move."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Where every part of Oona reads the time from."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back; only differences mean something."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class ShiftedClock:
    """The machine's clock, moved so that it read `start` when it was made (`OONA_NOW`)."""

    def __init__(self, start: datetime) -> None:
        self._shift = start.astimezone(UTC) - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift

    def monotonic(self) -> float:
        return time.monotonic()


class VirtualClock:
    """A clock that stands still until it is told to move: a year passes in a second."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._ticks = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._ticks

    def advance(self, by: timedelta) -> None:
        """Let `by` pass. A negative span sets the wall clock back, as people's clocks are."""
        self._now += by
        self._ticks += max(0.0, by.total_seconds())


@lru_cache(maxsize=4)  # an event's time is spelt twice, for its hash and for its row
def to_text(moment: datetime) -> str:
    """`moment` as ISO 8601 in UTC with microseconds, the form the journal stores."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{utc.isoformat(timespec='microseconds')[:-6]}Z"  # without its "+00:00"


def from_text(text: str) -> datetime:
    """The moment that ISO 8601 `text` names, in UTC; a text without an offset is taken as UTC.

    Raises ValueError when it names none.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is UTC:
        return moment
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def local(moment: datetime, zone: str) -> datetime:
    """`moment` in the IANA `zone` it is to be shown in."""
    return moment.astimezone(ZoneInfo(zone))
