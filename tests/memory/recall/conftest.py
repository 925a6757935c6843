"""A life that is recalled by words and by meaning, without a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from oona.core.events import Actor, Draft, Event, Kind
from oona.core.labels import OUTSIDE
from oona.memory import SpokenTurns, TurnTexts
from oona.memory.hybrid import HybridRecall
from oona.memory.meaning import Meanings
from oona.testing.embedder import WordEmbedder
from oona.trust.lexicon import STOP_WORDS
from tests.lives import Life, heard, said

ALIKE = {"dog": "pet", "beagle": "pet", "puppy": "pet", "car": "vehicle", "motor": "vehicle"}


@dataclass
class Recalling(Life):
    """A life with everything that recall needs."""

    embedder: WordEmbedder = field(default_factory=lambda: WordEmbedder(ALIKE))
    spoken: SpokenTurns = field(init=False)
    recall: HybridRecall = field(init=False)

    def __post_init__(self) -> None:
        self.spoken = SpokenTurns()
        self.projections = (TurnTexts(), self.spoken)
        super().__post_init__()

    def open(self) -> None:
        super().open()
        self.recall = HybridRecall(self.store, self.spoken, STOP_WORDS, [self.embedder])

    def tell(self, *texts: str) -> list[Event]:
        """The person says these."""
        return [self.journal.append(heard(text))[0] for text in texts]

    def answer(self, text: str) -> Event:
        """The companion says this."""
        return self.journal.append(said(text))[0]

    def chat(self, speaker: str, text: str) -> Event:
        """Somebody says this in a chat that was imported."""
        body = {"text": text, "speaker": speaker}
        return self.journal.append(Draft(Kind.IMPORTED, Actor.OUTSIDE, body, OUTSIDE))[0]

    def at(self, moment: datetime) -> None:
        """Let it be `moment`."""
        self.clock.advance(moment - self.clock.now())

    def think(self) -> int:
        """Make every vector that is missing; gives the number of batches."""
        meanings = Meanings(self.store, self.embedder)
        count = 0
        while meanings.advance():
            count += 1
        return count

    def find(self, question: str, budget: int = 1_000, before: int = 0) -> list[str]:
        """The texts that are recalled, best first."""
        found = self.recall.find(question, budget, before)
        return [turn.event.text() for turn in found.turns]


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Recalling]:
    """An empty life in memory."""
    made = Recalling(tmp_path)
    yield made
    made.journal.close()


@pytest.fixture
def vector_seqs(life: Recalling) -> Callable[[], Sequence[int]]:
    """Which turns have vectors now."""
    return lambda: sorted({row.seq for row in life.store.vectors(life.embedder.name)})
