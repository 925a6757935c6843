"""Texts from elsewhere on their way in: nothing twice, nothing that was forgotten.

A text is known again by what it is (its conversation, role, time and words), not by the file that
it came in, so that a newer export that overlaps adds only what is new, and an import that was
interrupted is simply begun again. The digests are a view of the journal. Of a text that was
forgotten the digest is gone as well; a tombstone keeps it out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from oona.core.clock import Clock
from oona.core.events import Actor, Draft, Event, Kind
from oona.core.ids import new_id
from oona.core.importing import ImportedText
from oona.core.labels import OUTSIDE
from oona.core.origin import time_of
from oona.core.storage import Store, UnitOfWork
from oona.journal import Journal
from oona.memory.tombstones import forgotten_keys, is_forgotten

KEY_BYTES = 16
_LOOKED_BACK = 100
_AHEAD = timedelta(days=1)
"""How far a clock elsewhere may be ahead of ours."""


class ImportedTexts:
    """Keeps what imported texts are known by, written with the texts themselves."""

    name = "imported-texts"
    version = 1

    def reset(self, work: UnitOfWork) -> None:
        work.imports.clear()

    def apply(self, work: UnitOfWork, events: Sequence[Event]) -> None:
        keys = [key for event in events if (key := key_of(event))]
        if keys:
            work.imports.add(keys)

    def forget(self, work: UnitOfWork, event: Event) -> None:
        if key := key_of(event):
            work.imports.remove(key)


def key_of(event: Event) -> bytes:
    """What an imported text is known by; nothing for any other event."""
    if event.kind is not Kind.IMPORTED:
        return b""
    try:
        return bytes.fromhex(event.word("key"))
    except ValueError:
        return b""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A text to take in. `again` counts the very same text before it in the same document."""

    text: ImportedText
    again: int = 0

    @property
    def key(self) -> bytes:
        """The digest by which it is known again."""
        one = self.text
        parts = (one.thread, one.role.value, one.said, one.text, str(self.again))
        spelt = "".join(f"{len(part)}:{part}" for part in parts)
        return hashlib.blake2b(
            spelt.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES, person=b"oona-import"
        ).digest()


@dataclass(frozen=True, slots=True)
class Source:
    """What texts are from: the importer's name, its words for it, and the document if they need it.

    `mark` is the same for the same file, and only for that.
    """

    importer: str
    origin: str
    document: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of some texts. `run` is the seq of the event that stands for the import, or 0."""

    new: int
    known: int
    forgotten: int
    run: int = 0


class Intake:
    """Writes texts from elsewhere into one journal."""

    def __init__(self, store: Store, journal: Journal, clock: Clock) -> None:
        self._store = store
        self._journal = journal
        self._clock = clock

    def take(self, texts: Sequence[Incoming], source: Source, *, dry_run: bool = False) -> Taken:
        """Write those of `texts` that are new and were not forgotten, all of them or none.

        With `dry_run` nothing is written. Raises StorageFault.
        """
        new, known, forgotten = self._sorted(texts)
        begun = self._begun(source)
        if not new or dry_run:
            return Taken(len(new), known, forgotten, begun.seq if begun else 0)
        if begun is None:
            body = {"importer": source.importer, "origin": source.origin, "key": source.mark}
            if source.document:
                body["document"] = source.document
            run = new_id(self._clock.now())
            beginning = Draft(Kind.IMPORTING, Actor.OUTSIDE, body, OUTSIDE, id=run)
            drafts = [self._draft(one, source, run) for one in new]
            begun = self._journal.append(beginning, *drafts)[0]
        else:
            self._journal.append(*(self._draft(one, source, begun.id) for one in new))
        return Taken(len(new), known, forgotten, begun.seq)

    def _begun(self, source: Source) -> Event | None:
        """The event that stands for the import of this very file, if one was begun before."""
        runs = self._journal.newest(Kind.IMPORTING, limit=_LOOKED_BACK)
        return next((run for run in runs if source.mark and run.word("key") == source.mark), None)

    def _sorted(self, texts: Sequence[Incoming]) -> tuple[list[Incoming], int, int]:
        """The new ones of `texts`, and how many are here already or were forgotten."""
        keys = {one.key: one for one in texts}
        with self._store.begin() as work:
            here = work.imports.known(keys)
            left = {key: one for key, one in keys.items() if key not in here}
            gone = forgotten_keys(work, left)
            new = [
                one
                for key, one in left.items()
                if key not in gone and not is_forgotten(work, one.text.text)
            ]
        return new, len(texts) - len(left), len(left) - len(new)

    def _draft(self, one: Incoming, source: Source, run: UUID) -> Draft:
        text = one.text
        body: dict[str, object] = {
            "text": text.text,
            "by": text.role.value,
            "importer": source.importer,
            "origin": source.origin,
            "key": one.key.hex(),
        }
        named = {"document": source.document, "speaker": text.speaker, "title": text.title}
        body |= {name: value for name, value in named.items() if value}
        if text.said and self._can_be(text.said):
            body["said"] = text.said
        return Draft(Kind.IMPORTED, Actor.OUTSIDE, body, OUTSIDE, (run,))

    def _can_be(self, said: str) -> bool:
        """Whether something can have been said then: not in times to come."""
        found = time_of(said, self._journal.zone)
        return found is not None and found <= self._clock.now() + _AHEAD
