"""Which model answers: by name, by what is here, by what fits; and the seat that waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

import oona.app.seat
from oona.app import models
from oona.app.models import choose, wanted
from oona.app.paths import Paths
from oona.app.seat import Seat
from oona.app.settings import Settings
from oona.core.errors import ModelUnavailable, NotFound
from oona.core.language import ChatRequest, Message, ModelState, Piece, Usage
from oona.providers.scripted import ScriptedModel
from oona.providers.weights import Weights, load

HELLO = ChatRequest([Message("user", "Good morning.")], 80, 0.0, 1)


def put(weights: Weights, *names: str) -> Weights:
    """Pretend that models are here: files of the right size that take no room."""
    weights.folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        with weights.path(name).open("wb") as file:
            file.truncate(weights.catalogue.get(name).size)
    return weights


@pytest.fixture
def weights(tmp_path: Path) -> Weights:
    return Weights(tmp_path / "models", stores=())


def chat_models() -> list[str]:
    """The names of the models for conversation, the largest first."""
    known = sorted(load(), key=lambda model: model.parameters, reverse=True)
    return [model.name for model in known if "chat" in model.roles]


def test_the_largest_that_fits_answers(weights: Weights, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the models that are here the largest that fits the free memory runs, else the smallest."""
    large, *_, small = chat_models()
    put(weights, large, small)
    for free, expected in ((1 << 40, large), (0, large), (1, small)):
        monkeypatch.setattr("oona.providers.weights.free_memory", lambda free=free: free)
        chosen = choose(Settings(), weights)
        assert chosen is not None
        assert chosen.name == expected


def test_a_name_outranks_what_would_fit(weights: Weights) -> None:
    """A model that the settings name runs, and no other in its place."""
    small = chat_models()[-1]
    put(weights, small)
    assert choose(Settings({"model.name": small}), weights) == weights.catalogue.get(small)
    assert choose(Settings({"model.name": chat_models()[0]}), weights) is None
    with pytest.raises(NotFound):
        choose(Settings({"model.name": "nobody"}), weights)


def test_a_plumbing_model_never_answers_unasked(weights: Weights) -> None:
    """A model that is only for tests is not taken for conversation unless it is named."""
    put(weights, "smollm2-135m")
    assert choose(Settings(), weights) is None
    assert choose(Settings({"model.name": "smollm2-135m"}), weights) is not None


def test_nothing_is_fetched_that_is_not_needed(weights: Weights) -> None:
    """With a model here, an endpoint, or the scripted model, none is fetched."""
    assert wanted(Settings(llm="echo"), weights) is None
    assert wanted(Settings({"model.url": "http://localhost/v1"}), weights) is None
    small = chat_models()[-1]
    assert wanted(Settings({"model.name": small}), weights) == weights.catalogue.get(small)
    put(weights, small)
    assert wanted(Settings(), weights) is None


async def test_the_seat_says_kindly_that_it_is_empty() -> None:
    """Without a model a turn is refused in a sentence, and waiting for one ends in time."""
    seat = Seat(lambda: None)
    with pytest.raises(ModelUnavailable, match="not arrived") as fault:
        await anext(seat.chat(HELLO))
    assert "oona models fetch" in fault.value.hint
    assert not await seat.wait_ready(0.01)
    assert not seat.state().ready


class Loading(ScriptedModel):
    """Is ready after a while."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded = asyncio.Event()
        self.stopped = False

    def state(self) -> ModelState:
        return ModelState(
            "m", self.loaded.is_set(), "" if self.loaded.is_set() else "still loading"
        )

    async def wait_ready(self, timeout: float) -> bool:
        try:
            await asyncio.wait_for(self.loaded.wait(), timeout)
        except TimeoutError:
            return False
        return True

    async def stop(self) -> None:
        self.stopped = True


async def said(stream: AsyncGenerator[Piece | Usage, None]) -> str:
    return "".join([item.text async for item in stream if isinstance(item, Piece)])


async def test_a_model_takes_its_seat_when_it_arrives() -> None:
    """A model that arrives while others wait for it answers them as soon as it is loaded."""
    model = Loading()
    there: list[Loading] = []
    seat = Seat(lambda: there[0] if there else None)
    waiting = asyncio.create_task(seat.wait_ready(10))
    await asyncio.sleep(0)
    there.append(model)
    seat.refresh()
    speaking = asyncio.create_task(said(seat.chat(HELLO)))
    await asyncio.sleep(0.01)
    model.loaded.set()
    assert await waiting
    assert await speaking == "You said: Good morning."
    await seat.stop()
    assert model.stopped


async def test_the_scripted_model_repeats_itself() -> None:
    """The same words get the same reply, within the tokens that were allowed."""
    model = ScriptedModel()
    assert await said(model.chat(HELLO)) == await said(model.chat(HELLO))
    short = ChatRequest(HELLO.messages, 2, 0.0, 1)
    assert await said(model.chat(short)) == "You said:"
    last = [item async for item in model.chat(short)][-1]
    assert isinstance(last, Usage)
    assert (last.completion_tokens, last.finish) == (2, "length")


async def test_the_settings_pick_the_seat(tmp_path: Path) -> None:
    """Echo is the scripted model, an endpoint its client, and nothing of theirs is started."""
    paths = Paths(tmp_path, tmp_path, tmp_path / "models", tmp_path)
    echo = models.seat(Settings(llm="echo:5"), paths)
    assert echo.state().scripted
    far = models.seat(Settings({"model.url": "http://localhost/v1"}), paths)
    assert (far.state().scripted, far.state().ready) == (False, True)
    none = models.seat(Settings(), paths)
    assert (none.state().ready, none.state().name) == (False, "")
    for seat in (echo, far, none):
        await seat.stop()


async def test_a_model_that_fell_is_not_awaited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that does not come back is told with what went wrong, after a short wait."""
    monkeypatch.setattr(oona.app.seat, "_LOOK_S", 0.001)
    monkeypatch.setattr(oona.app.seat, "FALLEN_S", 0.003)
    model = Loading()
    monkeypatch.setattr(model, "state", lambda: ModelState("m", ready=False, detail="It fell."))
    with pytest.raises(ModelUnavailable, match="It fell"):
        await said(Seat(lambda: model).chat(HELLO))


async def test_a_model_that_loads_is_awaited_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that is still loading is given its time, and no more."""
    monkeypatch.setattr(oona.app.seat, "_LOOK_S", 0.001)
    monkeypatch.setattr(oona.app.seat, "LOADING_S", 0.005)
    with pytest.raises(ModelUnavailable, match="still loading"):
        await said(Seat(Loading).chat(HELLO))
