"""What a person asks to have forgotten, read from what they typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from oona.core.errors import BadInput
from oona.core.ids import parse_id

_DAY = r"(\d{4})-(\d{1,2})-(\d{1,2})"
_SPAN = re.compile(rf"(?:from )?{_DAY}\s*(?:\.\.|to|until|till|–|-)\s*{_DAY}")
_ONE_DAY = re.compile(rf"(?:on )?{_DAY}")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_LAST_DAYS = re.compile(r"(?:the )?last (\d{1,4}) days")
_NUMBER = re.compile(r"(?:event |#)?(\d{1,15})", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|a|an|this|that) (?=\S)", re.IGNORECASE)
_LAST_SAID = frozenset({"last", "that", "the last thing"})


@dataclass(frozen=True, slots=True)
class OneEvent:
    """One event, named by its id or by its number in the journal."""

    id: UUID | None = None
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Saying:
    """Everything that holds a name or some words."""

    text: str


@dataclass(frozen=True, slots=True)
class Days:
    """What was said from `first` to `last`, both included, by the days of where the person was."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class LastSaid:
    """The last thing the person said (before the words that ask for this, where they did)."""


Wish = OneEvent | Saying | Days | LastSaid


def read_wish(text: str, today: date) -> Wish:
    """The wish that `text` spells, `today` being the person's own day.

    A number or id is an event, a date or a span of dates those days, "last" the last thing said;
    `"text"` in quotation marks stands for itself, and so does anything else, but for an article
    before it. Raises BadInput.
    """
    said = text.strip()
    if not said:
        raise BadInput(
            "Forget what?",
            "A name or some words, the number of an event, or days: `oona memory forget Anna`.",
        )
    if len(said) > 2 and said[0] in "\"'“" and said[-1] in "\"'”":
        return Saying(said[1:-1])
    if event_id := parse_id(said):
        return OneEvent(id=event_id)
    if number := _NUMBER.fullmatch(said):
        return OneEvent(seq=int(number[1]))
    lower = " ".join(said.lower().split())
    if lower in _LAST_SAID:
        return LastSaid()
    # "The pregnancy test" was told as "a pregnancy test".
    return _days(lower, today) or Saying(_ARTICLE.sub("", said, count=1))


def _days(text: str, today: date) -> Days | None:
    one = timedelta(days=1)
    if text == "today":
        return Days(today, today)
    if text == "yesterday":
        return Days(today - one, today - one)
    if match := _LAST_DAYS.fullmatch(text):
        return Days(today - max(0, int(match[1]) - 1) * one, today)
    if match := _SPAN.fullmatch(text):
        first, last = _date(*match.groups()[:3]), _date(*match.groups()[3:])
        if last < first:
            raise BadInput(f"{first} comes after {last}.", "Name the earlier day first.")
        return Days(first, last)
    if match := _ONE_DAY.fullmatch(text):
        day = _date(*match.groups())
        return Days(day, day)
    if match := _MONTH.fullmatch(text):
        first = _date(match[1], match[2], "1")
        return Days(first, (first + 31 * one).replace(day=1) - one)
    return None


def _date(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise BadInput(f"There is no day {year}-{month}-{day}.") from None
