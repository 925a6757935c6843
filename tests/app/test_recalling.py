"""Recall in the owner: by words from the first moment, by meaning once there was time for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from oona.app import recalling
from oona.app.recalling import PersonRecall
from oona.app.worker import Worker
from oona.core.embedding import Embedder
from oona.memory import SpokenTurns, TurnTexts
from oona.testing.embedder import WordEmbedder
from tests.lives import Life, heard


@pytest.fixture
def spoken() -> SpokenTurns:
    """The view that recall ranks by."""
    return SpokenTurns()


@pytest.fixture
def life(tmp_path: Path, spoken: SpokenTurns, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    """A life in which a beagle was bought, with an embedder that knows what that is."""
    known: list[Embedder] = [WordEmbedder({"puppy": "pet", "beagle": "pet"})]
    monkeypatch.setattr(recalling, "_load", lambda models: known)
    monkeypatch.setattr(recalling, "_SETTLE_S", 0.0)
    monkeypatch.setattr(recalling, "_LOOK_S", 0.01)
    made = Life(tmp_path, projections=(TurnTexts(), spoken))
    made.journal.append(heard("We bought a beagle."), heard("It rained in Bergen."))
    yield made
    made.journal.close()


async def _grown(life: Life, spoken: SpokenTurns, busy: bool) -> list[str]:
    """What "puppy" recalls after a while of growing."""
    worker, recall = Worker(), PersonRecall(life.store, spoken)
    growing = asyncio.create_task(recall.grow(Path("nowhere"), worker, lambda: busy))
    found: list[str] = []
    try:
        for _ in range(100):
            await asyncio.sleep(0.01)
            turns = (await worker(recall.find, "puppy", 100)).turns
            if found := [turn.event.text() for turn in turns]:
                break
    finally:
        growing.cancel()
        with suppress(asyncio.CancelledError):
            await growing
        worker.close()
    return found


async def test_meaning_comes_in_idle_time(life: Life, spoken: SpokenTurns) -> None:
    """Left alone, recall learns what was said, and finds it by other words."""
    assert (await _grown(life, spoken, busy=False))[0] == "We bought a beagle."


async def test_nothing_is_thought_over_while_somebody_speaks(
    life: Life, spoken: SpokenTurns
) -> None:
    """While turns run, no vector is made."""
    assert await _grown(life, spoken, busy=True) == []
    assert life.store.vectors("words") == []


def test_words_find_before_anything_is_loaded(life: Life, spoken: SpokenTurns) -> None:
    """Without embedders the words of a question find at once, and that is told."""
    recall = PersonRecall(life.store, spoken)
    [turn, *_] = recall.find("Where did it rain?", 100).turns
    assert turn.event.text() == "It rained in Bergen."
    assert recall.embedders == ()
