"""The embedded model's second slot: work that nobody waits for, and that gives way at once.

A prompt is read there in pieces short enough that a person who begins to speak waits for the rest
of one at most; the conversation's slot and its cache are never touched. The impersonal beginning of
each prompt is saved beside the weights, as the conversation's is.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from oona.core.errors import BadInput, ModelUnavailable
from oona.core.language import BACKGROUND, ChatRequest, Message, Piece, Usage

if TYPE_CHECKING:
    from oona.providers.openai import OpenAIClient

MOST_AT_ONCE = 32
LEAST_AT_ONCE = 8
"""Tokens read in one piece. Fewer than eight take as long as eight do."""

PIECE_S = 0.2
"""What one piece should take, and so the longest that a first word may be kept waiting by it."""

_SAVED = 6
"""Prompt beginnings kept on the disk, the newest; a few megabytes each."""


class Background:
    """Reads and answers requests in the second slot of a running child, one at a time.

    `stem` tells the weights, the runtime and the window apart in the names of saved beginnings.
    """

    def __init__(self, client: OpenAIClient, folder: Path, stem: str, context: int) -> None:
        self._client = client
        self._folder = folder
        self._stem = stem
        self._context = context
        self._holds = ""
        self._making = ""
        self._at_once = LEAST_AT_ONCE
        self.longest = 0.0
        """Seconds that the longest piece took so far."""

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Piece | Usage]:
        """See LanguageModel.chat. Raises BadInput for a prompt that does not fit."""
        tokens = await self._tokens(request.messages)
        if len(tokens) + request.max_tokens > self._context:
            raise BadInput("That is more than I read at once in idle time.")
        known = 0
        if fixed := request.messages[: request.fixed]:
            known = await self._begin(_common(await self._tokens(fixed, closed=True), tokens))
        for end in self._ends(known, len(tokens)):
            await self._read(tokens[:end])
        async with aclosing(self._write(tokens, request)) as stream:
            async for item in stream:
                yield item

    async def _begin(self, beginning: list[int]) -> int:
        """See that the slot holds a prompt's impersonal `beginning`; gives its length."""
        text = json.dumps(beginning)
        name = f"{self._stem}-{hashlib.sha256(text.encode()).hexdigest()[:20]}.slot"
        if self._holds == name:
            return len(beginning)
        self._holds = ""
        if not await self._restored(name):
            if self._making != name:  # else it was interrupted, and goes on where it was
                await self._client.post(f"/slots/{BACKGROUND}?action=erase", {})
                self._making = name
            for end in self._ends(0, len(beginning)):
                await self._read(beginning[:end])
            await self._read(beginning)
            await self._client.post(f"/slots/{BACKGROUND}?action=save", {"filename": name})
            self._drop_old()
        self._holds, self._making = name, ""
        return len(beginning)

    async def _restored(self, name: str) -> bool:
        if not (self._folder / name).is_file():
            return False
        try:
            await self._client.post(f"/slots/{BACKGROUND}?action=restore", {"filename": name})
        except ModelUnavailable:
            (self._folder / name).unlink(missing_ok=True)  # torn by a crash; it is made again
            return False
        return True

    def _drop_old(self) -> None:
        weights = self._stem.rpartition("-")[0]
        saved = sorted(self._folder.glob(f"{weights}-*.slot"), key=lambda f: f.stat().st_mtime)
        for old in saved[:-_SAVED]:
            old.unlink(missing_ok=True)

    def _ends(self, reached: int, total: int) -> Iterator[int]:
        """Where the pieces end in which a prompt is read, each as long as the time then allows.

        The end of the prompt, at which something is done with it, is not among them.
        """
        while (reached := reached + self._at_once) < total:
            yield reached

    async def _read(self, tokens: Sequence[int]) -> None:
        """Take `tokens` into the slot; all but the last few are there already."""
        began = time.monotonic()
        body = {"prompt": list(tokens), "id_slot": BACKGROUND, "n_predict": 0, "cache_prompt": True}
        await self._client.post("/completion", body)
        took = time.monotonic() - began
        self.longest = max(self.longest, took)
        fitting = self._at_once * min(2.0, PIECE_S / max(took, 0.001))
        self._at_once = max(LEAST_AT_ONCE, min(MOST_AT_ONCE, int(fitting)))

    async def _write(
        self, tokens: list[int], request: ChatRequest
    ) -> AsyncGenerator[Piece | Usage]:
        body: dict[str, object] = {
            "prompt": tokens,
            "id_slot": BACKGROUND,
            "n_predict": request.max_tokens,
            "cache_prompt": True,
            "temperature": request.temperature,
            "seed": request.seed,
            "stop": list(request.stop),
            "stream": True,
        }
        if request.schema is not None:
            body["json_schema"] = request.schema
        async with aclosing(self._client.stream("/completion", body)) as chunks:
            async for chunk in chunks:
                if text := chunk.get("content"):
                    yield Piece(str(text))
                if chunk.get("stop"):
                    yield _usage(chunk, len(tokens))

    async def _tokens(self, messages: Sequence[Message], *, closed: bool = False) -> list[int]:
        """The prompt of `messages` in tokens; `closed` leaves out the call for an answer."""
        said = [{"role": m.role, "content": m.content} for m in messages]
        body = {"messages": said, "add_generation_prompt": not closed}
        prompt = (await self._client.post("/apply-template", body))["prompt"]
        body = {"content": prompt, "add_special": True, "parse_special": True}
        found: list[int] = (await self._client.post("/tokenize", body))["tokens"]
        return found


def _common(one: Sequence[int], other: Sequence[int]) -> list[int]:
    """What two prompts begin with alike."""
    length = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        length += 1
    return list(one[:length])


def _usage(chunk: dict[str, object], prompt: int) -> Usage:
    timings = chunk.get("timings")
    cached = timings.get("cache_n", 0) if isinstance(timings, dict) else 0
    written = chunk.get("tokens_predicted", 0)
    ended = "length" if chunk.get("stop_type") == "limit" else "stop"
    return Usage(prompt, int(cached), written if isinstance(written, int) else 0, ended)
