"""A whole turn loop over a real encrypted file, with a model that says what it is told to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from oona.agent.moods import Moods
from oona.agent.reflexes import Reflexes
from oona.agent.replies import Clause, Done
from oona.agent.turn import Parts, TurnLoop
from oona.agent.words import Words
from oona.core.clock import VirtualClock
from oona.core.language import LanguageModel
from oona.journal import Journal
from oona.journal.heads import Heads
from oona.memory import FullTextRecall, Tombstones, TurnTexts
from oona.memory.facts import FactBook, Facts
from oona.memory.forgetting import Forgetting
from oona.store import SqliteStore
from oona.testing.model import ToldModel
from oona.trust.danger import Danger, danger
from oona.trust.lexicon import STOP_WORDS, load


class FixedWatch:
    """The real finding of danger, with an answer that a test can recognise."""

    def find(self, text: str) -> Danger | None:
        return danger(text)

    def reply(self, danger: Danger) -> str:
        return "Call someone."


async def at_once(call: Callable[..., Any], *args: Any) -> Any:
    """Runs blocking calls where they are; a test has one thread."""
    return call(*args)


class Life:
    """One person's journal and the loop on it; `say` gives a whole turn."""

    def __init__(self, folder: Path) -> None:
        self.clock = VirtualClock(datetime(2026, 11, 23, 18, 0, tzinfo=UTC))
        self.store = SqliteStore(folder / "life.db", b"k" * 32)
        self.book = FactBook()
        heads = Heads(folder / "life.head")
        self.journal = Journal(
            self.store, heads, self.clock, "Europe/Tallinn", [TurnTexts(), Tombstones(), self.book]
        )

        self.facts = Facts(self.store, self.journal, self.book, self.clock)

    def loop(self, model: LanguageModel, moods: Moods | None = None) -> TurnLoop:
        io: Callable[..., Awaitable[Any]] = at_once
        return TurnLoop(
            Parts(
                journal=self.journal,
                recall=FullTextRecall(self.store, STOP_WORDS),
                model=model,
                clock=self.clock,
                lexicon=load(),
                reflexes=Reflexes.load("en"),
                watch=FixedWatch(),
                io=io,
                forgetter=Forgetting(self.store, self.journal, STOP_WORDS),
                facts=self.facts,
                moods=moods,
            )
        )

    async def say(self, loop: TurnLoop, text: str, **how: Any) -> tuple[list[str], Done]:
        """The clauses as they were shown, and the end of the turn."""
        shown: list[str] = []
        done: Done | None = None
        async for item in loop.turn(Words(text, **how)):
            if isinstance(item, Clause):
                shown.append(item.text)
            elif isinstance(item, Done):
                done = item
        assert done is not None
        return shown, done

    async def answer(self, text: str, *replies: str) -> tuple[Done, ToldModel]:
        """One turn of a fresh conversation with a model that says `replies`."""
        model = ToldModel(*replies)
        loop = self.loop(model)
        await loop.open_session("test")
        _shown, done = await self.say(loop, text)
        return done, model


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    made = Life(tmp_path)
    yield made
    made.journal.close()
