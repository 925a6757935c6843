"""The export: a whole journal as one file of JSON Lines, and back again without loss.

The first line says what the file is; every other line is one event, with all that the chain covers
and the body as it was hashed. Nothing in the file depends on where or when it was written, so that
export, import and export again give the same bytes. It is not encrypted.

What an import may be trusted with. Events keep the labels they carry, the person's own word among
them, because the chain covers labels and a changed one would not verify. But the chain holds no
secret: it proves that a file was not altered since it was made, never who made it, for whoever
makes a file can compute a chain for it. Hence a file is only taken into an *empty* journal, where
it becomes the whole of a life and there is nothing to mix it with, or as the continuation of a
journal whose every event it repeats; into any other journal it is refused. In both cases the person
takes the file's word for what they said, as with any backup that is put back: whatever calls
`import_journal` shows them `read_header` and asks first. Texts that others wrote come in through an
importer, as events of kind `imported` labelled *outside*, and never this way.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from oona.core.clock import from_text, to_text
from oona.core.errors import BadInput, JournalDamaged, StorageFault
from oona.core.events import Actor, Event, Kind
from oona.core.labels import Label
from oona.core.storage import Head
from oona.journal import chain
from oona.journal.journal import Forgotten, Journal, link_of, receipted

FORMAT = "oona-journal"
VERSION = 1
NOTE = (
    "This is everything that passed between you and your companion, exported by Oona. It is not "
    "encrypted: keep it as you would a diary. Each line after this one is one event, oldest first; "
    "`oona import` reads it back, and any program that reads JSON can too."
)
MOST_LINE_BYTES = 2 * chain.MOST_BODY_BYTES
_STEP = 1_000
_MADE_BY_EXPORT = "Check that this is a file that `oona export` wrote, and that it is all there."

Progress = Callable[[int, int], None]
"""Told now and then how many events of how many are done."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the first line of an export says.

    `person` is the name under which the journal was created (empty if that names none), `count` the
    number of events, `head` where they end.
    """

    version: int
    person: str
    count: int
    head: Head


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: events the file holds, and how many of them were added."""

    total: int
    added: int


def export_journal(
    journal: Journal, target: Path | BinaryIO, progress: Progress | None = None
) -> Header:
    """Write the whole journal to `target`, a path or a binary stream, and give its header.

    A path is replaced at once when all is written, readable by its owner alone; a failure leaves
    what was there. Raises JournalDamaged when the chain does not hold (such a file could not be
    brought back), StorageFault when the file cannot be written.
    """
    if not isinstance(target, Path):
        return _write(journal, target, progress)
    try:
        with _replacing(target) as out:
            return _write(journal, out, progress)
    except OSError as fault:
        raise StorageFault(
            f"The export could not be written to {target}: {fault.strerror or fault}.",
            "Name a file in a folder that exists, is yours and has space left.",
        ) from fault


def read_header(path: Path) -> Header:
    """What the export at `path` says of itself. Raises BadInput or StorageFault."""
    with _opened(path) as lines:
        return _header(lines)


def import_journal(
    path: Path,
    journal: Journal,
    progress: Progress | None = None,
    forgotten: Forgotten | None = None,
) -> Imported:
    """Bring the export at `path` into `journal`: all of it, or what it has beyond the journal.

    Everything is verified while it is read and written in one piece, so that a bad file changes
    nothing. What was erased here stays erased (`forgotten` knows events that this journal no longer
    has, too), and what the file erased is erased here. See the top of this file for what the labels
    of a file are worth. Raises BadInput or StorageFault.
    """
    with _opened(path) as lines:
        header = _header(lines)
        reader = _Reader(lines, header, progress)
        held = journal.head()
        if held.seq >= header.count > 0:
            ours = journal.at_seq([header.count])
            if [event.hash for event in ours] != [header.head.hash]:
                raise _foreign(path)
            for _event in reader.events():
                pass
            return Imported(header.count, 0)
        return Imported(
            header.count, journal.restore(_beyond(path, reader.events(), held), forgotten)
        )


def _write(journal: Journal, out: BinaryIO, progress: Progress | None) -> Header:
    end = journal.head()
    created = next(journal.read(kinds=[Kind.CREATED], limit=1), None)
    header = Header(VERSION, created.word("person") if created else "", end.seq, end)
    out.write(_header_line(header))
    previous = Head(0, chain.GENESIS)
    for event in journal.read(limit=end.seq):
        if event.seq != previous.seq + 1 or event.hash != link_of(previous.hash, event):
            raise JournalDamaged(
                f"Event {event.seq} is not as it was written, so the export was stopped.",
                "`oona journal verify` says more; your last export is still good.",
            )
        out.write(_line(event))
        previous = Head(event.seq, event.hash)
        if progress and event.seq % _STEP == 0:
            progress(event.seq, end.seq)
    if progress:
        progress(end.seq, end.seq)
    return header


def _header_line(header: Header) -> bytes:
    return (
        _json(
            {
                "format": FORMAT,
                "version": header.version,
                "note": NOTE,
                "person": header.person,
                "count": header.count,
                "head": header.head.hash.hex(),
            }
        ).encode()
        + b"\n"
    )


def _line(event: Event) -> bytes:
    head = _json(
        {
            "seq": event.seq,
            "id": str(event.id),
            "at": to_text(event.at),
            "zone": event.zone,
            "kind": event.kind.value,
            "actor": event.actor.value,
            "label": str(event.label),
            "causes": [str(cause) for cause in event.causes],
            "commitment": event.commitment.hex(),
            "hash": event.hash.hex(),
            "salt": event.salt.hex() if event.salt else None,
        }
    )
    # The body goes in as the very bytes that were hashed; they are JSON already.
    return head[:-1].encode() + b',"body":' + (event.raw or b"null") + b"}\n"


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class _Reader:
    """Reads the events of an export, and lets none pass that does not verify."""

    def __init__(self, lines: BinaryIO, header: Header, progress: Progress | None) -> None:
        self._lines = lines
        self._header = header
        self._progress = progress

    def events(self) -> Iterator[Event]:
        """Every event, oldest first. Raises BadInput at the first that is not as it was written."""
        count = self._header.count
        previous = Head(0, chain.GENESIS)
        gaps: dict[int, bytes] = {}
        receipts: dict[int, bytes] = {}
        for number in range(1, count + 1):
            event = _event(_read_line(self._lines, number + 1), number + 1)
            if event.seq != number or event.hash != link_of(previous.hash, event):
                raise _bad(number + 1, "does not follow the one before it")
            if event.raw is None:
                gaps[event.seq] = event.commitment
            elif event.kind is Kind.ERASED:
                receipts |= receipted(event)
            previous = Head(event.seq, event.hash)
            yield event
            if self._progress and number % _STEP == 0:
                self._progress(number, count)
        if previous.hash != self._header.head.hash or self._lines.read(1):
            raise BadInput("The file does not end where its first line says.", _MADE_BY_EXPORT)
        for seq, commitment in gaps.items():
            if receipts.get(seq) != commitment:
                raise BadInput(
                    f"The content of event {seq} is missing in the file and no receipt says why.",
                    _MADE_BY_EXPORT,
                )
        if self._progress:
            self._progress(count, count)


def _beyond(path: Path, events: Iterator[Event], held: Head) -> Iterator[Event]:
    """Those of `events` after `held`. Raises BadInput when they do not lead through it."""
    for event in events:
        if event.seq == held.seq and event.hash != held.hash:
            raise _foreign(path)
        if event.seq > held.seq:
            yield event


def _foreign(path: Path) -> BadInput:
    return BadInput(
        "The file holds another journal than the one that is here, or one that parted from it. "
        "Two lives are never mixed, so nothing was imported.",
        f"To have both, import it as another person: `oona import {path.name} --person NAME`.",
    )


def _read_line(lines: BinaryIO, number: int) -> bytes:
    line = lines.readline(MOST_LINE_BYTES + 1)
    if len(line) > MOST_LINE_BYTES:
        raise _bad(number, "is longer than any that Oona writes")
    if not line.endswith(b"\n"):
        raise _bad(number, "is not complete; the file was cut off")
    return line


def _header(lines: BinaryIO) -> Header:
    fields = _fields(_read_line(lines, 1), 1)
    if fields.get("format") != FORMAT:
        raise _bad(1, "is not the beginning of an export")
    version, count, person = fields.get("version"), fields.get("count"), fields.get("person")
    if type(version) is int and version > VERSION:
        raise BadInput(
            f"The file was written by a newer Oona (format {version}; this one knows {VERSION}).",
            "Update Oona, then import it again.",
        )
    if type(version) is not int or type(count) is not int or not isinstance(person, str):
        raise _bad(1, "is not the beginning of an export")
    if version != VERSION or count < 0:
        raise _bad(1, "is not the beginning of an export")
    try:
        return Header(VERSION, person, count, Head(count, _bytes(fields.get("head"))))
    except (TypeError, ValueError) as fault:
        raise _bad(1, "is not the beginning of an export") from fault


def _event(line: bytes, number: int) -> Event:
    fields = _fields(line, number)
    try:
        raw, salt = _content(fields)
        event = Event(
            seq=fields["seq"],
            id=UUID(fields["id"]),
            at=from_text(fields["at"]),
            zone=fields["zone"],
            kind=Kind(fields["kind"]),
            actor=Actor(fields["actor"]),
            label=Label.parse(fields["label"]),
            causes=tuple(UUID(cause) for cause in fields["causes"]),
            commitment=_bytes(fields["commitment"]),
            hash=_bytes(fields["hash"]),
            raw=raw,
            salt=salt,
        )
    except BadInput as fault:
        raise _bad(number, "holds a body that no journal holds") from fault
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as fault:
        raise _bad(number, f"holds no event that this Oona knows ({fault})") from fault
    if type(event.seq) is not int or not 0 < event.seq < 1 << 63 or not chain.fit_zone(event.zone):
        raise _bad(number, "holds no event that this Oona knows")
    if raw is not None and salt is not None and chain.commit(salt, raw) != event.commitment:
        raise _bad(number, "was changed")
    return event


def _content(fields: dict[str, Any]) -> tuple[bytes | None, bytes | None]:
    if fields["body"] is None and fields["salt"] is None:
        return None, None
    return chain.canonical(fields["body"]), _bytes(fields["salt"])


def _fields(line: bytes, number: int) -> dict[str, Any]:
    try:
        fields = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as fault:
        raise _bad(number, "cannot be read") from fault
    if not isinstance(fields, dict):
        raise _bad(number, "cannot be read")
    return fields


def _bytes(text: object) -> bytes:
    """The 32 bytes that every hash, commitment and salt has. Raises ValueError or TypeError."""
    if not isinstance(text, str):
        raise TypeError("a text is missing")
    value = bytes.fromhex(text)
    if len(value) != chain.HASH_BYTES:
        raise ValueError("a hash has the wrong length")
    return value


def _bad(number: int, what: str) -> BadInput:
    return BadInput(f"Line {number} of the file {what}. Nothing was imported.", _MADE_BY_EXPORT)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as lines:
            yield lines
    except OSError as fault:
        raise StorageFault(
            f"The file {path} cannot be read: {fault.strerror or fault}.",
            "Check its name and that you may read it.",
        ) from fault


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that becomes `path` when the block ends well, and is gone if it does not."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(draft, flags, 0o600), "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
        _sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
