"""What a turn gives back: clauses as they pass the check, then how the reply came about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from oona.memory import RecalledTurn


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of the reply, to be shown now. Pieces joined by nothing give the whole text."""

    text: str


@dataclass(frozen=True, slots=True)
class Composed:
    """All clauses of a reply that is spoken have come: what remains is to hear them."""


class Audience(Protocol):
    """Who hears a reply that is spoken: of it the journal keeps what they heard."""

    async def heard(self, text: str) -> str:
        """The beginning of `text` that was heard, once no more of it will be."""
        ...

    def leave(self) -> None:
        """Nobody hears any more of it: what was heard by now is all."""
        ...


@dataclass(frozen=True, slots=True)
class Cut:
    """Words of the model that were not said, the rule that kept them back, and at which word."""

    text: str
    rule: str
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """The end of a turn, when all of it stands in the journal.

    `rule` names the reflex or rule of ours that spoke, empty where the model did. `action` asks the
    one who shows it for something: "goodbye" ends a conversation, "pause" stays silent until
    called. `timings` are milliseconds since the words came: journalled, recalled, first_token,
    first_clause, phrased (the first clause of the model's own), total; and tokens: prompt_tokens,
    cached_tokens, completion_tokens.
    """

    text: str
    heard: UUID
    said: UUID
    rule: str = ""
    action: str = ""
    recalled: tuple[RecalledTurn, ...] = ()
    cuts: tuple[Cut, ...] = ()
    stopped: bool = False
    model: str = ""
    scripted: bool = False
    prompt: str = ""
    seed: int = 0
    timings: dict[str, int] = field(default_factory=dict)


Item = Clause | Composed | Done
"""What a turn gives back, in this order."""
