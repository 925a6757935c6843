"""All turns of a life as columns in memory, in the order they were said: what ranking runs over."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from oona.core.storage import Store, TurnRow
from oona.memory.sessions import PAUSE_S

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

_CONTEXT = 40
"""Words: what a neighbour of more of them says, it says less of it about this turn."""


_COLUMNS = (
    "seq", "at", "session", "speaker", "own", "timed", "imported", "words", "follows", "weight",
    "window",
)  # fmt: skip


class Table:
    """Columns by *place*, the number of a turn from 0; `refresh` takes in what is new."""

    def __init__(self) -> None:
        self.seq: Places = np.zeros(0, np.int64)
        self.at: Places = np.zeros(0, np.int64)
        self.session: Places = np.zeros(0, np.int64)
        self.speaker: Places = np.zeros(0, np.int64)
        self.own: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self.timed: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self.imported: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self.words: Floats = np.zeros(0, np.float32)
        self.speakers: dict[str, int] = {}
        self._measure()

    def __len__(self) -> int:
        return len(self.seq)

    def refresh(self, store: Store) -> None:
        """Take in the turns that were said since."""
        rows = store.turns(int(self.seq[-1]) if len(self) else 0)
        if rows:
            self._extend(rows)
            self._measure()

    def upto(self, seq: int) -> Table:
        """The turns before event `seq`, as if nothing had been said since; shares the columns."""
        count = int(np.searchsorted(self.seq, seq))
        if count == len(self):
            return self
        earlier = Table()
        for name in _COLUMNS:
            setattr(earlier, name, getattr(self, name)[:count])
        earlier.speakers = self.speakers
        earlier._bounds()
        return earlier

    def places(self, seqs: Sequence[int] | Places) -> Places:
        """The places of `seqs`, those left out that are not here."""
        wanted = np.asarray(seqs, np.int64)
        if not len(self) or not len(wanted):
            return np.zeros(0, np.int64)
        found = np.minimum(np.searchsorted(self.seq, wanted), len(self) - 1)
        here: Places = found[self.seq[found] == wanted]
        return here

    def before(self, values: Floats) -> Floats:
        """For each turn the value of the one before it in its session, else 0."""
        shifted = np.zeros_like(values)
        shifted[1:] = np.where(self.follows[1:], values[:-1], 0)
        return shifted

    def after(self, values: Floats) -> Floats:
        """For each turn the value of the one after it in its session, else 0."""
        shifted = np.zeros_like(values)
        shifted[:-1] = np.where(self.follows[1:], values[1:], 0)
        return shifted

    def best_of_session(self, values: Floats) -> Floats:
        """For each turn the largest value in its session."""
        if not len(self):
            return values
        best: Floats = np.repeat(np.maximum.reduceat(values, self._starts), self._lengths)
        return best

    def _extend(self, rows: Sequence[TurnRow]) -> None:
        at = np.array([row.at for row in rows], np.int64)
        imported = np.array([row.imported for row in rows], np.bool_)
        last_at, last_session = (self.at[-1], self.session[-1]) if len(self) else (at[0], 0)
        # Imports go back in time, from one conversation to an earlier one.
        breaks = np.abs(np.diff(at, prepend=last_at)) > PAUSE_S
        breaks |= np.diff(imported, prepend=self.imported[-1:] if len(self) else imported[:1])
        numbers = [self.speakers.setdefault(row.speaker, len(self.speakers)) for row in rows]
        self.seq = np.append(self.seq, np.array([row.seq for row in rows], np.int64))
        self.at = np.append(self.at, at)
        self.session = np.append(self.session, last_session + np.cumsum(breaks))
        self.speaker = np.append(self.speaker, np.array(numbers, np.int64))
        self.own = np.append(self.own, np.array([row.own for row in rows], np.bool_))
        self.timed = np.append(self.timed, np.array([row.timed for row in rows], np.bool_))
        self.imported = np.append(self.imported, imported)
        self.words = np.append(
            self.words, np.array([max(1, row.words) for row in rows], np.float32)
        )

    def _measure(self) -> None:
        """What depends on neighbours, worked out once for each change."""
        self.follows: NDArray[np.bool_] = np.zeros(len(self), np.bool_)
        self.follows[1:] = self.session[1:] == self.session[:-1]
        self._bounds()
        self.weight: Floats = np.minimum(1, _CONTEXT / self.words).astype(np.float32)
        near = self.words * self.weight
        self.window: Floats = self.words + self.before(near) + self.after(near)

    def _bounds(self) -> None:
        self._starts = np.flatnonzero(~self.follows)
        self._lengths = np.diff(self._starts, append=len(self))
