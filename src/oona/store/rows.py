"""The tables, as they are seen inside one unit of work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import UUID

import apsw

from oona.core.clock import from_text, to_text
from oona.core.errors import JournalDamaged
from oona.core.events import Actor, Event, Kind
from oona.core.labels import Label
from oona.core.storage import Head, TurnRow, VectorRow
from oona.journal import chain
from oona.store.cells import SqliteCells

COLUMNS = "seq, id, at, zone, kind, actor, label, causes, commitment, hash, body, salt"
_ID_BYTES = 16

Row = tuple[Any, ...]

# Looked up in a mapping, an enum's member costs a fifth of what calling the enum costs.
_KINDS = {kind.value: kind for kind in Kind}
_ACTORS = {actor.value: actor for actor in Actor}


def to_row(event: Event) -> Row:
    """The event as the table holds it."""
    return (
        event.seq,
        event.id.bytes,
        to_text(event.at),
        event.zone,
        str(event.kind),
        str(event.actor),
        str(event.label),
        b"".join(cause.bytes for cause in event.causes),
        event.commitment,
        event.hash,
        None if event.raw is None else event.raw.decode("utf-8"),
        event.salt,
    )


def to_event(row: Row) -> Event:
    """The event that a row holds. Raises JournalDamaged when it holds none."""
    seq, id_, at, zone, kind, actor, label, causes, commitment, digest, body, salt = row
    try:
        return Event(
            seq=seq,
            id=UUID(bytes=id_),
            at=from_text(at),
            zone=zone,
            kind=_KINDS[kind],
            actor=_ACTORS[actor],
            label=Label.parse(label),
            causes=tuple(
                UUID(bytes=causes[start : start + _ID_BYTES])
                for start in range(0, len(causes), _ID_BYTES)
            ),
            commitment=commitment,
            hash=digest,
            raw=None if body is None else body.encode("utf-8"),
            salt=salt,
        )
    except (KeyError, ValueError) as fault:
        raise JournalDamaged(
            f"Event {seq} holds something that this Oona does not know ({fault}).",
            "If a newer Oona wrote it, update; otherwise `oona import` brings back your last "
            "export. Nothing was changed.",
        ) from fault


class SqliteEvents:
    """The journal's rows."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    def head(self) -> Head:
        row = self._db.execute("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1").fetchone()
        return Head(*row) if row else Head(0, chain.GENESIS)

    def insert(self, events: Sequence[Event]) -> None:
        self._db.executemany(
            f"INSERT INTO event({COLUMNS}) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
            map(to_row, events),
        )
        effects = [(cause.bytes, event.seq) for event in events for cause in set(event.causes)]
        if effects:
            self._db.executemany("INSERT INTO effect(cause, seq) VALUES(?,?)", effects)

    def erase_body(self, seq: int) -> None:
        self._db.execute("UPDATE event SET body = NULL, salt = NULL WHERE seq = ?", (seq,))

    def labels(self, ids: Sequence[UUID]) -> dict[UUID, str]:
        found: dict[UUID, str] = {}
        for wanted in ids:
            row = self._db.execute(
                "SELECT label FROM event WHERE id = ?", (wanted.bytes,)
            ).fetchone()
            if row:
                found[wanted] = row[0]
        return found


class SqliteTexts:
    """The full-text index over turns. It keeps no copy of a text, only its stems."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    def add(self, texts: Sequence[tuple[int, str]]) -> None:
        self._db.executemany("INSERT INTO turn_text(rowid, text) VALUES(?, ?)", texts)

    def remove(self, seq: int, text: str) -> None:
        self._db.execute(
            "INSERT INTO turn_text(turn_text, rowid, text) VALUES('delete', ?, ?)", (seq, text)
        )

    def clear(self) -> None:
        self._db.execute("INSERT INTO turn_text(turn_text) VALUES('delete-all')")


class SqliteTurns:
    """What recall knows of every turn, but its words."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    def add(self, rows: Sequence[TurnRow]) -> None:
        self._db.executemany(
            "INSERT INTO turn(seq, at, speaker, own, words, timed, imported) VALUES(?,?,?,?,?,?,?)",
            (
                (row.seq, row.at, row.speaker, row.own, row.words, row.timed, row.imported)
                for row in rows
            ),
        )

    def known(self, seqs: Iterable[int]) -> set[int]:
        wanted = "SELECT 1 FROM turn WHERE seq = ?"
        return {seq for seq in seqs if self._db.execute(wanted, (seq,)).fetchone()}

    def remove(self, seq: int) -> None:
        self._db.execute("DELETE FROM turn WHERE seq = ?", (seq,))

    def clear(self) -> None:
        self._db.execute("DELETE FROM turn")


class SqliteVectors:
    """What the turns mean."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    def add(self, rows: Sequence[VectorRow]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO turn_vector(embedder, seq, part, data) VALUES(?,?,?,?)",
            ((row.embedder, row.seq, row.part, row.data) for row in rows),
        )

    def remove(self, seq: int) -> None:
        self._db.execute("DELETE FROM turn_vector WHERE seq = ?", (seq,))

    def clear(self) -> None:
        self._db.execute("DELETE FROM turn_vector")


class SqliteTombstones:
    """The keyed hashes of what was erased."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    def add(self, digests: Iterable[bytes]) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO tombstone(digest) VALUES(?)", ((digest,) for digest in digests)
        )

    def known(self, digests: Iterable[bytes]) -> set[bytes]:
        wanted = "SELECT 1 FROM tombstone WHERE digest = ?"
        return {digest for digest in digests if self._db.execute(wanted, (digest,)).fetchone()}

    def count(self) -> int:
        row = self._db.execute("SELECT count(*) FROM tombstone").fetchone()
        return cast("int", row[0]) if row else 0


class SqliteImports:
    """What imported texts are known by."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    def add(self, digests: Iterable[bytes]) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO import(digest) VALUES(?)", ((digest,) for digest in digests)
        )

    def known(self, digests: Iterable[bytes]) -> set[bytes]:
        wanted = "SELECT 1 FROM import WHERE digest = ?"
        return {digest for digest in digests if self._db.execute(wanted, (digest,)).fetchone()}

    def remove(self, digest: bytes) -> None:
        self._db.execute("DELETE FROM import WHERE digest = ?", (digest,))

    def clear(self) -> None:
        self._db.execute("DELETE FROM import")


class SqliteWork:
    """A unit of work over one connection."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db
        self.events = SqliteEvents(db)
        self.texts = SqliteTexts(db)
        self.turns = SqliteTurns(db)
        self.vectors = SqliteVectors(db)
        self.cells = SqliteCells(db)
        self.tombstones = SqliteTombstones(db)
        self.imports = SqliteImports(db)

    def get_mark(self, name: str) -> str:
        row = self._db.execute("SELECT value FROM mark WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def set_mark(self, name: str, value: str) -> None:
        self._db.execute(
            "INSERT INTO mark(name, value) VALUES(?, ?) "
            "ON CONFLICT(name) DO UPDATE SET value = excluded.value",
            (name, value),
        )
