"""The client for any OpenAI-compatible endpoint: streams, limits, refusals and secrets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from oona.core.errors import Busy, ModelUnavailable
from oona.core.language import ChatRequest, Message, Piece, Usage
from oona.providers.openai import WAITING_ROOM, Endpoint, OpenAIClient

REQUEST = ChatRequest([Message("user", "Hello")], max_tokens=8, temperature=0.0, seed=7)


def chunk(text: str = "", **more: object) -> bytes:
    choices = [{"delta": {"content": text}, "finish_reason": None}] if text else []
    return b"data: " + json.dumps({"choices": choices, **more}).encode() + b"\n\n"


class Stream(httpx.AsyncByteStream):
    """Sends `parts` with a pause between them, and notes when it is closed."""

    def __init__(self, *parts: bytes, pause: float = 0.0) -> None:
        self._parts = parts
        self._pause = pause
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            yield part
            await asyncio.sleep(self._pause)

    async def aclose(self) -> None:
        self.closed = True


def client(
    answer: Stream | httpx.Response, asked: list[httpx.Request] | None = None, **endpoint: Any
) -> OpenAIClient:
    def handle(request: httpx.Request) -> httpx.Response:
        if asked is not None:
            asked.append(request)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, stream=answer)

    made = Endpoint("http://127.0.0.1:1/v1", "small", "sk-secret", **endpoint)
    return OpenAIClient(made, httpx.MockTransport(handle))


async def said(model: OpenAIClient) -> tuple[str, Usage]:
    text, usage = "", Usage()
    async for item in model.chat(REQUEST):
        if isinstance(item, Piece):
            text += item.text
        else:
            usage = item
    return text, usage


async def test_a_stream_becomes_pieces_and_counts() -> None:
    """Pieces come as they are sent, and the server's own counts come last."""
    usage = {"prompt_tokens": 12, "completion_tokens": 2}
    stream = Stream(
        chunk("Hel"), chunk("lo"), chunk(usage=usage, timings={"cache_n": 9}), b"data: [DONE]\n\n"
    )
    text, counted = await said(client(stream))
    assert text == "Hello"
    assert (counted.prompt_tokens, counted.cached_tokens, counted.completion_tokens) == (12, 9, 2)


async def test_only_the_embedded_server_is_sent_what_it_alone_understands() -> None:
    """A slot is pinned at llama.cpp; a stranger's endpoint gets plain OpenAI fields."""
    asked: list[httpx.Request] = []
    for llama in (True, False):
        await said(client(Stream(chunk("x"), b"data: [DONE]\n\n"), asked, llama=llama))
    sent = [json.loads(request.content) for request in asked]
    assert "id_slot" in sent[0]
    assert "id_slot" not in sent[1]
    assert asked[0].headers["authorization"] == "Bearer sk-secret"


async def test_leaving_a_stream_closes_the_connection() -> None:
    """Closing the iterator closes what the server writes to, which is how it is told to stop."""
    stream = Stream(*[chunk("word ")] * 100)
    answers = client(stream).chat(REQUEST)
    await anext(answers)
    await answers.aclose()
    assert stream.closed


@pytest.mark.parametrize(
    ("status", "word"), [(401, "key"), (403, "key"), (404, "no model"), (500, "500")]
)
async def test_a_refusal_is_worded_for_the_person(status: int, word: str) -> None:
    """Each refusal says what to do, and none shows the key."""
    body = httpx.Response(status, json={"error": {"message": "because"}})
    with pytest.raises(ModelUnavailable) as caught:
        await said(client(body))
    assert word in str(caught.value)
    assert "sk-secret" not in str(caught.value)


async def test_a_model_that_falls_silent_is_given_up() -> None:
    """Between two pieces the wait is bounded."""
    stream = Stream(chunk("Hel"), chunk("lo"), pause=5.0)
    with pytest.raises(ModelUnavailable, match="silent"):
        await said(client(stream, between_s=0.01))


async def test_an_error_in_the_stream_is_a_fault_of_the_model() -> None:
    """llama.cpp reports a full context inside the stream."""
    with pytest.raises(ModelUnavailable, match="too long"):
        await said(client(Stream(chunk(error={"message": "too long"}))))


async def test_more_than_can_wait_is_refused() -> None:
    """A client that asks without listening is told so instead of filling memory."""
    model = client(Stream(*[chunk("x")] * 50, pause=0.01))
    open_ones = [model.chat(REQUEST) for _ in range(WAITING_ROOM)]
    tasks = [asyncio.create_task(anext(answers)) for answers in open_ones]
    await asyncio.sleep(0.05)
    with pytest.raises(Busy):
        await anext(model.chat(REQUEST))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def test_a_key_is_never_shown() -> None:
    """The endpoint's text form names where and what, not the secret."""
    assert "sk-secret" not in repr(Endpoint("http://localhost/v1", "m", "sk-secret"))
