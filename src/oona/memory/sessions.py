"""Sessions: turns with no long silence between them, whatever windows were opened and closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from oona.core.storage import TurnRow

PAUSE_S = 3_600
"""Seconds of silence after which a new session begins."""


@dataclass(frozen=True, slots=True)
class Session:
    """One session, by the numbers of its turns. `begin` and `end` are seconds on the local clock.

    `theirs` are the turns that are not the companion's.
    """

    turns: tuple[int, ...]
    theirs: tuple[int, ...]
    begin: int
    end: int

    @property
    def day(self) -> date:
        """The day on which it began, where the person was."""
        return datetime.fromtimestamp(self.begin, UTC).date()


def _apart(one: TurnRow, other: TurnRow) -> bool:
    # Imports go back in time, from one conversation to an earlier one.
    return abs(other.at - one.at) > PAUSE_S or one.imported != other.imported


def sessions(rows: Iterable[TurnRow]) -> list[Session]:
    """The sessions of `rows`, which come in the order of the journal."""
    found: list[list[TurnRow]] = []
    for row in rows:
        if not found or _apart(found[-1][-1], row):
            found.append([])
        found[-1].append(row)
    return [
        Session(
            tuple(row.seq for row in rows),
            tuple(row.seq for row in rows if row.own),
            rows[0].at,
            rows[-1].at,
        )
        for rows in found
    ]
