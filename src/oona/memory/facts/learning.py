"""From turns to facts: what the person said is read by the rules, and noted in the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from oona.core.clock import local, to_text
from oona.core.events import Actor, Draft, Event, Kind
from oona.core.labels import PERSON, Integrity
from oona.core.storage import Store
from oona.journal import Journal
from oona.memory.facts.book import Note
from oona.memory.facts.fact import MET, Mode, Statement
from oona.memory.facts.matcher import NAMED
from oona.memory.facts.rules import Rules
from oona.memory.facts.when import Times

STEP = 32
"""Turns that are read at once: about a twentieth of a second."""

BY_COMMAND = "correct"
"""`via` of a turn that is itself a correction, and was noted with it."""

CLEAR_MILLI = 850
"""A transcriber's confidence in thousandths, below which no fact rests on what it wrote. Moonshine
tiny, eight tellings in five loudnesses of noise: it was surer of all 14 that it got right, and of 6
of the 26 that it got wrong (names, mostly)."""

_CURSOR = "facts-read"
_FOLLOWS = timedelta(minutes=10)
"""Within it a turn may point back at the one before it."""

_CAPITAL = frozenset({"lives_in", "from", "works_at", "kin", "name", "lives_with"})
"""Relations whose value is a name, and begins with a capital."""


class Learning:
    """Reads the turns of one journal, each once, in the order in which they were said.

    Only what the person said themselves is read; a paste or an import in which somebody says "I"
    says nothing of them.
    """

    def __init__(self, store: Store, journal: Journal, rules: Rules) -> None:
        self._store = store
        self._journal = journal
        self._rules = rules

    @property
    def read_to(self) -> int:
        """The number of the last turn that was read."""
        with self._store.begin() as work:
            return int(work.get_mark(_CURSOR) or 0)

    def unread(self, limit: int = STEP) -> list[Event]:
        """The next turns to be read, at most `limit`."""
        return list(self._journal.read(after=self.read_to, kinds=[Kind.HEARD], limit=limit))

    def learn(self, turn: Event, notes: Iterable[Note], known: frozenset[str]) -> list[Event]:
        """Note what `turn` says; gives the events that were written.

        `notes` are the facts noted so far, `known` the names of people told of. A turn that was
        read before is read again only where it was interrupted: what it says twice counts once.
        """
        drafts = self._drafts(turn, notes, known) if is_own(turn) and is_clear(turn) else []
        events = self._journal.append(*drafts) if drafts else []
        with self._store.begin() as work:
            work.set_mark(_CURSOR, str(turn.seq))
        return events

    def _drafts(self, turn: Event, notes: Iterable[Note], known: frozenset[str]) -> list[Draft]:
        noted = list(notes)
        if any(note.told == turn.seq for note in noted):
            return []
        before = self.before(turn)
        today = local(turn.at, turn.zone).date()
        text = turn.text()
        reading = self._rules.read(text, today, before.text() if before else "", known)
        met = {note.statement.subject for note in noted}
        statements = [
            (one, one.pointed)
            for one in reading.statements
            if one.relation != MET or one.subject not in met
        ]
        if before is not None and (reading.taken_back or reading.value):
            last = [
                replace(note.statement, corrects=note.number)
                for note in noted
                if note.told == before.seq
            ]
            if reading.taken_back:
                statements = [(replace(one, mode=Mode.DENIES, corrects=0), True) for one in last]
            elif mended := mend(last, reading.value, self._rules.times):
                statements = [(mended, True)]
            statements = [
                (replace(one, quote=reading.quote, rule="mends"), on) for one, on in statements
            ]
        return [
            fact_draft(
                one, turn.seq, turn.at, [turn.id, *([before.id] if points_back and before else [])]
            )
            for one, points_back in statements
            if one.quote in text
        ]

    def before(self, turn: Event) -> Event | None:
        """The person's turn just before, if this one may point back at it."""
        found = self._journal.newest(Kind.HEARD, limit=1, before=turn.seq)
        if not found or not is_own(found[0]) or turn.at - found[0].at > _FOLLOWS:
            return None
        return found[0]


def fact_draft(statement: Statement, told: int, at: datetime, causes: Iterable[UUID]) -> Draft:
    """The entry that notes what the turn numbered `told` said at `at`.

    `causes` are that turn and those it points back at. Written by a rule and not by a model, it is
    a span of the person's own words, and keeps their label joined with that of all it rests on.
    """
    body = {**statement.body(), "told": told, "at": to_text(at)}
    return Draft(Kind.FACT, Actor.SYSTEM, body, PERSON, tuple(dict.fromkeys(causes)))


def mend(last: list[Statement], value: str, times: Times) -> Statement | None:
    """The one of `last` that a bare `value` can mend, with that value; None where it is unclear."""
    able = [
        replace(with_value(one, clean), mode=Mode.CORRECTS, since="", until="", confidence=NAMED)
        for one in last
        if (clean := fitting(one.relation, value, times)) and clean != one.value
    ]
    # "My sister Anna lives in Oslo. - Sorry, I meant Bergen.": who is who is not what was meant,
    # unless nothing else was said.
    said = [one for one in able if one.relation != "kin"] or able
    return said[0] if len(said) == 1 else None


def with_value(statement: Statement, value: str) -> Statement:
    """The same statement of another value; of who somebody is, of another name."""
    if statement.relation == "kin":
        return replace(statement, value=value, subject=replace(statement.subject, name=value))
    return replace(statement, value=value)


def fitting(relation: str, value: str, times: Times) -> str:
    """`value` as the relation holds it, or nothing where it cannot be one of its values."""
    value = value.strip(" .!\"'")
    if relation == "birthday":
        return times.birthday(value)
    number = times.number(value)
    if relation == "age":
        return str(number) if number and 0 < number <= 120 else ""
    if number is not None or times.birthday(value):
        return ""
    if relation in _CAPITAL and not value[:1].isupper():
        return ""
    return value


def is_clear(turn: Event) -> bool:
    """Whether its words are surely those that were said: typed, or heard without much doubt.

    What is noted of a misheard name would come back as the truth; the turn itself stays.
    """
    confidence = (turn.body or {}).get("confidence_milli")
    return not isinstance(confidence, int) or confidence >= CLEAR_MILLI


def is_own(turn: Event) -> bool:
    """Whether it is the person's own word, typed or spoken by them and not pasted."""
    return (
        turn.kind is Kind.HEARD
        and turn.actor is Actor.PERSON
        and turn.label.integrity is Integrity.PERSON
        and turn.raw is not None
        and (turn.body or {}).get("pasted") is not True
        and turn.word("via") != BY_COMMAND
    )
