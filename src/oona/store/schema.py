"""Numbered, append-only migrations. A migration, once released, is never edited."""

from __future__ import annotations

import apsw

from oona.core.errors import StorageFault

TOKENIZER = ("porter", "unicode61", "remove_diacritics", "2")

MIGRATIONS: tuple[str, ...] = (
    # 1: the journal, marks, and the full-text view of turns.
    f"""
    CREATE TABLE event(
        seq INTEGER PRIMARY KEY,
        id BLOB NOT NULL,
        at TEXT NOT NULL,
        zone TEXT NOT NULL,
        kind TEXT NOT NULL,
        actor TEXT NOT NULL,
        label TEXT NOT NULL,
        causes BLOB NOT NULL,
        commitment BLOB NOT NULL,
        hash BLOB NOT NULL,
        body TEXT,
        salt BLOB
    ) STRICT;
    CREATE UNIQUE INDEX event_id ON event(id);
    CREATE INDEX event_kind ON event(kind, seq);
    CREATE TABLE effect(
        cause BLOB NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY(cause, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE mark(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE VIRTUAL TABLE turn_text USING fts5(
        text, content='', tokenize="{" ".join(TOKENIZER)}"
    );
    INSERT INTO turn_text(turn_text, rank) VALUES('secure-delete', 1);
    CREATE VIRTUAL TABLE turn_vocabulary USING fts5vocab('turn_text', 'row');
    """,
    # 2: keyed hashes of what was erased, so that no import brings it back.
    "CREATE TABLE tombstone(digest BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;",
    # 3: what recall ranks by: where each word stands, and what each turn means.
    """
    CREATE VIRTUAL TABLE turn_posting USING fts5vocab('turn_text', 'instance');
    CREATE TABLE turn(
        seq INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        speaker TEXT NOT NULL,
        own INTEGER NOT NULL,
        words INTEGER NOT NULL,
        timed INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE turn_vector(
        seq INTEGER NOT NULL,
        embedder TEXT NOT NULL,
        part INTEGER NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY(embedder, seq, part)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX turn_vector_seq ON turn_vector(seq);
    """,
    # 4: which turns came in from elsewhere, and what they are known by when they come again.
    """
    ALTER TABLE turn ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE import(digest BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
    """,
    # 5: an index of cells over the vectors of a long life.
    """
    CREATE TABLE cell_epoch(
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        embedder TEXT NOT NULL,
        stride INTEGER NOT NULL,
        learned INTEGER NOT NULL,
        filed INTEGER NOT NULL,
        count INTEGER NOT NULL,
        ready INTEGER NOT NULL,
        stale INTEGER NOT NULL,
        centres BLOB NOT NULL
    ) STRICT;
    CREATE TABLE cell_block(
        number INTEGER PRIMARY KEY,
        epoch INTEGER NOT NULL,
        cell INTEGER NOT NULL,
        seqs BLOB NOT NULL,
        codes BLOB NOT NULL
    ) STRICT;
    CREATE INDEX cell_block_cell ON cell_block(epoch, cell);
    CREATE TABLE cell_member(
        seq INTEGER NOT NULL,
        block INTEGER NOT NULL,
        PRIMARY KEY(seq, block)
    ) STRICT, WITHOUT ROWID;
    """,
)


def migrate(db: apsw.Connection) -> int:
    """Bring the file up to the newest migration and give its number.

    Raises StorageFault when the file is from a newer Oona.
    """
    version = int(db.pragma("user_version"))
    if version > len(MIGRATIONS):
        raise StorageFault(
            f"This file was written by a newer Oona (format {version}; this one knows "
            f"{len(MIGRATIONS)}).",
            "Update Oona, then open it again. Nothing was changed.",
        )
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        with db:
            db.execute(script)
            db.pragma("user_version", number)
    return len(MIGRATIONS)
