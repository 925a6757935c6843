"""The Protocol of recall: what the agent asks of memory, whatever finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from oona.core.events import Event


@dataclass(frozen=True, slots=True)
class RecalledTurn:
    """A turn that may matter now, with what made it seem so (`score`, larger is better).

    The event says which, when, and how far to trust it. `text` is what is given of it: all, or of
    a long turn the sentences that bear on the question, verbatim, with "…" where some are left out.
    """

    event: Event
    score: float
    text: str


@dataclass(frozen=True, slots=True)
class Recalled:
    """What was found, best first, and what it was searched by.

    `imported` are those turns that came in from elsewhere, where they were asked for apart.
    """

    turns: tuple[RecalledTurn, ...]
    terms: tuple[str, ...]
    by: tuple[str, ...] = ("words",)
    """What it went by: words, and the names of embedders."""
    imported: tuple[RecalledTurn, ...] = ()


class Recall(Protocol):
    """Finds what was said before that bears on a question."""

    def find(self, question: str, budget: int, before: int = 0, imported: int = 0) -> Recalled:
        """Turns that bear on `question`, or parts of them: about `budget` tokens of text at most.

        With `before`, only events with a smaller seq: what is being said is not a memory of itself.
        With `imported`, texts from elsewhere are found apart, within as many tokens of their own:
        years of them must not crowd out what the person said.
        """
        ...

    def expect(self, question: str) -> None:
        """Prepare for `question`, which is likely to be asked next; from any thread, at once."""
        ...
