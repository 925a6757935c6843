"""A conversation written into a real, encrypted journal, and the public recall asked about it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.recall.conversations import Conversation, Turn
from oona.core.clock import VirtualClock
from oona.core.embedding import Embedder
from oona.core.events import Actor, Draft, Kind
from oona.core.labels import COMPANION, OUTSIDE, PERSON
from oona.journal import Journal
from oona.journal.heads import Heads
from oona.memory import FullTextRecall, Recall, SpokenTurns, Tombstones, TurnTexts
from oona.memory.fusion import Weights
from oona.memory.hybrid import HybridRecall
from oona.memory.meaning import Meanings
from oona.store import SqliteStore
from oona.trust.lexicon import STOP_WORDS

_ROOM = 1_000_000
"""Tokens: as many pieces as recall ever gives, since the measures look at its first twenty."""


@dataclass
class Life:
    """One conversation as a companion would hold it. Times are seconds."""

    conversation: Conversation
    store: SqliteStore
    spoken: SpokenTurns
    units: dict[int, str]
    written: list[float] = field(default_factory=list)
    """The time that each turn took to be written and made findable by its words."""

    embedded: float = 0.0
    """The time that all its vectors took."""


@contextlib.contextmanager
def lived(conversation: Conversation, folder: Path) -> Iterator[Life]:
    """The life of `conversation` in an empty `folder`, closed at the end."""
    clock = VirtualClock(conversation.turns[0].at)
    store = SqliteStore(folder / "life.db", bytes(range(32)))
    heads = Heads(folder / "heads")
    spoken = SpokenTurns()
    journal = Journal(store, heads, clock, "UTC", [TurnTexts(), spoken, Tombstones()])
    with contextlib.closing(journal):
        life = Life(conversation, store, spoken, {})
        for turn in conversation.turns:
            clock.advance(turn.at - clock.now())
            started = time.perf_counter()
            [event] = journal.append(_draft(turn))
            life.written.append(time.perf_counter() - started)
            life.units[event.seq] = turn.unit
        yield life


def _draft(turn: Turn) -> Draft:
    body: dict[str, object] = {"text": turn.text}
    if turn.speaker:
        return Draft(Kind.IMPORTED, Actor.OUTSIDE, body | {"speaker": turn.speaker}, OUTSIDE)
    if turn.own:
        return Draft(Kind.HEARD, Actor.PERSON, body | {"via": "typed"}, PERSON)
    return Draft(Kind.SAID, Actor.COMPANION, body, COMPANION)


def first_recall(life: Life) -> Recall:
    """What recall began as: BM25 on the six rarest words, and nothing else."""
    return FullTextRecall(life.store, STOP_WORDS)


def recall(
    life: Life, embedders: Sequence[Embedder], weights: Weights | None = None
) -> HybridRecall:
    """The recall that a conversation uses, with every vector made. Without embedders, by words.

    Times what the vectors took into `life.embedded`.
    """
    for embedder in embedders:
        meanings = Meanings(life.store, embedder)
        started = time.perf_counter()
        while meanings.advance(64):
            pass
        life.embedded += time.perf_counter() - started
    return HybridRecall(life.store, life.spoken, STOP_WORDS, embedders, weights or Weights())


def ask(life: Life, recall: Recall, question: str) -> tuple[list[str], float]:
    """The units that `recall` finds for `question`, best first, and the seconds it took."""
    started = time.perf_counter()
    found = recall.find(question, _ROOM)
    seconds = time.perf_counter() - started
    return list(dict.fromkeys(life.units[turn.event.seq] for turn in found.turns)), seconds
