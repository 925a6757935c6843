"""Makes the index of cells in idle time, in portions that a question need not wait for.

First centres are learned from a sample (k-means on the sphere), in memory: a crash begins that
again. Then every vector is filed in the cell of its nearest centre, in journal order behind a
cursor that is written with it: a crash goes on there. Meanwhile questions go by the index before,
or by the newest vectors. It is made anew when there are four times as many vectors, and when a turn
was forgotten that it was learned from. No model is needed.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oona.core.storage import CellBlock, Epoch, Store, UnitOfWork, VectorRow
from oona.memory.cells import directions, grouped, nearest
from oona.memory.codes import signs
from oona.memory.table import Floats, Places

OF_A_CELL = 16
"""Vectors of the sample for each cell."""

_FEWEST = 8
"""A centre stands for at least so many: of fewer it would tell too much of each."""

_PASSES = 6
_GROWN = 4
_FILED = 1_024
"""Vectors that are filed together; as many may lie unfiled, and are then looked at one by one."""

_LEARNED = 512
"""Vectors that are compared with all centres in one portion: about a tenth of a second."""

_READ = 2_000
_BLOCK = 32
"""Vectors in a block, so that it fits into a page of the file."""

_SEQ_BYTES = 8
_DROPPED = 1_000


def cells_for(vectors: int) -> int:
    """How many cells so many vectors are given."""
    return max(16, int(4 * math.sqrt(vectors)))


@dataclass
class _Learning:
    """Centres in the making."""

    stride: int
    vectors: int
    cells: int
    upto: int
    read: int = 0
    passes: int = 0
    place: int = 0

    def __post_init__(self) -> None:
        self.parts: list[NDArray[np.int8]] = []
        self.sample: NDArray[np.int8] = np.zeros((0, 0), np.int8)
        self.centres: Floats = np.zeros((0, 0), np.float32)
        self.sums: Floats = np.zeros((0, 0), np.float32)
        self.sizes: NDArray[np.int64] = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Portion:
    """What is to be filed, in which epoch; without an epoch, a portion of learning.

    `last` is whether no further vectors wait, `dropped` whether the epoch is out of use.
    """

    epoch: Epoch | None
    rows: Sequence[VectorRow] = ()
    last: bool = False
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Filed:
    """For each row of a portion its cell and its code; or centres that were learned."""

    cells: NDArray[np.int64]
    codes: NDArray[np.uint8]
    centres: NDArray[np.int8] | None = None


class Filing:
    """Files the vectors of one embedder. `take` and `keep` touch the file, `made` only thinks.

    `above` is the number of vectors up to which all are searched, and none filed.
    """

    def __init__(self, store: Store, embedder: str, dimension: int, above: int) -> None:
        self._store = store
        self._embedder = embedder
        self._dimension = dimension
        self._above = above
        self._learning: _Learning | None = None
        self._centres: tuple[int, Floats] = (0, np.zeros((0, dimension), np.float32))
        self._seen = 0

    def take(self) -> Portion | None:
        """What is to be done next; None when nothing is."""
        if self._learning is not None:
            self._read_sample(self._learning)
            return Portion(None)
        epochs = self._store.epochs(self._embedder)
        if len(epochs) > 1 and epochs[-1].ready:
            return Portion(epochs[0], dropped=True)
        newest = epochs[-1] if epochs else None
        if newest is None or (newest.ready and self._outgrown(newest)):
            return self._begin(newest)
        rows = self._store.next_vectors(self._embedder, newest.filed, _FILED)
        if newest.ready and len(rows) < _FILED:
            return None
        if newest.number != self._centres[0]:
            found = directions(self._store.centres(newest.number), self._dimension)
            self._centres = (newest.number, found)
        last = len(rows) < _FILED
        return Portion(newest, rows if last else _whole(rows), last)

    def made(self, portion: Portion) -> Filed:
        """The thinking of a portion."""
        if portion.epoch is None:
            return self._learned()
        if not portion.rows:
            return _NOTHING
        packed = _packed(portion.rows, self._dimension)
        cells = nearest(self._centres[1], directions(packed.tobytes(), self._dimension))
        return Filed(cells, signs(packed))

    def keep(self, portion: Portion, filed: Filed) -> None:
        """Write what was made, but what was forgotten meanwhile."""
        if portion.epoch is None:
            if filed.centres is not None and self._learning is not None:
                self._keep_epoch(self._learning, filed.centres)
            return
        if portion.dropped:
            with self._store.begin() as work:
                work.cells.drop(portion.epoch.number, _DROPPED)
            return
        self._file(portion.epoch, portion, filed)

    def advance(self) -> bool:
        """One portion from end to end; whether there was one."""
        portion = self.take()
        if portion is None:
            return False
        self.keep(portion, self.made(portion))
        return True

    def _outgrown(self, epoch: Epoch) -> bool:
        return epoch.stale or epoch.count > _GROWN * epoch.learned

    def _begin(self, before: Epoch | None) -> Portion | None:
        head = self._store.head().seq
        if before is None and head - self._seen < self._above // 10 and self._seen:
            return None  # counted lately: too few then, and few since
        self._seen = head
        vectors = self._store.count_vectors(self._embedder)
        if vectors <= self._above:
            return None
        cells = cells_for(vectors)
        stride = max(1, vectors // (OF_A_CELL * cells))
        stride = stride if stride % 2 else stride - 1  # who asks and who answers take turns
        self._learning = _Learning(stride, vectors, cells, head)
        return Portion(None)

    def _read_sample(self, learning: _Learning) -> None:
        if learning.read >= learning.upto:
            return
        upto = min(learning.upto, learning.read + _READ * learning.stride)
        first = learning.read + learning.stride
        seqs = range(first, upto + 1, learning.stride)
        rows = self._store.vectors_of(self._embedder, seqs)
        learning.read = upto - upto % learning.stride if upto < learning.upto else upto
        joined = np.frombuffer(b"".join(data for _seq, data in rows), np.int8)
        learning.parts.append(joined.reshape(-1, self._dimension))

    def _learned(self) -> Filed:
        """One portion of learning: some of the sample is compared with all centres."""
        learning = self._learning
        if learning is None or learning.read < learning.upto:
            return _NOTHING
        if not len(learning.sample):
            _start(learning)
        part = learning.sample[learning.place : learning.place + _LEARNED]
        vectors = directions(part.tobytes(), self._dimension)
        cells = nearest(learning.centres, vectors)
        for cell, places in grouped(cells):
            learning.sums[cell] += vectors[places].sum(axis=0)
            learning.sizes[cell] += len(places)
        learning.place += _LEARNED
        if learning.place < len(learning.sample):
            return _NOTHING
        learning.passes += 1
        learning.place = 0
        _move(learning, last=learning.passes == _PASSES)
        if learning.passes < _PASSES:
            return _NOTHING
        largest = np.abs(learning.centres).max(axis=1, keepdims=True)
        centres = np.rint(learning.centres * (127 / np.maximum(largest, 1e-9))).astype(np.int8)
        return Filed(_NOTHING.cells, _NOTHING.codes, centres)

    def _keep_epoch(self, learning: _Learning, centres: NDArray[np.int8]) -> None:
        epoch = Epoch(0, self._embedder, centres.tobytes(), learning.stride, learning.vectors)
        with self._store.begin() as work:
            work.cells.begin(epoch)
        self._learning = None

    def _file(self, epoch: Epoch, portion: Portion, filed: Filed) -> None:
        rows = portion.rows
        seqs = np.array([row.seq for row in rows], np.int64)
        with self._store.begin() as work:
            there = work.turns.known({row.seq for row in rows})
            kept = np.flatnonzero([row.seq in there for row in rows])
            members: list[tuple[int, int]] = []
            for cell, among in grouped(filed.cells[kept]):
                places = kept[among]
                members += _filed(work, (epoch.number, cell), seqs[places], filed.codes[places])
            work.cells.join(members)
            reached = rows[-1].seq if rows else epoch.filed
            ready = epoch.ready or portion.last
            work.cells.reach(epoch.number, reached, epoch.count + len(kept), ready)


_NOTHING = Filed(np.zeros(0, np.int64), np.zeros((0, 0), np.uint8))


def _filed(
    work: UnitOfWork, cell: tuple[int, int], seqs: Places, codes: NDArray[np.uint8]
) -> list[tuple[int, int]]:
    """Add to a cell of an epoch; gives which turn now stands in which block."""
    members: list[tuple[int, int]] = []
    last = work.cells.last(*cell)
    place = 0
    if last is not None and (room := _BLOCK - len(last.seqs) // _SEQ_BYTES) > 0:
        place = min(room, len(seqs))
        block = dataclasses.replace(
            last,
            seqs=last.seqs + seqs[:place].tobytes(),
            codes=last.codes + codes[:place].tobytes(),
        )
        work.cells.put(block)
        members += [(int(seq), last.number) for seq in seqs[:place]]
    for start in range(place, len(seqs), _BLOCK):
        part = slice(start, start + _BLOCK)
        block = CellBlock(0, *cell, seqs[part].tobytes(), codes[part].tobytes())
        number = work.cells.put(block)
        members += [(int(seq), number) for seq in seqs[part]]
    return members


def _start(learning: _Learning) -> None:
    learning.sample = np.concatenate(learning.parts)
    learning.parts = []
    learning.cells = max(1, min(learning.cells, len(learning.sample) // OF_A_CELL))
    chance = np.random.default_rng(learning.vectors)
    first = chance.choice(len(learning.sample), learning.cells, replace=False)
    dimension = learning.sample.shape[1]
    learning.centres = directions(learning.sample[first].tobytes(), dimension)
    learning.sums = np.zeros_like(learning.centres)
    learning.sizes = np.zeros(learning.cells, np.int64)


def _move(learning: _Learning, *, last: bool) -> None:
    """Each centre to the middle of its cell; one of a small cell beside that of a large one."""
    learning.centres = learning.sums / np.maximum(
        np.linalg.norm(learning.sums, axis=1, keepdims=True), 1e-9
    )
    small = np.flatnonzero(learning.sizes < _FEWEST)
    if last:
        kept = learning.sizes >= _FEWEST
        learning.centres = learning.centres[kept] if kept.any() else learning.centres[:1]
        return
    chance = np.random.default_rng(learning.passes)
    large = np.argsort(-learning.sizes)[: len(small)]
    noise = chance.standard_normal((len(small), learning.centres.shape[1])).astype(np.float32)
    moved = learning.centres[large] + noise * (0.3 / math.sqrt(noise.shape[1]))
    learning.centres[small] = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    learning.sums[:] = 0
    learning.sizes[:] = 0


def _packed(rows: Sequence[VectorRow], dimension: int) -> NDArray[np.int8]:
    joined = np.frombuffer(b"".join(row.data for row in rows), np.int8)
    return joined.reshape(-1, dimension)


def _whole(rows: list[VectorRow]) -> list[VectorRow]:
    """`rows` without the last turn, whose passages may have been cut apart."""
    if rows[0].seq == rows[-1].seq:
        return rows
    return [row for row in rows if row.seq != rows[-1].seq]
