"""Cutting a stream of text into clauses, so that each can be judged before it is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

SOFT_END_WORDS = 4
"""A comma ends a clause only after this many words; shorter ones are judged with what follows."""

_END = re.compile(r"(?:[.!?…]+[\"'”’)]*(?=\s)|\n+|[,;:—–](?=\s)|\s[-—–]\s)")
_STOPPED = re.compile(r"[^\W\d_]{2}[.!?]$")
"""A stop after a word, with nothing behind it yet. The token that would prove it the end of its
clause is a tenth of a second away, and where it proves otherwise, the texts still join up."""

_QUOTES = re.compile(r"[\"“”]")
_COMMAS = frozenset({",", ";", ":", "—", "–", "-"})
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|vs|etc|e\.g|i\.e|approx|no)|\b[A-Z])\.$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cutting:
    """A clause and the white space and punctuation around it.

    `lead` is the space before it; `text` ends with its own punctuation. `ends_sentence` is False
    where a comma or a dash cut it off and its sentence goes on.
    """

    lead: str
    text: str
    ends_sentence: bool


class ClauseCutter:
    """Takes text in pieces and gives whole clauses back.

    A comma ends a clause that has at least `soft_end_words` words.
    """

    def __init__(self, soft_end_words: int = SOFT_END_WORDS) -> None:
        self._soft_end_words = soft_end_words
        self._buffer = ""

    def feed(self, piece: str) -> list[Cutting]:
        """The clauses that `piece` completes."""
        self._buffer += piece
        found: list[Cutting] = []
        while (end := self._next_end()) is not None:
            found.append(_cutting(self._buffer[:end]))
            self._buffer = self._buffer[end:]
        return found

    def flush(self) -> list[Cutting]:
        """What is left when the stream ended."""
        rest, self._buffer = self._buffer.rstrip(), ""
        return [_cutting(rest)] if rest.strip() else []

    def _next_end(self) -> int | None:
        for match in _END.finditer(self._buffer):
            # A line break is a gap of its own: it stays in the buffer and leads the next clause.
            end = match.start() if match.group()[0] == "\n" else match.end()
            before = self._buffer[:end].rstrip()
            if not before.strip():
                continue
            if match.group()[0] == "." and _ABBREVIATION.search(before):
                continue
            if match.group().strip() in _COMMAS and len(before.split()) < self._soft_end_words:
                continue
            return end
        return self._stopped()

    def _stopped(self) -> int | None:
        """The end of the buffer, if its words have just come to a stop outside of quotation."""
        stopped = _STOPPED.search(self._buffer) and not _ABBREVIATION.search(self._buffer)
        return len(self._buffer) if stopped and not _QUOTES.search(self._buffer) else None


def _cutting(text: str) -> Cutting:
    bare = text.lstrip()
    lead = text[: len(text) - len(bare)]
    hard = re.search(r"[,;:—–-]\s*$", bare) is None
    return Cutting(lead, bare.rstrip(), hard)
