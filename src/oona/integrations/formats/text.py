"""Plain text: a conversation with the speakers' names, or notes, a paragraph each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from oona.core.importing import Document, Fit, Found
from oona.integrations.notes import read_writing


class PlainText:
    """The importer of plain text."""

    name = "text"
    origin = "your file {name}"

    def fits(self, document: Document, head: str) -> Fit:
        suffix = PurePosixPath(document.name).suffix.lower()
        here = suffix in (".txt", ".text", ".log", "") and "\0" not in head
        return Fit.BY_NAME if here else Fit.NO

    def read(self, document: Document) -> Iterator[Found]:
        return read_writing(document)


IMPORTER = PlainText()
