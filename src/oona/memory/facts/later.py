"""What was said of a fact's subject since, in words that no rule could read.

A fact may be out of date though nothing superseded it: "it is Molde that Anna calls home now" fits
no template. So the turns since are looked through for sentences about the same person that speak of
the same matter, by its words or by their grammar, and whoever answers can quote them instead of
being sure (`speaking.py` says which sentences those are).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from oona.core.clock import local
from oona.core.events import Actor, Event, Kind
from oona.core.labels import Integrity
from oona.core.storage import Store
from oona.memory.facts.people import Entity
from oona.memory.facts.rules import rules
from oona.memory.facts.speaking import Speaking
from oona.memory.facts.templates import Grammar

MOST = 3
_POSTINGS = 100_000
"""Places of one word that are looked at, oldest first; a long life has few words as often."""

_LOOKED_THROUGH = 400
"""Turns that are read, the newest first."""

_AT_ONCE = timedelta(minutes=10)
"""Within it "no, I mixed that up" is said of what was told just before."""


class Later:
    """Finds turns that may say more than a fact does."""

    def __init__(self, store: Store, grammar: Grammar) -> None:
        self._store = store
        self._language: str = grammar.data["language"]
        self._speaking = Speaking(grammar)

    def find(
        self,
        entity: Entity,
        relation: str,
        after: int,
        read: Iterable[int],
        values: Iterable[str] = (),
    ) -> list[Event]:
        """Turns after event `after` that speak of `relation` of `entity`, newest first.

        `read` are the turns from which facts of that relation were noted; they are no news.
        `values` are what would be answered: who is named beside one of them may be done with it.
        """
        known, values = set(read), tuple(values)
        matter = self._speaking.matter(entity, relation, values)
        if matter is None:
            return []
        found = []
        for seq in self._candidates(entity, relation, after, values):
            if seq in known:
                continue
            for event in filter(_own, self._store.by_seq([seq])):
                spoken = matter.spoken_of_in(event.text())
                if spoken and not self._says_else(event, relation, spoken):
                    found.append(event)
            if len(found) == MOST:
                return found
        return found or self._taken_back(after, known)

    def _candidates(
        self, entity: Entity, relation: str, after: int, values: Iterable[str]
    ) -> list[int]:
        """The newest turns that have a word by which they may be meant, newest first."""
        found: set[int] = set()
        for words in self._speaking.words(entity, relation, values):
            stems = self._store.document_frequency(words)
            seqs = {seq for stem in stems for seq in self._store.postings(stem, _POSTINGS).tolist()}
            found.update(
                sorted((seq for seq in seqs if seq > after), reverse=True)[:_LOOKED_THROUGH]
            )
        return sorted(found, reverse=True)

    def _says_else(self, event: Event, relation: str, spoken: list[str]) -> bool:
        """Whether rules read each of the sentences `spoken`, and as something else."""
        today = local(event.at, event.zone).date()
        for quote in spoken:
            told = rules(self._language).read(quote, today).statements
            relations = {one.relation for one in told} - {"kin", "met"}
            if not relations or relation in relations:
                return False
        return True

    def _taken_back(self, after: int, known: set[int]) -> list[Event]:
        """The turn right after the telling, where it takes back something unread."""
        if not after:
            return []
        told = self._store.by_seq([after])
        for event in self._store.read(after=after, kinds=[Kind.HEARD], limit=1):
            soon = bool(told) and event.at - told[0].at <= _AT_ONCE
            if soon and event.seq not in known and _own(event):
                return [event] if self._speaking.takes_back(event.text()) else []
        return []


def _own(event: Event) -> bool:
    return (
        event.kind is Kind.HEARD
        and event.actor is Actor.PERSON
        and event.label.integrity is Integrity.PERSON
        and (event.body or {}).get("pasted") is not True
    )
