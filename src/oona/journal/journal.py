"""Writing and reading the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from uuid import UUID

from oona.core.clock import Clock
from oona.core.errors import BadInput
from oona.core.events import Actor, Draft, Event, Kind
from oona.core.ids import new_id
from oona.core.labels import COMPANION, PERSON, Label, derived
from oona.core.storage import Head, Store, UnitOfWork
from oona.journal import chain
from oona.journal.heads import Heads
from oona.journal.projections import Projection

_REPLAY_BATCH = 1_000

NEVER_ERASED = frozenset({Kind.ERASED, Kind.CREATED})
"""Without these the chain could not show that an erasure was asked for, or whose journal it is."""


class Journal:
    """One person's journal, with the views that are kept in step with it.

    Not for several threads at once: its owner process calls it from a single worker thread.
    """

    def __init__(
        self,
        store: Store,
        heads: Heads,
        clock: Clock,
        zone: str,
        projections: Sequence[Projection] = (),
    ) -> None:
        self._store = store
        self._heads = heads
        self._clock = clock
        self._projections = tuple(projections)
        if "\n" in zone:
            raise BadInput(f"{zone!r} is not a time zone.")
        self.zone = zone
        self._catch_up()

    def append(self, *drafts: Draft) -> list[Event]:
        """Write `drafts` together, durably, and give back the events they became.

        An event's label is its own joined with those of its causes. Raises BadInput when a cause
        does not exist, StorageFault when the disk refuses; then nothing was written.
        """
        if not drafts:
            return []
        with self._store.begin() as work:
            head = work.events.head()
            known = self._labels_of_causes(work, drafts)
            events: list[Event] = []
            for draft in drafts:
                event = self._seal(draft, head, known)
                known[event.id] = event.label
                head = Head(event.seq, event.hash)
                events.append(event)
            work.events.insert(events)
            for projection in self._projections:
                projection.apply(work, events)
        self._heads.write(head)
        return events

    def restore(self, events: Sequence[Event]) -> None:
        """Write sealed events of an export after the head, exactly as they are.

        Raises BadInput when they do not follow it.
        """
        with self._store.begin() as work:
            head = work.events.head()
            for event in events:
                if event.seq != head.seq + 1 or event.hash != link_of(head.hash, event):
                    raise BadInput(f"Event {event.seq} does not continue this journal.")
                head = Head(event.seq, event.hash)
            work.events.insert(events)
            for projection in self._projections:
                projection.apply(work, events)
        self._heads.write(head)

    def erase(self, ids: Sequence[UUID], reason: str, asked_by: Sequence[UUID] = ()) -> Event:
        """Erase the bodies of `ids` from the file and from every view, and leave a receipt.

        The receipt names sequence numbers and commitments, nothing of the content. `reason` is a
        word of ours ("setting", "asked"), never the person's text.
        """
        victims = [e for e in self._store.by_id(ids) if e.raw is not None]
        if any(event.kind in NEVER_ERASED for event in victims):
            raise BadInput("A receipt of an erasure cannot itself be erased.")
        body = {
            "reason": reason,
            "events": [{"seq": e.seq, "commitment": e.commitment.hex()} for e in victims],
        }
        draft = Draft(Kind.ERASED, Actor.SYSTEM, body, COMPANION, tuple(asked_by))
        with self._store.begin() as work:
            receipt = self._seal(draft, work.events.head(), self._labels_of_causes(work, [draft]))
            for event in victims:
                for projection in self._projections:
                    projection.forget(work, event)
                work.events.erase_body(event.seq)
            work.events.insert([receipt])
        self._heads.write(Head(receipt.seq, receipt.hash))
        self._store.scrub()
        return receipt

    def read(
        self, *, after: int = 0, kinds: Sequence[Kind] = (), limit: int = -1
    ) -> Iterator[Event]:
        """Events with seq > `after`, oldest first."""
        return self._store.read(after=after, kinds=kinds, limit=limit)

    def newest(self, *kinds: Kind, limit: int = 1, before: int = 0) -> list[Event]:
        """The last `limit` events of `kinds` (of any kind if none is named), newest first."""
        return self._store.newest(kinds=kinds, limit=limit, before=before)

    def get(self, ids: Sequence[UUID]) -> list[Event]:
        """Those of `ids` that exist, in journal order."""
        return self._store.by_id(ids)

    def at_seq(self, seqs: Sequence[int]) -> list[Event]:
        """The events with these sequence numbers, in journal order."""
        return self._store.by_seq(seqs)

    def head(self) -> Head:
        """Where the journal ends."""
        return self._store.head()

    def noted_head(self) -> Head | None:
        """The head kept outside the file."""
        return self._heads.read()

    def rebuild(self) -> int:
        """Empty every view and replay the journal into it; gives the number of events."""
        return self._replay(self._projections)

    def close(self) -> None:
        self._heads.close()
        self._store.close()

    def _labels_of_causes(self, work: UnitOfWork, drafts: Sequence[Draft]) -> dict[UUID, Label]:
        fresh = {draft.id for draft in drafts if draft.id}
        wanted = {cause for draft in drafts for cause in draft.causes} - fresh
        found = work.events.labels(sorted(wanted))
        if missing := wanted - found.keys():
            raise BadInput(f"An event names a cause that is not in the journal: {min(missing)}.")
        return {event_id: Label.parse(text) for event_id, text in found.items()}

    def _seal(self, draft: Draft, head: Head, known: dict[UUID, Label]) -> Event:
        at = self._clock.now()
        event_id = draft.id or new_id(at)
        salt = chain.new_salt()
        raw = chain.canonical(draft.body)
        commitment = chain.commit(salt, raw)
        label = self._label(draft, known)
        digest = chain.link(
            head.hash,
            seq=head.seq + 1,
            event_id=event_id,
            at=at,
            zone=self.zone,
            kind=draft.kind.value,
            actor=draft.actor.value,
            label=str(label),
            causes=draft.causes,
            commitment=commitment,
        )
        return Event(
            seq=head.seq + 1,
            id=event_id,
            at=at,
            zone=self.zone,
            kind=draft.kind,
            actor=draft.actor,
            label=label,
            causes=draft.causes,
            commitment=commitment,
            hash=digest,
            raw=raw,
            salt=salt,
        )

    @staticmethod
    def _label(draft: Draft, known: dict[UUID, Label]) -> Label:
        # What a person types is their own word, though it answers something; what others make of
        # it is not. So only the others' labels are weakened by their causes.
        if draft.actor is Actor.PERSON and draft.label == PERSON:
            return PERSON
        try:
            return derived(draft.label, (known[cause] for cause in draft.causes))
        except KeyError as fault:
            raise BadInput(f"A cause comes after what it caused: {fault}.") from fault

    def _catch_up(self) -> None:
        stale = []
        with self._store.begin() as work:
            for projection in self._projections:
                if work.get_mark(f"view:{projection.name}") != str(projection.version):
                    stale.append(projection)
        if stale:
            self._replay(stale)

    def _replay(self, projections: Sequence[Projection]) -> int:
        count = 0
        with self._store.begin() as work:
            for projection in projections:
                projection.reset(work)
            for events in batched(self._store.read(), _REPLAY_BATCH):
                count += len(events)
                for projection in projections:
                    projection.apply(work, events)
            for projection in projections:
                work.set_mark(f"view:{projection.name}", str(projection.version))
        return count


def link_of(previous: bytes, event: Event) -> bytes:
    """The chain hash that `event` must carry when it follows the event hashed `previous`."""
    return chain.link(
        previous,
        seq=event.seq,
        event_id=event.id,
        at=event.at,
        zone=event.zone,
        kind=event.kind.value,
        actor=event.actor.value,
        label=str(event.label),
        causes=event.causes,
        commitment=event.commitment,
    )


def batched(events: Iterable[Event], size: int) -> Iterator[list[Event]]:
    """`events` in lists of at most `size` (the stdlib's own comes with Python 3.12)."""
    iterator = iter(events)
    while batch := list(islice(iterator, size)):
        yield batch
