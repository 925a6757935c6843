"""The Protocol of a person's store. SQL stands behind it and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from oona.core.events import Event, Kind

if TYPE_CHECKING:  # numpy takes a while, and most who name a store never see a column
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]


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
class TurnColumns:
    """What recall knows of many turns, by column, oldest first; the fields are TurnRow's."""

    seq: Numbers
    at: Numbers
    speaker: Sequence[str]
    own: Numbers
    words: Numbers
    timed: Numbers
    imported: Numbers


@dataclass(frozen=True, slots=True)
class VectorRow:
    """One passage of turn `seq` as a direction: one signed byte for each dimension.

    Directions of two embedders are never compared.
    """

    embedder: str
    seq: int
    part: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Epoch:
    """One making of an index of cells over the vectors of `embedder`.

    `number` is 0 before it is kept. `centres` holds a direction for each cell, one signed byte a
    dimension. They were learned from the turns whose seq is a multiple of `stride`, when there were
    `learned` vectors. `filed` is the last turn that stands in a cell, of `count` vectors; `ready`
    whether all have been filed once, and `stale` whether something that it was learned from was
    forgotten.
    """

    number: int
    embedder: str
    centres: bytes
    stride: int
    learned: int
    filed: int = 0
    count: int = 0
    ready: bool = False
    stale: bool = False


@dataclass(frozen=True, slots=True)
class CellBlock:
    """Some passages of one cell: the seqs of their turns, and their codes in the same order.

    A seq takes 8 bytes in the machine's order. `number` is 0 before the block is kept.
    """

    number: int
    epoch: int
    cell: int
    seqs: bytes
    codes: bytes


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


class CellRows(Protocol):
    """An index of cells over the vectors, inside one unit of work."""

    def begin(self, epoch: Epoch) -> None:
        """Keep a new epoch."""
        ...

    def reach(self, epoch: int, filed: int, count: int, ready: bool) -> None:
        """Say how far `epoch` has come."""
        ...

    def last(self, epoch: int, cell: int) -> CellBlock | None:
        """The newest block of a cell."""
        ...

    def put(self, block: CellBlock) -> int:
        """Keep `block`, in the place of the one of its number if it has one; drop it if empty.

        Gives its number.
        """
        ...

    def join(self, members: Iterable[tuple[int, int]]) -> None:
        """Note which turns stand in which blocks: pairs of a seq and a block's number."""
        ...

    def holding(self, seq: int) -> list[CellBlock]:
        """The blocks that turn `seq` stands in."""
        ...

    def release(self, seq: int) -> None:
        """Forget which blocks turn `seq` stood in; an epoch that learned from it gets stale."""
        ...

    def drop(self, epoch: int, blocks: int) -> bool:
        """Drop up to `blocks` blocks of `epoch`, and itself with the last; whether it is gone."""
        ...

    def clear(self) -> None:
        """Drop all, before a rebuild."""
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
    def cells(self) -> CellRows: ...

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

    def postings(self, stem: str, limit: int) -> Numbers:
        """The seqs of the texts with `stem`, one for each time it occurs, at most `limit`."""
        ...

    def newest_postings(self, stem: str, limit: int) -> Numbers:
        """The seqs of the newest `limit` texts with `stem`, oldest first, each once."""
        ...

    def turns(self, after: int = 0) -> list[TurnRow]:
        """What recall knows of the turns with seq > `after`, oldest first."""
        ...

    def turn_columns(self, after: int, limit: int) -> TurnColumns:
        """The same of the first `limit` of them, by column, in a tenth of the time."""
        ...

    def vectors(self, embedder: str, after: int = 0, limit: int = -1) -> list[VectorRow]:
        """The newest `limit` vectors by `embedder` of turns with seq > `after`, oldest first."""
        ...

    def next_vectors(self, embedder: str, after: int, limit: int) -> list[VectorRow]:
        """The first `limit` vectors by `embedder` of turns with seq > `after`, oldest first."""
        ...

    def vectors_of(self, embedder: str, seqs: Sequence[int]) -> list[tuple[int, bytes]]:
        """The seq and the data of every passage of the turns `seqs`, in no order."""
        ...

    def count_vectors(self, embedder: str) -> int:
        """How many vectors `embedder` has made (a million are counted in some 50 ms)."""
        ...

    def epochs(self, embedder: str) -> list[Epoch]:
        """The indexes of cells over the vectors of `embedder`, oldest first, without `centres`."""
        ...

    def centres(self, epoch: int) -> bytes:
        """The centres of `epoch`, or nothing if it is gone."""
        ...

    def cells(self, epoch: int, wanted: Sequence[int]) -> list[tuple[int, bytes, bytes]]:
        """The cell, the seqs and the codes of every block of the cells `wanted`."""
        ...

    def scrub(self) -> None:
        """Rewrite the file, so that no copy of what was erased is left in it or in its log."""
        ...

    def close(self) -> None: ...
