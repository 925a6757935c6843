"""The tables of the index of cells, as they are seen inside one unit of work and outside one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

import apsw

from oona.core.storage import CellBlock, Epoch

_BLOCK = "SELECT number, epoch, cell, seqs, codes FROM cell_block"


class SqliteCells:
    """Which vectors lie in which cell."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    def begin(self, epoch: Epoch) -> None:
        self._db.execute(
            "INSERT INTO cell_epoch(embedder, stride, learned, filed, count, ready, stale, centres)"
            " VALUES(?,?,?,?,?,?,?,?)",
            (
                epoch.embedder,
                epoch.stride,
                epoch.learned,
                epoch.filed,
                epoch.count,
                epoch.ready,
                epoch.stale,
                epoch.centres,
            ),
        )

    def reach(self, epoch: int, filed: int, count: int, ready: bool) -> None:
        self._db.execute(
            "UPDATE cell_epoch SET filed = ?, count = ?, ready = ? WHERE number = ?",
            (filed, count, ready, epoch),
        )

    def last(self, epoch: int, cell: int) -> CellBlock | None:
        row = self._db.execute(
            f"{_BLOCK} WHERE epoch = ? AND cell = ? ORDER BY number DESC LIMIT 1", (epoch, cell)
        ).fetchone()
        return _block(row) if row else None

    def put(self, block: CellBlock) -> int:
        if not block.number:
            self._db.execute(
                "INSERT INTO cell_block(epoch, cell, seqs, codes) VALUES(?,?,?,?)",
                (block.epoch, block.cell, block.seqs, block.codes),
            )
            return self._db.last_insert_rowid()
        if block.seqs:
            self._db.execute(
                "UPDATE cell_block SET seqs = ?, codes = ? WHERE number = ?",
                (block.seqs, block.codes, block.number),
            )
        else:
            self._db.execute("DELETE FROM cell_block WHERE number = ?", (block.number,))
        return block.number

    def join(self, members: Iterable[tuple[int, int]]) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO cell_member(seq, block) VALUES(?,?)", sorted(members)
        )

    def holding(self, seq: int) -> list[CellBlock]:
        rows = self._db.execute(
            f"{_BLOCK} WHERE number IN (SELECT block FROM cell_member WHERE seq = ?)",  # noqa: S608
            (seq,),
        )
        return [_block(row) for row in rows.fetchall()]

    def release(self, seq: int) -> None:
        self._db.execute("DELETE FROM cell_member WHERE seq = ?", (seq,))
        self._db.execute("UPDATE cell_epoch SET stale = 1 WHERE ? % stride = 0", (seq,))

    def drop(self, epoch: int, blocks: int) -> bool:
        numbers = [
            cast("int", row[0])
            for row in self._db.execute(
                "SELECT number FROM cell_block WHERE epoch = ? LIMIT ?", (epoch, blocks)
            ).fetchall()
        ]
        for number in numbers:
            row = self._db.execute(
                "SELECT seqs FROM cell_block WHERE number = ?", (number,)
            ).fetchone()
            seqs = memoryview(cast("bytes", row[0])).cast("q") if row else ()
            self._db.executemany(
                "DELETE FROM cell_member WHERE seq = ? AND block = ?",
                [(seq, number) for seq in seqs],
            )
            self._db.execute("DELETE FROM cell_block WHERE number = ?", (number,))
        if len(numbers) == blocks:
            return False
        self._db.execute("DELETE FROM cell_epoch WHERE number = ?", (epoch,))
        return True

    def clear(self) -> None:
        for table in ("cell_epoch", "cell_block", "cell_member"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours


def epochs(db: apsw.Connection, embedder: str) -> list[Epoch]:
    """The indexes over the vectors of `embedder`, oldest first, without their centres."""
    rows = db.execute(
        "SELECT number, stride, learned, filed, count, ready, stale FROM cell_epoch "
        "WHERE embedder = ? ORDER BY number",
        (embedder,),
    ).fetchall()
    return [
        Epoch(number, embedder, b"", stride, learned, filed, count, bool(ready), bool(stale))
        for number, stride, learned, filed, count, ready, stale in cast(
            "list[tuple[int, int, int, int, int, int, int]]", rows
        )
    ]


def centres(db: apsw.Connection, epoch: int) -> bytes:
    """The centres of `epoch`, or nothing if it is gone."""
    row = db.execute("SELECT centres FROM cell_epoch WHERE number = ?", (epoch,)).fetchone()
    return cast("bytes", row[0]) if row else b""


def blocks(db: apsw.Connection, epoch: int, cells: Sequence[int]) -> list[tuple[int, bytes, bytes]]:
    """The cell, the seqs and the codes of every block of `cells`."""
    marks = ",".join("?" * len(cells))
    rows = db.execute(
        f"SELECT cell, seqs, codes FROM cell_block WHERE epoch = ? AND cell IN ({marks})",  # noqa: S608
        (epoch, *cells),
    ).fetchall()
    return cast("list[tuple[int, bytes, bytes]]", rows)


def _block(row: tuple[object, ...]) -> CellBlock:
    return CellBlock(*cast("tuple[int, int, int, bytes, bytes]", row))
