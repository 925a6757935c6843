"""Opening the encrypted file, and saying in plain words what the disk or the file refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from oona.core.errors import JournalDamaged, OonaError, StorageFault, WrongKey

CIPHER = "chacha20"
"""SQLite3 Multiple Ciphers' ChaCha20-Poly1305: every page is authenticated, so a damaged page is
an error and never a wrong word; fast without AES instructions."""

KEY_BYTES = 32


def connect(path: Path, key: bytes, vfs: str | None = None) -> apsw.Connection:
    """Open `path`, creating it where there is none, with the raw 32-byte `key`.

    Raises WrongKey, JournalDamaged or StorageFault.
    """
    with worded(path):
        db = apsw.Connection(str(path), vfs=vfs)
        try:
            db.pragma("cipher", CIPHER)
            db.pragma("key", f"raw:{key.hex()}")
            # One process owns the file; exclusive mode then needs no shared-memory file beside it.
            db.pragma("locking_mode", "EXCLUSIVE")
            _prove_key(db, path)
            db.pragma("journal_mode", "WAL")
            db.pragma("synchronous", "FULL")
            db.pragma("secure_delete", True)
            db.pragma("temp_store", "MEMORY")
            db.pragma("cache_size", -16_000)
            db.set_busy_timeout(2_000)
        except BaseException:
            db.close()
            raise
        return db


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
            "Nothing was changed. Copy the folder aside; `oona journal verify` says how far it is "
            "sound, and `oona import` brings back your last export.",
        ) from fault
    except apsw.FullError as fault:
        raise StorageFault(
            f"The disk that holds {path} is full. What was just said was not kept; "
            "everything before it is safe.",
            "Free some space and say it again.",
        ) from fault
    except (apsw.ReadOnlyError, apsw.CantOpenError, apsw.PermissionsError) as fault:
        raise StorageFault(
            f"{path} cannot be written: the folder is read-only or not yours.",
            "Make it writable for you, or set OONA_HOME to another folder.",
        ) from fault
    except (apsw.BusyError, apsw.LockedError) as fault:
        raise StorageFault(
            f"Another program holds {path}.",
            "Close it, or wait until it ends.",
        ) from fault
    except apsw.IOError as fault:
        raise StorageFault(
            f"The disk refused to read or write {path} ({fault}). "
            "What was acknowledged before is safe.",
            "Check the disk and its free space, then try again.",
        ) from fault
