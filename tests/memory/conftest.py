"""What the tests of memory share: a life whose erasures leave tombstones, and turns with causes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest

from oona.core.events import Actor, Draft, Event, Kind
from oona.core.ids import new_id
from oona.core.labels import COMPANION
from oona.memory import SpokenTurns, Tombstones, TurnTexts
from oona.memory.forgetting import Forgetting, Plan, Saying, Wish
from oona.trust.lexicon import STOP_WORDS
from tests.lives import Life, heard


@dataclass
class Talk(Life):
    """A life in which turns are taken, and forgotten."""

    forgetting: Forgetting = field(init=False)

    def __post_init__(self) -> None:
        self.projections = (TurnTexts(), SpokenTurns(), Tombstones())
        super().__post_init__()

    def open(self) -> None:
        super().open()
        self.forgetting = Forgetting(self.store, self.journal, STOP_WORDS)

    def tell(self, text: str) -> Event:
        """The person says something."""
        return self.journal.append(heard(text))[0]

    def answer(self, asked: Event, text: str, noted: Sequence[Event] = (), **more: object) -> Event:
        """The companion answers, resting on what it noted."""
        causes = (asked.id, *(event.id for event in noted))
        body = {"text": text, **more}
        return self.journal.append(Draft(Kind.SAID, Actor.COMPANION, body, COMPANION, causes))[0]

    def look_up(self, asked: Event, found: Sequence[Event], terms: Sequence[str]) -> Event:
        """Memory finds something for a question."""
        body = {"terms": list(terms), "turns": [{"id": str(e.id), "score_milli": 1} for e in found]}
        causes = (asked.id, *(event.id for event in found))
        draft = Draft(Kind.RECALLED, Actor.COMPANION, body, COMPANION, causes, new_id(asked.at))
        return self.journal.append(draft)[0]

    def plan(self, *wishes: Wish | str) -> Plan:
        """What forgetting would erase; a text stands for itself."""
        read = [Saying(wish) if isinstance(wish, str) else wish for wish in wishes]
        return self.forgetting.plan(read)

    def forget(self, *wishes: Wish | str) -> Plan:
        """Forget, and give what was erased."""
        plan = self.plan(*wishes)
        self.forgetting.carry_out(plan)
        return plan

    def standing(self) -> set[UUID]:
        """The ids of all events whose bodies are there."""
        return {event.id for event in self.journal.read() if event.raw is not None}


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    """A fresh life in memory."""
    made = Talk(tmp_path)
    yield made
    made.journal.close()


Lives = Callable[[str], Talk]


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Lives]:
    """Makes further lives, by name."""
    made: list[Talk] = []

    def make(name: str) -> Talk:
        folder = tmp_path / name
        folder.mkdir()
        made.append(Talk(folder))
        return made[-1]

    yield make
    for one in made:
        one.journal.close()


def seqs(plan: Plan) -> list[int]:
    """The numbers of the events that a plan would erase."""
    return [item.seq for item in plan.items]
