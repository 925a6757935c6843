"""A language model without weights: it says back what it was told, word by word.

For plumbing and load tests (`OONA_LLM=echo`): the same words give the same reply, on every machine.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator

from oona.core.language import ChatRequest, ModelState, Piece, Usage

NAME = "echo"
MOST_WORDS = 40


class ScriptedModel:
    """Answers "You said: …" with at most 40 words of the last message.

    `pause` is in seconds, before each word: a reply that can be watched, stopped or cut short.
    """

    def __init__(self, pause: float = 0.0) -> None:
        self._pause = pause

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Piece | Usage, None]:
        words = reply_to(request).split()
        sent = words[: request.max_tokens]
        for number, word in enumerate(sent):
            if self._pause:
                await asyncio.sleep(self._pause)
            yield Piece(word if number == 0 else f" {word}")
        prompt = sum(len(message.content.split()) for message in request.messages)
        finish = "stop" if len(sent) == len(words) else "length"
        yield Usage(prompt_tokens=prompt, completion_tokens=len(sent), finish=finish)

    def state(self) -> ModelState:
        return ModelState(NAME, ready=True, detail="says back what it is told", scripted=True)

    async def wait_ready(self, timeout: float) -> bool:  # noqa: ARG002 - the Protocol's name
        return True


def reply_to(request: ChatRequest) -> str:
    """What the scripted model says to `request`: JSON where a schema asks for it."""
    if request.schema is not None:
        return json.dumps({})
    asked = [message.content for message in request.messages if message.role == "user"]
    lines = asked[-1].strip().splitlines() if asked else []
    said = " ".join(lines[-1].split()[:MOST_WORDS]) if lines else "nothing"
    return f"You said: {said}"
