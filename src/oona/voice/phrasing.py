"""Phrasing: a reply that comes in clauses, cut into what is spoken in one breath.

The first clause is spoken as soon as it is there, since somebody waits for it; the rest by
sentence, which sounds better.
"""

from __future__ import annotations

import re

_ENDS = re.compile(r"[.!?…][\"'”’)]*\s*$|\n\s*$")
_WORD = re.compile(r"\w")


class Phrases:
    """Takes the clauses of one reply and gives phrases; joined, they are the reply."""

    def __init__(self) -> None:
        self._held = ""
        self._first = True

    def feed(self, clause: str) -> list[str]:
        """What `clause` makes ready to be spoken."""
        self._held += clause
        if not _WORD.search(self._held):
            return []
        if not self._first and not _ENDS.search(self._held):
            return []
        return self.flush()

    def flush(self) -> list[str]:
        """The rest, at the reply's end."""
        phrase, self._held = self._held, ""
        self._first = self._first and not _WORD.search(phrase)
        return [phrase] if phrase.strip() else []
