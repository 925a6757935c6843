"""One person's encrypted SQLite file behind the Store Protocol."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import apsw

from oona.core.events import Event, Kind
from oona.core.storage import Epoch, Head, TextHit, TurnColumns, TurnRow, UnitOfWork, VectorRow
from oona.store import cells
from oona.store.connection import connect, reserve_log, worded
from oona.store.rows import COLUMNS, SqliteEvents, SqliteWork, to_event
from oona.store.schema import TOKENIZER, migrate

if TYPE_CHECKING:
    from oona.core.storage import Numbers

_PAGE = 250
_SELECT = f"SELECT {COLUMNS} FROM event"  # noqa: S608


class SqliteStore:
    """The store of one person. Not for several threads at once.

    `vfs` names another SQLite file layer; the fault tests put a lossy one below.
    """

    def __init__(self, path: Path, key: bytes, vfs: str | None = None) -> None:
        self._path = path
        self._db = connect(path, key, vfs)
        self._work = SqliteWork(self._db)
        self._on_disk = vfs is None
        try:
            with worded(path):
                self.format = migrate(self._db)
                self._reserve_log()
                self._tokenize = self._db.fts5_tokenizer(TOKENIZER[0], list(TOKENIZER[1:]))
        except BaseException:
            with suppress(apsw.Error):  # a disk that refused to be read may refuse this, too
                self._db.close()
            raise

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        with worded(self._path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._work
            except BaseException:
                self._roll_back()
                raise
            try:
                self._db.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        # SQLite may have rolled back by itself (a full disk does that); a second one is an error.
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def read(
        self, *, after: int = 0, kinds: Sequence[Kind] = (), limit: int = -1
    ) -> Iterator[Event]:
        # In pages, for a statement left half read would hold up the checkpoint after an erasure.
        # Which events are meant is settled at the first step; what is appended later is not read.
        upto = self.head().seq
        if kinds:
            seqs = self._seqs(after, kinds, limit)
            for start in range(0, len(seqs), _PAGE):
                yield from self.by_seq(seqs[start : start + _PAGE])
            return
        if limit >= 0:
            upto = min(upto, after + limit)  # sequence numbers have no gaps
        while after < upto and (
            page := self._events(
                f"{_SELECT} WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?", (after, upto, _PAGE)
            )
        ):
            yield from page
            after = page[-1].seq

    def _seqs(self, after: int, kinds: Sequence[Kind], limit: int) -> list[int]:
        where, values = _only(kinds)
        with worded(self._path):
            rows = self._db.execute(
                f"SELECT seq FROM event WHERE seq > ?{where} ORDER BY seq LIMIT ?",  # noqa: S608
                (after, *values, limit),
            ).fetchall()
        return [cast("int", row[0]) for row in rows]

    def newest(self, *, kinds: Sequence[Kind] = (), limit: int = 1, before: int = 0) -> list[Event]:
        where, values = _only(kinds)
        upto = before or (1 << 62)
        return self._events(
            f"{_SELECT} WHERE seq < ?{where} ORDER BY seq DESC LIMIT ?", (upto, *values, limit)
        )

    def by_id(self, ids: Sequence[UUID]) -> list[Event]:
        found: list[Event] = []
        for start in range(0, len(ids), _PAGE):
            page = tuple(wanted.bytes for wanted in ids[start : start + _PAGE])
            found += self._events(f"{_SELECT} WHERE id IN ({_marks(page)})", page)
        return sorted({event.seq: event for event in found}.values(), key=_seq)

    def by_seq(self, seqs: Sequence[int]) -> list[Event]:
        found: list[Event] = []
        for start in range(0, len(seqs), _PAGE):
            page = tuple(seqs[start : start + _PAGE])
            found += self._events(f"{_SELECT} WHERE seq IN ({_marks(page)})", page)
        return sorted({event.seq: event for event in found}.values(), key=_seq)

    def effects_of(self, event_id: UUID) -> list[UUID]:
        with worded(self._path):
            rows = self._db.execute(
                "SELECT event.id FROM effect JOIN event USING(seq) WHERE cause = ? ORDER BY seq",
                (event_id.bytes,),
            ).fetchall()
        return [UUID(bytes=cast("bytes", row[0])) for row in rows]

    def head(self) -> Head:
        with worded(self._path):
            return SqliteEvents(self._db).head()

    def stems(self, text: str) -> list[str]:
        found = self._tokenize(text.encode("utf-8"), apsw.FTS5_TOKENIZE_QUERY, None)
        return [
            str(stem) for token in cast("list[tuple[object, ...]]", found) for stem in token[2:]
        ]

    def document_frequency(self, terms: Sequence[str]) -> dict[str, int]:
        counts: dict[str, int] = {}
        with worded(self._path):
            for term in terms:
                for stem in self.stems(term):
                    row = self._db.execute(
                        "SELECT doc FROM turn_vocabulary WHERE term = ?", (stem,)
                    ).fetchone()
                    counts[stem] = int(row[0]) if row else 0
        return counts

    def search_text(self, terms: Sequence[str], limit: int) -> list[TextHit]:
        if not terms:
            return []
        query = " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
        with worded(self._path):
            rows = self._db.execute(
                "SELECT rowid, -bm25(turn_text) FROM turn_text WHERE turn_text MATCH ? "
                "ORDER BY rank LIMIT ?",
                (query, limit),
            ).fetchall()
        return [TextHit(cast("int", seq), cast("float", score)) for seq, score in rows]

    def postings(self, stem: str, limit: int) -> Numbers:
        return self._column(
            "SELECT group_concat(doc) FROM (SELECT doc FROM turn_posting WHERE term = ? LIMIT ?)",
            (stem, limit),
        )

    def newest_postings(self, stem: str, limit: int) -> Numbers:
        query = '"' + stem.replace('"', '""') + '"'
        newest = self._column(
            "SELECT group_concat(rowid) FROM (SELECT rowid FROM turn_text "
            "WHERE turn_text MATCH ? ORDER BY rowid DESC LIMIT ?)",
            (query, limit),
        )
        return newest[::-1]

    def _column(self, sql: str, values: tuple[Any, ...]) -> Numbers:
        """The numbers that a statement gives in one text, which costs a third of rows."""
        with worded(self._path):
            row = self._db.execute(sql, values).fetchone()
        return _numbers(row[0] if row else None)

    def turns(self, after: int = 0) -> list[TurnRow]:
        with worded(self._path):
            rows = self._db.execute(
                "SELECT seq, at, speaker, own, words, timed, imported FROM turn "
                "WHERE seq > ? ORDER BY seq",
                (after,),
            ).fetchall()
        return [
            TurnRow(
                cast("int", seq),
                cast("int", at),
                cast("str", speaker),
                bool(own),
                cast("int", words),
                bool(timed),
                bool(imported),
            )
            for seq, at, speaker, own, words, timed, imported in rows
        ]

    def turn_columns(self, after: int, limit: int) -> TurnColumns:
        part = "(SELECT * FROM turn WHERE seq > ? ORDER BY seq LIMIT ?)"
        with worded(self._path):
            columns = self._db.execute(
                "SELECT group_concat(seq), group_concat(at), group_concat(own), "  # noqa: S608
                f"group_concat(words), group_concat(timed), group_concat(imported), max(speaker) "
                f"FROM {part}",
                (after, limit),
            ).fetchone()
            *texts, name = cast("tuple[Any, ...]", columns)
            seq, at, own, words, timed, imported = map(_numbers, texts)
            names = [""] * len(seq)
            if name:
                rows = self._db.execute(
                    f"SELECT speaker FROM {part}",  # noqa: S608
                    (after, limit),
                ).fetchall()
                names = [cast("str", row[0]) for row in rows]
        return TurnColumns(seq, at, names, own, words, timed, imported)

    def vectors(self, embedder: str, after: int = 0, limit: int = -1) -> list[VectorRow]:
        with worded(self._path):
            rows = self._db.execute(
                "SELECT seq, part, data FROM turn_vector WHERE embedder = ? AND seq > ? "
                "ORDER BY seq DESC, part DESC LIMIT ?",
                (embedder, after, limit),
            ).fetchall()
        return [
            VectorRow(embedder, cast("int", seq), cast("int", part), cast("bytes", data))
            for seq, part, data in reversed(rows)
        ]

    def next_vectors(self, embedder: str, after: int, limit: int) -> list[VectorRow]:
        with worded(self._path):
            rows = self._db.execute(
                "SELECT seq, part, data FROM turn_vector WHERE embedder = ? AND seq > ? "
                "ORDER BY seq, part LIMIT ?",
                (embedder, after, limit),
            ).fetchall()
        return [
            VectorRow(embedder, cast("int", seq), cast("int", part), cast("bytes", data))
            for seq, part, data in rows
        ]

    def vectors_of(self, embedder: str, seqs: Sequence[int]) -> list[tuple[int, bytes]]:
        found: list[tuple[int, bytes]] = []
        with worded(self._path):
            for start in range(0, len(seqs), _PAGE):
                page = tuple(seqs[start : start + _PAGE])
                found += cast(
                    "list[tuple[int, bytes]]",
                    self._db.execute(
                        "SELECT seq, data FROM turn_vector "  # noqa: S608
                        f"WHERE embedder = ? AND seq IN ({_marks(page)})",
                        (embedder, *page),
                    ).fetchall(),
                )
        return found

    def count_vectors(self, embedder: str) -> int:
        with worded(self._path):
            row = self._db.execute(
                "SELECT count(*) FROM turn_vector INDEXED BY turn_vector_seq WHERE embedder = ?",
                (embedder,),
            ).fetchone()
        return cast("int", row[0]) if row else 0

    def epochs(self, embedder: str) -> list[Epoch]:
        with worded(self._path):
            return cells.epochs(self._db, embedder)

    def centres(self, epoch: int) -> bytes:
        with worded(self._path):
            return cells.centres(self._db, epoch)

    def cells(self, epoch: int, wanted: Sequence[int]) -> list[tuple[int, bytes, bytes]]:
        with worded(self._path):
            return cells.blocks(self._db, epoch, wanted)

    def scrub(self) -> None:
        # secure_delete and FTS5's secure-delete overwrite what they drop where it stood, but not
        # the copies that a B-tree leaves in the unused part of a page when it moves rows about
        # (a stem was found so in 2 of 14 trials). Only a rewritten file has none. Needs memory
        # and, for a moment, disk of the file's size.
        with worded(self._path):
            self._db.execute("VACUUM")
            self._db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
            self._reserve_log()

    def close(self) -> None:
        with worded(self._path):
            self._db.close()

    def _reserve_log(self) -> None:
        if self._on_disk:
            reserve_log(self._db)

    def _events(self, sql: str, values: tuple[Any, ...]) -> list[Event]:
        with worded(self._path):
            return [to_event(row) for row in self._db.execute(sql, values).fetchall()]


def _only(kinds: Sequence[Kind]) -> tuple[str, tuple[str, ...]]:
    if not kinds:
        return "", ()
    return f" AND kind IN ({','.join('?' * len(kinds))})", tuple(kind.value for kind in kinds)


def _numbers(text: str | None) -> Numbers:
    """The whole numbers of a text with commas between."""
    import numpy as np  # a store is opened long before a column is read

    return np.fromstring(text, np.int64, sep=",") if text else np.zeros(0, np.int64)


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _seq(event: Event) -> int:
    return event.seq
