"""The timeline: sessions day by day, each with its gist, else its first words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from oona.core.events import Event, Kind
from oona.core.labels import Integrity
from oona.core.origin import said_at
from oona.core.storage import Store
from oona.journal import Journal
from oona.memory.facts.rules import asks
from oona.memory.sessions import Session, sessions

_FIRST = 12
"""Words of a session's first turn that stand for it."""

_POSTINGS, _PAGE = 100_000, 50
_GREETING = 3
"""A first turn of fewer words says hello; the next one is taken."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One session: when it began, its number of turns of the person's, and what it was about.

    `text` is a gist, or with `gist` false the first words that the person told and did not ask.
    `sources` are the events it rests on, `integrity` the origin of those.
    """

    at: datetime
    zone: str
    turns: int
    text: str
    gist: bool
    integrity: Integrity
    sources: tuple[UUID, ...]
    first: int
    last: int


class Timeline:
    """Reads the timeline of one journal. Calls touch the file: they belong on its thread."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._store = store
        self._journal = journal

    def between(self, first: date | None = None, last: date | None = None) -> list[Stretch]:
        """The sessions that began from day `first` to day `last`, both in it, oldest first."""
        found = [
            one
            for one in sessions(self._store.turns())
            if one.theirs
            and (first is None or one.day >= first)
            and (last is None or one.day <= last)
        ]
        if not found:
            return []
        gists = self._gists(min(one.turns[0] for one in found))
        stretches = [self._stretch(one, gists.get(one.turns[-1], [])) for one in found]
        # What was brought in from elsewhere stands in the journal long after it was said.
        return sorted((one for one in stretches if one), key=lambda one: (one.at, one.first))

    def told_in(self, stretch: Stretch, before: int) -> list[Event]:
        """The person's own turns of a session, among the events before `before`, oldest first.

        Greetings and the like are left out.
        """
        found = [one for one in sessions(self._store.turns()) if one.turns[0] == stretch.first]
        turns = self._journal.at_seq([seq for one in found for seq in one.theirs if seq < before])
        return [turn for turn in turns if len(turn.text().split()) > _GREETING]

    def first_said(self, words: Sequence[str], before: int) -> Event | None:
        """The person's first own turn with all of `words`, among the events before `before`."""
        stems = list(self._store.document_frequency(words))
        found = [frozenset(self._store.postings(stem, _POSTINGS).tolist()) for stem in stems]
        both = sorted(frozenset.intersection(*found)) if found else []
        for start in range(0, len(both), _PAGE):
            for event in self._store.by_seq([s for s in both[start : start + _PAGE] if s < before]):
                if event.kind is Kind.HEARD and event.label.integrity is Integrity.PERSON:
                    return event
        return None

    def _gists(self, after: int) -> dict[int, list[Event]]:
        """The gists of sessions that began from event `after` on, by their last turn."""
        found: dict[int, list[Event]] = {}
        for event in self._journal.read(after=after, kinds=[Kind.GIST]):
            last = (event.body or {}).get("last")
            if isinstance(last, int) and event.text():
                found.setdefault(last, []).append(event)
        return found

    def _stretch(self, session: Session, gists: Sequence[Event]) -> Stretch | None:
        turns = [t for t in self._journal.at_seq(session.theirs) if t.text().strip()]
        if not turns:
            return None
        own = [gist for gist in gists if _own(gist, turns)]
        text = own[-1].text() if own else _first_words(turns)
        sources = (own[-1].id, *own[-1].causes) if own else (turns[0].id,)
        return Stretch(
            said_at(turns[0]),
            turns[0].zone,
            len(turns),
            text,
            bool(own),
            min(turn.label.integrity for turn in turns),
            sources,
            session.turns[0],
            session.turns[-1],
        )


def _own(gist: Event, turns: Sequence[Event]) -> bool:
    """Whether it was made of these turns, and not of what was brought from elsewhere."""
    return not {turn.id for turn in turns}.isdisjoint(gist.causes)


def _first_words(turns: Sequence[Event]) -> str:
    longer = [turn for turn in turns if len(turn.text().split()) > _GREETING]
    telling = [turn for turn in longer if not asks(turn.text())]
    words = (telling or longer or list(turns))[0].text().split()
    return " ".join(words[:_FIRST]) + (" …" if len(words) > _FIRST else "")
