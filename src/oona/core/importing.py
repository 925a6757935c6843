"""What an importer is: a pure reader of somebody else's files, and what it gives for each text.

An importer turns a document into texts and knows nothing of journals: what is new, what was
forgotten and what a text may be trusted with is decided by whoever takes the texts in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import BinaryIO, Protocol

MOST_CHARACTERS = 200_000
"""Of one text; what is longer (a pasted book) is cut there, and reported."""


class Role(StrEnum):
    """Whose words a document says that a text is. Nothing is trusted for it."""

    PERSON = "person"
    OTHER = "other"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class ImportedText:
    """One text of a document.

    `said` is when, as ISO 8601 to the precision that the document gives: with an offset, without
    one (by the person's own clock), a day alone, or nothing. `speaker` is the name of who said it
    where that is not the person; `thread` is the same for all texts of one conversation, and stays
    the same from one export to the next; `place` is where it stands, for people.
    """

    text: str
    role: Role
    speaker: str = ""
    said: str = ""
    thread: str = ""
    title: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that is no text of a conversation, left out on purpose: `what`, in the plural."""

    what: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Something that could not be read: where, and why, in plain words."""

    place: str
    why: str


Found = ImportedText | LeftOut | NotUnderstood


@dataclass(frozen=True, slots=True)
class Document:
    """One file, or one member of an archive. `name` is its path below what was given.

    `folder` is the name of the folder that was given, or empty; `size` its bytes, as far as known.
    `open` may raise StorageFault, and reading what it gives BadInput.
    """

    name: str
    size: int
    open: Callable[[], BinaryIO]
    folder: str = ""


class Fit(IntEnum):
    """How sure an importer is that a document is one of its own."""

    NO = 0
    BY_NAME = 1
    BY_CONTENT = 2


class Importer(Protocol):
    """Reads one format. A module of `oona.integrations.formats` offers one as `IMPORTER`."""

    @property
    def name(self) -> str:
        """What `--format` calls it."""
        ...

    def fits(self, document: Document, head: str) -> Fit:
        """Whether `document` is of this format; `head` are its first characters (64 Ki)."""
        ...

    @property
    def origin(self) -> str:
        """What its texts are said to be from: "your ChatGPT export", "your file {name}".

        `{name}` stands for the document's.
        """
        ...

    def read(self, document: Document) -> Iterator[Found]:
        """Everything in it, in its own order, holding no more than one conversation at a time.

        Never raises for what stands in a document: what is damaged is NotUnderstood.
        """
        ...
