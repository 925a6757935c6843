"""When something holds: the words for a time, read into dates as far as they were told.

A date is ISO 8601 cut short where less was told: "2019", "2019-03", "2019-03-04". A birthday
without its year is "--05-03", as in ISO 8601:2000.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from oona.memory.facts.templates import Grammar

_DIGITS = re.compile(r"\d{1,2}")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")

Span = tuple[str, str]
"""From when, until when; either may be empty."""


class Times:
    """Reads the times and numbers of one language."""

    def __init__(self, grammar: Grammar) -> None:
        data = grammar.data
        self._months = {name: place for place, name in enumerate(grammar.months, 1)}
        self._months |= {name: place for place, name in enumerate(data["months_short"].split(), 1)}
        self._numbers = {name: place for place, name in enumerate(data["numbers"].split())}
        self._tens = {name: 10 * place for place, name in enumerate(data["tens"].split(), 2)}
        self._ordinals = {name: place for place, name in enumerate(data["ordinals"].split(), 1)}
        self._words: dict[str, str] = {
            key: value for key, value in data["times"].items() if isinstance(value, str)
        }
        self._units = {
            form: unit for unit, forms in data["times"]["units"].items() for form in forms.split()
        }
        self._some = {key.replace("_", " "): n for key, n in data["times"]["some"].items()}
        self._seasons: dict[str, int] = data["times"]["seasons"]
        self._readers = self._make_readers()
        self.expression = "|".join(f"(?:{pattern})" for pattern, _ in self._readers)
        months = "|".join(sorted(self._months, key=len, reverse=True))
        words = self._words
        units = "|".join(self._units)
        count = "|".join([r"\d{1,2}", *self._numbers, *self._some])
        self.hint = "|".join(
            [
                rf"(?:{words['since']}|{words['until']}|{words['last']}|{words['this']})\b",
                rf"(?:{words['yesterday']}|{words['today']})\b",
                rf"(?:{words['in']}|{words['from']}) (?:{words['year']}|(?:{months})\b)",
                rf"(?:(?:{words['for']}) )?{words['spans']}(?:{count}) (?:{units})\b",
            ]
        )
        """What the words for a time begin with: enough to stop before them."""
        self._compiled = [
            (re.compile(pattern, re.IGNORECASE), read) for pattern, read in self._readers
        ]

    def span(self, text: str, today: date) -> Span:
        """From when and until when `text` says, seen from `today`; empty where it does not."""
        for pattern, read in self._compiled:
            if match := pattern.fullmatch(text):
                return read(match, today)
        return "", ""

    def lasted(self, text: str) -> bool:
        """Whether `text` says for how long, and not from when ("for three years")."""
        return re.match(rf"(?:{self._words['for']})\b", text, re.IGNORECASE) is not None

    def number(self, text: str) -> int | None:
        """The number that digits or words name."""
        low = text.lower().strip()
        if low.isdigit():
            return int(low)
        total = 0
        for word in re.split(r"[- ]", low):
            value = self._tens.get(word, self._numbers.get(word))
            if value is None:
                return None
            total += value
        return total

    def birthday(self, text: str) -> str:
        """The day that `text` names as "--05-03", or with its year; empty where there is none."""
        low = text.lower()
        month = next((n for w, n in self._months.items() if re.search(rf"\b{w}\b", low)), 0)
        year = _YEAR.search(low)
        digits = _DIGITS.search(low[: year.start()] if year else low)
        day = int(digits[0]) if digits else 0
        if not day:
            day = next((n for w, n in self._ordinals.items() if re.search(rf"\b{w}\b", low)), 0)
        if not month or not 1 <= day <= calendar.monthrange(2024, month)[1]:
            return ""
        return f"{year[0] if year else '-'}-{month:02}-{day:02}"

    def day_of(self, word: str, today: date) -> date | None:
        """The day that "today", "tomorrow" or "yesterday" is, else None."""
        shifts = {"today": 0, "tomorrow": 1, "yesterday": -1}
        return today + timedelta(days=shifts[word]) if word in shifts else None

    def _make_readers(self) -> list[tuple[str, Callable[[re.Match[str], date], Span]]]:
        words = self._words
        months = "|".join(sorted(self._months, key=len, reverse=True))
        number = r"\d{1,2}|" + "|".join([*self._numbers, *self._some])
        units = "|".join(sorted(self._units, key=len, reverse=True))
        seasons = "|".join(self._seasons)
        named = rf"{units}|{seasons}|{months}"
        point = (
            rf"(?:(?:{months}) )?{words['year']}|(?:{months})"
            rf"|{words['last']} (?:{named})|{words['yesterday']}"
        )
        ago = rf"(?:{words['spans']})(?:{number}) (?:{units}) {words['ago']}"
        return [
            (rf"(?:{words['since']}) (?:{point})", self._since),
            (rf"(?:{words['from']}) (?:{point}) (?:{words['to']}) (?:{point})", self._between),
            (rf"(?:{words['until']}) (?:{point})", self._until),
            (rf"(?:{words['in']}) (?:(?:{months}) )?{words['year']}", self._since),
            (rf"(?:{words['in']}) (?:{months})", self._since),
            (rf"{ago}", self._ago),
            (rf"(?:{words['last']}|{words['this']}) (?:{named})", self._since),
            (rf"(?:{words['yesterday']}|{words['today']})", self._since),
            (rf"(?:{words['for']}) {words['spans']}(?:{number}) (?:{units})(?: now)?", self._ago),
        ]

    def _since(self, match: re.Match[str], today: date) -> Span:
        return self._point(match[0], today), ""

    def _until(self, match: re.Match[str], today: date) -> Span:
        return "", self._point(match[0], today)

    def _between(self, match: re.Match[str], today: date) -> Span:
        parts = re.split(rf" (?:{self._words['to']}) ", match[0], maxsplit=1)
        return self._point(parts[0], today), self._point(parts[1], today)

    def _ago(self, match: re.Match[str], today: date) -> Span:
        low = match[0].lower()
        unit = next(self._units[w] for w in reversed(low.split()) if w in self._units)
        found = _DIGITS.search(low)
        names = {**self._numbers, **self._some}
        count = int(found[0]) if found else 0
        if not found:
            count = max((n for w, n in names.items() if re.search(rf"\b{w}\b", low)), default=1)
        if unit == "year":
            return str(today.year - count), ""
        if unit == "month":
            months = today.year * 12 + today.month - 1 - count
            return f"{months // 12}-{months % 12 + 1:02}", ""
        return (today - timedelta(days=count * (7 if unit == "week" else 1))).isoformat(), ""

    def _point(self, text: str, today: date) -> str:
        low = text.lower()
        year, month = _YEAR.search(low), 0
        for word in low.split():
            month = month or self._months.get(word, 0) or self._seasons.get(word, 0)
        if year:
            return f"{year[0]}-{month:02}" if month else year[0]
        if month:  # the last one that was
            past = today.year if month <= today.month else today.year - 1
            return f"{past}-{month:02}"
        if re.search(self._words["yesterday"], low):
            return (today - timedelta(days=1)).isoformat()
        unit = next((self._units[word] for word in low.split() if word in self._units), "day")
        back = re.search(rf"\b{self._words['last']}\b", low) is not None
        if unit == "year":
            return str(today.year - back)
        if unit == "month":
            months = today.year * 12 + today.month - 1 - back
            return f"{months // 12}-{months % 12 + 1:02}"
        if unit == "week" and back:
            return (today - timedelta(days=7)).isoformat()
        return today.isoformat()
