"""A recording as a stream: its frames, and the clock that goes with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from datetime import datetime

import numpy as np

from oona.core.clock import Clock
from oona.core.speech import FRAME
from oona.voice.framing import Frame, Framer
from oona.voice.wav import WavReader

_MOST_AFTER_S = 4.0
"""Of silence after its end, for whoever was still speaking."""


class Recording:
    """Plays a file to whoever listens; as a Clock, `monotonic` is the position in seconds.

    While `busy` says that somebody works, its time runs as fast as the wall's, so that work takes
    the time it takes; while nobody does, as fast as it can be listened to. After the file's end
    comes silence for as long as somebody is `busy` or `speaking`, or for a while `in_turn`.
    """

    def __init__(self, reader: WavReader, wall: Clock) -> None:
        self._reader = reader
        self._wall = wall
        self._position = 0.0
        self._anchor: tuple[float, float] | None = None
        self._framer = Framer(reader.format.rate, reader.format.channels)
        self.length = 0.0
        self.clipped = 0.0
        """Of its frames so far, the share in which samples stood at full scale."""

    def now(self) -> datetime:
        return self._wall.now()

    def monotonic(self) -> float:
        if self._anchor is not None:
            wall, position = self._anchor
            return max(self._position, position + self._wall.monotonic() - wall)
        return self._position

    async def frames(
        self,
        busy: Callable[[], bool],
        in_turn: Callable[[], bool],
        speaking: Callable[[], bool] = lambda: False,
    ) -> AsyncGenerator[Frame]:
        """The file's frames, then silence. Each comes when its last sample would have been said."""
        ended, clipped = 0.0, 0
        for count, frame in enumerate(self._recorded(), start=1):
            await self._until(frame.ended, busy())
            ended = self.length = frame.ended
            clipped += frame.clipped > 0
            self.clipped = clipped / count
            yield frame
        silence = np.zeros(FRAME, np.float32)
        while busy() or speaking() or (in_turn() and ended < self.length + _MOST_AFTER_S):
            frame = Frame(silence, ended)
            await self._until(frame.ended, busy())
            ended = frame.ended
            yield frame

    def _recorded(self) -> Iterator[Frame]:
        for block in self._reader.blocks():
            yield from self._framer.feed(block)
        yield from self._framer.flush()

    async def _until(self, moment: float, busy: bool) -> None:
        if not busy:
            self._position = self.monotonic()
            self._anchor = None
            await asyncio.sleep(0)  # or nobody else would get to do anything
        else:
            if self._anchor is None:
                self._anchor = (self._wall.monotonic(), self._position)
            await asyncio.sleep(max(0.0, moment - self.monotonic()))
        self._position = max(self._position, moment)
