"""Which words of a phrase have been heard, when so much of its sound has been played.

Voices do not tell when they say which word. Time is taken to pass as the letters do in which the
words are said ("09:30" is long), with pauses where they are written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from oona.core.speech import Samples
from oona.voice.spoken import spoken

_WORD = re.compile(r"\S*\w\S*")
_PAUSES = {",": 3.0, ";": 4.0, ":": 4.0, ".": 6.0, "!": 6.0, "?": 6.0, "…": 6.0}
"""As long as so many letters, within a phrase."""

_SPACE = 0.5
_QUIET = 0.02
"""Of the loudest sample: what is less, before and after, is silence."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Where in the sound of a phrase, in samples, the voice begins and ends; and its length."""

    began: int
    ended: int
    length: int

    @classmethod
    def of(cls, sound: Samples) -> Extent:
        """The extent of `sound`, shape (n,)."""
        loudness = np.abs(sound)
        loud = np.flatnonzero(loudness > _QUIET * loudness.max(initial=0.0))
        if not len(loud):
            return cls(0, len(sound), len(sound))
        return cls(int(loud[0]), int(loud[-1]) + 1, len(sound))


def heard(phrase: str, extent: Extent, played: int) -> int:
    """How many characters of `phrase` have been heard once `played` samples of it were.

    Whole words: one counts from its middle on, where it can be told which it is.
    """
    if played >= extent.ended:
        return len(phrase)
    share = (played - extent.began) / max(1, extent.ended - extent.began)
    words = list(_WORD.finditer(phrase))
    ends = [_length(phrase[: word.end()]) for word in words]
    whole = ends[-1] if ends else 0.0
    until, before = 0, 0.0
    for word, length in zip(words, ends, strict=True):
        end = max(before, length)
        if (before + end) / 2 > share * whole:
            break
        until, before = word.end(), end
    return until


def _length(text: str) -> float:
    """How long it takes to say `text`, in letters; the pause after it is not part of it."""
    said = spoken(text).rstrip(" ,;:.!?…")
    return sum(_PAUSES.get(c, 1.0 if c.isalnum() else _SPACE) for c in said)
