"""Finding documents: a file, the conversations in an archive or a folder, the notes of a workspace.

An archive is never unpacked to the disk. A member may grow to a hundred times its packed size and
to four gigabytes at most, counted while it is read and not by what its header says: JSON packs ten
times, a bomb a thousand.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from oona.core.errors import BadInput, StorageFault
from oona.core.importing import Document

MOST_MEMBER = 4 << 30
MOST_GROWTH = 100
FREE_GROWTH = 64 << 20
"""Bytes that a member may always grow to, however well it is packed."""

_CONVERSATIONS = re.compile(r"conversations(?:[-_]\d+)?\.json")
_WORKSPACE = ("USER.md", "MEMORY.md")
_ARCHIVE = b"PK\x03\x04"


def documents(path: Path) -> Iterator[Document]:
    """What there is to read at `path`. Raises BadInput where that is nothing, and StorageFault."""
    try:
        if path.is_dir():
            yield from _of_folder(path)
        elif _is_archive(path):
            yield from _of_archive(path)
        else:
            yield Document(path.name, path.stat().st_size, _opener(path))
    except OSError as fault:
        raise _unreadable(path, fault) from fault


def _is_archive(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_ARCHIVE)) == _ARCHIVE


def _of_folder(folder: Path) -> Iterator[Document]:
    found = [f for f in sorted(folder.iterdir()) if _CONVERSATIONS.fullmatch(f.name)]
    if not found:
        found = [folder / name for name in _WORKSPACE if (folder / name).is_file()]
        found += sorted((folder / "memory").glob("*.md"))
    if not found:
        raise BadInput(
            f"In the folder {folder.name} there is nothing that I know how to import.",
            "It may hold conversations.json, or USER.md, MEMORY.md and memory/*.md. Single files "
            "can be named, too: `oona memory import FILE FILE…`.",
        )
    for file in found:
        name = file.relative_to(folder).as_posix()
        yield Document(name, file.stat().st_size, _opener(file), folder.resolve().name)


def _opener(file: Path) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        try:
            return file.open("rb")
        except OSError as fault:
            raise _unreadable(file, fault) from fault

    return opened


def _unreadable(path: Path, fault: OSError) -> StorageFault:
    return StorageFault(
        f"{path} cannot be read: {fault.strerror or fault}.",
        "Check its name and that you may read it.",
    )


def _of_archive(path: Path) -> Iterator[Document]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                member
                for member in archive.infolist()
                if _CONVERSATIONS.fullmatch(PurePosixPath(member.filename).name)
            ]
    except (zipfile.BadZipFile, NotImplementedError) as fault:
        raise BadInput(
            f"The archive {path.name} is damaged: {fault}.",
            "Download it again, or name the conversations.json in it if you can unpack that.",
        ) from fault
    if not members:
        raise BadInput(
            f"There is no conversations.json in {path.name}.",
            "That is what exports of ChatGPT and Claude hold. Unpack it and name the files.",
        )
    for member in members:
        yield Document(member.filename, member.file_size, _member(path, member))


def _member(path: Path, member: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    return lambda: io.BufferedReader(_Member(path, member), 1 << 20)


class _Member(io.RawIOBase):
    """The bytes of one member, for as long as they are no bomb."""

    def __init__(self, path: Path, member: zipfile.ZipInfo) -> None:
        self._left = min(MOST_MEMBER, max(FREE_GROWTH, MOST_GROWTH * member.compress_size))
        self._name = member.filename
        try:
            self._archive = zipfile.ZipFile(path)
            self._file = self._archive.open(member)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as fault:
            # RuntimeError is how zipfile says that a password is needed.
            raise BadInput(
                f"{member.filename} in {path.name} cannot be opened: {fault}.",
                "Unpack it yourself and name the file.",
            ) from fault

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]  # the base class does not name its type
        try:
            data = self._file.read(len(view))
        except (zipfile.BadZipFile, zlib.error, EOFError) as fault:
            raise BadInput(
                f"{self._name} in the archive is damaged from here on: {fault}."
            ) from fault
        self._left -= len(data)
        if self._left < 0:
            raise BadInput(
                f"{self._name} unpacks to far more than an export would; the rest was left unread."
            )
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed and hasattr(self, "_file"):
            self._file.close()
            self._archive.close()
        super().close()
