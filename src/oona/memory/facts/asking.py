"""Questions answered from facts: what stands, what stood before, and what is in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from oona.core.events import Event
from oona.memory.facts.book import Entry, fold
from oona.memory.facts.fact import Fact, Mention, Status
from oona.memory.facts.later import Later
from oona.memory.facts.people import PERSON, Entity
from oona.memory.facts.questions import ALL, Question, Questions
from oona.memory.facts.view import View

_SPOKEN_OF = frozenset({"birthday", "lives_in", "works_at"})
"""Relations that are hardly spoken of without one of their words; a job is, by its own name."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody, or of one thing about them.

    `later` are turns told after the newest of `current`, newest first, that speak of the same in
    words no rule could read: quote them rather than be sure. `which` names those who might be
    meant, where that is more than one: then nothing is `current`; `whom` are the same as they are
    asked for. `found` says whether whoever was asked about was ever told of. `question` is what was
    asked, `single` whether only one such fact holds at a time, `namesakes` whether others bear the
    same name. `untold` says that of somebody who was told of, nothing was said of this at all.
    `mended` were told and then crossed out.
    """

    subject: str
    relation: str
    current: tuple[Fact, ...] = ()
    earlier: tuple[Fact, ...] = ()
    disputed: tuple[Fact, ...] = ()
    which: tuple[str, ...] = ()
    found: bool = True
    later: tuple[Event, ...] = ()
    question: Question | None = None
    whom: tuple[Mention, ...] = ()
    single: bool = False
    namesakes: bool = False
    untold: bool = False
    mended: tuple[Fact, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there is an answer that stands."""
        return bool(self.current)

    @property
    def sure(self) -> bool:
        """Whether it may be asserted: it stands, and nothing unread was said of it since."""
        return bool(self.current) and not self.later


class Asking:
    """Answers questions from one view of facts."""

    def __init__(self, view: View) -> None:
        self._view = view

    def answer(self, question: Question) -> Known:
        """What is known of what was asked."""
        view = self._view
        reckoning, same = view.reckoning(), view.data["roles_same"]
        found = reckoning.people.find(question.subject)
        if found.entity is None:
            which = tuple(view.whom(one) for one in found.candidates)
            whom = tuple(self.mention(one) for one in found.candidates)
            name = question.subject.name or question.subject.role
            return Known(
                name,
                question.relation,
                which=which,
                whom=whom,
                found=bool(which),
                question=question,
            )
        entity, relation = found.entity, question.relation
        about = [
            fact
            for fact, entry in zip(view.facts(), reckoning.entries, strict=True)
            if _bears(entry, entity, relation, same)
            and (not question.relations or fact.relation in question.relations)
        ]
        current = tuple(fact for fact in about if fact.status is Status.CURRENT)
        notes = view.notes()
        told = [notes[s.entry].told for fact in about for s in fact.sources]
        newest = max((notes[f.sources[-1].entry].told for f in current), default=0)
        able = bool(about) or relation not in _SPOKEN_OF or entity.number == PERSON
        untold = not able and not self._later.find(entity, relation, 0, ())
        values = [view.told.value(fact) for fact in current]
        later = self._later.find(entity, relation, newest, told, values) if current else []
        return Known(
            view.whom(entity),
            relation,
            later=tuple(later),
            current=current,
            earlier=tuple(fact for fact in about if fact.status is Status.SUPERSEDED),
            disputed=tuple(fact for fact in about if fact.status is Status.DISPUTED),
            mended=tuple(fact for fact in about if fact.status is Status.RETRACTED),
            question=question,
            single=reckoning.is_single(relation),
            untold=untold,
            namesakes=bool(reckoning.people.namesakes(entity)),
        )

    def holds(self, known: Known, value: str) -> tuple[Fact, ...]:
        """The facts of `known`, whatever their standing, that say `value`."""
        wanted = fold(value)
        return tuple(
            fact
            for fact in (*known.current, *known.disputed, *known.earlier)
            if wanted in (fold(fact.value), fold(self._view.told.value(fact)))
        )

    def naming(self, whom: Mention) -> Fact | None:
        """The fact that tells whose relation somebody of this name is, where one stands."""
        reckoning = self._view.reckoning()
        entity = reckoning.people.find(whom).entity
        if entity is None:
            return None
        relation = "name" if entity.number == PERSON else ""
        for fact, entry in zip(self._view.facts(), reckoning.entries, strict=True):
            named = fact.relation == relation if relation else entry.target == entity.number
            if named and fact.status in (Status.CURRENT, Status.DISPUTED):
                return fact
        return None

    def mention(self, entity: Entity) -> Mention:
        """Somebody as a question may name them."""
        if entity.number == PERSON:
            return Mention()
        owner = self._view.reckoning().people.entities[entity.owner]
        of = self.mention(owner) if entity.owner != PERSON else None
        return Mention(entity.name, entity.role, entity.kind, of)

    def fits(self, mention: Mention, pronoun: str) -> bool:
        """Whether "she" can be whoever is mentioned, by all that was told of them."""
        found = self._view.reckoning().people.find(mention).entity
        known = self.mention(found) if found is not None else mention
        return not known.is_person and self.questions.fits(known, pronoun)

    @cached_property
    def questions(self) -> Questions:
        """What reads questions in the language."""
        return Questions(self._view.data, self._view.language)

    @cached_property
    def _later(self) -> Later:
        return Later(self._view.store, self._view.grammar)


def _bears(entry: Entry, entity: Entity, relation: str, same: dict[str, str]) -> bool:
    """Whether a fact answers for `relation` of somebody."""
    its_own = entry.target == entity.number and entity.number != PERSON
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
