"""Bringing in what others wrote, at the client's end: documents are read here, and sent in batches.

The owner of the journal decides what is new. Each batch is written as a whole or not at all, so an
import may end anywhere, and be begun again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from oona.app.bringing import pack
from oona.app.protocol import Message
from oona.core.errors import OonaError
from oona.core.importing import (
    MOST_CHARACTERS,
    Document,
    Found,
    ImportedText,
    Importer,
    LeftOut,
    NotUnderstood,
)
from oona.integrations import documents, importer_for, mark
from oona.memory import Incoming

MOST_TOLD = 1_000
"""Places that were not understood and are told one by one; the others are counted."""

_AT_ONCE = 250
_AT_ONCE_CHARACTERS = 1_000_000
"""A line of the protocol takes 8 MiB, and a character at most six bytes of it."""

_STRANGE = "\ufffd"


class Asks(Protocol):
    """Whoever passes operations on to the owner; `Conversation` does."""

    async def ask(self, op: str, **args: object) -> Message: ...


@dataclass
class Report:
    """What an import did so far. Its counts are of texts, `bytes` of what was read."""

    counts: Counter[str] = field(default_factory=Counter, init=False)
    left_out: Counter[str] = field(default_factory=Counter, init=False)
    not_understood: list[NotUnderstood] = field(default_factory=list, init=False)
    runs: list[int] = field(default_factory=list, init=False)
    stopped: bool = field(default=False, init=False)
    bytes: int = field(default=0, init=False)
    first: str = field(default="", init=False)
    last: str = field(default="", init=False)

    def note(self, fault: NotUnderstood) -> None:
        """Take in something that was not understood."""
        self.counts["not_understood"] += 1
        if len(self.not_understood) < MOST_TOLD:
            self.not_understood.append(fault)

    def dated(self, said: str) -> None:
        """Take in when a text was said, to the day."""
        if day := said[:10]:
            self.first = min(self.first or day, day)
            self.last = max(self.last, day)


Chosen = Sequence[tuple[Document, Importer]]
Progress = Callable[[Report], None]


def choose(paths: Iterable[Path], wanted: str = "auto") -> Chosen:
    """Every document at `paths` with the importer for it. Raises BadInput and StorageFault."""
    found = (document for path in paths for document in documents(path))
    return [(document, importer_for(document, wanted)) for document in found]


class Import:
    """One run over some documents; `report` is true at any moment of it."""

    def __init__(
        self, owner: Asks, chosen: Chosen, progress: Progress, *, dry_run: bool = False
    ) -> None:
        self.report = Report()
        self._owner = owner
        self._chosen = chosen
        self._progress = progress
        self._dry_run = dry_run

    async def run(self) -> Report:
        """Bring in all of it. When it is cancelled, what was sent stays, and `stopped` says so."""
        try:
            for document, importer in self._chosen:
                await self._document(document, importer)
        except asyncio.CancelledError:
            self.report.stopped = True
        return self.report

    async def _document(self, document: Document, importer: Importer) -> None:
        # Where the words for an origin name no document, one export may come in several.
        named = "{name}" in importer.origin
        source: dict[str, object] = {"importer": importer.name, "origin": importer.origin}
        try:
            source["mark"] = mark(document)
        except OonaError as fault:  # it was there when it was chosen
            self.report.note(NotUnderstood(document.name, str(fault)))
            return
        if named:
            source["document"] = document.name
        for batch in self._batches(importer.read(self._counted(document)), document):
            texts = [pack(one) for one in batch]
            taken = await self._owner.ask("take_in", texts=texts, dry_run=self._dry_run, **source)
            if (event := cast("int", taken["event"])) and event not in self.report.runs:
                self.report.runs.append(event)
            for name in ("new", "known", "forgotten"):
                self.report.counts[name] += cast("int", taken[name])
            self._progress(self.report)

    def _batches(self, found: Iterator[Found], document: Document) -> Iterator[list[Incoming]]:
        """The texts among `found`, as many at once as one request takes; the rest is noted."""
        again: Counter[bytes] = Counter()
        batch: list[Incoming] = []
        size = 0
        for text in self._texts(found, document):
            incoming = Incoming(text)
            times = again[incoming.key]
            again[incoming.key] += 1
            batch.append(replace(incoming, again=times))
            size += len(text.text)
            if len(batch) == _AT_ONCE or size > _AT_ONCE_CHARACTERS:
                yield batch
                batch, size = [], 0
        yield batch

    def _texts(self, found: Iterator[Found], document: Document) -> Iterator[ImportedText]:
        report = self.report
        threads: set[str] = set()
        try:
            for one in found:
                if isinstance(one, LeftOut):
                    report.left_out[one.what] += one.count
                elif isinstance(one, NotUnderstood):
                    report.note(one)
                elif text := self._fitting(one):
                    report.counts["read"] += 1
                    if text.thread not in threads:
                        threads.add(text.thread)
                        report.counts["conversations"] += bool(text.thread)
                    report.dated(text.said)
                    yield text
        except OonaError as fault:  # a file that vanishes, an archive that is damaged inside
            report.note(NotUnderstood(document.name, str(fault)))

    def _fitting(self, one: ImportedText) -> ImportedText | None:
        """`one` as it can be kept, after noting what that costs it."""
        text = one.text.replace("\0", "").strip()
        if len(text) > MOST_CHARACTERS:
            why = f"it is longer than {MOST_CHARACTERS:,} characters, so its end was left out"
            self.report.note(NotUnderstood(one.place, why))
            text = text[:MOST_CHARACTERS]
        if _STRANGE in text:
            why = "some of its letters cannot be read; it came in without them"
            self.report.note(NotUnderstood(one.place, why))
        return replace(one, text=text) if text else None

    def _counted(self, document: Document) -> Document:
        """`document`, whose bytes are counted as they are read."""
        return replace(document, open=lambda: cast("BinaryIO", _Counted(document, self.report)))


class _Counted:
    """A file that tells a report how much of it was read."""

    def __init__(self, document: Document, report: Report) -> None:
        self._file = document.open()
        self._report = report

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._report.bytes += len(data)
        return data

    def __enter__(self) -> _Counted:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
