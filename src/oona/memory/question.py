"""What a question asks for: its rarest words, who is to have said it, when, and what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from oona.memory.dates import Period, asks_when, periods

_MOST = 4_000
"""Characters: what is asked stands in them, however much was pasted after it."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, read.

    `speaker` is empty unless it names exactly one, `when` is whether a time answers it, and `bare`
    leaves the names of speakers out.
    """

    words: tuple[str, ...]
    speaker: str
    periods: tuple[Period, ...]
    when: bool
    bare: str


def read_question(
    text: str, stop_words: frozenset[str], speakers: Iterable[str], today: date
) -> Question:
    """`text` as recall takes it.

    The name of somebody who speaks here is taken out: turns are told apart by who said them, and
    those that hold the name are mostly the other's, who addresses them by it.
    """
    bare = text = text[:_MOST]
    named = []
    for name in sorted(filter(None, speakers)):
        cut = re.sub(rf"\b{re.escape(name)}\b(?:['’]s\b)?", " ", bare, flags=re.IGNORECASE)
        if cut != bare:
            named.append(name)
            bare = cut
    bare = " ".join(bare.split())
    words = {word.lower() for word in _WORD.findall(bare)} - stop_words
    return Question(
        tuple(sorted(words)),
        named[0] if len(named) == 1 else "",
        tuple(periods(text, today)),
        asks_when(text),
        bare if words else text,
    )
