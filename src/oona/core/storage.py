"""The Protocol of a person's store. SQL stands behind it and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from oona.core.events import Event, Kind


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a journal: its last `seq` (0 when empty) and that event's chain hash."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class TextHit:
    """A turn found by its words; a larger score is a better match (BM25, sign turned)."""

    seq: int
    score: float


@dataclass(frozen=True, slots=True)
class TurnRow:
    """What recall has to know of a turn beside its words.

    `at` counts the seconds since 1970 on the clock of the place where it was said, `words` its
    words; `speaker` is a name, where the turn brings one, `own` whether it is said to be the
    person's own word, `timed` whether it says when something happens, and `imported` whether
    it came in from elsewhere.
    """

    seq: int
    at: int
    speaker: str
    own: bool
    words: int
    timed: bool
    imported: bool = False


@dataclass(frozen=True, slots=True)
class VectorRow:
    """One passage of turn `seq` as a direction: one signed byte for each dimension.

    Directions of two embedders are never compared.
    """

    embedder: str
    seq: int
    part: int
    data: bytes


class EventRows(Protocol):
    """The append-only rows of a journal, inside one unit of work."""

    def head(self) -> Head:
        """The last event's seq and hash, read inside the transaction that will extend it."""
        ...

    def insert(self, events: Sequence[Event]) -> None:
        """Add events after the head, in order; a body erased before an export stays None."""
        ...

    def erase_body(self, seq: int) -> None:
        """Overwrite and drop the body and salt of one event; the rest of its row stays."""
        ...

    def labels(self, ids: Sequence[UUID]) -> dict[UUID, str]:
        """The label texts of those of `ids` that stand in the journal."""
        ...


class TextRows(Protocol):
    """A full-text index over turns, inside one unit of work."""

    def add(self, texts: Sequence[tuple[int, str]]) -> None:
        """Make texts findable, each under the seq of its event."""
        ...

    def remove(self, seq: int, text: str) -> None:
        """Take event `seq`, which was added with exactly `text`, out again for good."""
        ...

    def clear(self) -> None:
        """Forget every text, before a rebuild."""
        ...


class TurnRows(Protocol):
    """What recall knows of every turn, inside one unit of work."""

    def add(self, rows: Sequence[TurnRow]) -> None:
        """Keep `rows`."""
        ...

    def known(self, seqs: Iterable[int]) -> set[int]:
        """Those of `seqs` that are kept."""
        ...

    def remove(self, seq: int) -> None:
        """Drop turn `seq` for good, if it is there."""
        ...

    def clear(self) -> None:
        """Drop all, before a rebuild."""
        ...


class VectorRows(Protocol):
    """What the turns mean, as vectors, inside one unit of work."""

    def add(self, rows: Sequence[VectorRow]) -> None:
        """Keep `rows`; a passage that is kept already is replaced."""
        ...

    def remove(self, seq: int) -> None:
        """Drop the vectors of turn `seq` for good."""
        ...

    def clear(self) -> None:
        """Drop all, of every embedder."""
        ...


class TombstoneRows(Protocol):
    """Keyed hashes of what was erased, inside one unit of work. They are in no export."""

    def add(self, digests: Iterable[bytes]) -> None:
        """Keep `digests`; those that are kept already stay."""
        ...

    def known(self, digests: Iterable[bytes]) -> set[bytes]:
        """Those of `digests` that are kept."""
        ...

    def count(self) -> int:
        """How many are kept."""
        ...


class ImportRows(Protocol):
    """Digests of the texts that were imported, inside one unit of work."""

    def add(self, digests: Iterable[bytes]) -> None:
        """Keep `digests`; those that are kept already stay."""
        ...

    def known(self, digests: Iterable[bytes]) -> set[bytes]:
        """Those of `digests` that are kept."""
        ...

    def remove(self, digest: bytes) -> None:
        """Drop one for good, if it is there."""
        ...

    def clear(self) -> None:
        """Drop all, before a rebuild."""
        ...


class UnitOfWork(Protocol):
    """What may be changed together: all of it is kept, or none."""

    @property
    def events(self) -> EventRows: ...

    @property
    def texts(self) -> TextRows: ...

    @property
    def turns(self) -> TurnRows: ...

    @property
    def vectors(self) -> VectorRows: ...

    @property
    def tombstones(self) -> TombstoneRows: ...

    @property
    def imports(self) -> ImportRows: ...

    def get_mark(self, name: str) -> str:
        """A small named value, empty if never set: how far a view has come, for instance."""
        ...

    def set_mark(self, name: str, value: str) -> None: ...


class Store(Protocol):
    """One person's file."""

    def begin(self) -> AbstractContextManager[UnitOfWork]:
        """A unit of work: durable when the block ends, undone if it raises.

        Raises StorageFault when the disk refuses and JournalDamaged when the file cannot be read.
        """
        ...

    def read(
        self, *, after: int = 0, kinds: Sequence[Kind] = (), limit: int = -1
    ) -> Iterator[Event]:
        """Events with seq > `after`, oldest first, optionally only of some kinds."""
        ...

    def newest(self, *, kinds: Sequence[Kind] = (), limit: int = 1, before: int = 0) -> list[Event]:
        """The last `limit` events (with seq < `before` if that is given), newest first."""
        ...

    def by_id(self, ids: Sequence[UUID]) -> list[Event]:
        """Those of `ids` that exist, in journal order."""
        ...

    def by_seq(self, seqs: Sequence[int]) -> list[Event]:
        """Those of `seqs` that exist, in journal order."""
        ...

    def effects_of(self, event_id: UUID) -> list[UUID]:
        """Ids of the events that name `event_id` among their causes."""
        ...

    def head(self) -> Head: ...

    def stems(self, text: str) -> list[str]:
        """The stems under which the index files the words of `text`, in their order."""
        ...

    def document_frequency(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many indexed texts each stemmed form of `terms` occurs (0 when in none)."""
        ...

    def search_text(self, terms: Sequence[str], limit: int) -> list[TextHit]:
        """The best matches for any of `terms`, best first."""
        ...

    def postings(self, stem: str, limit: int) -> list[int]:
        """The seqs of the texts with `stem`, one for each time it occurs, at most `limit`."""
        ...

    def turns(self, after: int = 0) -> list[TurnRow]:
        """What recall knows of the turns with seq > `after`, oldest first."""
        ...

    def vectors(self, embedder: str, after: int = 0, limit: int = -1) -> list[VectorRow]:
        """The newest `limit` vectors by `embedder` of turns with seq > `after`, oldest first."""
        ...

    def scrub(self) -> None:
        """Rewrite the file, so that no copy of what was erased is left in it or in its log."""
        ...

    def close(self) -> None: ...
