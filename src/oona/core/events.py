"""The event: the one kind of record everything else is a view of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from oona.core.labels import Label

Body = Mapping[str, object]
"""JSON values only; floats are refused, since their text differs between writers."""


class Actor(StrEnum):
    """Who did it."""

    PERSON = "person"
    COMPANION = "companion"
    SYSTEM = "system"
    OUTSIDE = "outside"


class Kind(StrEnum):
    """What happened. A kind, once written to a journal, is never renamed."""

    CREATED = "person.created"
    SETTING = "setting.changed"
    OPENED = "session.opened"
    CLOSED = "session.closed"
    HEARD = "turn.heard"
    RECALLED = "turn.recalled"
    SAID = "turn.said"
    FAULT = "turn.fault"
    WHY = "why.asked"
    NAMED = "name.proposed"
    FACT = "fact.noted"
    DISPUTED = "fact.disputed"
    GIST = "gist.made"
    CONSOLIDATED = "idle.learned"
    ERASED = "erased"
    IMPORTING = "import.begun"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that is yet to be written: the journal adds seq, id, time, label and chain."""

    kind: Kind
    actor: Actor
    body: Body
    label: Label
    causes: tuple[UUID, ...] = ()
    id: UUID | None = None


class _Fields(NamedTuple):
    # A tuple is made in a third of the time that a frozen dataclass takes, and an audit makes one
    # for every event of a life.
    seq: int
    id: UUID
    at: datetime
    zone: str
    kind: Kind
    actor: Actor
    label: Label
    causes: tuple[UUID, ...]
    commitment: bytes
    hash: bytes
    raw: bytes | None
    salt: bytes | None


class Event(_Fields):
    """An event as it stands in the journal.

    `raw` holds the body's canonical bytes; it and `salt` (32 bytes) are None once the body was
    erased, while `commitment` and `hash` (32 bytes each) still stand, so that the chain verifies.
    `at` is aware, in UTC; `zone` is the IANA zone the person was in.
    """

    def __repr__(self) -> str:
        return f"Event({self.seq}, {self.id}, {self.kind})"  # no word of a body, in a log say

    @cached_property
    def body(self) -> Body | None:
        """What happened, parsed when first asked for (an audit of 100,000 events never asks)."""
        return None if self.raw is None else json.loads(self.raw)

    def text(self) -> str:
        """The words of a turn, or an empty text where the event has none or they were erased."""
        return self.word("text")

    def word(self, name: str) -> str:
        """The text under `name` in the body, or an empty one."""
        value = (self.body or {}).get(name, "")
        return value if isinstance(value, str) else ""
