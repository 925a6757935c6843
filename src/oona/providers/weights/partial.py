"""A model's file while it arrives: bytes in place, and a ledger of the stretches known to be whole.

A stretch is written and synced before its line goes into the ledger, and the line holds its hash.
So a crash, a torn write or a disk that lies costs that stretch alone, and is noticed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from oona.providers.weights import ranges
from oona.providers.weights.ranges import Range
from oona.providers.weights.transfer import BLOCK


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes `start` to `end` of the file, and the hash they had when they were written."""

    start: int
    end: int
    sha256: str

    def line(self) -> str:
        return f"{self.start} {self.end} {self.sha256}\n"


class Partial:
    """The unfinished file of one model. One process at a time; threads may share it."""

    def __init__(self, folder: Path, size: int) -> None:
        """Open what lies in `folder`, made if need be, of a file of `size` bytes."""
        self.folder = folder
        self.size = size
        self.data = folder / "data"
        self._ledger = folder / "ledger"
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        self.data.touch()
        self._stretches = read_ledger(folder, size)

    @property
    def work(self) -> Path:
        """A folder for what sources need on their way; empty after `clear_work`."""
        return self.folder / "work"

    @property
    def done(self) -> int:
        """How many bytes have arrived."""
        with self._lock:
            return ranges.length((s.start, s.end) for s in self._stretches)

    def gaps(self) -> list[Range]:
        """The stretches still missing."""
        with self._lock:
            return ranges.gaps(((s.start, s.end) for s in self._stretches), self.size)

    def holds(self, stretch: Stretch) -> bool:
        """Whether exactly these bytes are in place, by the ledger or else by hashing them."""
        with self._lock:
            if stretch in self._stretches:
                return True
            covered = ranges.merged((s.start, s.end) for s in self._stretches)
        if not any(start <= stretch.start and stretch.end <= end for start, end in covered):
            return False
        return self._hash(stretch.start, stretch.end) == stretch.sha256

    def recheck(self, tick: Callable[[int], None]) -> int:
        """Hash every stretch again and drop those that changed; gives back how many did.

        `tick` is told how many bytes have been looked at.
        """
        seen = 0
        good: list[Stretch] = []
        for stretch in self._stretches:
            if self._hash(stretch.start, stretch.end) == stretch.sha256:
                good.append(stretch)
            seen += stretch.end - stretch.start
            tick(min(seen, self.size))
        dropped = len(self._stretches) - len(good)
        if dropped:
            fresh = self._ledger.with_suffix(".new")
            with fresh.open("w", encoding="ascii") as file:
                file.writelines(stretch.line() for stretch in good)
                sync(file.fileno())
            fresh.replace(self._ledger)
            self._stretches = good
        return dropped

    def writing(self, start: int) -> Writer:
        """A writer of the bytes from `start` on."""
        return Writer(self, start)

    def keep(self, stretch: Stretch) -> None:
        """Note a stretch that is written and synced."""
        with self._lock, self._ledger.open("a", encoding="ascii") as file:
            file.write(stretch.line())
            file.flush()
            sync(file.fileno())
            self._stretches.append(stretch)

    def clear_work(self) -> None:
        """Remove what a source left behind, in this run or in one that was killed."""
        shutil.rmtree(self.work, ignore_errors=True)

    def discard(self) -> None:
        """Forget everything that has arrived."""
        shutil.rmtree(self.folder, ignore_errors=True)
        with self._lock:
            self._stretches = []
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data.touch()

    def _hash(self, start: int, end: int) -> str:
        digest = hashlib.sha256()
        with self.data.open("rb") as file:
            file.seek(start)
            left = end - start
            while left and (block := file.read(min(BLOCK, left))):
                digest.update(block)
                left -= len(block)
        return digest.hexdigest()


class Writer:
    """Writes one stretch. It counts only once `keep` was called."""

    def __init__(self, partial: Partial, start: int) -> None:
        self._partial = partial
        self._start = self._at = start
        self._digest = hashlib.sha256()
        self._file: BinaryIO = partial.data.open("r+b")
        self._file.seek(start)

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def written(self) -> int:
        """Bytes written since the last `keep`."""
        return self._at - self._start

    @property
    def sha256(self) -> str:
        """The hash of the bytes written since the last `keep`."""
        return self._digest.hexdigest()

    def write(self, block: bytes) -> None:
        self._file.write(block)
        self._digest.update(block)
        self._at += len(block)

    def keep(self) -> None:
        """Make what was written durable and note it; a new stretch begins after it."""
        if not self.written:
            return
        self._file.flush()
        sync(self._file.fileno())
        self._partial.keep(Stretch(self._start, self._at, self.sha256))
        self._start, self._digest = self._at, hashlib.sha256()


def read_ledger(folder: Path, size: int) -> list[Stretch]:
    """The stretches noted in `folder`, without lines that were cut short."""
    try:
        lines = (folder / "ledger").read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    stretches = []
    for line in lines:
        start, _, rest = line.partition(" ")
        end, _, sha256 = rest.partition(" ")
        if start.isdecimal() and end.isdecimal() and len(sha256) == 64:
            stretch = Stretch(int(start), int(end), sha256)
            if 0 <= stretch.start < stretch.end <= size:
                stretches.append(stretch)
    return stretches


def arrived(folder: Path, size: int) -> int:
    """How many bytes the partial file in `folder` has, by its ledger alone."""
    return ranges.length((s.start, s.end) for s in read_ledger(folder, size))


def file_sha256(path: Path, tick: Callable[[int], None]) -> str:
    """The SHA-256 of a file, as hexadecimal; `tick` is told how many bytes it has read."""
    digest = hashlib.sha256()
    done = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            done += len(block)
            tick(done)
    return digest.hexdigest()


def sync(descriptor: int) -> None:
    """Have the disk hold what was written to an open file."""
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Have the disk hold a folder's entries, where the system can (Windows does it by itself)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
