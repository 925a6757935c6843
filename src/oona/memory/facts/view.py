"""The view of facts that questions are asked of: everything noted, reckoned once a change."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from oona.core.errors import NotFound
from oona.core.storage import Store
from oona.memory.facts.book import Entry, FactBook, Note, Reckoning, finished
from oona.memory.facts.fact import Fact
from oona.memory.facts.people import Entity
from oona.memory.facts.templates import Grammar, load
from oona.memory.facts.told import Told


class View:
    """All facts of one journal, as they now stand, in one language's words."""

    def __init__(self, store: Store, book: FactBook, language: str) -> None:
        self.store = store
        self.language = language
        self._book = book
        self._reckoned: tuple[int, Reckoning, tuple[Fact, ...]] | None = None

    def reckoning(self) -> Reckoning:
        """Everything taken together; done anew only when something was noted or erased."""
        changes = self._book.changes
        if self._reckoned is None or self._reckoned[0] != changes:
            self._book.refresh(self.store)
            reckoning = Reckoning(self.grammar.roles, self.data["roles_same"])
            reckoning.take_all(self._book.notes.values())
            facts = tuple(
                finished(entry, self._subject(entry, reckoning)) for entry in reckoning.entries
            )
            self._reckoned = (changes, reckoning, facts)
        return self._reckoned[1]

    def facts(self) -> tuple[Fact, ...]:
        """Every fact, in the order in which they were first told."""
        self.reckoning()
        return self._reckoned[2] if self._reckoned else ()

    def notes(self) -> dict[int, Note]:
        """Every note, by its number."""
        self.reckoning()
        return self._book.notes

    def names(self) -> frozenset[str]:
        """The names of everybody who was told of."""
        people = self.reckoning().people
        return frozenset(entity.name for entity in people.entities if entity.name)

    def named(self, number: int) -> Fact:
        """The fact with this number, or that a source of it has. Raises NotFound."""
        for fact in self.facts():
            if number == fact.number or number in (source.entry for source in fact.sources):
                return fact
        raise NotFound(
            f"There is no fact {number}.", "`oona memory facts` lists them with their numbers."
        )

    def whom(self, entity: Entity) -> str:
        """How somebody is named to the person."""
        return self.told.subject(entity, self.reckoning().people)

    def _subject(self, entry: Entry, reckoning: Reckoning) -> str:
        people = reckoning.people
        if entry.entity >= 0:
            return self.told.subject(people.entities[entry.entity], people)
        mention = entry.note.statement.subject
        return " ".join(part for part in (mention.kind, mention.role, mention.name) if part)

    @cached_property
    def data(self) -> dict[str, Any]:
        """The file of the language."""
        return load(self.language)

    @cached_property
    def grammar(self) -> Grammar:
        """Its word classes."""
        return Grammar(self.data)

    @cached_property
    def told(self) -> Told:
        """What says facts in it."""
        return Told(self.data)
