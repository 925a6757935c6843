"""What a person types at a terminal: a line they can edit, and Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oona.cli.lines import Lines
from oona.cli.text import CORAL, Style

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import ANSI
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

PROMPT = "› "  # noqa: RUF001 - it is drawn, not typed
LONG_PASTE = 12
"""Lines; a longer paste is shown as a mark in the line and not written out."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What the person entered, and whether lines of it were pasted."""

    text: str
    pasted: bool = False


class Keyboard:
    """The line the person types in: kept in memory alone, with what is on its way above it."""

    def __init__(self, style: Style, status: Callable[[], str]) -> None:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.history import InMemoryHistory

        self._style = style
        self._status = status
        self._pastes = Pastes()
        self._session: PromptSession[str] = PromptSession(
            self._message,
            history=InMemoryHistory(),
            key_bindings=_keys(self._pastes),
            reserve_space_for_menu=0,
            enable_suspend=True,
        )

    def _message(self) -> ANSI:
        from prompt_toolkit.formatted_text import ANSI

        # What is on its way stands above the line while it is typed, and is gone once it was.
        status = "" if self._session.app.is_done else self._status()
        line = f"{self._style.quiet(status)}\n" if status else ""
        return ANSI(line + self._style.paint(PROMPT, CORAL))

    async def next(self) -> Typed | None:
        """The next line entered, or None when the person leaves with Ctrl-D.

        Raises KeyboardInterrupt for Ctrl-C.
        """
        self._pastes.clear()
        try:
            text = await self._session.prompt_async()
        except EOFError:
            return None
        finally:
            _ignore_interrupts()
        return self._pastes.restore(text)

    def held(self) -> AbstractContextManager[None]:
        """A block in which keys pressed between two lines are kept for the next one."""
        return _keys_held()

    def redraw(self) -> None:
        """Show what has changed above the line."""
        self._session.app.invalidate()


class Pastes:
    """What was pasted into the line: several lines may be anyone's text."""

    def __init__(self) -> None:
        self._long: dict[str, str] = {}
        self._lines = False

    def clear(self) -> None:
        """A new line begins."""
        self._long.clear()
        self._lines = False

    def take(self, text: str) -> str:
        """What to show in the line for `text`, which was pasted."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        count = text.strip("\n").count("\n") + 1
        if count == 1:
            return text.strip("\n")
        self._lines = True
        if count <= LONG_PASTE:
            return text
        mark = f"[pasted {count:,} lines, {len(self._long) + 1}]"
        self._long[mark] = text
        return mark

    def restore(self, line: str) -> Typed:
        """The words that were entered, with what the marks stand for."""
        pasted = self._lines and ("\n" in line or any(mark in line for mark in self._long))
        for mark, text in self._long.items():
            line = line.replace(mark, text)
        return Typed(line, pasted)


def _keys(pastes: Pastes) -> KeyBindings:
    from prompt_toolkit.key_binding import KeyBindings
    from prompt_toolkit.keys import Keys

    keys = KeyBindings()

    @keys.add(Keys.BracketedPaste)
    def paste(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text(pastes.take(event.data))

    return keys


class PlainKeyboard:
    """The line a terminal itself offers, where prompt_toolkit is not installed."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self._lines = Lines()

    async def next(self) -> Typed | None:
        """The next line entered, or None when the person leaves with Ctrl-D."""

        def again() -> None:
            sys.stdout.write("\n" + self._style.paint(PROMPT, CORAL))
            sys.stdout.flush()

        again()
        with interruptible(again):
            line = await self._lines.next()
        return None if line is None else Typed(line)

    def held(self) -> AbstractContextManager[None]:
        """A block in which the terminal does as it always does."""
        return contextlib.nullcontext()

    def redraw(self) -> None:
        """Nothing stands above the line."""


def keyboard(style: Style, status: Callable[[], str]) -> Keyboard | PlainKeyboard:
    """The better of both that can be had."""
    try:
        return Keyboard(style, status)
    except ImportError:
        return PlainKeyboard(style)


@contextlib.contextmanager
def interruptible(stop: Callable[[], None]) -> Iterator[None]:
    """In the block Ctrl-C calls `stop`; after it, and until a line is read, it does nothing."""
    if not _on_interrupt(stop):
        yield
        return
    try:
        yield
    finally:
        _ignore_interrupts()


def _ignore_interrupts() -> None:
    # A line editor leaves the handler behind that ends the program; between two lines nobody
    # means that.
    _on_interrupt(lambda: None)


def _on_interrupt(call: Callable[[], None]) -> bool:
    """Have Ctrl-C do `call`, where the system lets us."""
    try:
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, call)
    except (NotImplementedError, ValueError):  # Windows, or not the main thread
        return False
    return True


@contextlib.contextmanager
def _keys_held() -> Iterator[None]:
    """Keys do not show, and wait as they were pressed until the next line is read."""
    if sys.platform == "win32" or not sys.stdin.isatty():
        yield
        return
    import termios

    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    silent = termios.tcgetattr(keyboard)
    # A terminal that collects lines would swallow a Ctrl-D and turn a return into a line feed.
    silent[0] &= ~termios.ICRNL
    silent[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(keyboard, termios.TCSADRAIN, silent)
    try:
        yield
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)
