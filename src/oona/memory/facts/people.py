"""Who is who: mentions brought together into people, and kept apart where they are two.

Somebody is a name and a relation to the person (or to somebody else). "My sister" is Anna once it
was told so; Daniel from work and my brother Daniel stay two, and "Daniel" alone then is neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from oona.memory.facts.fact import Mention
from oona.memory.facts.templates import Role

PERSON = 0
"""The entity that is the person themselves."""

_COLLEAGUES = {"from work": "colleague", "next door": "neighbour"}


@dataclass
class Entity:
    """Somebody.

    `owner` is whose relation they are, `loose` the notes taken by name alone, before it was told
    who that is.
    """

    number: int
    owner: int
    name: str = ""
    role: str = ""
    kind: str = ""
    loose: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a mention means: one, none yet, or several that it might mean."""

    entity: Entity | None
    candidates: tuple[Entity, ...] = ()


class People:
    """Everybody told of so far, in the order they were first told of."""

    def __init__(self, roles: Iterable[Role], same: dict[str, str]) -> None:
        self._single = {role.name for role in roles if role.single}
        self._same = {name: frozenset(text.split()) for name, text in same.items()}
        self.entities = [Entity(PERSON, PERSON)]
        self._found: dict[Mention, Found] = {}

    def find(self, mention: Mention) -> Found:
        """Whom `mention` means, without taking anybody in."""
        if mention not in self._found:  # asked for every note, and rarely changed by one
            self._found[mention] = self._find(mention)
        return self._found[mention]

    def rename(self, number: int, name: str) -> None:
        """Call somebody otherwise."""
        self.entities[number].name = name
        self._found.clear()

    def _find(self, mention: Mention) -> Found:
        if mention.is_person:
            return Found(self.entities[PERSON])
        owner = PERSON
        if mention.of is not None:
            found = self.find(mention.of)
            if found.entity is None:
                return found
            owner = found.entity.number
        fitting = self._fitting(mention, owner)
        if len(fitting) > 1 and mention.role in self._single and not mention.name:
            fitting = fitting[-1:]  # of one that there is only one of, the last that was told
        if len(fitting) > 1:
            exact = [one for one in fitting if one.name and one.name == mention.name]
            fitting = exact if len(exact) == 1 else fitting
        if len(fitting) == 1:
            return Found(fitting[0])
        return Found(None, tuple(fitting))

    def take(self, mention: Mention, note: int) -> Found:
        """Whom `mention` means, taken in where they are new; `note` is the telling's number."""
        if mention.of is not None and self.find(mention.of).entity is None:
            owned = self.take(mention.of, note)
            if owned.entity is None:
                return owned
        found = self.find(mention)
        if found.entity is None and not found.candidates:
            owner = self.find(mention.of).entity if mention.of is not None else None
            number = owner.number if owner is not None else PERSON
            found = Found(self._new(mention, number))
        if (entity := found.entity) is not None and entity.number != PERSON:
            if not (mention.role or mention.kind or entity.role or entity.kind):
                entity.loose.append(note)
            self._learn(entity, mention)
        return found

    def namesakes(self, entity: Entity) -> list[Entity]:
        """Others who bear the same name."""
        return [
            other
            for other in self.entities
            if other is not entity and entity.name and _same_name(other.name, entity.name)
        ]

    def _new(self, mention: Mention, owner: int) -> Entity:
        entity = Entity(len(self.entities), owner, mention.name, mention.role, mention.kind)
        self.entities.append(entity)
        self._found.clear()
        return entity

    def _learn(self, entity: Entity, mention: Mention) -> None:
        before = (entity.name, entity.role, entity.kind, entity.owner)
        if mention.name and len(mention.name) > len(entity.name):
            entity.name = mention.name
        if mention.role and (not entity.role or self._is_kind_of(entity.role, mention.role)):
            entity.role = mention.role
            if mention.of is not None and (owner := self.find(mention.of).entity) is not None:
                entity.owner = owner.number
        entity.kind = entity.kind or mention.kind
        if before != (entity.name, entity.role, entity.kind, entity.owner):
            self._found.clear()

    def _fitting(self, mention: Mention, owner: int) -> list[Entity]:
        others = [entity for entity in self.entities[1:] if _kinds_fit(entity.kind, mention.kind)]
        if not mention.role:
            named = [entity for entity in others if _same_name(entity.name, mention.name)]
            if mention.kind:
                return self._of_circle(named, mention.kind)
            return named
        related = [
            one for one in others if one.owner == owner and self._fits(one.role, mention.role)
        ]
        if not mention.name:
            return related
        if named := [one for one in related if _same_name(one.name, mention.name)]:
            return named
        nameless = [one for one in related if not one.name]
        if len(nameless) == 1:
            return nameless
        strangers = [
            one
            for one in others
            if _same_name(one.name, mention.name) and not one.role and not one.kind
        ]
        return strangers if len(strangers) == 1 else []

    @staticmethod
    def _of_circle(named: list[Entity], kind: str) -> list[Entity]:
        same = [one for one in named if one.kind == kind or one.role == _COLLEAGUES.get(kind)]
        if same:
            return same
        return [one for one in named if not one.role and not one.kind]

    def _fits(self, known: str, said: str) -> bool:
        return known == said or self._is_kind_of(known, said) or self._is_kind_of(said, known)

    def _is_kind_of(self, wide: str, narrow: str) -> bool:
        return narrow in self._same.get(wide, ())


def _same_name(one: str, other: str) -> bool:
    """Whether two names may be one person's: equal, or one is the other without its surname."""
    if not one or not other:
        return False
    first, second = one.casefold().split(), other.casefold().split()
    shorter = min(len(first), len(second))
    return first[:shorter] == second[:shorter]


def _kinds_fit(known: str, said: str) -> bool:
    return not known or not said or known == said
