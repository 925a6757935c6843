"""Opening the encrypted file, and saying in plain words what the disk or the file refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from oona.core.errors import BadInput, JournalDamaged, OonaError, StorageFault, WrongKey

CIPHER = "chacha20"
"""SQLite3 Multiple Ciphers' ChaCha20-Poly1305: every page is authenticated, so a damaged page is
an error and never a wrong word; fast without AES instructions."""

KEY_BYTES = 32
_PAGE = 2_048
"""Bytes. A turn changes six or seven pages, each written whole to the log before it is
acknowledged: with SQLite's usual 4,096 a durable append takes a fifth longer, with 1,024 reading
gets slower."""

_LOG_PAGES = 2_000
"""After so many pages the log is carried over into the file and begun again at its beginning."""

_LOG_ROOM = _LOG_PAGES * (_PAGE + 128)
"""Bytes: the pages with their headers, and what the last turn may write beyond them."""

_LOG_LIMIT = 16 * 1024 * 1024


def connect(path: Path, key: bytes, vfs: str | None = None) -> apsw.Connection:
    """Open `path`, creating it where there is none, with the raw 32-byte `key`.

    Raises WrongKey, JournalDamaged or StorageFault.
    """
    with worded(path):
        fresh = vfs is None and not path.exists()
        if vfs is None and not fresh:
            _refuse_stump(path)
        db = apsw.Connection(str(path), vfs=vfs)
        try:
            if db.readonly("main"):
                raise apsw.ReadOnlyError("the file is read-only")
            db.set_busy_timeout(2_000)
            _lock_up(db, key)
            # One process owns the file; exclusive mode then needs no shared-memory file beside it.
            db.pragma("locking_mode", "EXCLUSIVE")
            _prove_key(db, path)
            # FULL, and on the way into WAL mode the removal of the rollback journal is synced too:
            # one that came back after a power cut would undo everything since.
            db.pragma("synchronous", "EXTRA")
            db.pragma("journal_mode", "WAL")
            # macOS answers a plain fsync before the drive has written; elsewhere these do nothing.
            db.pragma("fullfsync", True)
            db.pragma("checkpoint_fullfsync", True)
            db.pragma("journal_size_limit", _LOG_LIMIT)
            db.pragma("wal_autocheckpoint", _LOG_PAGES)
            db.pragma("secure_delete", True)
            db.pragma("temp_store", "MEMORY")
            db.pragma("cache_size", -16_000)
        except BaseException:
            db.close()
            raise
        if fresh:
            _keep_entry(path.parent)
        return db


def reserve_log(db: apsw.Connection) -> None:
    """Write the room that the log will need ahead of it, in zeros, which SQLite takes for its end.

    What then overwrites them changes no size of a file, so that the system has one thing less to
    sync: a turn waits for the disk about half as long.
    """
    try:
        with Path(db.filename_wal).open("r+b") as log:
            log.write(bytes(max(0, _LOG_ROOM - log.seek(0, os.SEEK_END))))
            log.flush()
            os.fsync(log.fileno())
    except OSError:
        # On a full disk, say. The log then grows as it is written, which is slower and as safe.
        return


def _refuse_stump(path: Path) -> None:
    """SQLite takes a file shorter than a page for an empty one and would write over it."""
    size = path.stat().st_size
    beside = [path.with_name(path.name + end) for end in ("-wal", "-journal")]
    if 0 < size < _PAGE and not any(log.exists() for log in beside):
        raise JournalDamaged(
            f"Only {size} bytes are left of {path}.",
            "Nothing was changed. `oona import` brings back your last export once that file is "
            "moved aside.",
        )


def _lock_up(db: apsw.Connection, key: bytes) -> None:
    # Another package also brings a module named apsw, without ciphers; SQLite ignores pragmas it
    # does not know, and everything would be written in the clear.
    if db.pragma("cipher", CIPHER) != CIPHER:
        raise StorageFault(
            "The SQLite at hand cannot encrypt, so nothing was opened or written.",
            "Reinstall `apsw-sqlite3mc`; the package `apsw` must not stand beside it.",
        )
    db.pragma("key", f"raw:{key.hex()}")
    db.pragma("page_size", _PAGE)  # of a new file; one that exists keeps its own


def _keep_entry(folder: Path) -> None:
    """Sync the entry of a new person's folder; SQLite syncs those of the files in it."""
    if os.name != "posix":
        return
    try:
        handle = os.open(folder.parent, os.O_RDONLY)
    except OSError:
        # A parent that may be passed through but not listed; the file system then syncs it itself.
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _prove_key(db: apsw.Connection, path: Path) -> None:
    try:
        db.pragma("schema_version")
    except apsw.NotADBError as fault:
        raise WrongKey(
            f"The key at hand does not open {path}, or the file was damaged at its beginning.",
            "If you have moved or restored keys, put the right key back into the keys folder; "
            "otherwise `oona import` brings back your last export.",
        ) from fault


@contextmanager
def worded(path: Path) -> Iterator[None]:
    """Turn SQLite's refusals in the block into errors that a person can act on."""
    try:
        yield
    except OonaError:
        raise
    except (apsw.CorruptError, apsw.NotADBError) as fault:
        raise JournalDamaged(
            f"A part of {path} cannot be read: it is not what was written there ({fault}).",
            "Nothing was changed. `oona journal verify` says how far it is sound. To go on from "
            "your last export, move this folder aside, then use `oona import`.",
        ) from fault
    except apsw.FullError as fault:
        raise StorageFault(
            f"The disk that holds {path} is full. What was just said was not kept; "
            "everything before it is safe.",
            "Free some space and say it again.",
        ) from fault
    except (apsw.ReadOnlyError, apsw.CantOpenError, apsw.PermissionsError) as fault:
        raise StorageFault(
            f"{path} cannot be written: its folder is missing, read-only or not yours.",
            "Make it a folder you can write to, or set OONA_HOME to another folder.",
        ) from fault
    except (apsw.BusyError, apsw.LockedError) as fault:
        raise StorageFault(
            f"Another program holds {path}.",
            "Close it, or wait until it ends.",
        ) from fault
    except (apsw.ConstraintError, apsw.TooBigError) as fault:
        raise BadInput(f"That cannot be written to the journal: {fault}.") from fault
    except apsw.IOError as fault:
        raise StorageFault(
            f"The disk refused to read or write {path} ({fault}). "
            "What was acknowledged before is safe.",
            "Check the disk and its free space, then try again.",
        ) from fault
