"""Writing and reading the journal."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

from oona.core.clock import Clock
from oona.core.errors import BadInput, NotFound, StorageFault
from oona.core.events import Actor, Draft, Event, Kind
from oona.core.ids import new_ids
from oona.core.labels import COMPANION, OUTSIDE, PERSON, Label, derived
from oona.core.storage import Head, Store, UnitOfWork
from oona.journal import chain
from oona.journal.heads import Heads
from oona.journal.projections import Projection

_BATCH = 1_000
_SCRUB_DUE = "scrub-due"
_VIEWS = "views"

NEVER_ERASED = frozenset({Kind.ERASED, Kind.CREATED})
"""Without these the chain could not show that an erasure was asked for, or whose journal it is."""

Forgotten = Callable[[UnitOfWork, Sequence[UUID]], Container[UUID]]
"""Which of some ids belong to events that were erased here before."""

_FORGOTTEN = "forgotten before"
_STRONGEST = {Actor.COMPANION: COMPANION, Actor.OUTSIDE: OUTSIDE}
"""What these actors bring is never the person's own word, whatever a draft claims."""


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
        self._views = " ".join(sorted(map(_view, projections)))
        self._leaves_views_behind = False
        if not chain.fit_zone(zone):
            raise BadInput(f"{zone!r} is not a time zone.")
        self.zone = zone
        self.end_unwatched = False
        """True when the journal was not empty and no head of it was found outside its file."""
        self._compare_heads()
        self._catch_up()

    def append(self, *drafts: Draft) -> list[Event]:
        """Write `drafts` together, durably, and give back the events they became.

        An event's label is its own joined with those of its causes. Raises BadInput when a cause
        does not exist, StorageFault when the disk refuses; then nothing was written.
        """
        if not drafts:
            return []
        with self._store.begin() as work:
            head, events = self._sealed(work, drafts)
            work.events.insert(events)
            self._show(work, events)
        self._note(head)
        return events

    def restore(self, events: Iterable[Event], forgotten: Forgotten | None = None) -> int:
        """Write sealed events of an export after the head, exactly as they are; gives how many.

        All of them are written or, when one does not follow or `events` raises, none. A receipt
        among them also erases what it names, if that still stands here; what `forgotten` knows is
        erased at once, with a receipt after all of them. Raises BadInput.
        """
        count = 0
        returned: list[int] = []
        with self._store.begin() as work:
            head = work.events.head()
            for batch in batched(events, _BATCH):
                for event in batch:
                    if event.seq != head.seq + 1 or event.hash != link_of(head.hash, event):
                        raise BadInput(f"Event {event.seq} does not continue this journal.")
                    head = Head(event.seq, event.hash)
                work.events.insert(batch)
                self._show(work, batch)
                if forgotten is not None:
                    known = forgotten(work, [event.id for event in batch])
                    returned += [event.seq for event in batch if event.id in known]
                for receipt in batch:
                    if receipt.kind is Kind.ERASED:
                        self._drop(work, self._standing(receipt))
                count += len(batch)
            if victims := [e for e in self._store.by_seq(returned) if _erasable(e)]:
                head, _ = self._erase(work, victims, _FORGOTTEN)
        if count:
            self._note(head)
            self._scrub_if_due()
        return count

    def erase(
        self,
        ids: Sequence[UUID],
        reason: str,
        asked_by: Sequence[UUID] = (),
        scrub: bool = True,
    ) -> Event:
        """Erase the bodies of `ids` from the file and from every view, and leave a receipt.

        The receipt names sequence numbers and commitments, nothing of the content. `reason` is a
        word of ours ("setting", "asked"), never the person's text. With `scrub` false the file is
        not rewritten yet (a second at 100,000 events); `scrub()` or the next start does it.
        Raises NotFound, BadInput for what may not be erased, StorageFault.
        """
        named = self._store.by_id(ids)
        if missing := set(ids) - {event.id for event in named}:
            raise NotFound(f"There is no event {min(missing)} in the journal.")
        victims = [event for event in named if event.raw is not None]
        for event in victims:
            if event.kind in NEVER_ERASED:
                raise BadInput(f"Event {event.seq} holds up the journal itself; it has to stay.")
        with self._store.begin() as work:
            head, receipt = self._erase(work, victims, reason, asked_by)
        self._note(head)
        if scrub:
            self._scrub_if_due()
        return receipt

    def scrub(self) -> None:
        """Rewrite the file if anything was erased since it was last rewritten.

        Raises StorageFault when the disk refuses; the next start tries again.
        """
        self._scrub_if_due()

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

    def noted_heads(self) -> list[Head]:
        """Every head kept outside the file: the latest, and one that was missed at some opening."""
        return [head for head in (self._heads.read(), self._heads.disputed()) if head]

    def settle(self) -> None:
        """Take the journal as it now ends for the whole of it, after the person agreed to that."""
        self._heads.clear()
        self._heads.write(self._store.head())

    def rebuild(self) -> int:
        """Empty every view and replay the journal into it; gives the number of events."""
        return self._replay(self._projections)

    def close(self) -> None:
        """Let go of the file. Raises StorageFault when the disk refuses even that."""
        try:
            self._heads.close()
        finally:
            self._store.close()

    def _erase(
        self, work: UnitOfWork, victims: list[Event], reason: str, asked_by: Sequence[UUID] = ()
    ) -> tuple[Head, Event]:
        body = {
            "reason": reason,
            "events": [{"seq": e.seq, "commitment": e.commitment.hex()} for e in victims],
        }
        draft = Draft(Kind.ERASED, Actor.SYSTEM, body, COMPANION, tuple(asked_by))
        head, [receipt] = self._sealed(work, [draft])
        work.events.insert([receipt])
        self._drop(work, victims)
        self._show(work, [receipt])
        return head, receipt

    def _sealed(self, work: UnitOfWork, drafts: Sequence[Draft]) -> tuple[Head, list[Event]]:
        head = work.events.head()
        known = self._labels_of_causes(work, drafts)
        at = self._clock.now()  # what is written together happens at one moment
        count = len(drafts)
        seq, previous = head.seq, head.hash
        events: list[Event] = []
        for draft, fresh, salt in zip(
            drafts, new_ids(at, count), chain.new_salts(count), strict=True
        ):
            seq += 1
            label = self._label(draft, known)
            if draft.id:  # no draft beside it can name one that has no id yet
                known[draft.id] = label
            event = self._seal(draft, draft.id or fresh, salt, at, label, seq, previous)
            previous = event.hash
            events.append(event)
        return Head(seq, previous), events

    def _labels_of_causes(self, work: UnitOfWork, drafts: Sequence[Draft]) -> dict[UUID, Label]:
        fresh = {draft.id for draft in drafts if draft.id}
        wanted = {cause for draft in drafts for cause in draft.causes} - fresh
        if not wanted:
            return {}
        found = work.events.labels(sorted(wanted))
        if missing := wanted - found.keys():
            raise BadInput(f"An event names a cause that is not in the journal: {min(missing)}.")
        return {event_id: Label.parse(text) for event_id, text in found.items()}

    def _seal(
        self,
        draft: Draft,
        event_id: UUID,
        salt: bytes,
        at: datetime,
        label: Label,
        seq: int,
        previous: bytes,
    ) -> Event:
        raw = chain.canonical(draft.body)
        commitment = chain.commit(salt, raw)
        digest = chain.link(
            previous,
            seq=seq,
            event_id=event_id,
            at=at,
            texts=(self.zone, draft.kind, draft.actor, str(label)),
            causes=draft.causes,
            commitment=commitment,
        )
        event = Event(
            seq=seq,
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
        if chain.flat(draft.body):
            # The views ask for the body at once. A flat one is what parsing `raw` would give, and
            # parsing costs as much as all the hashing.
            event.__dict__["body"] = dict(draft.body)
        return event

    @staticmethod
    def _label(draft: Draft, known: dict[UUID, Label]) -> Label:
        # What a person types is their own word, though it answers something; what others make of
        # it is not. So only the others' labels are weakened by their causes.
        try:
            causes = [known[cause] for cause in draft.causes]
        except KeyError as fault:
            raise BadInput(f"A cause comes after what it caused: {fault}.") from fault
        if draft.actor is Actor.PERSON and draft.label == PERSON:
            return PERSON
        if strongest := _STRONGEST.get(draft.actor):
            weaker = min(draft.label.integrity, strongest.integrity)
            return derived(Label(weaker, draft.label.confidentiality), causes)
        return derived(draft.label, causes)

    def _show(self, work: UnitOfWork, events: Sequence[Event]) -> None:
        for projection in self._projections:
            projection.apply(work, events)
        if self._leaves_views_behind:
            work.set_mark(_VIEWS, self._views)

    def _drop(self, work: UnitOfWork, victims: Sequence[Event]) -> None:
        for event in victims:
            for projection in self._projections:
                projection.forget(work, event)
            work.events.erase_body(event.seq)
        if victims:
            work.set_mark(_SCRUB_DUE, "yes")

    def _standing(self, receipt: Event) -> list[Event]:
        named = receipted(receipt)
        return [
            event
            for event in self._store.by_seq(list(named))
            if _erasable(event) and event.seq < receipt.seq and event.commitment == named[event.seq]
        ]

    def _scrub_if_due(self) -> None:
        with self._store.begin() as work:
            due = work.get_mark(_SCRUB_DUE)
        if not due:
            return
        try:
            self._store.scrub()
            with self._store.begin() as work:
                work.set_mark(_SCRUB_DUE, "")
        except StorageFault as fault:
            raise StorageFault(
                "It is erased, but the file could not be rewritten to remove its last traces.",
                "Free some space on the disk; the next start finishes it.",
            ) from fault

    def _note(self, head: Head) -> None:
        self._heads.write(head)
        self.end_unwatched = self._leaves_views_behind = False

    def _compare_heads(self) -> None:
        noted, head = self._heads.read(), self._store.head()
        if noted is None:
            self.end_unwatched = head.seq > 0
        elif noted != head:
            if not self._holds(noted, head):
                self._heads.dispute(noted)
            self._heads.write(head)

    def _holds(self, noted: Head, head: Head) -> bool:
        if noted.seq == 0 or noted.seq > head.seq:
            return noted.seq == 0
        return any(event.hash == noted.hash for event in self._store.by_seq([noted.seq]))

    def _catch_up(self) -> None:
        with self._store.begin() as work:
            kept = work.get_mark(_VIEWS).split()
        if stale := [view for view in self._projections if _view(view) not in kept]:
            self._replay(stale)
        # A view that is not here now will have missed what is written now; it then has to be
        # replayed, so the first event strikes it off the list.
        self._leaves_views_behind = not set(kept) <= set(self._views.split())
        self._scrub_if_due()

    def _replay(self, projections: Sequence[Projection]) -> int:
        count = 0
        with self._store.begin() as work:
            for projection in projections:
                projection.reset(work)
            for events in batched(self._store.read(), _BATCH):
                count += len(events)
                for projection in projections:
                    projection.apply(work, events)
            names = {projection.name for projection in projections}
            views = [_view(projection) for projection in projections]
            views += [v for v in work.get_mark(_VIEWS).split() if v.split(":")[0] not in names]
            work.set_mark(_VIEWS, " ".join(sorted(views)))
        return count


def _erasable(event: Event) -> bool:
    return event.raw is not None and event.kind not in NEVER_ERASED


def _view(projection: Projection) -> str:
    return f"{projection.name}:{projection.version}"


def receipted(receipt: Event) -> dict[int, bytes]:
    """Which events a receipt of an erasure names: their seq and the commitment each leaves."""
    entries = (receipt.body or {}).get("events")
    named: dict[int, bytes] = {}
    for entry in entries if isinstance(entries, list) else []:
        seq, commitment = _named(entry)
        if isinstance(seq, int) and isinstance(commitment, str):
            try:
                named[seq] = bytes.fromhex(commitment)
            except ValueError:
                continue
    return named


def _named(entry: object) -> tuple[object, object]:
    return (entry.get("seq"), entry.get("commitment")) if isinstance(entry, Mapping) else (0, 0)


def link_of(previous: bytes, event: Event) -> bytes:
    """The chain hash that `event` must carry when it follows the event hashed `previous`."""
    return chain.link(
        previous,
        seq=event.seq,
        event_id=event.id,
        at=event.at,
        texts=(event.zone, event.kind, event.actor, str(event.label)),
        causes=event.causes,
        commitment=event.commitment,
    )


def batched(events: Iterable[Event], size: int) -> Iterator[list[Event]]:
    """`events` in lists of at most `size` (the stdlib's own comes with Python 3.12)."""
    iterator = iter(events)
    while batch := list(islice(iterator, size)):
        yield batch
