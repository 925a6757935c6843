"""Work in the background of a real small model: in pieces, in its own slot, and giving way."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from oona.core.errors import BadInput
from oona.core.language import BACKGROUND, ChatRequest, Message, Piece, Usage
from oona.providers.llama.background import MOST_AT_ONCE
from oona.providers.llama.embedded import EmbeddedModel
from tests.providers.test_embedded import PREFIX, build, running

pytestmark = pytest.mark.model

FIXED = [Message("system", "You note facts. " * 10), Message("user", "I live in Oslo. " * 4)]


def asked(text: str, most: int = 8) -> ChatRequest:
    """A request that nobody waits for."""
    messages = [*FIXED, Message("user", text)]
    return ChatRequest(messages, most, 0.0, 1, slot=BACKGROUND, fixed=len(FIXED))


async def told(model: EmbeddedModel, request: ChatRequest) -> tuple[str, Usage]:
    """All that it answers, and what it counted."""
    items = [item async for item in model.chat(request)]
    [usage] = [item for item in items if isinstance(item, Usage)]
    return "".join(item.text for item in items if isinstance(item, Piece)), usage


async def test_the_conversations_cache_is_never_touched(tmp_path: Path) -> None:
    """After work in the background a turn still finds all of its prefix in the cache."""
    async with running(build(tmp_path)) as model:
        turn = ChatRequest([*PREFIX, Message("user", "Say hello.")], 4, 0.0, 1)
        await told(model, turn)
        before = await told(model, turn)
        await told(model, asked("We have a cat. " * 20))
        after = await told(model, turn)
        assert after[1].cached_tokens == before[1].cached_tokens > 0
        assert after[0] == before[0]


async def test_a_prompt_is_read_in_small_pieces(tmp_path: Path) -> None:
    """No request to the server brings more than 32 tokens that it has not read yet."""
    async with running(build(tmp_path)) as model:
        background = model._background
        assert background is not None
        ends: list[int] = []
        post = background._client.post

        async def noting(path: str, body: dict[str, object]) -> object:
            if path == "/completion":
                ends.append(len(list(body["prompt"])))  # type: ignore[call-overload]
            return await post(path, body)

        background._client.post = noting  # type: ignore[method-assign]
        _text, usage = await told(model, asked("We have a cat and two dogs. " * 20))
        steps = [end - start for start, end in zip([0, *ends], ends, strict=False)]
        assert len(ends) > 4
        assert max(steps) <= MOST_AT_ONCE
        assert usage.prompt_tokens - ends[-1] <= MOST_AT_ONCE


async def test_only_the_impersonal_beginning_is_saved(tmp_path: Path) -> None:
    """The next start restores it and reads no word of it; the file is the same for any text."""
    async with running(build(tmp_path)) as model:
        await told(model, asked("My sister Anna is ill."))
        await told(model, asked("My brother Jon is well."))
    [first] = (tmp_path / "slots").glob("idle-*.slot")
    content = first.read_bytes()
    async with running(build(tmp_path)) as model:
        _text, usage = await told(model, asked("My brother Jon is well."))
        assert usage.cached_tokens > 20
    assert first.read_bytes() == content
    assert list((tmp_path / "slots").glob("idle-*.slot")) == [first]


async def test_leaving_it_stops_it(tmp_path: Path) -> None:
    """A generation that is left ends at once, and the conversation's turn is answered."""
    async with running(build(tmp_path)) as model:
        work = asyncio.create_task(told(model, asked("Count to a thousand.", 700)))
        await asyncio.sleep(1.0)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        turn = ChatRequest([*PREFIX, Message("user", "Say hello.")], 4, 0.0, 1)
        assert (await told(model, turn))[0]
        assert model._client is not None
        for _ in range(40):
            slots = await model._client.get("/slots")
            if not any(slot.get("is_processing") for slot in slots):
                return
            await asyncio.sleep(0.05)
        raise AssertionError("it goes on generating")


async def test_what_is_too_long_is_refused(tmp_path: Path) -> None:
    """The background's window is small; what does not fit is not begun."""
    async with running(build(tmp_path)) as model:
        with pytest.raises(BadInput):
            await told(model, asked("word " * 2_000))
