"""One fetch of a model at a time, across processes.

The system holds the lock for the open file and lets go of it when its process dies, so that a
killed fetch never blocks the next. The file itself stays; it only says who holds the lock.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # Windows locks forbid reading: lock a byte past the text

    def _take(file: BinaryIO) -> bool:
        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def exclusive(path: Path, wait: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock at `path`.

    While another holds it, `wait` is called again and again with who that is; it pauses, and may
    raise to give up.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        while not _take(file):
            wait(_holder(path))
        file.truncate(0)
        file.write(str(os.getpid()).encode("ascii"))
        file.flush()
        yield


def _holder(path: Path) -> str:
    text = path.read_text(encoding="ascii", errors="replace").strip()
    return f"another fetch (process {text})" if text.isdecimal() else "another fetch"
