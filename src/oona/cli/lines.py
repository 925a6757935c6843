"""Turns read from standard input, a line each, without stopping the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from typing import BinaryIO

from oona.agent.words import MOST_CHARACTERS

_AHEAD = 8
_MOST_BYTES = 4 * MOST_CHARACTERS + 4


class Lines:
    """Lines of a stream as text; None at its end. Bytes that are no text come as U+FFFD.

    They are read on a daemon thread: a read that waits for a person must not hold up the end of
    the program.
    """

    def __init__(self, stream: BinaryIO | None = None) -> None:
        self._stream = stream or sys.stdin.buffer
        self._queue: asyncio.Queue[str | None] = asyncio.Queue(_AHEAD)
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, name="lines", daemon=True).start()

    async def next(self) -> str | None:
        """The next line that holds anything, without its line break."""
        while (line := await self._queue.get()) is not None:
            if line.strip():
                return line
        return None

    def _read(self) -> None:
        while data := self._stream.readline(_MOST_BYTES):
            if not self._put(data.decode("utf-8", "replace").rstrip("\r\n")):
                return
        self._put(None)

    def _put(self, line: str | None) -> bool:
        # The loop may be closed by now: then nobody waits for the line.
        with contextlib.suppress(RuntimeError):
            asyncio.run_coroutine_threadsafe(self._queue.put(line), self._loop).result()
            return True
        return False
