"""Text for the terminal: colours, where there are any, and lines that end between words."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from dataclasses import dataclass
from typing import TextIO

from oona.agent.words import visible

CORAL = "38;2;224;108;86"
CREAM = "38;2;214;196;168"
DIM = "2"
WIDEST = 88
"""Columns; longer lines are hard to read, however wide the window."""


@dataclass(frozen=True, slots=True)
class Style:
    """Colours for one stream; none where it is no terminal or the person wants none."""

    on: bool

    def paint(self, text: str, code: str) -> str:
        """`text` in a colour."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.on and text else text

    def name(self, text: str) -> str:
        """The companion's name."""
        return self.paint(text, CORAL)

    def quiet(self, text: str) -> str:
        """Something in the background."""
        return self.paint(text, DIM)

    def warm(self, text: str) -> str:
        """Something of ours that is no reply."""
        return self.paint(text, CREAM)


def style_for(stream: TextIO, colour: bool) -> Style:
    """The style that suits `stream`."""
    return Style(colour and stream.isatty())


def width() -> int:
    """Columns to write in."""
    return max(20, min(WIDEST, shutil.get_terminal_size().columns - 1))


def columns(text: str) -> int:
    """How many columns `text` takes: wide letters two, combining marks none."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


class Flow:
    """Writes text as it comes, wrapped between words.

    Holds back the word that may still grow; `end` writes it and closes the line. Whatever would
    move the cursor or turn letters around is taken out on the way.
    """

    def __init__(self, out: TextIO, width: int, indent: int = 0) -> None:
        self._out = out
        self._width = width
        self._indent = indent
        self._column = indent
        self._word = ""
        self._gap = ""

    def write(self, text: str) -> None:
        """Take in some text and show its finished words."""
        for sign in visible(text):
            if sign == "\n":
                self._flush_word()
                self._break()
            elif sign.isspace():
                self._flush_word()
                self._gap = " "
            else:
                self._word += sign
        self._out.flush()

    def pause(self) -> None:
        """Show what is held back: a clause is whole, and more may come."""
        self._flush_word()
        self._out.flush()

    def end(self) -> None:
        """Show the rest and end the line."""
        self._flush_word()
        self._out.write("\n")
        self._out.flush()

    def _flush_word(self) -> None:
        if not self._word:
            return
        size = columns(self._word)
        gap = self._gap if self._column > self._indent else ""
        if self._column > self._indent and self._column + len(gap) + size > self._width:
            self._break()
            gap = ""
        self._out.write(gap + self._word)
        self._column += len(gap) + size
        self._word, self._gap = "", ""

    def _break(self) -> None:
        self._out.write("\n" + " " * self._indent)
        self._column = self._indent
        self._gap = ""


def note(text: str, style: Style | None = None) -> None:
    """A quiet line on standard error, beside the conversation."""
    print((style or Style(False)).quiet(visible(text)), file=sys.stderr, flush=True)
