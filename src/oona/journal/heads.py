"""Heads: the end of the journal, written down outside its file.

A file whose last events were cut off is a shorter journal that verifies; only a head kept elsewhere
shows the cut. Two slots are written in turn, each with a checksum, so that a torn write spoils one
and leaves the other. The write is not synced (the events themselves are): after a power cut the
head may lag behind the journal, never run ahead of it.
"""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

from oona.core.errors import StorageFault
from oona.core.storage import Head

_SLOT = struct.Struct(">4sQ32sI")
_MAGIC = b"head"


class Heads:
    """The two-slot file of one journal's head."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as fault:
            raise StorageFault(
                f"The note of where your journal ends ({path}) cannot be opened: {fault.strerror}.",
                "Make the folder writable for you.",
            ) from fault

    def write(self, head: Head) -> None:
        """Note `head`; a later read gives it, or after a power cut an earlier one."""
        record = _SLOT.pack(_MAGIC, head.seq, head.hash, 0)
        record = record[:-4] + struct.pack(">I", zlib.crc32(record[:-4]))
        try:
            os.lseek(self._fd, (head.seq % 2) * _SLOT.size, os.SEEK_SET)
            os.write(self._fd, record)
        except OSError:
            # The events are safe in the file; a head that lags is allowed and the next one mends it.
            return

    def read(self) -> Head | None:
        """The furthest head noted, or None when there is none."""
        os.lseek(self._fd, 0, os.SEEK_SET)
        data = os.read(self._fd, 2 * _SLOT.size)
        best: Head | None = None
        for start in range(0, len(data), _SLOT.size):
            slot = data[start : start + _SLOT.size]
            if len(slot) < _SLOT.size:
                continue
            magic, seq, digest, checksum = _SLOT.unpack(slot)
            if magic != _MAGIC or checksum != zlib.crc32(slot[:-4]):
                continue
            if best is None or seq > best.seq:
                best = Head(seq, digest)
        return best

    def clear(self) -> None:
        """Forget every head, before a journal is replaced as a whole."""
        os.ftruncate(self._fd, 0)

    def close(self) -> None:
        os.fsync(self._fd)
        os.close(self._fd)
