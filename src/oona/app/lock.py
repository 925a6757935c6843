"""Who owns a person's file: one process, by a lock that the system lets go of when it dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from oona.app.paths import private_folder
from oona.core.errors import StorageFault


class OwnerLock:
    """The lock on one person's folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd = -1

    def take(self) -> bool:
        """Whether it is ours now. Raises StorageFault when the folder cannot be written."""
        private_folder(self._path.parent)
        try:
            fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as fault:
            raise StorageFault(
                f"The folder {self._path.parent} cannot be written: {fault.strerror}.",
                "Make it writable for you, or set OONA_HOME to another folder.",
            ) from fault
        if not _lock(fd):
            os.close(fd)
            return False
        self._fd = fd
        return True

    def sign(self, socket: Path) -> None:
        """Write into the lock who holds it and where they listen."""
        os.ftruncate(self._fd, 0)
        os.lseek(self._fd, 0, os.SEEK_SET)
        os.write(self._fd, f"{os.getpid()}\n{socket}\n".encode())

    def holder(self) -> tuple[str, Path] | None:
        """The process that holds the lock and its socket, if it has signed."""
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return None
        return (lines[0], Path(lines[1])) if len(lines) == 2 else None

    def release(self) -> None:
        """Let go of it. The file stays: removing it could take it from under the next owner."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 20  # Windows locks forbid reading: lock a byte past the text

    def _lock(fd: int) -> bool:
        try:
            os.lseek(fd, _FAR, os.SEEK_SET)
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(fd: int) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
