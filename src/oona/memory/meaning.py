"""What turns mean, as vectors: made in idle time, kept in the person's file, searched exactly.

A vector is kept as one signed byte for each dimension. Its length is lost and not needed, since
only directions are compared. Made in journal order, with a cursor written in the same transaction:
after a crash, work goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from oona.core.embedding import Embedder
from oona.core.events import Event
from oona.core.storage import Store, UnitOfWork, VectorRow
from oona.memory.cells import Cells, directions
from oona.memory.fusion import Meant
from oona.memory.passages import passages
from oona.memory.spoken import CURSORS
from oona.memory.table import Floats, Places, Table
from oona.memory.turns import SPOKEN

MOST = 50_000
"""Vectors that are held and searched exactly: 77 MB, and about 10 ms a search on one core. Above,
they are filed in cells (`filing.py`); until that is done, what is older is found by its words."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Passages of some turns, in journal order; `upto` is the last event looked at."""

    texts: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    """For each text its turn's seq and its number in the turn."""
    upto: int


class Meanings:
    """Makes the vectors that are missing. `take` and `keep` touch the file, `made` only thinks.

    So an owner calls the two on the journal's thread and `made`, which takes long, on another.
    """

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder

    def take(self, most: int = 8) -> Batch | None:
        """The next passages without vectors, of at most `most` turns; None when all have theirs."""
        after = self._cursor()
        events = list(islice(self._store.read(after=after, kinds=sorted(SPOKEN), limit=most), most))
        if not events:
            return None
        parts = [(event, number, text) for event in events for number, text in _parts(event)]
        return Batch(
            tuple(text for _event, _number, text in parts),
            tuple((event.seq, number) for event, number, _text in parts),
            events[-1].seq,
        )

    def made(self, batch: Batch) -> list[VectorRow]:
        """The vectors of `batch`."""
        if not batch.texts:
            return []
        vectors = to_bytes(self._embedder.embed(batch.texts))
        return [
            VectorRow(self._embedder.name, seq, number, vector.tobytes())
            for (seq, number), vector in zip(batch.places, vectors, strict=True)
        ]

    def keep(self, batch: Batch, rows: Sequence[VectorRow]) -> None:
        """Write `rows`, but those of turns that were forgotten meanwhile, and the cursor."""
        with self._store.begin() as work:
            there = work.turns.known({row.seq for row in rows})
            work.vectors.add([row for row in rows if row.seq in there])
            reached = _cursors(work) | {self._embedder.name: batch.upto}
            work.set_mark(CURSORS, " ".join(f"{name}:{seq}" for name, seq in reached.items()))

    def advance(self, most: int = 8) -> bool:
        """One batch from end to end; whether there was one."""
        batch = self.take(most)
        if batch is None:
            return False
        self.keep(batch, self.made(batch))
        return True

    def _cursor(self) -> int:
        with self._store.begin() as work:
            return _cursors(work).get(self._embedder.name, 0)


def _cursors(work: UnitOfWork) -> dict[str, int]:
    pairs = (entry.rpartition(":") for entry in work.get_mark(CURSORS).split())
    return {name: int(seq) for name, _, seq in pairs}


def _parts(event: Event) -> list[tuple[int, str]]:
    return [(n, text) for n, text in enumerate(passages(event)) if text.strip()]


def to_bytes(vectors: Floats) -> NDArray[np.int8]:
    """Each row scaled so that its largest number is 127."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    scaled: NDArray[np.int8] = np.rint(vectors * (127 / np.maximum(largest, 1e-9))).astype(np.int8)
    return scaled


class Vectors:
    """One embedder's vectors: in memory all that stand in no cell yet, by the place of their turn.

    `cells` tells the rest apart. Without them only the newest are looked at.
    """

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self.cells = Cells(embedder.name, embedder.dimension)
        self._rows: Floats = np.zeros((0, embedder.dimension), np.float32)
        self._seq: Places = np.zeros(0, np.int64)
        none = np.zeros(0, np.int64)
        self._fetched = (none, self._rows, none)
        self._usual, self._kept = none, (none, self._rows)
        self._early, self._ahead = none, (none, self._rows)

    def refresh(self, store: Store) -> None:
        """Take in the vectors that were made, and let go of those that were filed, since."""
        self.cells.refresh(store)
        filed = self.cells.filed
        if len(self._seq) and self._seq[0] <= filed:
            left = int(np.searchsorted(self._seq, filed, side="right"))
            self._rows, self._seq = self._rows[left:].copy(), self._seq[left:]
        after = int(self._seq[-1]) if len(self._seq) else filed
        rows = store.vectors(self.embedder.name, after, MOST)
        if not rows:
            return
        fresh = directions(b"".join(row.data for row in rows), self.embedder.dimension)
        self._rows = np.concatenate((self._rows, fresh))[-MOST:]
        self._seq = np.append(self._seq, np.array([row.seq for row in rows], np.int64))[-MOST:]

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(len(self._seq) or self.cells.filed)

    def near(self, table: Table, asked: Floats) -> Meant | None:
        """The cosine of `asked` and the best passage of each place that has vectors, if any."""
        if not len(self._seq) or not len(table):
            return None
        starts = np.flatnonzero(np.diff(self._seq, prepend=-1))
        best = np.maximum.reduceat(self._rows @ asked, starts)
        seqs = self._seq[starts]
        here = np.isin(seqs, table.seq, assume_unique=True)
        return self._meant(table.places(seqs[here]), best[here])

    def _meant(self, places: Places, cosines: Floats) -> Meant:
        return Meant(places, cosines, self.embedder.floor, self.embedder.name)

    def asked(self, question: str) -> Floats:
        """The vector of a question."""
        vector: Floats = self.embedder.embed([question], question=True)[0]
        return vector

    def candidates(self, store: Store, asked: Floats, most: int) -> Places:
        """The seqs of turns that may be most like `asked`, about `most` or twice as many."""
        filed = self.cells.candidates(store, asked, most)
        if not len(self._seq):
            return filed
        likeness = self._rows @ asked
        best = np.argpartition(-likeness, most)[:most] if len(likeness) > most else slice(None)
        return np.union1d(filed, self._seq[best])

    def read_ahead(self, store: Store, seqs: Places) -> None:
        """Read the vectors of `seqs`, which the next table to be likened will hold."""
        self._early, self._ahead = seqs, self._read(store, seqs)

    def likeness(
        self, store: Store, table: Table, asked: Floats, standing: NDArray[np.bool_]
    ) -> Meant:
        """The cosine of `asked` and the best passage of each place of a small table.

        The vectors of the places `standing` are kept, for they come with every question.
        """
        usual = table.seq[standing]
        if not np.isin(usual, self._usual).all():
            self._usual = usual
            self._kept = self._read(store, usual)
        late = np.setdiff1d(table.seq[~standing], self._early, assume_unique=True)
        read = (self._read(store, late), self._ahead, self._kept)
        seqs = np.concatenate([seqs for seqs, _rows in read])
        rows = np.concatenate([rows for _seqs, rows in read])
        order = np.argsort(seqs, kind="stable")
        seqs, cosines = seqs[order], (rows @ asked)[order]
        starts = np.flatnonzero(np.diff(seqs, prepend=-1))
        if not len(starts):
            return self._meant(np.zeros(0, np.int64), np.zeros(0, np.float32))
        self._fetched = (seqs[starts], rows, order[starts])
        best = np.maximum.reduceat(cosines, starts)
        here = np.isin(seqs[starts], table.seq, assume_unique=True)
        return self._meant(table.places(seqs[starts][here]), best[here])

    def _read(self, store: Store, seqs: Places) -> tuple[Places, Floats]:
        rows = store.vectors_of(self.embedder.name, seqs.tolist())
        joined = b"".join([data for _seq, data in rows])
        found = np.array([seq for seq, _data in rows], np.int64)
        return found, directions(joined, self.embedder.dimension)

    def of(self, seqs: Sequence[int]) -> dict[int, Floats]:
        """The first passage's vector of each of `seqs` that has one, and was looked at lately."""
        known, rows, place = self._fetched
        return _those(seqs, known, rows, place) | _those(
            seqs, self._seq, self._rows, np.arange(len(self._seq))
        )


def _those(seqs: Sequence[int], known: Places, rows: Floats, place: Places) -> dict[int, Floats]:
    """The rows of those of `seqs` that are `known`; `place` tells where each one's row is."""
    found = np.searchsorted(known, np.asarray(seqs, np.int64))
    return {
        seq: rows[place[at]]
        for seq, at in zip(seqs, found.tolist(), strict=True)
        if at < len(known) and known[at] == seq
    }
