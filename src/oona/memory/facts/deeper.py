"""The second reading of turns, by a model, of what the rules made nothing of."""

from __future__ import annotations

from dataclasses import dataclass

from oona.core.clock import to_text
from oona.core.events import Actor, Draft, Event, Kind
from oona.core.labels import COMPANION
from oona.core.language import ModelState
from oona.core.storage import Store
from oona.journal import Journal
from oona.memory.facts.extraction import Extraction, Unread, extraction
from oona.memory.facts.fact import Statement
from oona.memory.facts.facts import Facts
from oona.memory.facts.learning import is_clear, is_own
from oona.memory.gists import made_by

_STEP = 32


@dataclass(frozen=True, slots=True)
class Reading:
    """The next turn to be read, with its sentences to ask about; `known` are people's names."""

    turn: Event
    unread: tuple[Unread, ...]
    known: frozenset[str]


class Deeper:
    """Finds what to ask about in one journal, and makes facts of what was agreed on."""

    def __init__(self, store: Store, journal: Journal, facts: Facts) -> None:
        self._store = store
        self._journal = journal
        self._facts = facts

    @property
    def extraction(self) -> Extraction:
        return extraction()

    def next(self, after: int) -> tuple[int, Reading | None]:
        """The first turn after number `after` to ask about, and how far it was looked.

        Only turns that the rules have read are looked at, and only the person's own words.
        """
        reached = after
        limit = self._facts.read_to()
        for turn in self._journal.read(after=after, kinds=[Kind.HEARD], limit=_STEP):
            if turn.seq > limit:
                break
            reached = turn.seq
            read = is_own(turn) and is_clear(turn)
            if read and (reading := self._reading(turn)) is not None:
                return reached, reading
        return reached, None

    def _reading(self, turn: Event) -> Reading | None:
        quotes, by_model = self._facts.quotes(turn.seq)
        if by_model:  # it was read before, by an entry that is gone
            return None
        known = self._facts.names()
        before = self._facts.turn_before(turn)
        unread = self.extraction.unread(turn, quotes, before, known)
        return Reading(turn, tuple(unread), known) if unread else None

    def draft(self, unread: Unread, one: Statement, model: ModelState, seed: int) -> Draft:
        """The entry that notes `one`: the companion's conclusion, never the person's word."""
        turn = unread.turn
        body = {
            **one.body(),
            "told": turn.seq,
            "at": to_text(turn.at),
            "model": made_by(model, self.extraction.version, seed),
        }
        pointed = one.pointed and unread.before is not None
        causes = [turn.id, *([unread.before.id] if pointed and unread.before else [])]
        return Draft(Kind.FACT, Actor.COMPANION, body, COMPANION, tuple(causes))
