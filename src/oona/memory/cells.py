"""Where to look among a great many vectors: cells of like ones, as rows in the person's file.

An *epoch* is one making of the index (`filing.py`): a centre for each cell, and for each vector the
signs of its dimensions in a block of its cell. A question reads the cells whose centres are
nearest, ranks what lies in them by signs, and the best are scored again by their vectors. The
blocks stay in the file; of the cells that were read lately a bounded part is held in memory, since
to decrypt a page costs four times what ranking by it does.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from oona.core.storage import CellBlock, Epoch, Store, UnitOfWork
from oona.memory.codes import Bits, nearness
from oona.memory.table import Floats, Places

PROBED = 120
"""Cells that a question reads: of the 4,000 cells of a million vectors one in 33."""

HELD = 48_000_000
"""Bytes of the cells that stay in memory, those asked for last: of 56 for each vector of MiniLM's
those of 860,000."""

_AT_ONCE = 250


def directions(data: bytes, dimension: int) -> Floats:
    """Vectors that were kept as signed bytes, at length 1."""
    rows = np.frombuffer(data, np.int8).reshape(-1, dimension).astype(np.float32)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return rows


class Cells:
    """The finished index over one embedder's vectors, if there is one."""

    def __init__(self, embedder: str, dimension: int) -> None:
        self._embedder = embedder
        self._dimension = dimension
        self._epoch: Epoch | None = None
        self._centres: Floats = np.zeros((0, dimension), np.float32)
        self._held: OrderedDict[int, tuple[Places, Bits]] = OrderedDict()
        self._bytes = 0

    @property
    def filed(self) -> int:
        """The last turn whose vectors stand in cells; 0 without an index."""
        return self._epoch.filed if self._epoch else 0

    def refresh(self, store: Store) -> None:
        """See how far the index has come, and whether it was made anew.

        What is held knows nothing of an erasure: who hears of one begins with new Cells.
        """
        ready = [epoch for epoch in store.epochs(self._embedder) if epoch.ready]
        epoch = ready[-1] if ready else None
        if epoch == self._epoch:
            return
        if epoch and (self._epoch is None or self._epoch.number != epoch.number):
            self._centres = directions(store.centres(epoch.number), self._dimension)
        self._epoch = epoch
        self._held.clear()
        self._bytes = 0

    def candidates(self, store: Store, asked: Floats, most: int) -> Places:
        """The seqs of the turns that are most like `asked` by signs, about `most` of them."""
        if self._epoch is None:
            return np.zeros(0, np.int64)
        likeness = self._centres @ asked
        probed = min(PROBED, len(likeness))
        nearest = np.argpartition(-likeness, probed - 1)[:probed].tolist()
        found = self._read(store, self._epoch, nearest)
        seqs = np.concatenate([seqs for seqs, _codes in found])
        if not len(seqs):
            return seqs
        codes = np.concatenate([codes for _seqs, codes in found]).reshape(len(seqs), -1)
        scores = nearness(codes, asked)
        if len(seqs) > most:
            seqs = seqs[np.argpartition(-scores, most)[:most]]
        return np.unique(seqs)

    def _read(self, store: Store, epoch: Epoch, wanted: list[int]) -> list[tuple[Places, Bits]]:
        """The seqs of each cell of `wanted`, and their codes in a row."""
        blocks: dict[int, tuple[list[bytes], list[bytes]]] = {
            cell: ([], []) for cell in wanted if cell not in self._held
        }
        missing = list(blocks)
        for start in range(0, len(missing), _AT_ONCE):
            for cell, seqs, codes in store.cells(epoch.number, missing[start : start + _AT_ONCE]):
                blocks[cell][0].append(seqs)
                blocks[cell][1].append(codes)
        for cell, (told, bits) in blocks.items():
            read = np.frombuffer(b"".join(told), np.int64), np.frombuffer(b"".join(bits), np.uint8)
            self._held[cell] = read
            self._bytes += read[0].nbytes + read[1].nbytes
        found = [self._held[cell] for cell in wanted]
        for cell in wanted:
            self._held.move_to_end(cell)
        while self._bytes > HELD:
            _cell, (told_first, bits_first) = self._held.popitem(last=False)
            self._bytes -= told_first.nbytes + bits_first.nbytes
        return found


def forget(work: UnitOfWork, seq: int) -> None:
    """Take turn `seq` out of every cell, for good."""
    for block in work.cells.holding(seq):
        seqs = np.frombuffer(block.seqs, np.int64)
        codes = np.frombuffer(block.codes, np.uint8).reshape(len(seqs), -1)
        kept = seqs != seq
        left = CellBlock(
            block.number, block.epoch, block.cell, seqs[kept].tobytes(), codes[kept].tobytes()
        )
        work.cells.put(left)
    work.cells.release(seq)


def nearest(centres: Floats, vectors: Floats) -> NDArray[np.int64]:
    """The number of the nearest centre for each vector."""
    found: NDArray[np.int64] = np.argmax(vectors @ centres.T, axis=1)
    return found


def grouped(numbers: Sequence[int] | NDArray[np.int64]) -> list[tuple[int, NDArray[np.int64]]]:
    """Each of `numbers` once, with the places where it stands."""
    wanted = np.asarray(numbers, np.int64)
    order = np.argsort(wanted, kind="stable")
    values, starts = np.unique(wanted[order], return_index=True)
    parts = np.split(order, starts[1:])
    return [(int(value), part) for value, part in zip(values, parts, strict=True)]
