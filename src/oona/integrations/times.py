"""Times as they stand in other programs' files, as ISO 8601 to the precision they have."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_EARLIEST, _LATEST = 1990, 2200
_MILLISECONDS = 1e11
"""As seconds this would be the year 5138; larger numbers are milliseconds."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_CLOCK = r"(?:[T ,]+(?:at )?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?)?"
_DAYS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d){_CLOCK}",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.? (?:of )?{_MONTH},? (?P<year>\d{{4}})\b{_CLOCK}",
        rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})\b{_CLOCK}",
    )
]


def moment(value: object) -> str:
    """The time that a field of JSON holds: ISO 8601, or seconds or milliseconds since 1970.

    Empty where it holds none that can be true.
    """
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return _since_1970(float(value))
    if not isinstance(value, str) or not value.strip():
        return ""
    text = value.strip()
    if re.fullmatch(r"\d{9,13}(?:\.\d+)?", text):
        return _since_1970(float(text))
    try:
        if len(text) <= 10:
            return _fit(date.fromisoformat(text))
        return _fit(datetime.fromisoformat(text))
    except ValueError:
        return named_day(text)


def named_day(text: str) -> str:
    """The first day, with its time if one stands after it, that a heading or file name names.

    Only what can be read in one way: 2024-05-03, 3 May 2024, May 3rd, 2024; never 3/5/2024.
    """
    for pattern in _DAYS:
        if (found := pattern.search(text)) is None:
            continue
        parts = found.groupdict()
        month = parts.get("month") or str(_MONTHS.index(parts["name"].lower()) + 1)
        try:
            day = date(int(parts["year"]), int(month), int(parts["day"]))
            if parts["hour"] is None:
                return _fit(day)
            clock = (int(parts["hour"]), int(parts["minute"]), int(parts["second"] or 0))
            return _fit(datetime(day.year, day.month, day.day, *clock))  # noqa: DTZ001 - the person's own clock, see ImportedText
        except ValueError:
            continue
    return ""


def _since_1970(seconds: float) -> str:
    try:
        return _fit(
            datetime.fromtimestamp(seconds / 1000 if seconds > _MILLISECONDS else seconds, UTC)
        )
    except (ValueError, OverflowError, OSError):
        return ""


def _fit(moment: date) -> str:
    return moment.isoformat() if _EARLIEST <= moment.year < _LATEST else ""
