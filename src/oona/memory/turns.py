"""The full-text view: the words of every turn, findable as soon as they are written."""

from __future__ import annotations

from collections.abc import Sequence

from oona.core.events import Event, Kind
from oona.core.storage import UnitOfWork

SPOKEN = frozenset({Kind.HEARD, Kind.SAID, Kind.IMPORTED})


class TurnTexts:
    """Keeps the store's text index in step with the journal."""

    name = "turn-texts"
    version = 1

    def reset(self, work: UnitOfWork) -> None:
        work.texts.clear()

    def apply(self, work: UnitOfWork, events: Sequence[Event]) -> None:
        texts = [
            (event.seq, text) for event in events if event.kind in SPOKEN and (text := event.text())
        ]
        if texts:
            work.texts.add(texts)

    def forget(self, work: UnitOfWork, event: Event) -> None:
        if event.kind in SPOKEN and (text := event.text()):
            work.texts.remove(event.seq, text)
