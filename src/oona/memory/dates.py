"""The days a question speaks of, by rule: "on 8 May 2023", "in June", "last week", "3 days ago"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = "|".join(f"{name}|{name[:3]}" for name in _MONTHS if name != "may") + "|sept"
_NAMED = rf"(?P<month>{_MONTH}|(?-i:May))\.?"
_ALONE = (
    rf"(?P<month>{'|'.join(name for name in _MONTHS if name not in ('march', 'may'))}"
    r"|(?-i:March)|(?<=in )(?-i:May)|(?<=of )(?-i:May)|(?<=last )(?-i:May)|(?<=this )(?-i:May))"
)
"""Without a day or a year, "may" and "march" are words like others."""

_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}

_DATES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>(?:19|20)\d\d)-(?P<number>[01]\d)-(?P<day>[0-3]\d)\b",
        rf"\b{_DAY} (?:of )?{_NAMED}(?:,? {_YEAR})?\b",
        rf"\b{_NAMED} {_DAY}\b(?:,? {_YEAR})?(?!\d)",
        rf"\b{_NAMED},? (?:of )?{_YEAR}\b",
        rf"\b{_ALONE}\b",
        rf"\b{_YEAR}\b",
    )
]
_RELATIVE = re.compile(
    r"\b(?:(?P<word>today|yesterday|tonight)"
    r"|(?P<which>last|this|past) (?P<unit>week(?:end)?|month|year|"
    + "|".join(_WEEKDAYS)
    + r")|on (?P<weekday>"
    + "|".join(_WEEKDAYS)
    + r")|(?P<count>\d{1,3}|"
    + "|".join(_COUNTS)
    + r") (?P<units>day|week|month|year)s? ago)\b",
    re.IGNORECASE,
)


_TIMES = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|ago|recently|soon|morning|evening|(?:19|20)\d\d"
    r"|(?:week|weekend|month|year|day)s?|"
    + "|".join((*_WEEKDAYS, *(name for name in _MONTHS if name != "may")))
    + r")\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"^\W*when\b|\bwhat (?:date|day|month|year|time)\b|\bhow long\b|\bdeadline\b", re.IGNORECASE
)


def speaks_of_time(text: str) -> bool:
    """Whether `text` says when something is, in any of the usual words."""
    return _TIMES.search(text) is not None


def asks_when(question: str) -> bool:
    """Whether a time is the answer to `question`."""
    return _WHEN.search(question) is not None


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both in it."""

    first: date
    last: date


def periods(question: str, today: date) -> list[Period]:
    """Every period that `question` names, seen from `today`; nothing where it names none.

    A month without a year is its latest that has begun, "on Monday" the last one before today.
    What is no date (31 June) is passed over.
    """
    found: list[Period] = []
    rest = question
    for pattern in _DATES:
        dated = (_dated(match.groupdict(), today) for match in pattern.finditer(rest))
        found.extend(period for period in dated if period)
        rest = pattern.sub(" ", rest)
    found.extend(_relative(rest, today))
    return found


def _dated(parts: dict[str, str | None], today: date) -> Period | None:
    number = parts.get("number")
    name = parts.get("month")
    month = int(number) if number else _month(name) if name else 0
    year = int(parts.get("year") or 0)
    day = int(parts.get("day") or 0)
    try:
        if not month:
            return Period(date(year, 1, 1), date(year, 12, 31))
        if not year:
            year = today.year - (date(today.year, month, day or 1) > today)
        if day:
            return Period(date(year, month, day), date(year, month, day))
        return _whole_month(year, month)
    except ValueError:
        return None


def _month(name: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, 1) if month.startswith(name.lower()[:3]))


def _whole_month(year: int, month: int) -> Period:
    following = date(year + month // 12, month % 12 + 1, 1)
    return Period(date(year, month, 1), following - timedelta(days=1))


def _relative(question: str, today: date) -> Iterator[Period]:
    for match in _RELATIVE.finditer(question):
        parts = {name: text.lower() for name, text in match.groupdict().items() if text}
        if word := parts.get("word"):
            day = today - timedelta(days=word == "yesterday")
            yield Period(day, day)
        elif weekday := parts.get("weekday"):
            yield _unit(last=True, unit=weekday, today=today)
        elif count := parts.get("count"):
            number, unit = _COUNTS.get(count) or int(count), parts["units"]
            yield _ago(number, unit, today)
        else:
            yield _unit(parts["which"] != "this", parts["unit"], today)


def _ago(number: int, unit: str, today: date) -> Period:
    """About that long ago: half a unit to either side."""
    length = _UNITS[unit]
    middle = today - timedelta(days=min(number * length, 30_000))
    slack = timedelta(days=length // 2)
    return Period(middle - slack, min(today, middle + slack))


def _unit(last: bool, unit: str, today: date) -> Period:
    if unit in _WEEKDAYS:
        back = (today.weekday() - _WEEKDAYS.index(unit)) % 7
        day = today - timedelta(days=back or (7 if last else 0))
        return Period(day, day)
    monday = today - timedelta(days=today.weekday() + (7 if last else 0))
    if unit == "week":
        return Period(monday, monday + timedelta(days=6))
    if unit == "weekend":
        return Period(monday + timedelta(days=5), monday + timedelta(days=6))
    if unit == "month":
        first = today.replace(day=1)
        begun = first - timedelta(days=1) if last else first
        return _whole_month(begun.year, begun.month)
    year = today.year - last
    return Period(date(year, 1, 1), date(year, 12, 31))
