"""Recall in the owner: by words from the first moment, by meaning once there was time for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from oona.app import recalling
from oona.app.recalling import PersonRecall
from oona.app.worker import Worker
from oona.core.embedding import Embedder
from oona.memory import SpokenTurns, TurnTexts
from oona.memory.meaning import Meanings
from oona.testing.embedder import WordEmbedder
from tests.lives import Life, heard

EMBEDDER = WordEmbedder({"puppy": "pet", "beagle": "pet"}, "words-64")
NOWHERE = Path("nowhere")


@pytest.fixture
def spoken() -> SpokenTurns:
    """The view that recall ranks by."""
    return SpokenTurns()


@pytest.fixture
def life(tmp_path: Path, spoken: SpokenTurns, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    """A life in which a beagle was bought, with an embedder that knows what that is."""
    monkeypatch.setattr(recalling, "_load", lambda models: [EMBEDDER])
    monkeypatch.setattr(recalling, "_SETTLE_S", 0.0)
    monkeypatch.setattr(recalling, "_LOOK_S", 0.01)
    made = Life(tmp_path, projections=(TurnTexts(), spoken))
    made.journal.append(heard("We bought a beagle."), heard("It rained in Bergen."))
    yield made
    made.journal.close()


async def _grown(life: Life, spoken: SpokenTurns, busy: bool) -> list[str]:
    """What "puppy" recalls after a while of growing."""
    worker, recall = Worker(), PersonRecall(life.store, spoken, NOWHERE)
    growing = asyncio.create_task(recall.grow(worker, lambda: busy))
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
    assert life.store.vectors(EMBEDDER.name) == []


def test_words_find_while_nothing_is_loaded(
    life: Life, spoken: SpokenTurns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question does not wait long for the embedder: it goes by words alone, and says so."""
    loaded = threading.Event()

    def load(_models: Path) -> list[Embedder]:
        loaded.wait(10)
        return [EMBEDDER]

    monkeypatch.setattr(recalling, "_load", load)
    monkeypatch.setattr(recalling, "_PATIENCE_S", 0.01)
    _understood(life)
    recall = PersonRecall(life.store, spoken, NOWHERE)
    found = recall.find("Where did it rain?", 100)
    assert found.turns[0].event.text() == "It rained in Bergen."
    assert found.by == ("words",)
    loaded.set()
    recall._load().result(10)
    assert recall.find("Where did it rain?", 100).by == ("words", "words-64")


def test_a_first_question_goes_by_meaning_where_there_are_vectors(
    life: Life, spoken: SpokenTurns
) -> None:
    """Who starts, asks one thing and leaves is answered by meaning, too."""
    _understood(life)
    recall = PersonRecall(life.store, spoken, NOWHERE)
    [turn, *_] = recall.find("puppy", 100).turns
    assert turn.event.text() == "We bought a beagle."


def test_weights_that_arrive_are_taken_once_they_are_told_of(
    life: Life, spoken: SpokenTurns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Missing weights are looked for once, not at every question; `refresh` has it look again."""
    looked: list[Path] = []

    def load(models: Path) -> list[Embedder]:
        looked.append(models)
        return [EMBEDDER] if len(looked) > 1 else []

    monkeypatch.setattr(recalling, "_load", load)
    recall = PersonRecall(life.store, spoken, NOWHERE)
    recall.find("Where did it rain?", 100)
    recall.find("Where did it rain?", 100)
    found = [recall.embedders]
    recall.refresh()
    recall.find("Where did it rain?", 100)
    found.append(recall.embedders)
    assert (found, looked) == ([(), ("words-64",)], [NOWHERE, NOWHERE])


def _understood(life: Life) -> None:
    """Make the vectors of all that was said."""
    meanings = Meanings(life.store, EMBEDDER)
    while meanings.advance():
        pass
