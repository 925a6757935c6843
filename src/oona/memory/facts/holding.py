"""What a reply says of somebody, held against what was told: "Ben lives in Newport" is mum's town.

Words that were all said may still be put together wrongly, and no list of words shows it. So a
sentence of the reply is read by the rules that read the person's own, and what it tells is looked
for among the facts. Only what was told of somebody else, or otherwise, is found wrong: a true word
that no rule could read when it was told must not be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from oona.memory.facts.book import Reckoning, fold
from oona.memory.facts.fact import Fact, Mention, Mode, Statement, Status
from oona.memory.facts.people import Entity
from oona.memory.facts.rules import Rules

_HELD = frozenset(
    {
        *("kin", "name", "lives_in", "works_at", "works_as", "studies_at", "from"),
        *("birthday", "born", "age", "allergic_to"),
    }
)
_BINDS = frozenset({"allergic_to", "diet"})
_STANDING = (Status.CURRENT, Status.DISPUTED)
_SWAPS = [
    (re.compile(find, re.IGNORECASE), put)
    for find, put in (
        (r"\byou(?:'|’)re\b|\byou are\b", "I am"),
        (r"\byou(?:'|’)ve\b", "I have"),
        (r"\byou(?:'|’)d\b", "I would"),
        (r"\byour\b", "my"),
        (r"\byou\b", "I"),
    )
]
"""What is said to the person, as they would say it of themselves."""


@dataclass(frozen=True)
class Holding:
    """The facts as they stand while one reply is made.

    `heard` is what it replies to, `told` what that says; no fact was noted of it yet.
    """

    rules: Rules
    today: date
    reckoning: Reckoning
    facts: Sequence[Fact]
    names: frozenset[str]
    heard: str
    told: tuple[Statement, ...]

    def with_capitals(self, text: str) -> str:
        """`text` with the names of those told of written large, if it has no capitals."""
        return self.rules.with_capitals(text, self.names, new=False)

    def binding(self) -> list[UUID]:
        """The turns that told what somebody cannot eat or have, where that stands."""
        bound = [one for one in self.facts if one.relation in _BINDS and one.status in _STANDING]
        return list(dict.fromkeys(source.event for one in bound for source in one.sources))

    def wrong(self, clause: str) -> str:
        """What `clause` says of one that was told of another, or otherwise; empty for nothing."""
        if clause.rstrip().endswith("?"):
            return ""
        text = clause
        for find, put in _SWAPS:
            text = find.sub(put, text)
        read = self.rules.read(text, self.today, self.heard, self.names)
        return next((one.value for one in read.statements if self._is_wrong(one)), "")

    def _is_wrong(self, said: Statement) -> bool:
        if said.relation not in _HELD or said.mode is not Mode.TELLS or said.past:
            return False
        value = fold(said.value)
        if any(self._is_of(one, said) for one in self.told if fold(one.value) == value):
            return False
        if said.relation == "kin":
            return self._is_another(said)
        entity = self.reckoning.people.find(said.subject).entity
        number = entity.number if entity is not None else -1
        same = [one for one in self.facts if one.relation == said.relation]
        if any(one.entity == number and fold(one.value) == value for one in same):
            return False
        theirs = [fold(one.value) for one in same]
        theirs += [fold(one.value) for one in self._told(said.relation)]
        if value in theirs:
            return True
        single = self.reckoning.is_single(said.relation) and number >= 0
        stands = any(one.entity == number and one.status is Status.CURRENT for one in same)
        return single and stands and value not in self.heard.lower()

    def _is_another(self, said: Statement) -> bool:
        """Whether somebody of this name was told of, and as somebody else's or another relation."""
        people = self.reckoning.people
        if people.find(said.subject).entity is not None:
            return False
        told = {fold(one.subject.name) for one in self._told("kin")}
        known = {fold(one.name) for one in people.entities if one.role}
        return fold(said.value) in told | known

    def _told(self, relation: str) -> list[Statement]:
        return [one for one in self.told if one.relation == relation]

    def _is_of(self, told: Statement, said: Statement) -> bool:
        """Whether both are of one relation of the same one."""
        if told.relation != said.relation:
            return False
        people = self.reckoning.people
        first, second = people.find(told.subject).entity, people.find(said.subject).entity
        if first is not None and first is second:
            return True
        return _alike(_whole(told.subject, first), _whole(said.subject, second))


def _whole(mention: Mention, entity: Entity | None) -> Mention:
    """A mention with all that was told of whom it means."""
    if entity is None or mention.is_person:
        return mention
    return replace(mention, name=mention.name or entity.name, role=mention.role or entity.role)


def _alike(one: Mention, other: Mention) -> bool:
    """Whether two mentions may be of the same one, by what both of them say."""
    if one.is_person or other.is_person:
        return one.is_person and other.is_person
    named = not one.name or not other.name or fold(one.name) == fold(other.name)
    related = not one.role or not other.role or one.role == other.role
    return named and related
