"""Words that were understood, heard and kept, compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oona.core.sentences import plain
from oona.voice.spoken import spoken


def words_of(text: str) -> list[str]:
    """`text` as it is said: numbers in words, no case, no marks; "forty-two" is two words."""
    return plain(spoken(text)).split()


@dataclass(frozen=True, slots=True)
class Errors:
    """How many words were wrong, missing or too many, of how many that were said."""

    wrong: int
    said: int


def errors(said: str, found: str) -> Errors:
    """By the fewest edits that make one of the other (Levenshtein, 1966)."""
    wanted, got = words_of(said), words_of(found)
    return Errors(int(_edits(wanted, got)[-1, -1]), len(wanted))


def rate(counted: Sequence[Errors]) -> float:
    """The word error rate over all of them, 0 to 1 and beyond."""
    return sum(one.wrong for one in counted) / max(1, sum(one.said for one in counted))


def beyond(heard: str, kept: str) -> int:
    """By how many words what was kept is longer than what was heard; below 0, shorter.

    Found at the best place in `kept` for `heard` to end, so that words misheard on the way, by
    whoever wrote down what was heard, do not count.
    """
    got, wanted = words_of(heard), words_of(kept)
    last = _edits(wanted, got)[:, -1]
    end = len(last) - 1 - int(last[::-1].argmin())
    if end < len(wanted):
        return len(wanted) - end
    first = _edits(wanted, got)[-1, :]
    return int(first.argmin()) - len(got)


def _edits(wanted: Sequence[str], got: Sequence[str]) -> NDArray[np.int64]:
    """Entry (i, j): the edits between the first i of one and the first j of the other."""
    table = np.zeros((len(wanted) + 1, len(got) + 1), np.int64)
    table[:, 0] = np.arange(len(wanted) + 1)
    table[0, :] = np.arange(len(got) + 1)
    for i, one in enumerate(wanted, start=1):
        for j, other in enumerate(got, start=1):
            swapped = table[i - 1, j - 1] + (one != other)
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, swapped)
    return table
