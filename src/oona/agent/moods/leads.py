"""Leads: the first words of a reply, said by rule, and where they lead the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from oona.agent.moods.reading import Mood


@dataclass(frozen=True, slots=True)
class Lead:
    """`text` is said at once; the model goes on after `text` and `begins`, as if both were its own.

    `begins` is shown only with what the model makes of it. `then` is said where that is nothing,
    and `plainly` where no more questions are to be asked.
    """

    mood: Mood
    text: str
    begins: str
    then: str
    plainly: str

    @property
    def rule(self) -> str:
        return f"mood.{self.mood.name}"

    def without_beginning(self) -> Lead:
        """The same first words, after which the model is free."""
        return replace(self, begins="")


def lead(mood: Mood, turn: int, replies: Sequence[str]) -> Lead | None:
    """First words that none of the last `replies` holds, or None when all were used up.

    `turn` (any number that grows) varies them.
    """
    fresh = [text for text in mood.opens if not any(text in reply for reply in replies)]
    if not fresh:
        return None
    return Lead(
        mood,
        fresh[turn % len(fresh)],
        mood.begins[turn % len(mood.begins)],
        mood.then[turn % len(mood.then)],
        next((text for text in mood.then if not text.endswith("?")), ""),
    )
