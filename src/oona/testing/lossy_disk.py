"""A disk in memory that forgets what was not synced: power cuts, full disks, refused writes.

It is an SQLite file layer; the cipher is stacked on it by opening `LossyDisk.vfs`. Writes gather
until their file is synced. At a power cut each gathered write, sector by sector, is kept, dropped
or torn at any byte, in no order; a file whose creation was never synced may vanish, and one whose
removal was not may come back.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

import apsw

_SECTOR = 512
_OPEN_CREATE = apsw.SQLITE_OPEN_CREATE
_LOGS = apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_WAL
_numbers = count(1)


@dataclass
class _File:
    """A file: what reads see, what the platter holds, and the writes between the two."""

    seen: bytearray = field(default_factory=bytearray)
    kept: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    entry_kept: bool = False

    def write(self, offset: int, data: bytes) -> None:
        _put(self.seen, offset, data)
        self.pending.append((offset, data))

    def truncate(self, size: int) -> None:
        _cut(self.seen, size)
        self.pending.append((size, None))

    def sync(self) -> None:
        self.kept[:] = self.seen
        self.pending.clear()

    def after_cut(self, chance: random.Random) -> bool:
        """Settle what the power cut left; False when the file is gone."""
        likelihood = chance.choice((0.0, 0.5, 0.9, 1.0))
        for offset, data in self.pending:
            if data is None:
                if chance.random() < likelihood:
                    _cut(self.kept, offset)
                continue
            for start in range(0, len(data), _SECTOR):
                if chance.random() < likelihood:
                    sector = data[start : start + _SECTOR]
                    _put(self.kept, offset + start, _torn(sector, chance))
        self.seen[:] = self.kept
        self.pending.clear()
        return self.entry_kept or chance.random() < 0.5


class LossyDisk(apsw.VFS):
    """The disk. `seed` makes its losses repeatable.

    `refuse`, when set, is asked before each write what to raise: return an apsw exception (a
    `FullError`, say) or None. `operations` counts writes, truncations and syncs.
    """

    def __init__(self, seed: int) -> None:
        self.name = f"lossy-{next(_numbers)}"
        super().__init__(self.name, base="")
        self.chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self.files: dict[str, _File] = {}
        self.removed: dict[str, _File] = {}
        self.refuse: Callable[[str], apsw.Error | None] | None = None
        self.operations = 0
        self.cut_at: int | None = None
        self.age = 0

    @property
    def vfs(self) -> str:
        """The name to open: this disk below SQLite3 Multiple Ciphers."""
        return f"multipleciphers-{self.name}"

    def cut_after(self, operations: int) -> None:
        """Let the power fail in the middle of the operation that comes after so many more."""
        self.cut_at = self.operations + operations

    def cut_power(self) -> None:
        """Let the power fail now; files opened before it only give errors from here on."""
        self.age += 1
        self.cut_at = None
        there = {name: file for name, file in self.removed.items() if self.chance.random() < 0.5}
        there |= self.files
        self.files = {name: file for name, file in there.items() if file.after_cut(self.chance)}
        self.removed = {}

    def reserve(self, name: str, size: int) -> None:
        """Lengthen a file with zeros that were synced, as the store does with a log on a disk."""
        file = self.files[name]
        missing = bytes(max(0, size - len(file.seen)))
        file.write(len(file.seen), missing)
        file.sync()

    def step(self, name: str, age: int, *, write: bool) -> None:
        """Count one operation, and fail it where the disk is told to fail."""
        if age != self.age or (self.cut_at is not None and self.operations >= self.cut_at):
            raise _power_is_off()
        self.operations += 1
        if write and self.refuse and (fault := self.refuse(name)):
            raise fault

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> _Handle:  # type: ignore[override]  # noqa: N802
        key = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        if key not in self.files:
            if not flags[0] & _OPEN_CREATE:
                raise apsw.CantOpenError(f"{key} is not there")
            if self.refuse and (fault := self.refuse(key)):
                raise fault
            self.files[key] = _File()
        flags[1] = flags[0]
        return _Handle(self, key, syncs_folder=bool(flags[0] & _LOGS))

    def sync_folder(self) -> None:
        """Make every file's creation and removal so far outlast a power cut."""
        self.removed.clear()
        for file in self.files.values():
            file.entry_kept = True

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        file = self.files.pop(filename, None)
        if file is not None:
            self.removed[filename] = file
        if syncdir:
            self.sync_folder()

    def xAccess(self, pathname: str, flags: int) -> bool:  # noqa: ARG002, N802
        return pathname in self.files

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return name


class _Handle:
    """An open file of the disk, as apsw wants it."""

    def __init__(self, disk: LossyDisk, name: str, syncs_folder: bool) -> None:
        self._disk = disk
        self._syncs_folder = syncs_folder
        self._name = name
        self._age = disk.age
        self._file = disk.files[name]

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        if self._age != self._disk.age:
            raise _power_is_off()
        return bytes(self._file.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._disk.step(self._name, self._age, write=True)
        self._file.write(offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._disk.step(self._name, self._age, write=False)
        self._file.truncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802
        self._disk.step(self._name, self._age, write=False)
        self._file.sync()
        if self._syncs_folder:
            # SQLite's own layer for Unix does so at the first sync of a log.
            self._disk.sync_folder()
            self._syncs_folder = False

    def xFileSize(self) -> int:  # noqa: N802
        return len(self._file.seen)

    def xFileControl(self, op: int, ptr: int) -> bool:  # noqa: ARG002, N802
        return False

    def xLock(self, level: int) -> None:  # noqa: N802
        """One process, one connection at a time: there is nobody to lock out."""

    def xUnlock(self, level: int) -> None:  # noqa: N802
        """As `xLock`."""

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xSectorSize(self) -> int:  # noqa: N802
        return _SECTOR

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        # What every SQLite assumes of a disk unless told otherwise, and no more.
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE

    def xClose(self) -> None:  # noqa: N802
        """Closing syncs nothing, as on real systems."""


def _power_is_off() -> apsw.IOError:
    return apsw.IOError("the power is off")


def _torn(sector: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.8:
        return sector
    at = chance.randrange(len(sector) + 1)
    return sector[:at] + (b"" if chance.random() < 0.5 else chance.randbytes(len(sector) - at))


def _put(image: bytearray, offset: int, data: bytes) -> None:
    if offset > len(image):
        image.extend(bytes(offset - len(image)))
    image[offset : offset + len(data)] = data


def _cut(image: bytearray, size: int) -> None:
    if size < len(image):
        del image[size:]
    else:
        image.extend(bytes(size - len(image)))
