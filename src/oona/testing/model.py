"""A language model that says what a test wrote for it, and notes what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

from oona.core.errors import ModelUnavailable
from oona.core.language import ChatRequest, ModelState, Piece, Usage


class ToldModel:
    """Gives `replies` in their order, the last of them again and again.

    A reply that is an error is raised. `endless` keeps talking after a reply until it is closed;
    `closed` counts the generations that were ended from outside.
    """

    def __init__(self, *replies: str | ModelUnavailable, endless: bool = False) -> None:
        self._replies: Sequence[str | ModelUnavailable] = replies or ("Mm.",)
        self._endless = endless
        self.requests: list[ChatRequest] = []
        self.closed = 0

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Piece | Usage]:
        self.requests.append(request)
        reply = self._replies[min(len(self.requests), len(self._replies)) - 1]
        if isinstance(reply, ModelUnavailable):
            raise reply
        try:
            for start in range(0, len(reply), 3):
                await asyncio.sleep(0)
                yield Piece(reply[start : start + 3])
            while self._endless:
                await asyncio.sleep(0.001)
                yield Piece(" and on.")
        except (GeneratorExit, asyncio.CancelledError):
            self.closed += 1
            raise
        yield Usage(prompt_tokens=10, completion_tokens=len(reply) // 3, finish="stop")

    def state(self) -> ModelState:
        return ModelState("told", ready=True, scripted=True)

    async def wait_ready(self, timeout: float) -> bool:  # noqa: ARG002 - as agreed
        return True
