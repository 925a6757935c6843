"""The embedded model, for real: a small one in a child process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from oona.core.errors import ModelUnavailable
from oona.core.language import ChatRequest, Message, Piece
from oona.providers.llama.embedded import EmbeddedModel, Weights
from oona.providers.llama.process import Address, ChildConfig, LlamaProcess
from oona.providers.openai import Endpoint, OpenAIClient
from tests.needs import weights

pytestmark = pytest.mark.model

PREFIX = [Message("system", "You are brief and kind. " * 8)]
START_S = 90.0


def build(folder: Path, file: Path | None = None) -> EmbeddedModel:
    path = file or weights("smollm2-135m")
    (folder / "slots").mkdir(exist_ok=True)
    config = ChildConfig(str(path), str(folder / "slots"), threads=1, context=1024)
    return EmbeddedModel(Weights("smollm2-135m", path, "ab" * 32), config, lambda: PREFIX)


@contextlib.asynccontextmanager
async def running(model: EmbeddedModel) -> AsyncIterator[EmbeddedModel]:
    model.start()
    try:
        assert await model.wait_ready(START_S), model.state()
        yield model
    finally:
        await model.stop()


async def say(model: EmbeddedModel, text: str, most: int = 12) -> str:
    request = ChatRequest([*PREFIX, Message("user", text)], most, 0.0, seed=1)
    return "".join([item.text async for item in model.chat(request) if isinstance(item, Piece)])


async def test_it_answers_and_its_prefix_is_restored_the_second_time(tmp_path: Path) -> None:
    """The first start reads the prefix and saves its cache; the next one restores it."""
    async with running(build(tmp_path)) as model:
        assert await say(model, "Say hello.")
        assert model.warmed == "read"
    async with running(build(tmp_path)) as model:
        assert model.warmed == "restored"
        assert await say(model, "Say hello.")


async def test_its_server_can_be_another_oonas_endpoint(tmp_path: Path) -> None:
    """The embedded server lists one model, which a client that was told no name takes."""
    addresses: list[Address] = []

    async def note(address: Address) -> None:
        addresses.append(address)

    config = ChildConfig(str(weights("smollm2-135m")), str(tmp_path), threads=1, context=1024)
    process = LlamaProcess(config, note)
    process.start()
    try:
        assert await process.wait_ready(START_S)
        client = OpenAIClient(Endpoint(addresses[0].url + "/v1", "", addresses[0].key))
        names = await client.models()
        request = ChatRequest([Message("user", "Say hello.")], 8, 0.0, seed=1)
        assert [item async for item in client.chat(request) if isinstance(item, Piece)]
        assert [client.state().name] == names
        await client.close()
    finally:
        await process.stop()


async def test_a_killed_child_comes_back_and_the_turn_is_asked_again(tmp_path: Path) -> None:
    """Kill -9 between two turns: the second is answered all the same."""
    async with running(build(tmp_path)) as model:
        first = model.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert await say(model, "Are you there?")
        assert model.pid not in (None, first)


async def test_leaving_a_reply_stops_the_generation_itself(tmp_path: Path) -> None:
    """After the iterator is closed the slot is idle, long before the reply would have ended."""
    async with running(build(tmp_path)) as model:
        request = ChatRequest([*PREFIX, Message("user", "Count to a thousand.")], 900, 0.0, 1)
        answers = model.chat(request)
        await anext(answers)
        await answers.aclose()
        for _ in range(100):
            if not await model.busy():
                break
            await asyncio.sleep(0.05)
        assert not await model.busy()


async def test_a_damaged_file_is_a_sentence_and_not_a_crash(tmp_path: Path) -> None:
    """Weights that are no weights: the model says that it is not running."""
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"GGUF" + os.urandom(4096))
    model = build(tmp_path, bad)
    model.start()
    try:
        assert not await model.wait_ready(5.0)
        assert "could not be loaded" in model.state().detail
        with pytest.raises(ModelUnavailable):
            await asyncio.wait_for(say_within(model), 10.0)
    finally:
        await model.stop()


async def say_within(model: EmbeddedModel) -> str:
    request = ChatRequest([*PREFIX, Message("user", "Hello")], 4, 0.0, 1)
    return "".join(
        [i.text async for i in model.chat(request, patience=2.0) if isinstance(i, Piece)]
    )
