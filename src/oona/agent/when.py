"""When something was said, the way one says it: "today", "on Monday", "in May"."""

from __future__ import annotations

from datetime import datetime

from oona.core.clock import local

_WEEK = 7
_RECENT_DAYS = 45


def said_when(at: datetime, zone: str, now: datetime) -> str:
    """Words for the local day of `at`, seen from `now`."""
    then, today = local(at, zone), local(now, zone)
    days = (today.date() - then.date()).days
    if days <= 0:
        return "today"
    if days == 1:
        return "yesterday"
    if days < _WEEK:
        return f"on {then:%A}"
    if days < _RECENT_DAYS:
        return f"on {then.day} {then:%B}"
    if then.year == today.year:
        return f"in {then:%B}"
    return f"in {then:%B} {then.year}"


def day_words(now: datetime, zone: str) -> str:
    """The weekday and its part: of a date, each digit would be a token to wait for."""
    here = local(now, zone)
    parts = ((5, "night"), (12, "morning"), (18, "afternoon"), (23, "evening"), (24, "night"))
    part = next(name for hour, name in parts if here.hour < hour)
    return f"{here:%A} {part}"
