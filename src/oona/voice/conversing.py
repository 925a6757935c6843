"""Taking turns: what was heard is answered, and the answer spoken, while the ears stay open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Protocol

from oona.core.clock import Clock
from oona.voice.ears import Ears
from oona.voice.events import Exchange, Heard
from oona.voice.framing import Frame
from oona.voice.mouth import Mouth


class Partner(Protocol):
    """Who answers: the one turn loop, behind whatever leads there."""

    def say(self, text: str) -> AsyncGenerator[str | Mapping[str, object]]:
        """The reply's clauses as they come, then what the loop tells of how it came about."""
        ...


class Conversing:
    """One conversation over one stream. Turns are answered one after the other."""

    def __init__(self, ears: Ears, mouth: Mouth, partner: Partner, clock: Clock) -> None:
        self._ears = ears
        self._mouth = mouth
        self._partner = partner
        self._clock = clock
        self._exchanges: asyncio.Queue[Exchange | None] = asyncio.Queue()
        self._unanswered: asyncio.Queue[Heard | None] = asyncio.Queue()
        self._answering = False

    @property
    def busy(self) -> bool:
        """Whether something is being found out or made; waiting for the person is not."""
        return self._ears.busy or self._answering or not self._unanswered.empty()

    async def converse(self, frames: AsyncIterator[Frame]) -> AsyncGenerator[Exchange]:
        """Each exchange, once all of its reply has been handed to the speaker."""
        tasks = [
            asyncio.create_task(self._listen(frames), name="listening"),
            asyncio.create_task(self._answer(), name="answering"),
        ]
        try:
            while (exchange := await self._exchanges.get()) is not None:
                yield exchange
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self, frames: AsyncIterator[Frame]) -> None:
        try:
            async with aclosing(self._ears.listen(frames)) as items:
                async for item in items:
                    if isinstance(item, Heard):
                        self._unanswered.put_nowait(item)
        finally:
            self._unanswered.put_nowait(None)

    async def _answer(self) -> None:
        try:
            while (heard := await self._unanswered.get()) is not None:
                self._answering = True
                exchange = Exchange(heard, self._clock.monotonic())
                async with aclosing(self._mouth.speak(self._clauses(exchange))) as captions:
                    async for caption in captions:
                        exchange.captions.append(caption)
                self._answering = False
                self._exchanges.put_nowait(exchange)
        finally:
            self._answering = False
            self._exchanges.put_nowait(None)

    async def _clauses(self, exchange: Exchange) -> AsyncGenerator[str]:
        async with aclosing(self._partner.say(exchange.heard.text)) as items:
            async for item in items:
                if isinstance(item, str):
                    if exchange.clause_at is None:
                        exchange.clause_at = self._clock.monotonic()
                    yield item
                else:
                    exchange.result = dict(item)
