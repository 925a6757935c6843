"""How replies look at a terminal: the companion's name, and its words beside it as they come."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable

from oona.cli.text import CORAL, Flow, Style, columns, width

_FRAMES = ("·  ", "·· ", "···", " ··", "  ·", "   ")
_FRAME_S = 0.22
_PATIENCE_S = 0.35
"""A reply that begins sooner needs no sign of thinking."""

_DEEPEST = 12


class Voice:
    """Shows replies: the companion's name, then its words beside it as they come."""

    def __init__(self, style: Style, name: str) -> None:
        self._style = style
        self.name = name

    def say(self, text: str) -> None:
        """Something that is whole already."""
        flow = self.begin()
        flow.write(text)
        flow.end()
        self._line()

    def quiet(self, text: str) -> None:
        """A word about the conversation that is no part of it."""
        lines = io.StringIO()
        flow = Flow(lines, width(), 2)
        flow.write(text)
        flow.end()
        sys.stdout.write(f"  {self._style.quiet(lines.getvalue().rstrip())}\n\n")
        sys.stdout.flush()

    def begin(self) -> Flow:
        """A line for a reply, the name already on it."""
        sys.stdout.write(f"{self._style.name(self.name)}  ")
        return Flow(sys.stdout, width(), min(columns(self.name) + 2, _DEEPEST))

    @staticmethod
    def _line() -> None:
        sys.stdout.write("\n")
        sys.stdout.flush()


class Reply:
    """One reply in the making, with a quiet sign of thinking until it begins."""

    def __init__(self, voice: Voice, style: Style, waiting: Callable[[], str]) -> None:
        self._voice = voice
        self._style = style
        self._waiting = waiting
        self._flow: Flow | None = None
        self._thinking: asyncio.Task[None] | None = None

    def __enter__(self) -> Reply:
        self._thinking = asyncio.create_task(self._think())
        return self

    def __exit__(self, *_: object) -> None:
        self._still()
        if self._flow is not None:
            self._flow.end()
            sys.stdout.write("\n")
            sys.stdout.flush()

    def write(self, text: str) -> None:
        """Show a clause."""
        if self._flow is None:
            self._still()
            self._flow = self._voice.begin()
        self._flow.write(text)
        self._flow.pause()

    def _still(self) -> None:
        if self._thinking is not None:
            self._thinking.cancel()
            self._thinking = None
            if self._style.on:
                sys.stdout.write("\r\x1b[2K")
                sys.stdout.flush()

    async def _think(self) -> None:
        if not self._style.on:
            return
        await asyncio.sleep(_PATIENCE_S)
        frame = 0
        while True:
            sign = self._style.paint(_FRAMES[frame % len(_FRAMES)], CORAL)
            sys.stdout.write(f"\r\x1b[2K{sign} {self._style.quiet(self._waiting())}")
            sys.stdout.flush()
            frame += 1
            await asyncio.sleep(_FRAME_S)
