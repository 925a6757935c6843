"""The days that a sentence names, seen from the day on which it was said.

Only what follows from the words is taken: where they leave a choice ("next Tuesday", "tomorrow"
said after midnight) the moment is a stretch of days, and is over when the last of them is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_NUMBERS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
} | {"a": 1, "an": 1}
_ENDS = {"morning": 12, "noon": 13, "lunchtime": 14, "afternoon": 18, "evening": 23, "night": 24}
_DAY_STARTS = 4
"""Before this hour "tomorrow" may well mean after the next sleep."""

_WEEKDAY = "|".join(_WEEKDAYS)
_MONTH = "|".join(_MONTHS)
_PART = r"(?P<part>morning|noon|lunchtime|afternoon|evening|night)"
_COUNT = r"(?P<count>\d{1,2}|" + "|".join(_NUMBERS) + ")"
_FOUND = [
    ("after_tomorrow", r"(?:the )?day after tomorrow"),
    ("tomorrow", rf"(?:tomorrow|tmrw|tmr|tomorow|tommorow|tommorrow)(?: {_PART})?"),
    ("tonight", r"tonight"),
    ("this_part", rf"(?:later )?this {_PART}"),
    ("today", r"(?:later )?today"),
    ("next_weekday", rf"next (?P<weekday>{_WEEKDAY})(?: {_PART})?"),
    ("weekday", rf"(?:(?:on|this|by|until|this coming) )?(?P<weekday>{_WEEKDAY})(?: {_PART})?"),
    ("next_week", r"next week(?!end)"),
    ("next_weekend", r"next weekend"),
    ("this_week", r"(?:later )?this week(?!end)"),
    ("next_month", r"next month"),
    ("weekend", r"(?:(?:at|on|over|this) )?(?:the |this )?weekend"),
    ("in_days", rf"in {_COUNT} (?P<unit>days?|weeks?)(?:' time)?"),
    (
        "date",
        rf"(?:on )?(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})"
        rf"|(?:on )?(?P<month2>{_MONTH}) (?:the )?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b",
    ),
    ("day_of_month", r"(?:on )?the (?P<day>\d{1,2})(?:st|nd|rd|th)"),
]
_PATTERNS = [(name, re.compile(rf"(?<!\w){found}(?!\w)", re.IGNORECASE)) for name, found in _FOUND]
_HOUR = re.compile(
    r"(?<!\w)(?:at|around|about|by) (?P<hour>\d{1,2})(?::(?P<minute>\d\d))?(?: ?(?P<half>am|pm))?"
    r"(?: o'clock)?(?!\w)",
    re.IGNORECASE,
)
PAST = re.compile(
    rf"(?<!\w)(?:yesterday|ago|last (?:week|month|year|night|{_WEEKDAY}))(?!\w)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Moment:
    """The local days from `first` to `last` in which something lies, and the instant it is over."""

    first: date
    last: date
    over: datetime

    @property
    def exact(self) -> bool:
        """Whether it is one known day."""
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Named:
    """A moment, and where in the text it is named."""

    moment: Moment
    start: int
    end: int


def named_moments(text: str, said_at: datetime, zone: str) -> list[Named]:
    """Every day that `text` names, in order, seen from when and where it was said."""
    there = said_at.astimezone(ZoneInfo(zone))
    found: list[Named] = []
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < n.end and n.start < match.end() for n in found):
                continue
            if days := _days(name, match, there):
                hour = _over_hour(name, match, text)
                moment = Moment(*days, _instant(days[1], hour, zone))
                found.append(Named(moment, match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)


def hours(text: str) -> list[tuple[int, int]]:
    """Where `text` names a time of day ("at 3pm")."""
    return [match.span() for match in _HOUR.finditer(text)]


def _days(name: str, match: re.Match[str], there: datetime) -> tuple[date, date] | None:
    """The first and last day meant, or None where that cannot be told."""
    day, one = there.date(), timedelta(days=1)
    sooner = day if there.hour < _DAY_STARTS else day + one
    found: tuple[date, date] | None = None
    match name:
        case "today" | "this_part" | "tonight":
            found = day, day
        case "tomorrow":
            found = sooner, day + one
        case "after_tomorrow":
            found = sooner + one, day + 2 * one
        case "weekday" | "next_weekday":
            # Said on that very weekday it may be today or in a week: then it is not known.
            if ahead := (_WEEKDAYS.index(match["weekday"].lower()) - day.weekday()) % 7:
                further = 7 if name == "next_weekday" else 0
                found = day + ahead * one, day + (ahead + further) * one
        case "next_week":
            monday = day + (7 - day.weekday()) * one
            found = monday, monday + 6 * one
        case "weekend":
            saturday = day + max(0, 5 - day.weekday()) * one
            found = saturday, saturday + (6 - saturday.weekday()) * one
        case "next_weekend":
            found = day + max(0, 5 - day.weekday()) * one, day + (13 - day.weekday()) * one
        case "this_week":
            found = day, day + (6 - day.weekday()) * one
        case "next_month":
            first = (day.replace(day=1) + 32 * one).replace(day=1)
            found = first, (first + 32 * one).replace(day=1) - one
        case "in_days":
            count = _NUMBERS.get(match["count"].lower()) or int(match["count"])
            weeks = match["unit"].lower().startswith("week")
            middle, about = day + count * (7 if weeks else 1) * one, (3 if weeks else 0) * one
            found = middle - about, middle + about
        case _:
            found = _by_calendar(name, match, day)
    return found


def _by_calendar(name: str, match: re.Match[str], day: date) -> tuple[date, date] | None:
    """A day of the month: the next one that is not before `day`."""
    if name == "day_of_month":
        number, month = int(match["day"]), 0
    else:
        number = int(match["day"] or match["day2"])
        month = _MONTHS.index((match["month"] or match["month2"]).lower()) + 1
    for ahead in range(13):
        year, index = divmod(day.year * 12 + day.month - 1 + ahead, 12)
        if month and index + 1 != month:
            continue
        try:
            found = date(year, index + 1, number)
        except ValueError:
            continue
        if found >= day:
            return found, found
    return None


def _over_hour(name: str, match: re.Match[str], text: str) -> int:
    """The hour of its last day at which the moment is over; 24 is the day's end."""
    parts = match.groupdict()
    if part := parts.get("part"):
        return _ENDS[part.lower()]
    clock = _HOUR.search(text)
    if clock and name in ("today", "tomorrow", "weekday", "date", "in_days", "day_of_month"):
        hour = int(clock["hour"])
        half = (clock["half"] or "").lower()
        if half:
            return min(24, hour % 12 + (12 if half == "pm" else 0) + 1)
        if clock["minute"] and hour > 12:
            return min(24, hour + 1)
    return 24


def _instant(day: date, hour: int, zone: str) -> datetime:
    """`hour` o'clock of the local `day`; a day has as many hours as its zone gives it."""
    day, hour = (day + timedelta(days=1), 0) if hour >= 24 else (day, hour)
    return datetime.combine(day, time(hour), tzinfo=ZoneInfo(zone))
