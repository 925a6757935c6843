"""All turns of a life as columns in memory, in the order they were said: what ranking runs over."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import DTypeLike, NDArray

from oona.core.storage import Store, TurnColumns
from oona.memory.ranks import Ranks
from oona.memory.sessions import PAUSE_S

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

_CONTEXT = 40
"""Words: what a neighbour of more of them says, it says less of it about this turn."""

_AT_ONCE = 50_000
"""Turns that are read together, so that a million never stand in memory as text."""

_COLUMNS: dict[str, DTypeLike] = {
    "seq": np.int64,
    "at": np.int64,
    "session": np.int64,
    "speaker": np.int32,
    "own": np.bool_,
    "timed": np.bool_,
    "imported": np.bool_,
    "words": np.float32,
    "follows": np.bool_,
    "weight": np.float32,
    "window": np.float32,
}


class Table:
    """Columns by *place*, the number of a turn from 0; `refresh` takes in what is new.

    A million turns take 50 MB. What is added is written behind what is there, in room that
    doubles: a new turn costs the same in a long life as in a short one.
    """

    seq: Places
    at: Places
    session: Places
    speaker: NDArray[np.int32]
    own: NDArray[np.bool_]
    timed: NDArray[np.bool_]
    imported: NDArray[np.bool_]
    words: Floats
    follows: NDArray[np.bool_]
    """Whether a turn's neighbour before it, in its session, is the place before it."""
    weight: Floats
    window: Floats

    def __init__(self) -> None:
        self.speakers: dict[str, int] = {}
        self._room = {name: np.zeros(0, kind) for name, kind in _COLUMNS.items()}
        self._count = 0
        self._words = self._around = 0.0
        self._newest = 0
        self._ranks: Ranks | None = Ranks()
        self._show()

    def __len__(self) -> int:
        return self._count

    @property
    def usual(self) -> tuple[float, float]:
        """The mean of `words` and that of `window`, kept: a million take half a ms to add up."""
        return self._words / max(1, len(self)), self._around / max(1, len(self))

    @property
    def newest(self) -> int:
        """When the last was said, in seconds as in `at`; 0 without turns."""
        return self._newest

    def refresh(self, store: Store, most: int = -1) -> bool:
        """Take in the turns that were said since, about `most` of them; whether there were any."""
        before = self._count
        while most < 0 or self._count - before < most:
            fresh = store.turn_columns(int(self.seq[-1]) if self._count else 0, _AT_ONCE)
            if not len(fresh.seq):
                break
            self._extend(fresh)
            if len(fresh.seq) < _AT_ONCE:
                break
        return self._count > before

    def upto(self, seq: int) -> Table:
        """The turns before event `seq`, as if nothing had been said since; shares the columns.

        What is `newest` stays: a question in the morning asks for another "yesterday" than the talk
        of the evening before would have.
        """
        count = int(np.searchsorted(self.seq, seq))
        if count == len(self):
            return self
        left = self._words - _sum(self.words[count:]), self._around - _sum(self.window[count:])
        columns = {name: getattr(self, name)[:count] for name in _COLUMNS}
        return self._of(columns, count, left, self._ranks)

    def only(self, places: Places) -> Table:
        """A table of `places` (in order) alone; neighbours are those that were neighbours here."""
        columns = {name: getattr(self, name)[places] for name in _COLUMNS}
        columns["follows"][1:] &= np.diff(places) == 1
        columns["follows"][:1] = False
        sums = _sum(columns["words"]), _sum(columns["window"])
        return self._of(columns, len(places), sums)

    def places(self, seqs: Sequence[int] | Places) -> Places:
        """The places of `seqs`, those left out that are not here."""
        wanted = np.asarray(seqs, np.int64)
        if not len(self) or not len(wanted):
            return np.zeros(0, np.int64)
        if self._ranks is not None:
            ranked = self._ranks.places(wanted)
            return ranked[ranked < len(self)]  # they know of turns that were said since, too
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
        starts, lengths = self._sessions
        best: Floats = np.repeat(np.maximum.reduceat(values, starts), lengths)
        return best

    @cached_property
    def _sessions(self) -> tuple[Places, Places]:
        starts = np.flatnonzero(np.diff(self.session, prepend=-1))
        return starts, np.diff(starts, append=len(self))

    def _of(
        self,
        columns: dict[str, NDArray[np.generic]],
        count: int,
        sums: tuple[float, float],
        ranks: Ranks | None = None,
    ) -> Table:
        part = Table()
        part._words, part._around = sums
        part._newest = self._newest
        part._ranks = ranks
        part.speakers = self.speakers
        part._room, part._count = columns, count
        part._show()
        return part

    def _extend(self, rows: TurnColumns) -> None:
        """Only what is new is worked out, and the last turn's window, which it may reach into."""
        count, fresh = self._count, len(rows.seq)
        last_at, last = (self.at[-1], self.session[-1]) if count else (rows.at[0], 0)
        # Imports go back in time, from one conversation to an earlier one.
        breaks = np.abs(np.diff(rows.at, prepend=last_at)) > PAUSE_S
        came = rows.imported.astype(np.bool_)
        breaks |= np.diff(came, prepend=self.imported[-1:] if count else came[:1])
        session = last + np.cumsum(breaks)
        follows = np.diff(session, prepend=last if count else -1) == 0
        words = np.maximum(1, rows.words).astype(np.float32)
        if len(set(rows.speaker)) == 1:
            one = self.speakers.setdefault(rows.speaker[0], len(self.speakers))
            numbers = np.full(fresh, one)
        else:
            numbers = np.array(
                [self.speakers.setdefault(name, len(self.speakers)) for name in rows.speaker]
            )
        added: dict[str, NDArray[np.generic]] = {
            "seq": rows.seq,
            "at": rows.at,
            "session": session,
            "speaker": numbers,
            "own": rows.own,
            "timed": rows.timed,
            "imported": came,
            "words": words,
            "follows": follows,
            "weight": np.minimum(1, _CONTEXT / words),
            "window": words,
        }
        self._make_room(count + fresh)
        for name, values in added.items():
            self._room[name][count : count + fresh] = values
        self._count = count + fresh
        self._show()
        first = max(0, count - 1)
        if self._ranks is not None:
            self._ranks.extend(rows.seq)
        self._words += _sum(words)
        self._around -= _sum(self.window[first:count])
        newest = int(rows.at.max())
        self._newest = max(self._newest, newest) if count else newest
        near = self.words[first:] * self.weight[first:]
        follows = self.follows[first + 1 :]
        self.window[first:-1] += np.where(follows, near[1:], 0)
        self.window[first + 1 :] += np.where(follows, near[:-1], 0)
        self._around += _sum(self.window[first:])

    def _make_room(self, count: int) -> None:
        there = len(self._room["seq"])
        if count <= there:
            return
        for name, values in self._room.items():
            room = np.zeros(max(count, 2 * there), values.dtype)
            room[: self._count] = values[: self._count]
            self._room[name] = room

    def _show(self) -> None:
        for name, values in self._room.items():
            setattr(self, name, values[: self._count])
        self.__dict__.pop("_sessions", None)


def _sum(values: Floats) -> float:
    return float(values.sum(dtype=np.float64))
