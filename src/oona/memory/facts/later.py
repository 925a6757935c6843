"""What was said of a fact's subject since, in words that no rule could read.

A fact may be out of date though nothing superseded it: "it is Molde that Anna calls home now" fits
no template. So the turns since are looked through for words of the same relation about the same
person, and whoever answers can quote them instead of being sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from oona.core.events import Actor, Event, Kind
from oona.core.labels import Integrity
from oona.core.storage import Store
from oona.memory.facts.clauses import Clauses
from oona.memory.facts.people import PERSON, Entity
from oona.memory.facts.templates import Grammar, either

MOST = 3
_POSTINGS = 100_000
"""Places of one word that are looked at, oldest first; a long life has few words as often."""

_LOOKED_THROUGH = 400
"""Turns that are read, the newest first."""


class Later:
    """Finds turns that may say more than a fact does."""

    def __init__(self, store: Store, grammar: Grammar) -> None:
        data: dict[str, Any] = grammar.data
        self._store = store
        self._clauses = Clauses(data)
        self._cues = {relation: text.split() for relation, text in data["cues"].items()}
        self._first = either([*data["first_person"].split(), *data["possessive_first"].split()])
        self._words_of_role = {role.name: role.one for role in grammar.roles}
        self._stops = re.compile(
            rf"\b{either([*data['supposing'].split(), *data['reporting'].split()])}\b"
        )

    def find(self, entity: Entity, relation: str, after: int, read: Iterable[int]) -> list[Event]:
        """Turns after event `after` that speak of `relation` of `entity`, newest first.

        `read` are the turns from which facts of that relation were noted; they are no news.
        """
        cues = self._cues.get(relation)
        if not cues:
            return []
        known = set(read)
        stems = self._store.document_frequency(cues)
        seqs = {seq for stem in stems for seq in self._store.postings(stem, _POSTINGS)}
        wanted = sorted((s for s in seqs if s > after and s not in known), reverse=True)
        cue = re.compile(rf"\b{either(cues)}\w*")
        whom = re.compile(self._whom(entity))
        found = []
        for event in reversed(self._store.by_seq(wanted[:_LOOKED_THROUGH])):
            if _own(event) and self._speaks(event.text(), cue, whom):
                found.append(event)
                if len(found) == MOST:
                    break
        return found

    def _whom(self, entity: Entity) -> str:
        if entity.number == PERSON:
            return rf"\b{self._first}\b"
        words = [entity.name] if entity.name else []
        words += self._words_of_role.get(entity.role, ())
        return rf"\b{either(words)}\b"

    def _speaks(self, text: str, cue: re.Pattern[str], whom: re.Pattern[str]) -> bool:
        if self._clauses.unserious(text):
            return False
        return any(
            cue.search(sentence.text) and whom.search(sentence.text)
            for sentence in self._clauses.sentences(text)
            if not sentence.question and not self._stops.search(sentence.text)
        )


def _own(event: Event) -> bool:
    return (
        event.kind is Kind.HEARD
        and event.actor is Actor.PERSON
        and event.label.integrity is Integrity.PERSON
    )
