"""The elements of a JSON array, one after the other, without reading the array as a whole.

The stdlib's reader takes a file at once: 200 MB of conversations become 1.5 GB of objects. Here one
conversation is held at a time: brackets and strings are counted to find its end, then the stdlib
reads it. What is damaged is told, and what comes after it read on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from oona.core.errors import OonaError

MOST_ELEMENT = 128 << 20
"""Characters of one element: a conversation, however long, takes a few million."""

# A whole string, a bracket, or the beginning of a string whose end is not here yet.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]|"', re.DOTALL)
_ANEW = re.compile(r"\}\s*,\s*(?=\{\s*\"(?:title|id|uuid|conversation_id|name)\"\s*:)")
"""Where, after damage, another conversation seems to begin."""

_NEAR = 200
"""Characters that are kept while looking for it, so that no piece's end cuts it in two."""

_BEGINNING = re.compile(r"[\[{]")


@dataclass(frozen=True, slots=True)
class Element:
    """The `number`th element, from 1, or why it could not be read."""

    number: int
    value: object
    fault: str = ""


def elements(pieces: Iterable[str]) -> Iterator[Element]:
    """The elements of the array in `pieces`; where that is one object, it is the only element."""
    scan = _Scan()
    try:
        for piece in pieces:
            yield from scan.take(piece)
    except OonaError as fault:  # an archive that is damaged or too large, found while reading it
        yield Element(scan.number + 1, None, fault.message.rstrip("."))
        return
    yield from scan.end()


class _Scan:
    def __init__(self) -> None:
        self.number = 0
        self._text = ""
        self._start = -1  # of the element in which we are
        self._seen = 0
        self._depth = 0
        self._outer: int | None = None  # the depth at which elements stand
        self._lost = False  # after damage, until another element seems to begin

    def take(self, piece: str) -> Iterator[Element]:
        self._text += piece
        if self._outer is None and not self._begun():
            return
        if self._lost and not self._found_again():
            return
        yield from self._elements()
        if len(self._text) - max(self._start, 0) > MOST_ELEMENT:
            yield from self._recovered("it never ends, or is far too large")

    def end(self) -> Iterator[Element]:
        if self._outer is None:
            yield Element(1, None, "there is no JSON in it")
        while self._start >= 0:
            yield from self._recovered("the file ends in the middle of it")

    def _begun(self) -> bool:
        found = _BEGINNING.search(self._text)
        if found is None:
            return False
        self._outer = 1 if found.group() == "[" else 0
        self._depth = self._outer
        self._seen = found.start() + self._outer
        return True

    def _elements(self) -> Iterator[Element]:
        cut = 0
        for token in _TOKEN.finditer(self._text, self._seen):
            sign = token.group()
            if sign == '"':  # its end comes with the next piece
                self._seen = token.start()
                break
            self._seen = token.end()
            if sign in "[{":
                if self._depth == self._outer:
                    self._start = token.start()
                self._depth += 1
            elif sign in "]}":
                self._depth -= 1
                if self._depth == self._outer and self._start >= 0:
                    yield self._read(self._text[self._start : token.end()])
                    cut, self._start = token.end(), -1
        # What was passed over between elements and in finished ones is let go.
        keep = self._start if self._start >= 0 else min(self._seen, len(self._text))
        keep = max(keep, cut)
        self._text = self._text[keep:]
        self._seen -= keep
        self._start -= keep if self._start >= 0 else 0

    def _read(self, text: str) -> Element:
        self.number += 1
        try:
            return Element(self.number, json.loads(text))
        except (ValueError, RecursionError) as fault:
            return Element(self.number, None, f"it is damaged ({fault})"[:200])

    def _recovered(self, why: str) -> Iterator[Element]:
        """Give up the element in which we are, and go on where another seems to begin."""
        self.number += 1
        yield Element(self.number, None, why)
        self._text = self._text[max(self._start, 0) + 1 :]
        self._start, self._seen, self._depth = -1, 0, self._outer or 0
        self._lost = True
        if self._found_again():
            yield from self._elements()

    def _found_again(self) -> bool:
        found = _ANEW.search(self._text) if self._outer else None
        self._text = self._text[found.end() :] if found else self._text[-_NEAR:]
        self._lost = found is None
        return not self._lost
