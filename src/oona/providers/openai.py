"""The one client for language models: anything that speaks OpenAI's chat completions.

The embedded model's child process and a person's own endpoint (Ollama, llama.cpp, vLLM, a cloud)
are reached alike. Requests that llama.cpp's server alone understands (a pinned slot, the prompt
cache) are sent only to it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import httpx

from oona.core.errors import Busy, ModelUnavailable
from oona.core.language import ChatRequest, ModelState, Piece, Usage

CONNECT_S = 5.0
WAITING_ROOM = 4
"""Requests that may wait for the one being answered; a person does not talk over five of theirs."""

LIST_S = 5.0
"""Seconds an endpoint may take to say which models it has."""

_DATA = "data: "
_LOCKED = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)
_UNNAMED = "the model at your endpoint"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model answers. `key` is a secret: it is sent there and shown nowhere.

    Where `model` is empty, the endpoint is asked once which it has. `first_token_s` bounds the wait
    for the first piece (a cold prompt on two cores is slow), `between_s` that between two pieces.
    """

    base_url: str
    model: str
    key: str = ""
    llama: bool = False
    first_token_s: float = 120.0
    between_s: float = 30.0

    def __repr__(self) -> str:
        return f"Endpoint({self.base_url!r}, {self.model!r})"


class OpenAIClient:
    """Streams chat completions from an endpoint, one at a time, in the order they were asked."""

    def __init__(self, endpoint: Endpoint, transport: httpx.AsyncBaseTransport | None = None):
        self._endpoint = endpoint
        self._model = endpoint.model
        self._naming = asyncio.Lock()
        self._fault = ""
        headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
        self._http = httpx.AsyncClient(
            base_url=endpoint.base_url.rstrip("/") + "/",
            headers=headers,
            timeout=httpx.Timeout(endpoint.first_token_s, connect=CONNECT_S),
            transport=transport,
            # A proxy from the environment would carry a loopback conversation off the machine.
            trust_env=not endpoint.llama,
            # Loopback has no certificates to check, and reading those of the world takes 40 ms.
            verify=not endpoint.llama,
        )
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Piece | Usage]:
        """See LanguageModel.chat.

        Leaving the iteration closes the connection, and with it the generation at the other end.
        """
        if self._waiting >= WAITING_ROOM:
            raise Busy("I am still busy with what you said before.", "Give me a moment.")
        self._waiting += 1
        try:
            async with self._turn:
                await self._named()
                async with aclosing(self._stream(request)) as stream:
                    async for item in stream:
                        yield item
        finally:
            self._waiting -= 1

    async def _stream(self, request: ChatRequest) -> AsyncGenerator[Piece | Usage]:
        try:
            async with self._http.stream(
                "POST", "chat/completions", json=self._payload(request)
            ) as response:
                if response.status_code != httpx.codes.OK:
                    await response.aread()
                    raise refusal(response, self._endpoint, self._model)
                async for item in self._items(response):
                    yield item
        except httpx.TimeoutException as fault:
            raise ModelUnavailable(
                f"The model ({self._model}) did not answer in time.",
                "The machine may be very busy; try again, or choose a smaller model.",
            ) from fault
        except httpx.HTTPError as fault:
            raise ModelUnavailable(
                f"The model ({self._model}) cannot be reached: {type(fault).__name__}.",
                "`oona doctor` says more.",
            ) from fault

    async def _items(self, response: httpx.Response) -> AsyncGenerator[Piece | Usage]:
        lines = response.aiter_lines()
        finish = ""
        patience = self._endpoint.first_token_s
        while True:
            try:
                line = await asyncio.wait_for(anext(lines), patience)
            except StopAsyncIteration:
                break
            except TimeoutError as fault:
                raise ModelUnavailable(
                    f"The model ({self._model}) fell silent in the middle of a reply."
                ) from fault
            if not line.startswith(_DATA):
                continue
            data = line.removeprefix(_DATA)
            if data == "[DONE]":
                break
            chunk = json.loads(data)
            if "error" in chunk:
                raise ModelUnavailable(f"The model gave up: {_words(chunk['error'])}.")
            for choice in chunk.get("choices") or ():
                finish = choice.get("finish_reason") or finish
                if text := (choice.get("delta") or {}).get("content"):
                    patience = self._endpoint.between_s
                    yield Piece(text)
            if usage := chunk.get("usage"):
                yield _usage(usage, chunk, finish)

    def _payload(self, request: ChatRequest) -> dict[str, object]:
        payload: dict[str, object] = {
            "model": self._model,
            "messages": [{"role": m.role, "content": m.content} for m in request.messages],
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "seed": request.seed,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if request.stop:
            payload["stop"] = list(request.stop)
        if request.schema is not None:
            payload["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": request.schema},
            }
        if self._endpoint.llama:
            payload |= {"id_slot": request.slot, "cache_prompt": True}
            if request.ban:
                payload["logit_bias"] = [[text, False] for text in request.ban]
        return payload

    async def post(self, path: str, body: dict[str, object]) -> Any:
        """The answer to a plain JSON request beside the conversation (slots, tokens).

        `path` is below the host, not below the API's base. Raises ModelUnavailable.
        """
        return await self._plain("POST", path, body)

    async def get(self, path: str) -> Any:
        """Like `post`, for what is only read."""
        return await self._plain("GET", path, None)

    async def stream(self, path: str, body: dict[str, object]) -> AsyncGenerator[dict[str, Any]]:
        """The pieces of a streamed answer to a plain JSON request. Raises ModelUnavailable.

        Leaving the iteration closes the connection, as with `chat`.
        """
        url = httpx.URL(self._endpoint.base_url).copy_with(raw_path=path.encode())
        try:
            async with self._http.stream("POST", url, json=body) as response:
                if response.status_code != httpx.codes.OK:
                    await response.aread()
                    raise refusal(response, self._endpoint, self._model)
                async for line in response.aiter_lines():
                    if line.startswith(_DATA):
                        yield json.loads(line.removeprefix(_DATA))
        except httpx.HTTPError as fault:
            raise ModelUnavailable(f"The model cannot be reached: {fault}.") from fault

    async def _plain(self, method: str, path: str, body: dict[str, object] | None) -> Any:
        url = httpx.URL(self._endpoint.base_url).copy_with(raw_path=path.encode())
        try:
            try:
                response = await self._http.request(method, url, json=body)
            except httpx.RemoteProtocolError:  # a kept connection was closed just then
                response = await self._http.request(method, url, json=body)
        except httpx.HTTPError as fault:
            raise ModelUnavailable(f"The model cannot be reached: {fault}.") from fault
        if response.status_code != httpx.codes.OK:
            raise refusal(response, self._endpoint, self._model)
        return response.json()

    async def models(self) -> list[str]:
        """The names of the models that the endpoint lists, in its order; it may list none.

        Raises ModelUnavailable when it cannot be reached, refuses the key, or does not answer
        within LIST_S seconds.
        """
        place = self._endpoint.base_url
        hint = "Is it running, and is its address (`oona settings model.url`) the right one?"
        try:
            async with asyncio.timeout(LIST_S):
                response = await self._http.get("models")
        except (httpx.TimeoutException, TimeoutError) as fault:
            raise ModelUnavailable(f"{place} did not answer within {LIST_S:g} s.", hint) from fault
        except httpx.HTTPError as fault:
            raise ModelUnavailable(f"{place} cannot be reached.", hint) from fault
        if response.status_code in _LOCKED:
            raise refusal(response, self._endpoint, self._model)
        return _listed(response) if response.status_code == httpx.codes.OK else []

    async def _named(self) -> None:
        """See that a model is named, asking for it if need be. Raises ModelUnavailable."""
        async with self._naming:
            if self._model:
                return
            try:
                self._model = pick(await self.models(), self._endpoint.base_url)
                self._fault = ""
            except ModelUnavailable as fault:
                self._fault = str(fault)
                raise

    def state(self) -> ModelState:
        detail = self._fault or "answers at your own endpoint"
        name = self._model or _UNNAMED
        return ModelState(name, ready=not self._fault, detail=detail, quick=True)

    async def wait_ready(self, timeout: float) -> bool:  # noqa: ARG002 - LIST_S bounds it
        # A fault is nothing to wait for: `state` tells it, and a reply asks again.
        with contextlib.suppress(ModelUnavailable):
            await self._named()
        return True

    async def close(self) -> None:
        await self._http.aclose()


def pick(names: Sequence[str], place: str) -> str:
    """Of the models that the endpoint at `place` lists, the first that can talk.

    Raises ModelUnavailable where there is none.
    """
    for name in names:
        if "embed" not in name.lower():  # Ollama lists its embedding models, too
            return name
    raise ModelUnavailable(
        f"{place} lists no model to talk with.",
        "Load one there, or name one: `oona settings model.name NAME`."
        + ("" if place.rstrip("/").endswith("/v1") else " Its address mostly ends with /v1."),
    )


def _listed(response: httpx.Response) -> list[str]:
    try:
        names = [model["id"] for model in response.json()["data"]]
    except (ValueError, KeyError, TypeError):
        return []
    return [name for name in names if isinstance(name, str) and name]


def refusal(response: httpx.Response, endpoint: Endpoint, model: str) -> ModelUnavailable:
    """What an error status means to the person."""
    status = response.status_code
    if status in _LOCKED:
        return ModelUnavailable(
            f"The endpoint {endpoint.base_url} does not accept the key it was given.",
            "Put the right one into the settings (`oona settings model.key …`).",
        )
    if status == httpx.codes.NOT_FOUND:
        return ModelUnavailable(
            f"The endpoint {endpoint.base_url} has no model named {model!r}.",
            "`oona doctor` says which it has; `oona settings model.name NAME` takes one.",
        )
    return ModelUnavailable(f"The model answered with an error ({status}).", _reason(response))


def _reason(response: httpx.Response) -> str:
    try:
        return _words(response.json().get("error", ""))[:200]
    except (ValueError, AttributeError):
        return ""


def _words(error: object) -> str:
    return str(error.get("message", "")) if isinstance(error, dict) else str(error)


def _usage(usage: dict[str, object], chunk: dict[str, object], finish: str) -> Usage:
    def count(source: object, name: str) -> int:
        value = source.get(name) if isinstance(source, dict) else None
        return value if isinstance(value, int) else 0

    return Usage(
        prompt_tokens=count(usage, "prompt_tokens"),
        cached_tokens=count(chunk.get("timings"), "cache_n")
        or count(usage.get("prompt_tokens_details"), "cached_tokens"),
        completion_tokens=count(usage, "completion_tokens"),
        finish=finish,
    )
