"""Facts of one person's life: to be asked for, corrected and disputed. The door to this room."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from oona.core.clock import Clock, local
from oona.core.errors import BadInput, NotFound
from oona.core.events import Actor, Draft, Event, Kind
from oona.core.ids import new_id
from oona.core.labels import PERSON
from oona.core.storage import Store
from oona.journal import Journal
from oona.memory.facts.book import Entry, FactBook, Note, Reckoning, finished
from oona.memory.facts.fact import BY_MODEL, Fact, Mention, Mode, Statement, Status
from oona.memory.facts.later import Later
from oona.memory.facts.learning import (
    BY_COMMAND,
    STEP,
    Learning,
    fact_draft,
    fitting,
    with_value,
)
from oona.memory.facts.people import PERSON as ME_ENTITY
from oona.memory.facts.people import Entity
from oona.memory.facts.questions import ALL, Question, Questions
from oona.memory.facts.rules import rules
from oona.memory.facts.templates import Grammar, load
from oona.memory.facts.told import Told

MOST_TEXT = 200
"""Characters of a correction; more is a story and belongs into the conversation."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody, or of one thing about them.

    `later` are turns told after the newest of `current`, newest first, that speak of the same in
    words no rule could read: quote them rather than be sure. `which` names those who might be
    meant, where that is more than one: then nothing is `current`. `found` says whether whoever was
    asked about was ever told of.
    """

    subject: str
    relation: str
    current: tuple[Fact, ...] = ()
    earlier: tuple[Fact, ...] = ()
    disputed: tuple[Fact, ...] = ()
    which: tuple[str, ...] = ()
    found: bool = True
    later: tuple[Event, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there is an answer that stands."""
        return bool(self.current)

    @property
    def sure(self) -> bool:
        """Whether it may be asserted: it stands, and nothing unread was said of it since."""
        return bool(self.current) and not self.later


class Facts:
    """The facts of one journal. Calls touch the file: they belong on the journal's thread."""

    def __init__(
        self, store: Store, journal: Journal, book: FactBook, clock: Clock, language: str = "en"
    ) -> None:
        self._store = store
        self._journal = journal
        self._book = book
        self._clock = clock
        self._language = language
        self._reckoned: tuple[int, Reckoning, tuple[Fact, ...]] | None = None

    # Learning.

    def catch_up(self, most: int = STEP) -> list[Event]:
        """Note what turns say that were not read yet, at most `most` of them, oldest first.

        Gives the entries that were written. One turn takes about two milliseconds, the first ever
        about a second more, in which the templates are compiled.
        """
        written: list[Event] = []
        for turn in self._learning.unread(most):
            names = self.names()
            written += self._learning.learn(turn, self._book.notes.values(), names)
        return written

    def read_to(self) -> int:
        """The number of the last turn that was read for facts."""
        return self._learning.read_to

    def names(self) -> frozenset[str]:
        """The names of everybody told of."""
        return frozenset(entity.name for entity in self._reckoning().people.entities if entity.name)

    def quotes(self, told: int) -> tuple[list[str], bool]:
        """The sentences of the turn numbered `told` that facts were noted from.

        Also whether a model has read that turn already.
        """
        self._reckoning()
        notes = [note for note in self._book.notes.values() if note.told == told]
        by_model = any(note.statement.rule.startswith(BY_MODEL) for note in notes)
        return [note.statement.quote for note in notes], by_model

    def turn_before(self, turn: Event) -> Event | None:
        """The person's turn just before, if `turn` may point back at it."""
        return self._learning.before(turn)

    # Asking.

    def all(self) -> tuple[Fact, ...]:
        """Every fact, in the order in which they were first told."""
        self._reckoning()
        return self._reckoned[2] if self._reckoned else ()

    def about(self, subject: str) -> Known:
        """What is known of `subject`: "me", "Anna", "my sister", "Daniel from work"."""
        return self.answer(subject, ALL)

    def answer(self, subject: str, relation: str) -> Known:
        """What is known of one relation of `subject`, by names such as "lives_in" or "birthday".

        A relation between people goes by its own name ("sister"); "*" asks for everything.
        """
        mention = self._questions.whom(subject)
        if mention is None:
            return Known(subject, relation, found=False)
        return self._answer(Question(mention, relation))

    def ask(self, question: str) -> Known | None:
        """The answer to a question in words, or None where it asks for no fact of a life."""
        read = self._questions.read(question)
        return self._answer(read) if read is not None else None

    def sentence(self, fact: Fact) -> str:
        """The fact as a sentence to the person."""
        return self._told.sentence(fact)

    def value(self, fact: Fact) -> str:
        """The fact's value as a person writes it."""
        return self._told.value(fact)

    def span(self, fact: Fact) -> str:
        """From when to when a fact holds, in words, as far as it was told."""
        return self._told.span(fact)

    def named(self, number: int) -> Fact:
        """The fact with this number, or that a source of it has. Raises NotFound."""
        for fact in self.all():
            if number == fact.number or number in (source.entry for source in fact.sources):
                return fact
        raise NotFound(
            f"There is no fact {number}.", "`oona memory facts` lists them with their numbers."
        )

    # Changing.

    def correct(self, number: int, text: str) -> tuple[Fact, Fact]:
        """Put `text` in a fact's place, at the person's word; gives both as they then stand.

        `text` is a value ("Bergen") or a whole sentence ("Anna lives in Bergen"), and is kept as a
        turn of the person's. Raises NotFound, and BadInput for what cannot be such a value.
        """
        fact = self.named(number)
        text = text.strip()
        if not text or len(text) > MOST_TEXT:
            raise BadInput(
                f"A correction takes 1 to {MOST_TEXT} characters.", "Give me just what is right."
            )
        note = self._book.notes[fact.number]
        turn = new_id(self._clock.now())
        told = self._journal.head().seq + 1
        body = {"text": text, "via": BY_COMMAND, "corrects": fact.number}
        heard = Draft(Kind.HEARD, Actor.PERSON, body, PERSON, id=turn)
        statement, names_whom = self._corrected(note, text)
        # Where only a value was given, who it is of is known from the old sentence alone: whoever
        # forgets that one forgets this, too.
        causes = [turn] if names_whom else [turn, note.source.event]
        self._journal.append(heard, fact_draft(statement, told, self._clock.now(), causes))
        return self._after(fact), self.named(told + 1)

    def dispute(self, number: int) -> Fact:
        """Mark a fact as doubtful at the person's word; it is then no answer. Raises NotFound."""
        fact = self.named(number)
        if fact.status is not Status.CURRENT:
            raise BadInput(f"Fact {number} is {fact.status.value} already; nothing rests on it.")
        body = {"fact": fact.number}
        self._journal.append(Draft(Kind.DISPUTED, Actor.PERSON, body, PERSON, (fact.id,)))
        return self.named(number)

    def _after(self, fact: Fact) -> Fact:
        return next((one for one in self.all() if one.number == fact.number), fact)

    def _corrected(self, note: Note, text: str) -> tuple[Statement, bool]:
        """What a correction says, and whether it says of whom, too."""
        old = note.statement
        today = local(self._clock.now(), self._journal.zone).date()
        known = frozenset(entity.name for entity in self._reckoning().people.entities)
        for one in rules(self._language).read(text, today, known=known).statements:
            if one.relation == old.relation and self._same(one.subject, old.subject):
                return replace(one, mode=Mode.CORRECTS, quote=text, corrects=note.number), True
        value = fitting(old.relation, text, rules(self._language).times)
        if not value and text[:1].islower():
            value = fitting(old.relation, text[:1].upper() + text[1:], rules(self._language).times)
        if not value:
            raise BadInput(
                f"“{text}” cannot stand there.",
                f"It now says: {self._told.sentence(self.named(note.number))}",
            )
        mended = replace(with_value(old, value), mode=Mode.CORRECTS, quote=text, rule="correct")
        mended = replace(mended, corrects=note.number)
        return replace(mended, since="", until="", past=False, adds=False, confidence=1000), False

    def _same(self, one: Mention, other: Mention) -> bool:
        people = self._reckoning().people
        first, second = people.find(one).entity, people.find(other).entity
        return one == other or (first is not None and first is second)

    # Reckoning.

    def _reckoning(self) -> Reckoning:
        """Everything taken together; done anew only when something was noted or erased."""
        changes = self._book.changes
        if self._reckoned is None or self._reckoned[0] != changes:
            self._book.refresh(self._store)
            reckoning = Reckoning(self._grammar.roles, self._data["roles_same"])
            reckoning.take_all(self._book.notes.values())
            facts = tuple(
                finished(entry, self._subject(entry, reckoning)) for entry in reckoning.entries
            )
            self._reckoned = (changes, reckoning, facts)
        return self._reckoned[1]

    def _subject(self, entry: Entry, reckoning: Reckoning) -> str:
        people = reckoning.people
        if entry.entity >= 0:
            return self._told.subject(people.entities[entry.entity], people)
        mention = entry.note.statement.subject
        return " ".join(part for part in (mention.kind, mention.role, mention.name) if part)

    def _answer(self, question: Question) -> Known:
        reckoning = self._reckoning()
        found = reckoning.people.find(question.subject)
        facts = self.all()
        if found.entity is None:
            which = tuple(self._told.subject(one, reckoning.people) for one in found.candidates)
            name = question.subject.name or question.subject.role
            return Known(name, question.relation, which=which, found=bool(which))
        entity, relation = found.entity, question.relation
        subject = self._told.subject(entity, reckoning.people)
        about = [
            fact
            for fact, entry in zip(facts, reckoning.entries, strict=True)
            if _bears(entry, entity, relation, self._data["roles_same"])
        ]
        current = tuple(fact for fact in about if fact.status is Status.CURRENT)
        told = [self._book.notes[s.entry].told for fact in about for s in fact.sources]
        newest = max((self._book.notes[f.sources[-1].entry].told for f in current), default=0)
        values = [self.value(fact) for fact in current]
        later = self._later.find(entity, relation, newest, told, values) if current else []
        return Known(
            subject,
            relation,
            later=tuple(later),
            current=current,
            earlier=tuple(fact for fact in about if fact.status is Status.SUPERSEDED),
            disputed=tuple(fact for fact in about if fact.status is Status.DISPUTED),
        )

    @cached_property
    def _data(self) -> dict[str, Any]:
        return load(self._language)

    @cached_property
    def _grammar(self) -> Grammar:
        return Grammar(self._data, cased=True)

    @cached_property
    def _told(self) -> Told:
        return Told(self._data)

    @cached_property
    def _later(self) -> Later:
        return Later(self._store, self._grammar)

    @cached_property
    def _questions(self) -> Questions:
        return Questions(self._data)

    @cached_property
    def _learning(self) -> Learning:
        return Learning(self._store, self._journal, rules(self._language))


def _bears(entry: Entry, entity: Entity, relation: str, same: dict[str, str]) -> bool:
    """Whether a fact answers for `relation` of somebody."""
    its_own = entry.target == entity.number and entity.number != ME_ENTITY
    if relation == ALL:
        return entry.entity == entity.number or its_own or entity.number in entry.candidates
    if relation == "name" and its_own:
        return True
    if entity.number in entry.candidates:
        return entry.relation == relation
    if entry.entity != entity.number:
        return False
    narrow = same.get(relation, "").split()
    return (
        entry.relation == relation
        or entry.relation in narrow
        or (entry.relation == "has" and (entry.value == relation or entry.value in narrow))
        or (relation == "favourite" and entry.relation.startswith("favourite "))
    )
