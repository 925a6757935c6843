"""What a fact is: who it is of, what it says, since when, and from whose words it is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from oona.core.labels import Label


class Status(StrEnum):
    """How a fact stands."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    DISPUTED = "disputed"
    RETRACTED = "retracted"


class Mode(StrEnum):
    """What a statement does: tell something, mend what was told, end it, or take it back."""

    TELLS = "tells"
    CORRECTS = "corrects"
    ENDS = "ends"
    DENIES = "denies"


@dataclass(frozen=True, slots=True)
class Mention:
    """Someone as they were spoken of: "my older brother Daniel", "Anna's dog", "Daniel from work".

    `role` is a relation in its one form ("sister"), `kind` what tells two of them apart ("older",
    "from work"), `of` whose relation it is where not the person's. All empty, it is the person.
    """

    name: str = ""
    role: str = ""
    kind: str = ""
    of: Mention | None = None

    @property
    def is_person(self) -> bool:
        """Whether it is the person themselves."""
        return not (self.name or self.role)

    def body(self) -> dict[str, object]:
        """It as JSON, without what is empty."""
        parts = {"name": self.name, "role": self.role, "kind": self.kind}
        found: dict[str, object] = {key: value for key, value in parts.items() if value}
        if self.of is not None:
            found["of"] = self.of.body()
        return found

    @classmethod
    def read(cls, body: object) -> Mention:
        """The mention that `body()` wrote; what is not there stays empty."""
        if not isinstance(body, Mapping):
            return cls()
        name, role, kind = (str(body.get(key, "")) for key in ("name", "role", "kind"))
        return cls(name, role, kind, cls.read(body["of"]) if "of" in body else None)


ME = Mention()

MET = "met"
"""The relation that says no more than that there is such a one: "Daniel from work"."""

BY_MODEL = "model:"
"""What the rule of a statement begins with that a model read out of a sentence."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a sentence says.

    `since` and `until` are dates as far as they were told ("2019", "2019-03", "2019-03-04").
    `quote` stands verbatim in its source. `adds` says that it stands beside what was told before
    ("also"), `past` that it was so and is no more, `pointed` that "she" or "it" had to be resolved;
    `corrects` is the number of the fact in whose place it is put outright, or 0.
    """

    subject: Mention
    relation: str
    value: str
    quote: str
    rule: str
    mode: Mode = Mode.TELLS
    since: str = ""
    until: str = ""
    confidence: int = 900
    adds: bool = False
    past: bool = False
    pointed: bool = False
    corrects: int = 0

    def body(self) -> dict[str, object]:
        """It as the body of an event; `confidence` in thousandths, as floats are refused there."""
        body: dict[str, object] = {
            "subject": self.subject.body(),
            "relation": self.relation,
            "value": self.value,
            "quote": self.quote,
            "rule": self.rule,
            "mode": self.mode.value,
            "confidence_milli": self.confidence,
        }
        body |= {key: text for key, text in (("from", self.since), ("to", self.until)) if text}
        body |= {key: True for key in ("adds", "past") if getattr(self, key)}
        if self.corrects:
            body["corrects"] = self.corrects
        return body

    def mending(self) -> Statement:
        """The same as a correction of what was told before."""
        return replace(self, mode=Mode.CORRECTS) if self.mode is Mode.TELLS else self


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact stands: its sentence, verbatim, the turn it is in, and when that was said.

    `entry` is the number of the fact's own event, `event` the turn's id.
    """

    entry: int
    event: UUID
    quote: str
    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of someone, as it stands now.

    `number` is that of the event that first noted it. `subject` says who ("you", "your sister
    Anna"), `entity` is the same for all facts of one of them until the view is read anew.
    `confidence` lies between 0 and 1. `reason` says why it is disputed or what took its place;
    `instead` is the number of that fact, or 0. `label` is the weakest of its sources'.
    """

    number: int
    id: UUID
    entity: int
    subject: str
    relation: str
    value: str
    valid_from: str
    valid_to: str
    learned_at: datetime
    confidence: float
    status: Status
    reason: str
    instead: int
    label: Label
    sources: tuple[Source, ...]
