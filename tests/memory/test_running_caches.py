"""What runs while something is forgotten forgets it, too: the conversation and the model."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from oona.app.memories import Memories
from oona.app.seat import Seat
from oona.app.wiring import Companion
from oona.core.errors import StorageFault
from oona.core.language import ChatRequest, Message, ModelState, Piece, Usage
from oona.memory.forgetting import Forgetting, Saying
from oona.providers.llama.embedded import EmbeddedModel, Weights
from oona.providers.llama.process import ChildConfig
from oona.testing.model import ToldModel
from oona.trust.lexicon import STOP_WORDS
from tests.agent.conftest import Life, at_once
from tests.needs import weights

START_S = 240.0


def _shown(model: ToldModel) -> str:
    """All that the model was shown in its last request after the prompt's own beginning."""
    return "\n".join(message.content for message in model.requests[-1].messages)


async def test_the_running_conversation_forgets(tmp_path: Path) -> None:
    """After a forgetting the model is shown no word of it, and still all the rest of the talk."""
    life = Life(tmp_path)
    model = ToldModel("Fine.", "Really?", "Tell me more.", "Good.")
    loop = life.loop(model)
    await loop.open_session("test")
    await life.say(loop, "Tell me about boats, Zebulon is at the harbour with one.")
    await life.say(loop, "Say something about the quiet sea at night.")
    forgetting = Forgetting(life.store, life.journal, STOP_WORDS)
    forgetting.carry_out(forgetting.plan([Saying("Zebulon")]))
    await loop.forget()
    await life.say(loop, "Say something about the harbour in winter.")
    shown = _shown(model)
    assert "Zebulon" not in shown
    assert "quiet sea" in shown
    assert "harbour in winter" in shown
    life.journal.close()


async def test_forgetting_between_conversations_is_harmless(tmp_path: Path) -> None:
    """With no conversation open there is nothing to drop."""
    life = Life(tmp_path)
    await life.loop(ToldModel("Fine.")).forget()
    life.journal.close()


async def test_a_full_disk_keeps_no_word_in_the_conversation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the file cannot be rewritten yet, that is said, and all the rest has forgotten."""
    life = Life(tmp_path)
    model = ToldModel("Fine.", "Good.")
    loop = life.loop(model)
    await loop.open_session("test")
    await life.say(loop, "Tell me about boats, Zebulon is at the harbour with one.")
    seat = Seat(_Model)
    companion = SimpleNamespace(
        store=life.store,
        journal=life.journal,
        clock=life.clock,
        worker=at_once,
        turns=loop,
        model=seat,
    )
    memories = Memories(cast("Companion", companion))
    plan = await memories.plan(["Zebulon"])

    def refuse() -> None:
        raise StorageFault("The disk is full.")

    monkeypatch.setattr(life.store, "scrub", refuse)
    with pytest.raises(StorageFault, match="It is erased"):
        await memories.forget(["Zebulon"], str(plan["plan"]))
    await life.say(loop, "Say something about the harbour in winter.")
    assert "Zebulon" not in _shown(model)
    assert (await memories.plan(["Zebulon"]))["items"] == []
    life.journal.close()


async def test_only_what_was_shown_is_agreed_to(tmp_path: Path) -> None:
    """When something was added meanwhile, nothing is erased and the plan is shown as it is now."""
    life = Life(tmp_path)
    loop = life.loop(ToldModel("Fine."))
    companion = SimpleNamespace(
        store=life.store, journal=life.journal, clock=life.clock, worker=at_once
    )
    memories = Memories(cast("Companion", companion))
    await life.say(loop, "Tell me about boats, Zebulon has one.")
    plan = await memories.plan(["Zebulon"])
    await life.say(loop, "Tell me about cars, Zebulon has one.")
    now = await memories.forget(["Zebulon"], str(plan["plan"]))
    assert (now["done"], now["changed"]) == (False, True)
    assert len(cast("list[object]", now["items"])) > len(cast("list[object]", plan["items"]))
    assert life.store.search_text(["zebulon"], 9) != []
    life.journal.close()


class _Model:
    """A model that counts how often it was stopped."""

    def __init__(self) -> None:
        self.stopped = 0

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Piece | Usage, None]:
        yield Piece("word")

    def state(self) -> ModelState:
        return ModelState("fake", ready=True)

    async def wait_ready(self, timeout: float) -> bool:
        return True

    async def stop(self) -> None:
        self.stopped += 1


async def test_a_model_that_was_spoken_with_begins_anew() -> None:
    """Its process is another one afterwards; one that was told nothing yet stays."""
    brought: list[_Model] = []

    def bring() -> _Model:
        brought.append(_Model())
        return brought[-1]

    seat = Seat(bring)
    assert not await seat.forget()
    seat.refresh()
    assert not await seat.forget()
    async for _ in seat.chat(ChatRequest([Message("user", "hello")], 1, 0.0, 0)):
        pass
    assert await seat.forget()
    counts = [model.stopped for model in brought]
    assert counts == [1, 0]
    assert not await seat.forget()
    assert await seat.wait_ready(1.0)


@pytest.mark.model
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows a process's memory as a file")
async def test_the_embedded_model_holds_no_word_afterwards(tmp_path: Path) -> None:
    """The child that was shown a secret, and had it in its memory, is gone; the next has none."""
    path = weights("smollm2-135m")
    config = ChildConfig(str(path), str(tmp_path), threads=1, context=512)
    started: list[EmbeddedModel] = []

    def bring() -> EmbeddedModel:
        named = Weights("smollm2-135m", path, "ab" * 32)
        started.append(EmbeddedModel(named, config, lambda: [Message("system", "Be kind.")]))
        started[-1].start()
        return started[-1]

    seat = Seat(bring)
    try:
        assert await seat.wait_ready(START_S)
        await _say(seat, "Zebulon hid the key.")
        first = started[0].pid
        assert first is not None
        assert _holds(first, b"Zebulon")
        assert await seat.forget()
        assert await seat.wait_ready(START_S)
        with pytest.raises(FileNotFoundError):
            _holds(first, b"Zebulon")
        second = started[1].pid
        assert second is not None
        await _say(seat, "Hello.")
        assert _holds(second, b"Hello")
        assert not _holds(second, b"Zebulon")
    finally:
        await seat.stop()


async def _say(seat: Seat, text: str) -> None:
    async for _ in seat.chat(ChatRequest([Message("user", text)], 2, 0.0, 0)):
        pass


def _holds(pid: int, word: bytes) -> bool:
    """Whether `word` stands anywhere in the memory that a process may write to."""
    maps = Path(f"/proc/{pid}/maps").read_text("ascii", "replace").splitlines()
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            extent, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            start, end = (int(part, 16) for part in extent.split("-"))
            with contextlib.suppress(OSError):  # a guard page
                memory.seek(start)
                if word in memory.read(end - start):
                    return True
    return False
