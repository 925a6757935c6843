"""The view of facts: what every noted fact comes to, once they are read in the order of telling.

It is kept in memory and read from the journal's own entries, so that no second copy of a fact lies
in the file: what is erased there is gone from here with the same call.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from oona.core.clock import from_text, local
from oona.core.events import Event, Kind
from oona.core.labels import Label
from oona.core.storage import Store, UnitOfWork
from oona.memory.facts.fact import MET, Fact, Mention, Mode, Source, Statement, Status
from oona.memory.facts.people import People
from oona.memory.facts.templates import Role

KINDS = (Kind.FACT, Kind.DISPUTED)

SINGLE = frozenset(
    {
        *("lives_in", "home", "works_at", "works_as", "works_in", "studies", "studies_at", "from"),
        *("birthday", "born", "age", "name", "partner"),
    }
)
"""Relations of which one holds at a time; so does each "favourite …", and a wife, a boss."""

_OPPOSITE = {"likes": "dislikes", "dislikes": "likes"}
_CHANGES_BY_ITSELF = frozenset({"age"})
_TIMELESS = frozenset({"birthday", "born"})
"""What never changes: a second value says that one of the two was never so."""

_MENDED_WITHIN = timedelta(hours=1)
"""A correction this soon says that it was never so; a later one, that it is so no more."""

_LOOSELY = timedelta(days=45)
_DAY = len("-05-03")


@dataclass(frozen=True, slots=True)
class Note:
    """One noted fact as its event holds it; `told` is the number of the turn it stands in."""

    number: int
    id: UUID
    told: int
    at: datetime
    statement: Statement
    label: Label
    source: Source
    disputes: int = 0


@dataclass
class Entry:
    """A fact in the making."""

    note: Note
    entity: int
    relation: str
    value: str
    candidates: tuple[int, ...] = ()
    target: int = -1
    notes: list[Note] = field(default_factory=list, init=False)
    status: Status = field(default=Status.CURRENT, init=False)
    since: str = field(default="", init=False)
    until: str = field(default="", init=False)
    reason: str = field(default="", init=False)
    instead: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.notes.append(self.note)
        self.since, self.until = self.note.statement.since, self.note.statement.until

    @property
    def key(self) -> str:
        """The value as it is compared."""
        return fold(self.value)


class FactBook:
    """The projection: follows what is noted and what is erased."""

    name = "facts"
    version = 1

    def __init__(self) -> None:
        self.notes: dict[int, Note] = {}
        self.changes = 0
        """Grows with whatever happens to a noted fact."""
        self._read = 0

    def reset(self, work: UnitOfWork) -> None:  # noqa: ARG002 - it lies in no file
        self._drop()

    def apply(self, work: UnitOfWork, events: Sequence[Event]) -> None:  # noqa: ARG002
        if any(event.kind in KINDS for event in events):
            self.changes += 1

    def forget(self, work: UnitOfWork, event: Event) -> None:  # noqa: ARG002
        if event.kind in KINDS:
            self._drop()

    def refresh(self, store: Store) -> None:
        """Take in the entries that were written since."""
        head = store.head().seq
        if head < self._read:
            self._drop()
        for event in store.read(after=self._read, kinds=KINDS):
            if event.raw is not None and (note := read_note(event)) is not None:
                self.notes[note.number] = note
        self._read = head

    def _drop(self) -> None:
        self.notes.clear()
        self._read = 0
        self.changes += 1


def read_note(event: Event) -> Note | None:
    """The note that an event holds, or None where it is of another make."""
    body = event.body or {}
    if event.kind is Kind.DISPUTED:
        number = body.get("fact")
        if not isinstance(number, int):
            return None
        statement = Statement(Mention(), "", "", "", "")
        source = Source(event.seq, event.id, "", event.at, event.zone)
        return Note(
            event.seq, event.id, event.seq, event.at, statement, event.label, source, number
        )
    told, milli = body.get("told"), body.get("confidence_milli")
    if not isinstance(told, int) or not isinstance(milli, int) or not event.causes:
        return None
    statement = Statement(
        subject=Mention.read(body.get("subject")),
        relation=event.word("relation"),
        value=event.word("value"),
        quote=event.word("quote"),
        rule=event.word("rule"),
        mode=Mode(event.word("mode") or "tells"),
        since=event.word("from"),
        until=event.word("to"),
        confidence=milli,
        adds=body.get("adds") is True,
        past=body.get("past") is True,
        corrects=corrects if isinstance(corrects := body.get("corrects"), int) else 0,
    )
    at = from_text(event.word("at")) if event.word("at") else event.at
    source = Source(event.seq, event.causes[0], statement.quote, at, event.zone)
    return Note(event.seq, event.id, told, at, statement, event.label, source)


class Reckoning:
    """All notes taken together, in the order in which they were told."""

    def __init__(self, roles: tuple[Role, ...], same: dict[str, str]) -> None:
        self._single = SINGLE | {role.name for role in roles if role.single}
        self.people = People(roles, same)
        self.entries: list[Entry] = []
        self._of: dict[tuple[int, str], list[Entry]] = {}
        self._by_note: dict[int, Entry] = {}

    def take_all(self, notes: Iterable[Note]) -> None:
        """Take in `notes`, whatever order they were written in."""
        for note in sorted(notes, key=lambda note: (note.told, note.number)):
            if note.disputes:
                self._dispute(note)
            else:
                self._take(note)
        self._unsettle_namesakes()

    def _take(self, note: Note) -> None:
        statement = note.statement
        if (named := self._by_note.get(statement.corrects)) is not None and self._mended(
            named, note
        ):
            return
        found = self.people.take(statement.subject, note.number)
        if found.entity is None:
            entry = self._add(note, -1, statement.relation, statement.value)
            entry.candidates = tuple(entity.number for entity in found.candidates)
            entry.status, entry.reason = Status.DISPUTED, "which"
            return
        if statement.relation == MET:
            return  # there is such a one, and nothing more was said
        if statement.relation == "kin":
            entity = found.entity
            self._told(note, entity.owner, entity.role, entity.name, entity.number)
        else:
            self._told(note, found.entity.number, statement.relation, statement.value)

    def _told(self, note: Note, entity: int, relation: str, value: str, target: int = -1) -> None:
        statement = note.statement
        standing = [
            entry
            for entry in self._of.get((entity, relation), [])
            if entry.status in (Status.CURRENT, Status.DISPUTED)
        ]
        same = [entry for entry in standing if _agree(entry, value, target)]
        if statement.mode in (Mode.ENDS, Mode.DENIES) or statement.past:
            self._ended(note, same, entity, relation)
            return
        against: Entry | None = None
        for opposite in self._of.get((entity, _OPPOSITE.get(relation, "")), []):
            if opposite.key == fold(value) and opposite.status is Status.CURRENT:
                if note.label.integrity < opposite.note.label.integrity:
                    against = opposite
                else:
                    self._replaced(opposite, note)
        others = [entry for entry in standing if entry not in same]
        if same and self._confirmed(same, others, note):
            return
        entry = self._add(note, entity, relation, value, target)
        if against is not None:
            entry.status, entry.reason = Status.DISPUTED, "weaker"
            entry.instead = against.note.number
            return
        if statement.adds and statement.mode is Mode.TELLS:
            return
        if self.is_single(relation):
            self._settle(entry, others)
        elif statement.mode is Mode.CORRECTS and (mended := self._just_told(others, note)):
            self._replaced(mended, note, mended=True)

    def _mended(self, named: Entry, note: Note) -> bool:
        """Put `note` in the place of the fact that it names, where both are of the same relation.

        Who turns out to be called otherwise keeps all that was told of them.
        """
        if named.status is Status.CURRENT or named.status is Status.DISPUTED:
            self._replaced(named, note, mended=True)
        if named.entity < 0:
            return False
        value = note.statement.value
        if named.target >= 0:
            self.people.rename(named.target, value)
        self._add(note, named.entity, named.relation, value, named.target)
        return True

    def is_single(self, relation: str) -> bool:
        """Whether only one such fact holds at a time."""
        return relation in self._single or relation.startswith("favourite ")

    def _confirmed(self, same: list[Entry], others: list[Entry], note: Note) -> bool:
        """Whether `note` says again what stands; a stronger word takes the place of a weaker."""
        entry = same[-1]
        self._by_note[note.number] = entry
        if note.label.integrity > entry.note.label.integrity:
            self._replaced(entry, note)
            return False
        if note.label.integrity < entry.note.label.integrity:
            return True  # a weaker word adds nothing, and its label must not weaken what stands
        entry.notes.append(note)
        entry.since = entry.since or note.statement.since
        if entry.status is Status.DISPUTED and entry.reason != "weaker":
            entry.status, entry.reason, entry.instead = Status.CURRENT, "", 0
            for other in others:
                if self.is_single(entry.relation):
                    self._replaced(other, note, mended=entry.relation in _TIMELESS)
        return True

    def _settle(self, entry: Entry, others: list[Entry]) -> None:
        """What becomes of other values of a relation of which only one holds."""
        note = entry.note
        for other in others:
            if note.label.integrity < other.note.label.integrity:
                entry.status, entry.reason, entry.instead = (
                    Status.DISPUTED, "weaker", other.note.number
                )  # fmt: skip
            elif note.statement.mode is Mode.CORRECTS:
                never = entry.relation in _TIMELESS or _soon(other, note)
                self._replaced(other, note, mended=never)
            elif note.told == other.note.told or _overlap(entry, other) or _clash(entry, other):
                for one, against in ((entry, other), (other, entry)):
                    one.status, one.reason = Status.DISPUTED, "contradiction"
                    one.instead = against.note.number
            else:
                self._replaced(other, note)

    def _ended(self, note: Note, same: list[Entry], entity: int, relation: str) -> None:
        statement = note.statement
        for entry in same:
            self._replaced(entry, note, mended=statement.mode is Mode.DENIES)
            entry.until = statement.until or entry.until
            entry.since = entry.since or statement.since
        if not same and statement.mode is Mode.TELLS:
            entry = self._add(note, entity, relation, statement.value)
            entry.status, entry.reason = Status.SUPERSEDED, "past"

    @staticmethod
    def _replaced(entry: Entry, note: Note, *, mended: bool = False) -> None:
        entry.status = Status.RETRACTED if mended else Status.SUPERSEDED
        entry.reason = "mended" if mended else "later"
        entry.instead = note.number
        if not mended:
            day = local(note.at, note.source.zone).date().isoformat()
            entry.until = entry.until or note.statement.since or day

    @staticmethod
    def _just_told(others: list[Entry], note: Note) -> Entry | None:
        recent = [entry for entry in others if _soon(entry, note) and entry.note.told < note.told]
        return recent[-1] if recent else None

    def _dispute(self, note: Note) -> None:
        entry = self._by_note.get(note.disputes)
        if entry is not None and entry.status is Status.CURRENT:
            entry.status, entry.reason = Status.DISPUTED, "asked"

    def _add(self, note: Note, entity: int, relation: str, value: str, target: int = -1) -> Entry:
        entry = Entry(note, entity, relation, value, target=target)
        self.entries.append(entry)
        self._of.setdefault((entity, relation), []).append(entry)
        self._by_note[note.number] = entry
        return entry

    def _unsettle_namesakes(self) -> None:
        """What was told by a name alone, before it turned out that two bear it, is of neither."""
        for entity in self.people.entities[1:]:
            if entity.loose and self.people.namesakes(entity):
                loose = set(entity.loose)
                for entry in self.entries:
                    if entry.note.number in loose and entry.status is Status.CURRENT:
                        entry.status, entry.reason = Status.DISPUTED, "which"


def finished(entry: Entry, subject: str) -> Fact:
    """The fact that an entry came to; `subject` is how whoever it is of is named."""
    label = entry.notes[0].label
    for note in entry.notes[1:]:
        label = label.join(note.label)
    unsure = 1 - max(note.statement.confidence for note in entry.notes) / 1000
    return Fact(
        number=entry.note.number,
        id=entry.note.id,
        entity=entry.entity,
        subject=subject,
        relation=entry.relation,
        value=entry.value,
        valid_from=entry.since,
        valid_to=entry.until,
        learned_at=entry.note.at,
        confidence=round(1 - unsure / len(entry.notes), 3),
        status=entry.status,
        reason=entry.reason,
        instead=entry.instead,
        label=label,
        sources=tuple(note.source for note in entry.notes),
    )


def fold(value: str) -> str:
    """A value as it is compared: without case, articles and spaces at its ends."""
    low = " ".join(value.casefold().split())
    return low.removeprefix("the ").removeprefix("a ").removeprefix("an ")


def _agree(entry: Entry, value: str, target: int) -> bool:
    return entry.target == target if target >= 0 else entry.key == fold(value)


def _soon(entry: Entry, note: Note) -> bool:
    return abs(note.at - entry.notes[-1].at) <= _MENDED_WITHIN


def _overlap(entry: Entry, other: Entry) -> bool:
    """Whether a later telling says of a time before the earlier one that it was otherwise."""
    if not entry.since or entry.relation in _CHANGES_BY_ITSELF:
        return False
    told = local(other.note.at, other.note.source.zone).date()
    # "Last week" is said of three days, "in May" of June: near the edge nobody is that exact.
    before = (told - _LOOSELY).isoformat()
    return entry.since < before[: len(entry.since)]


def _clash(entry: Entry, other: Entry) -> bool:
    """Whether two values of what never changes cannot both be: a day, and another one.

    A birthday told with its year is the same day told better.
    """
    if entry.relation not in _TIMELESS:
        return False
    return entry.value[-_DAY:] != other.value[-_DAY:] or not (entry.value + other.value).count("--")
