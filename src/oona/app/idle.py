"""Idle time: when nobody speaks, and work that is done then gives way as soon as somebody does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")

QUIET_S = 5.0
"""Seconds without a turn before work begins: who just spoke mostly speaks again."""


class Idle:
    """Knows whether a turn runs, and runs pieces of work between turns. One piece at a time."""

    def __init__(self, quiet: float = QUIET_S) -> None:
        self._quiet = quiet
        self._turns = 0
        self._last = float("-inf")
        self._piece: asyncio.Future[Any] | None = None
        self._changed = asyncio.Event()
        self.interrupted = 0
        """How many pieces gave way to a turn."""

    @property
    def busy(self) -> bool:
        """Whether a turn runs or waits: nothing else is to take the machine meanwhile."""
        return self._turns > 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Somebody is being answered inside this block; a piece that runs is ended at its begin."""
        self._turns += 1
        if self._piece is not None:
            self.interrupted += 1
            self._piece.cancel()
            self._piece = None
        try:
            yield
        finally:
            self._turns -= 1
            self.stir()

    def stir(self) -> None:
        """Somebody has come, and may be about to speak."""
        self._last = asyncio.get_running_loop().time()
        self._changed.set()

    async def news(self) -> None:
        """Return once somebody came or a turn ended since the last time this was waited for."""
        await self._changed.wait()
        self._changed.clear()

    async def quiet(self) -> None:
        """Return when no turn runs and none came for a while."""
        loop = asyncio.get_running_loop()
        while True:
            left = self._last + self._quiet - loop.time()
            if not self._turns and left <= 0:
                return
            await asyncio.sleep(max(left, self._quiet / 10))

    async def run(self, work: Callable[[], Awaitable[T]]) -> T | None:
        """What `work` gives, begun when it is quiet; None where a turn came before it was done.

        It is then cancelled where it stands: what it wants kept it has to write down in one step.
        Raises what `work` raises.
        """
        await self.quiet()
        task = asyncio.ensure_future(work())
        self._piece = task
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:  # the owner ends
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            raise
        finally:
            if self._piece is task:
                self._piece = None
        return None if task.cancelled() else task.result()
