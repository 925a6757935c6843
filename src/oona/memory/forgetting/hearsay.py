"""Replies that may draw on what the model still had before it, though no cause says so.

In a running conversation a model reads all that was said in it so far. A reply names as its causes
the turn it answers and what memory noted for it, not the turns before. So one that shares words
with a forgotten turn of the same conversation, words that its own question did not bring, is taken
to draw on it.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID

from oona.core.events import Event, Kind
from oona.memory.forgetting.words import stem

CARRIED_WITHIN = timedelta(minutes=10)
"""A conversation that is opened again this soon begins with the last turns of the one before."""

_SHARED = 2
_SHORTEST = 4
_KEPT_QUESTIONS = 8
_WORD = re.compile(r"[^\W\d_]+")


class Hearsay:
    """Follows one conversation at a time, in journal order."""

    def __init__(self, everyday: frozenset[str]) -> None:
        self._everyday = everyday
        self._forgotten: dict[int, frozenset[str]] = {}
        self._asked: dict[UUID, Event] = {}
        self._closed = False
        self._last: datetime | None = None

    def follow(self, event: Event) -> None:
        """Take in any event, before it is looked at: a conversation may have ended with it."""
        long_ago = self._last is not None and event.at - self._last > CARRIED_WITHIN
        opened = event.kind is Kind.OPENED and long_ago
        anew = event.kind is Kind.HEARD and self._closed
        if opened or anew:
            self._forgotten.clear()
        if event.kind in (Kind.OPENED, Kind.HEARD, Kind.CLOSED):
            self._closed = event.kind is Kind.CLOSED
        self._last = event.at
        if event.kind is Kind.HEARD and self._forgotten:
            self._asked[event.id] = event
            while len(self._asked) > _KEPT_QUESTIONS:
                self._asked.pop(next(iter(self._asked)))

    def forget(self, event: Event) -> None:
        """From now on replies may draw on `event`, a turn that is to be forgotten."""
        self._forgotten[event.seq] = self._words(event.text())

    def source(self, reply: Event) -> int:
        """The seq of the forgotten turn that `reply` seems to draw on, or 0."""
        if not self._forgotten or b'"model":{' not in (reply.raw or b""):
            return 0
        words = self._words(reply.text())
        asked = self._asked.get(reply.causes[0]) if reply.causes else None
        if asked is not None:
            words -= self._words(asked.text())
        shared = {seq: len(words & told) for seq, told in self._forgotten.items()}
        best = max(shared, key=lambda seq: shared[seq])
        return best if shared[best] >= _SHARED else 0

    def _words(self, text: str) -> frozenset[str]:
        found = (word.lower() for word in _WORD.findall(text))
        return frozenset(
            stem(word) for word in found if len(word) >= _SHORTEST and word not in self._everyday
        )
