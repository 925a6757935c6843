"""Heads: the end of the journal, written down outside its file.

A file whose last events were cut off is a shorter journal that verifies; only a head kept elsewhere
shows the cut. Two slots are written in turn, each with a checksum, so that a torn write spoils one
and leaves the other. The write is not synced (the events themselves are): after a power cut the
head may lag behind the journal, never run ahead of it. A third slot keeps a head that the journal
did not hold when it was opened, or the next few events would write over the only trace of a cut.
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
_TURNS = (0, 1)
_DISPUTED = 2
# Without O_BINARY, Windows would turn every byte 10 of a hash into two.
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)


class Heads:
    """The file of one journal's head: two slots in turn and one for a head in dispute."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._fd = os.open(path, _FLAGS, 0o600)
        except OSError as fault:
            raise self._refused(fault) from fault
        self._latest = self._furthest()[0]

    def write(self, head: Head) -> None:
        """Note `head`; a later read gives it, or after a power cut an earlier one."""
        slot = _TURNS[1] if self._latest == _TURNS[0] else _TURNS[0]
        try:
            self._put(slot, head)
        except OSError:
            # The events are safe in the file; a head may lag, and the next one mends it.
            return
        self._latest = slot

    def read(self) -> Head | None:
        """The furthest head noted, or None when there is none. Raises StorageFault."""
        return self._furthest()[1]

    def dispute(self, noted: Head) -> None:
        """Keep `noted`, which the journal does not hold, and let the notes start afresh.

        Raises StorageFault: the trace of a cut must not be lost on the way.
        """
        try:
            self._put(_DISPUTED, noted)
            os.fsync(self._fd)
            for slot in _TURNS:
                self._seek(slot)
                os.write(self._fd, bytes(_SLOT.size))
        except OSError as fault:
            raise self._refused(fault) from fault
        self._latest = _TURNS[1]

    def disputed(self) -> Head | None:
        """The head that was noted once and then missed, or None. Raises StorageFault."""
        return self._slot(_DISPUTED)

    def clear(self) -> None:
        """Forget every head: before a journal is replaced, or when a dispute is settled."""
        try:
            os.ftruncate(self._fd, 0)
        except OSError as fault:
            raise self._refused(fault) from fault
        self._latest = _TURNS[1]

    def close(self) -> None:
        """Sync the notes, which makes a lag unlikely, and let go of the file."""
        if self._fd < 0:
            return
        handle, self._fd = self._fd, -1
        try:
            os.fsync(handle)
        except OSError:
            # As in `write`: a head that lags is allowed.
            pass
        finally:
            os.close(handle)

    def _furthest(self) -> tuple[int, Head | None]:
        best: tuple[int, Head | None] = (_TURNS[1], None)
        for slot in _TURNS:
            head = self._slot(slot)
            if head is not None and (best[1] is None or head.seq > best[1].seq):
                best = (slot, head)
        return best

    def _slot(self, slot: int) -> Head | None:
        try:
            self._seek(slot)
            data = os.read(self._fd, _SLOT.size)
        except OSError as fault:
            raise self._refused(fault) from fault
        if len(data) < _SLOT.size:
            return None
        magic, seq, digest, checksum = _SLOT.unpack(data)
        if magic != _MAGIC or checksum != zlib.crc32(data[:-4]):
            return None
        return Head(seq, digest)

    def _put(self, slot: int, head: Head) -> None:
        record = _SLOT.pack(_MAGIC, head.seq, head.hash, 0)[:-4]
        self._seek(slot)
        os.write(self._fd, record + zlib.crc32(record).to_bytes(4, "big"))

    def _seek(self, slot: int) -> None:
        os.lseek(self._fd, slot * _SLOT.size, os.SEEK_SET)

    def _refused(self, fault: OSError) -> StorageFault:
        return StorageFault(
            f"The note of where your journal ends ({self._path}) cannot be used: "
            f"{fault.strerror or fault}.",
            "Make the file and its folder readable and writable for you.",
        )
