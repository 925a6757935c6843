"""The view that recall ranks by: when each turn was said, by whom, how long; and its vectors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

from oona.core.clock import local
from oona.core.events import Actor, Event, Kind
from oona.core.importing import Role
from oona.core.origin import said_at, said_by
from oona.core.storage import TurnRow, UnitOfWork
from oona.memory.dates import speaks_of_time
from oona.memory.turns import SPOKEN

CURSORS = "vectors-made"
"""The mark that tells how far each embedder's vectors reach: "name:seq", with spaces between."""


class SpokenTurns:
    """Keeps a row for each turn, written with the turn itself.

    Vectors are made later, in idle time (`meaning.py`), but they leave with their turn: `forget` is
    the one place that erases everything recall derived from an event, rows and vectors alike.
    Together with `TurnTexts.forget` (its stems) nothing of it is left in any index. What a running
    recall holds of it in memory goes at the next question, by `erased`.
    """

    name = "spoken-turns"
    version = 1

    def __init__(self) -> None:
        self.erased = 0
        """Grows with every erasure and every rebuild: what was read before is then out of date."""

    def reset(self, work: UnitOfWork) -> None:
        work.turns.clear()
        work.vectors.clear()
        work.cells.clear()
        work.set_mark(CURSORS, "")
        self.erased += 1

    def apply(self, work: UnitOfWork, events: Sequence[Event]) -> None:
        rows = [
            _row(event, text)
            for event in events
            if event.kind in SPOKEN and (text := event.text()).strip()
        ]
        if rows:
            work.turns.add(rows)

    def forget(self, work: UnitOfWork, event: Event) -> None:
        work.turns.remove(event.seq)
        work.vectors.remove(event.seq)
        from oona.memory import cells  # brings numpy, which a start does not wait for

        cells.forget(work, event.seq)
        self.erased += 1


@lru_cache(maxsize=4)  # what is written together happens at one moment
def _local_seconds(moment: datetime, zone: str) -> int:
    return int(local(moment, zone).replace(tzinfo=UTC).timestamp())


def _row(event: Event, text: str) -> TurnRow:
    own = event.kind is Kind.HEARD and event.actor is Actor.PERSON
    own = own or said_by(event) is Role.PERSON
    return TurnRow(
        event.seq,
        _local_seconds(said_at(event), event.zone),
        event.word("speaker"),
        own,
        len(text.split()),
        speaks_of_time(text),
        event.kind is Kind.IMPORTED,
    )
