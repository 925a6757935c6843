"""Where a text is from and when it was said, for texts that came in from elsewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from oona.core.clock import local
from oona.core.events import Event, Kind
from oona.core.importing import Role

NAME = "{name}"
"""Stands for the document in an importer's words for where its texts are from."""

_DAY = len("2024-05-03")
_NOON = time(12)


def said_at(event: Event) -> datetime:
    """When the words of `event` were said, aware: of an import long before it was written here."""
    said = event.word("said") if event.kind is Kind.IMPORTED else ""
    return (time_of(said, event.zone) if said else None) or event.at


def time_of(said: str, zone: str) -> datetime | None:
    """The moment that the body of an import names, aware, or None where that is no time.

    A day alone counts as its noon, and a time without an offset is by the clock in `zone`.
    """
    try:
        if len(said) == _DAY:
            found = datetime.combine(date.fromisoformat(said), _NOON)
        else:
            found = datetime.fromisoformat(said)
        found = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def has_own_time(event: Event) -> bool:
    """Whether the time of `said_at` is that of the words, and not only that of their import."""
    return event.kind is not Kind.IMPORTED or bool(event.word("said"))


def said_by(event: Event) -> Role | None:
    """Whose words an import says it holds, or None for what is no import."""
    if event.kind is not Kind.IMPORTED:
        return None
    try:
        return Role(event.word("by"))
    except ValueError:
        return Role.OTHER


def source(event: Event) -> str:
    """What an imported text came in with ("your ChatGPT export"), empty for all else."""
    if event.kind is not Kind.IMPORTED:
        return ""
    return event.word("origin").replace(NAME, event.word("document")) or "somewhere else"


def origin(event: Event) -> str:
    """Where an imported text is from ("your ChatGPT export, 3 May 2024"), empty for all else."""
    whence = source(event)
    if not whence or not has_own_time(event):
        return whence
    day = local(said_at(event), event.zone)
    return f"{whence}, {day.day} {day:%B} {day.year}"
