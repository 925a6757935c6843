"""What a wish would erase: one walk over the journal, along causes and quotations.

An effect comes after its causes, so a single walk in journal order follows every chain of them to
its end. What the person said themselves is never erased for resting on something, only when it is
asked for. A record of what memory looked up (`turn.recalled`) goes too, but does not pass the
forgetting on: it lists candidates, and a reply names among its own causes those it was given.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import cast
from uuid import UUID

from oona.core.clock import local
from oona.core.events import Actor, Event, Kind
from oona.core.ids import parse_id
from oona.core.origin import said_at
from oona.journal.journal import NEVER_ERASED
from oona.memory.forgetting.hearsay import Hearsay
from oona.memory.forgetting.wish import Days, OneEvent, Saying, Wish
from oona.memory.forgetting.words import Phrase, Quotations, content, first_words
from oona.memory.turns import SPOKEN

ORIGINAL = frozenset({Kind.HEARD, Kind.IMPORTED, Kind.SETTING})
"""Kinds that came from the person or from outside, and were derived from nothing here."""

_NOT_OF_A_DAY = NEVER_ERASED | {
    Kind.SETTING,
    Kind.OPENED,
    Kind.CLOSED,
    Kind.IMPORTING,
    Kind.CONSOLIDATED,
}
_CONCLUDED = ("fact.", "gist.")
_EMPTY = b'"text":""'
_NEAR = timedelta(minutes=10)
_NEAR_TURNS = 2
_MOST_NEARBY = 12
_POINTS_BACK = re.compile(
    r"^\W*(?:it|its|that|those|these)\b|\b(?:he|she|him|hers?|his|they|them|theirs?)\b",
    re.IGNORECASE,
)


class Part(StrEnum):
    """What kind of thing would be erased, as it is told to the person."""

    TOLD = "told"
    OUTSIDE = "outside"
    REPLIES = "replies"
    FACTS = "facts"
    LOOKUPS = "lookups"
    OTHER = "other"


class Reason(StrEnum):
    """Why it would be."""

    ASKED = "asked"
    RESTS = "rests"
    QUOTES = "quotes"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Item:
    """One event in a plan. `words` are its first; `on` is the seq of what it rests on, or 0."""

    seq: int
    id: UUID
    at: datetime
    zone: str
    part: Part
    reason: Reason
    words: str
    on: int = 0


@dataclass(frozen=True)
class Plan:
    """What would be erased, in journal order; nothing is yet.

    `nearby` are turns of the person's that may belong to it and would stay, `settings` the keys of
    settings in force that hold the words and stay, `indexed` how many of the items are in the index
    of words, `told` how many turns of the person's there are in all.
    """

    items: tuple[Item, ...]
    nearby: tuple[Item, ...]
    settings: tuple[str, ...]
    indexed: int
    told: int

    @property
    def counts(self) -> dict[str, int]:
        """How many of each part, those with none left out."""
        found = {part.value: 0 for part in Part}
        for item in self.items:
            found[item.part] += 1
        return {name: count for name, count in found.items() if count}

    @cached_property
    def digest(self) -> str:
        """The same for two plans that erase the same events, and holding nothing of them."""
        seqs = ",".join(str(item.seq) for item in self.items)
        return hashlib.sha256(f"forget {seqs}".encode()).hexdigest()[:32]


class Walk:
    """Takes the events of a journal in order, and knows at the end what would go."""

    def __init__(self, wishes: Sequence[Wish], everyday: frozenset[str]) -> None:
        self._ids = {wish.id for wish in wishes if isinstance(wish, OneEvent) and wish.id}
        self._seqs = {wish.seq for wish in wishes if isinstance(wish, OneEvent) and wish.seq}
        self._days = [wish for wish in wishes if isinstance(wish, Days)]
        self._phrases = [Phrase(w.text, everyday) for w in wishes if isinstance(w, Saying)]
        self._passing: dict[UUID, int] = {}
        self._quotations = Quotations()
        self._hearsay = Hearsay(everyday)
        self._items: list[Item] = []
        self._nearby: list[Item] = []
        self._settings: dict[str, tuple[Event, bool]] = {}
        self._last: tuple[datetime, int] | None = None
        self._indexed = 0
        self._told = 0

    def visit(self, event: Event) -> None:
        """Take in the next event."""
        self._hearsay.follow(event)
        asked = self._asked(event)
        if event.raw is None:
            if asked:  # erased before; what rests on it may still stand
                self._passing[event.id] = event.seq
            return
        if event.kind in NEVER_ERASED or (event.kind is Kind.CONSOLIDATED and not asked):
            return  # the latter holds counts, and nothing that was said
        if event.kind is Kind.HEARD and event.actor is Actor.PERSON and _EMPTY not in event.raw:
            self._told += 1
        if event.kind is Kind.SETTING:
            self._setting(event, asked=asked)
        elif asked:
            self._take(event, Reason.ASKED)
        elif event.kind is Kind.IMPORTED and (on := self._on(event.causes)):
            self._take(event, Reason.RESTS, on)
        elif event.kind not in ORIGINAL:
            self._derived(event)
        elif event.kind is Kind.HEARD:
            self._near(event)

    def plan(self) -> Plan:
        """What was found."""
        current = tuple(sorted(key for key, (_, asked) in self._settings.items() if asked))
        items = sorted(self._items, key=lambda item: item.seq)
        near = tuple(self._nearby[:_MOST_NEARBY])
        return Plan(tuple(items), near, current, self._indexed, self._told)

    def _asked(self, event: Event) -> bool:
        if event.seq in self._seqs or event.id in self._ids:
            return True
        if event.kind in NEVER_ERASED or event.kind in (Kind.OPENED, Kind.CLOSED):
            return False
        if self._days and event.kind not in _NOT_OF_A_DAY:
            day = local(said_at(event), event.zone).date()
            if any(span.first <= day <= span.last for span in self._days):
                return True
        return any(phrase.in_event(event) for phrase in self._phrases)

    def _setting(self, event: Event, *, asked: bool) -> None:
        """A setting stays while it is in force; once another took its place it is a mere word."""
        key = event.word("key")
        before = self._settings.get(key)
        if before is not None and before[1]:
            self._take(before[0], Reason.ASKED)
        self._settings[key] = (event, asked)

    def _derived(self, event: Event) -> None:
        if event.kind is Kind.RECALLED:
            if event.causes and event.causes[0] in self._passing:
                self._take(event, Reason.RESTS, self._passing[event.causes[0]])
            elif on := self._on(event.causes):
                self._take(event, Reason.RESTS, on, passes=False)
        elif on := self._on((*event.causes, *_rests(event))):
            self._take(event, Reason.RESTS, on)
        elif event.kind is not Kind.FACT and self._quotations.in_event(event):
            # A fact quotes its own turn alone. Where another turn says the same and stays, so does
            # the fact that rests on that one.
            self._take(event, Reason.QUOTES)
        elif event.kind is Kind.SAID and (on := self._hearsay.source(event)):
            self._take(event, Reason.RESTS, on)

    def _on(self, causes: Iterable[UUID]) -> int:
        return next((self._passing[cause] for cause in causes if cause in self._passing), 0)

    def _take(self, event: Event, reason: Reason, on: int = 0, *, passes: bool = True) -> None:
        self._items.append(_item(event, reason, on))
        if passes:
            self._passing[event.id] = event.seq
        if event.kind in SPOKEN and (text := event.text()):
            self._indexed += 1
            # Of a reply only the whole counts: its sentences are often ours, and said to many.
            self._quotations.add(text, sentences=event.kind in ORIGINAL)
        if event.kind is Kind.HEARD:
            self._last = (event.at, _NEAR_TURNS)
            self._hearsay.forget(event)

    def _near(self, event: Event) -> None:
        """Note a turn that may belong to what goes: it says the same, or points back at it."""
        near = False
        if self._last is not None:
            at, turns = self._last
            self._last = (at, turns - 1) if turns > 1 else None
            close = timedelta(0) <= event.at - at <= _NEAR
            near = close and bool(_POINTS_BACK.search(event.text()))
        if self._quotations.within([event.text()]):
            self._nearby.append(_item(event, Reason.QUOTES, 0))
        elif near:
            self._nearby.append(_item(event, Reason.NEAR, 0))


def _rests(event: Event) -> list[UUID]:
    """The events that clauses of a reply were found to rest on."""
    # A whole journal is asked this; most events are told from their bytes, unparsed.
    rests = (event.body or {}).get("rests") if b'"rests":' in (event.raw or b"") else ()
    found: list[UUID | None] = []
    for rest in rests if isinstance(rests, list) else []:
        sources = cast("list[object] | None", rest.get("sources"))
        found += [parse_id(str(source)) for source in sources or ()]
    return [source for source in found if source is not None]


def _item(event: Event, reason: Reason, on: int) -> Item:
    return Item(
        seq=event.seq,
        id=event.id,
        at=said_at(event),
        zone=event.zone,
        part=_part(event),
        reason=reason,
        words=first_words(event.text() or _words_of(event)),
        on=on,
    )


def _part(event: Event) -> Part:
    if event.kind is Kind.HEARD and event.actor is Actor.PERSON:
        return Part.TOLD
    if event.kind in (Kind.HEARD, Kind.IMPORTED):
        return Part.OUTSIDE
    if event.kind.value.startswith(_CONCLUDED):
        return Part.FACTS
    return {Kind.SAID: Part.REPLIES, Kind.RECALLED: Part.LOOKUPS}.get(event.kind, Part.OTHER)


def _words_of(event: Event) -> str:
    if event.kind is Kind.RECALLED:
        terms = cast("Sequence[object]", (event.body or {}).get("terms") or ())
        return f"what I looked for then, in {len(terms)} word{'' if len(terms) == 1 else 's'}"
    return event.word("quote") or ", ".join(content(event))
