"""Facts put into words for a reply: an answer, a doubt, a list."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

from oona.agent.when import said_when
from oona.core.clock import local
from oona.core.labels import Integrity
from oona.memory.facts import Fact, Facts

_SOON_DAYS = 14
_OLD_AGE_DAYS = 60
"""After so long an age is told with its day: it may be another by now."""

_NEWS_DAYS = 60
"""For so long it is worth saying what was before."""

NEVER_BEFORE = frozenset({"birthday", "born", "age", "from", "name"})
"""Relations of which it is not told what they were before."""


@cache
def table(language: str = "en") -> dict[str, Any]:
    """The file of wordings."""
    source = resources.files("oona.agent").joinpath(f"data/knowing/{language}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def say(part: str, rule: str, variant: int, **words: str) -> str:
    """The wording of `rule` that `variant` picks; {When} is {when} with a capital letter."""
    wordings: list[str] = table()[part][rule]
    capitals = {name.capitalize(): capital(text) for name, text in words.items()}
    return wordings[variant % len(wordings)].format(**words, **capitals)


def capital(text: str) -> str:
    """`text` with its first letter large."""
    return text[:1].upper() + text[1:]


def joined(parts: Sequence[str], last: str = "and") -> str:
    """The parts as one lists them: "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def causes(facts: Iterable[Fact]) -> tuple[UUID, ...]:
    """What an answer from `facts` rests on: them, and the turns in which they were told."""
    found: list[UUID] = []
    for fact in facts:
        found += [fact.id, *(source.event for source in fact.sources)]
    return tuple(dict.fromkeys(found))


class Words:
    """Says facts, seen from one moment."""

    def __init__(self, facts: Facts, now: datetime, zone: str) -> None:
        self._facts = facts
        self._now = now
        self._today = local(now, zone).date()

    def value(self, fact: Fact) -> str:
        """The bare value."""
        return self._facts.value(fact)

    def bare(self, fact: Fact) -> str:
        """The value as an answer, without its time: "in Oslo"."""
        form = table()["answer"].get(fact.relation, "{value}")
        value = self._facts.value(fact)
        numbers = table()["words"]["numbers"].split()
        if fact.relation == "age" and value.isdigit() and int(value) < len(numbers):
            value = numbers[int(value)]
        article = "" if value in table()["words"]["without"].split() else self._facts.article(value)
        return str(form.format(value=value, a=article)).strip()

    def answer(self, found: Sequence[Fact], before: Sequence[Fact] = ()) -> str:
        """The answer with its time, and with what was before where that is news."""
        if len(found) > 1:
            return joined([self.bare(fact) for fact in found])
        [fact] = found
        words = table()["words"]
        text = self._dated(fact, self.bare(fact))
        if span := self.span(fact):
            text = words["since"].format(answer=text, span=span)
        if before and fact.relation not in NEVER_BEFORE:
            last = self._facts.value(before[-1])
            text = words["before"].format(answer=text, before=last)
        return text

    def is_news(self, fact: Fact) -> bool:
        """Whether it was told so lately that what was before is worth a word."""
        return (self._now - fact.learned_at).days <= _NEWS_DAYS

    def span(self, fact: Fact) -> str:
        """From when to when, without the year where that is this one."""
        text = re.sub(rf"(?<=[a-z]) {self._today.year}\b", "", self._facts.span(fact))
        find, put = table()["words"]["roughly"]
        return re.sub(find, put, text) if fact.reason == "later" else text

    def when(self, fact: Fact) -> str:
        """When it was told last."""
        return self.of(fact.sources[-1].at, fact.sources[-1].zone)

    def same_day(self, one: Fact, other: Fact) -> bool:
        """Whether `other` took the place of `one` on the day that was told, and since when unsaid.

        That day tells nothing of when it changed.
        """
        days = {local(told.at, told.zone).date() for told in (one.sources[-1], other.sources[-1])}
        return len(days) == 1 and not other.valid_from

    def first_when(self, fact: Fact) -> str:
        """When it was told first."""
        return self.of(fact.sources[0].at, fact.sources[0].zone)

    def of(self, at: datetime, zone: str) -> str:
        """A moment as one speaks of it."""
        return said_when(at, zone, self._now)

    def valued(self, found: Sequence[Fact]) -> str:
        """Values with when each was told: "3 May (in May) and 5 June (today)"."""
        return joined([f"{self.value(fact)} ({self._whence(fact)})" for fact in found])

    def _whence(self, fact: Fact) -> str:
        """When it was told, or that it was no word of theirs."""
        own = fact.label.integrity is Integrity.PERSON
        return self.first_when(fact) if own else "an import says"

    def _dated(self, fact: Fact, text: str) -> str:
        words = table()["words"]
        if fact.relation == "age" and (self._now - fact.sources[-1].at).days > _OLD_AGE_DAYS:
            return str(words["age_then"].format(answer=text, when=self.when(fact)))
        if fact.relation != "birthday" or (days := self._days_to(fact.value)) is None:
            return text
        form = {0: "today", 1: "tomorrow"}.get(days, "soon")
        return str(words[form].format(answer=text, days=days)) if days <= _SOON_DAYS else text

    def _days_to(self, birthday: str) -> int | None:
        month, day = int(birthday[-5:-3]), int(birthday[-2:])
        for year in (self._today.year, self._today.year + 1):
            try:
                left = (date(year, month, day) - self._today).days
            except ValueError:  # the 29th of February of another year
                return None
            if left >= 0:
                return left
        return None
