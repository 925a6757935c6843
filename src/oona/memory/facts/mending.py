"""Facts mended at the person's word: corrected, settled or doubted, each as an event.

What a correction says is put in the place of a fact, which stays in history. It rests on a turn of
the person's: one of its own where it was given by a command, else the turn it was said in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from oona.core.clock import Clock, local
from oona.core.errors import BadInput
from oona.core.events import Actor, Draft, Event, Kind
from oona.core.ids import new_id
from oona.core.labels import PERSON, Integrity
from oona.journal import Journal
from oona.memory.facts.book import Note
from oona.memory.facts.fact import Fact, Mention, Mode, Statement, Status
from oona.memory.facts.learning import BY_COMMAND, fact_draft, fitting, with_value
from oona.memory.facts.rules import Rules, rules
from oona.memory.facts.view import View

if TYPE_CHECKING:
    from datetime import date

MOST_TEXT = 200
"""Characters of a correction; more is a story and belongs into the conversation."""

_NAMING = frozenset({"name", "kin"})


class Mending:
    """Changes the facts of one journal, at the word of the person they are of."""

    def __init__(self, view: View, journal: Journal, clock: Clock) -> None:
        self._view = view
        self._journal = journal
        self._clock = clock

    def correct(self, number: int, text: str) -> tuple[Fact, Fact]:
        """Put `text` in a fact's place, by a command; gives both as they then stand.

        `text` is a value ("Bergen") or a whole sentence ("Anna lives in Bergen"), and is kept as a
        turn of the person's. Raises NotFound, and BadInput for what cannot be such a value.
        """
        fact = self._view.named(number)
        text = text.strip()
        if not text or len(text) > MOST_TEXT:
            raise BadInput(
                f"A correction takes 1 to {MOST_TEXT} characters.", "Give me just what is right."
            )
        note = self._view.notes()[fact.number]
        turn = new_id(self._clock.now())
        told = self._journal.head().seq + 1
        body = {"text": text, "via": BY_COMMAND, "corrects": fact.number}
        heard = Draft(Kind.HEARD, Actor.PERSON, body, PERSON, id=turn)
        statement, names_whom = self._corrected(note, text)
        # Where only a value was given, who it is of is known from the old sentence alone: whoever
        # forgets that one forgets this, too.
        causes = [turn] if names_whom else [turn, *self._own(note)]
        self._journal.append(heard, fact_draft(statement, told, self._clock.now(), causes))
        return self._after(fact), self._view.named(told + 1)

    def correct_by(self, turn: Event, number: int, value: str) -> tuple[Fact, Fact] | None:
        """Put `value`, which `turn` says, in a fact's place; None where it cannot stand there.

        Gives both facts as they then stand. Where `turn` brings news ("No, she lives in Bergen
        now"), the old one was true and is over.
        """
        fact = self._view.named(number)
        note = self._view.notes()[fact.number]
        fit = self._fitting(note.statement.relation, value)
        if not fit or fit == note.statement.value:
            return None
        # Where one holds at a time, whatever else was in doubt beside it is settled with it.
        single = self._view.reckoning().is_single(fact.relation) and fact.entity >= 0
        outright = 0 if single and note.statement.relation != "kin" else note.number
        statement = self._put(note, fit, turn.text(), outright)
        if single and self._rules.is_news(turn.text()):
            statement = replace(statement, mode=Mode.TELLS, corrects=0)
        written = self._written(statement, turn, [note])
        return self._after(fact), written

    def correct_as(
        self, turn: Event, before: str, numbers: Sequence[int]
    ) -> list[tuple[Fact, Fact]]:
        """Put what the sentences of `turn` say in the place of those of the facts they speak of.

        `before` is the turn before it, for "she"; a naming mends who somebody is.
        """
        found: list[tuple[Fact, Fact]] = []
        for one in self._rules.read(
            turn.text(), self._today, before, self._view.names()
        ).statements:
            for number in numbers:
                fact = self._view.named(number)
                note = self._view.notes()[fact.number]
                if fact.status in (Status.CURRENT, Status.DISPUTED) and self._mends(one, note):
                    value = one.value
                    if value != note.statement.value and (
                        both := self.correct_by(turn, number, value)
                    ):
                        found.append(both)
                    break
        return found

    def settle(self, turn: Event, number: int, subject: Mention | None = None) -> Fact:
        """Take a fact in doubt for true, as `turn` says; what contradicts it is then over.

        `subject` is whom it is of, where that was the doubt.
        """
        fact = self._view.named(number)
        note = self._view.notes()[fact.number]
        statement = self._put(note, note.statement.value, turn.text())
        since, until = note.statement.since, note.statement.until
        whom = note.statement.subject if subject is None else subject
        statement = replace(statement, since=since, until=until, subject=whom)
        return self._written(statement, turn, [note])

    def dispute(self, number: int, turn: Event | None = None) -> Fact:
        """Mark a fact as doubtful, as `turn` says; it is then no answer. Raises NotFound."""
        fact = self._view.named(number)
        if fact.status is not Status.CURRENT:
            raise BadInput(f"Fact {number} is {fact.status.value} already; nothing rests on it.")
        causes = (fact.id,) if turn is None else (turn.id, fact.id)
        body = {"fact": fact.number}
        self._journal.append(Draft(Kind.DISPUTED, Actor.PERSON, body, PERSON, causes))
        return self._view.named(number)

    def _mends(self, one: Statement, note: Note) -> bool:
        """Whether a statement speaks of what `note` says."""
        old = note.statement
        if one.relation in _NAMING and old.relation in _NAMING:
            bare = replace(one.subject, name="")
            return one.subject.role == old.subject.role or self._same(bare, old.subject)
        return one.relation == old.relation and self._same(one.subject, old.subject)

    def _written(self, statement: Statement, turn: Event, on: Sequence[Note]) -> Fact:
        causes = [turn.id, *(cause for note in on for cause in self._own(note))]
        [event] = self._journal.append(fact_draft(statement, turn.seq, turn.at, causes))
        return self._view.named(event.seq)

    def _own(self, note: Note) -> list[UUID]:
        """The turn a note stands in, where it is the person's: an outside text lends no weight."""
        return [note.source.event] if note.label.integrity is Integrity.PERSON else []

    def _after(self, fact: Fact) -> Fact:
        return next((one for one in self._view.facts() if one.number == fact.number), fact)

    def _corrected(self, note: Note, text: str) -> tuple[Statement, bool]:
        """What a correction says, and whether it says of whom, too."""
        old = note.statement
        for one in self._rules.read(text, self._today, known=self._view.names()).statements:
            if one.relation == old.relation and self._same(one.subject, old.subject):
                return replace(one, mode=Mode.CORRECTS, quote=text, corrects=note.number), True
        value = self._fitting(old.relation, text)
        if not value:
            raise BadInput(
                f"“{text}” cannot stand there.",
                f"It now says: {self._view.told.sentence(self._view.named(note.number))}",
            )
        return self._put(note, value, text, corrects=note.number), False

    def _fitting(self, relation: str, text: str) -> str:
        value = fitting(relation, text, self._rules.times)
        articles = self._view.data["parts"]["a"].split("|")
        if (
            not value
            and relation == "works_at"
            and text.lower().split()[:1] in ([one] for one in articles)
        ):  # "the mill" is where one works, too
            return text.strip(" .!")[:1].lower() + text.strip(" .!")[1:]
        if not value and text[:1].islower():
            value = fitting(relation, text[:1].upper() + text[1:], self._rules.times)
        return value

    @staticmethod
    def _put(note: Note, value: str, quote: str, corrects: int = 0) -> Statement:
        put = with_value(note.statement, value)
        put = replace(put, mode=Mode.CORRECTS, quote=quote, rule="correct", corrects=corrects)
        return replace(put, since="", until="", past=False, adds=False, confidence=1000)

    def _same(self, one: Mention, other: Mention) -> bool:
        people = self._view.reckoning().people
        first, second = people.find(one).entity, people.find(other).entity
        return one == other or (first is not None and first is second)

    @property
    def _today(self) -> date:
        return local(self._clock.now(), self._journal.zone).date()

    @property
    def _rules(self) -> Rules:
        return rules(self._view.language)
