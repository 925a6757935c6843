"""A life in which facts are told, noted, corrected and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from oona.core.events import Event
from oona.memory import Tombstones, TurnTexts
from oona.memory.facts import Fact, FactBook, Facts
from oona.memory.forgetting import Forgetting, Plan, Saying
from oona.trust.lexicon import STOP_WORDS
from tests.lives import Life, heard


@dataclass
class Told(Life):
    """A life, its facts, and the forgetting of them."""

    book: FactBook = field(init=False)
    facts: Facts = field(init=False)

    def __post_init__(self) -> None:
        self.book = FactBook()
        self.projections = (TurnTexts(), Tombstones(), self.book)
        super().__post_init__()

    def open(self) -> None:
        super().open()
        self.facts = Facts(self.store, self.journal, self.book, self.clock)

    def tell(self, text: str, after: timedelta = timedelta(hours=2), **more: object) -> list[Event]:
        """The person says something, some time after what they said before; gives what is noted."""
        self.clock.advance(after)
        self.journal.append(heard(text, **more))
        return self.facts.catch_up()

    def at_once(self, text: str) -> list[Event]:
        """The person says something right after what they said before."""
        return self.tell(text, timedelta(minutes=1))

    def forget(self, text: str) -> Plan:
        """Forget whatever holds `text`."""
        forgetting = Forgetting(self.store, self.journal, STOP_WORDS)
        plan = forgetting.plan([Saying(text)])
        forgetting.carry_out(plan)
        return plan

    def standing(self) -> list[str]:
        """All facts in words, each with how it stands."""
        return [f"{fact.status.value}: {self.facts.sentence(fact)}" for fact in self.facts.all()]

    def answer(self, subject: str, relation: str) -> list[str]:
        """The values that are the answer now."""
        return [fact.value for fact in self.facts.answer(subject, relation).current]

    def one(self, relation: str) -> Fact:
        """The only fact of a relation."""
        [found] = [fact for fact in self.facts.all() if fact.relation == relation]
        return found


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    """A fresh life in memory."""
    made = Told(tmp_path)
    yield made
    made.journal.close()
