"""BM25 (Robertson and Zaragoza, 2009) over each turn alone, and over it with its neighbours.

Worked out from the index's postings rather than by the index itself: it costs a tenth, and the
turns on either side take part without a second index that would have to be kept and forgotten.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from oona.core.storage import Store
from oona.memory.table import Floats, Places, Table

MOST_TERMS = 12
MOST_POSTINGS = 4_000
"""Of all terms together, the rarest first: common words cost most and say least."""

MOST_OF_ONE = 16_000
"""Of the rarest, if even that is common: the newest of them."""

_K1 = 1.2
_B = 0.75


@dataclass(frozen=True, slots=True)
class Matches:
    """The turns that some stems stand in or beside, in order, with their scores.

    `alone` is of each turn's own words, `around` of them with its neighbours'.
    """

    places: Places
    alone: Floats
    around: Floats

    def over(self, count: int) -> tuple[Floats, Floats]:
        """The scores of all of `count` turns."""
        alone = np.zeros(count, np.float32)
        around = np.zeros(count, np.float32)
        alone[self.places] = self.alone
        around[self.places] = self.around
        return alone, around


def rarest(counts: Mapping[str, int], most: int = MOST_POSTINGS) -> list[str]:
    """The stems to look for, rarest first, by the number of turns that hold each.

    As many as have `most` turns together, and at least one.
    """
    chosen: list[str] = []
    postings = 0
    for count, stem in sorted((count, stem) for stem, count in counts.items() if count):
        postings += count
        if chosen and (postings > most or len(chosen) == MOST_TERMS):
            break
        chosen.append(stem)
    return chosen


def bm25(
    store: Store, table: Table, counts: Mapping[str, int], most_of_one: int = MOST_OF_ONE
) -> Matches:
    """Scores of the turns that hold some stem of `counts`, which tells how many turns hold each.

    A neighbour counts in full up to about 40 words and then ever less, since what a long one says
    is hardly about this turn. Of a stem in more than `most_of_one` turns only the newest count.
    """
    none = np.zeros(0, np.float32)
    if not len(table):
        return Matches(np.zeros(0, np.int64), none, none)
    usual, usual_around = table.usual
    places, alone, around = [], [], []
    for stem, count in counts.items():
        whole = count <= most_of_one
        found = table.places(
            store.postings(stem, 2 * most_of_one)
            if whole
            else store.newest_postings(stem, most_of_one)
        )
        if not len(found):
            continue
        here, times = _counted(found)
        held = len(here) if whole else min(count, len(table))
        rarity = math.log1p((len(table) - held + 0.5) / (held + 0.5))
        near, own, weighted = _spread(table, here, times)
        places.append(near)
        alone.append(rarity * _saturated(own, table.words[near] / usual))
        around.append(rarity * _saturated(weighted, table.window[near] / usual_around))
    if not places:
        return Matches(np.zeros(0, np.int64), none, none)
    return Matches(*_merged(places, alone, around))


def _merged(
    places: list[Places], first: list[Floats], second: list[Floats]
) -> tuple[Places, Floats, Floats]:
    """Each place once, in order, with the sums of its first and of its second values.

    A stable sort merges lists that are in order by themselves in a tenth of a sort's time.
    """
    everywhere = np.concatenate(places)
    order = np.argsort(everywhere, kind="stable")
    everywhere = everywhere[order]
    starts = np.flatnonzero(np.diff(everywhere, prepend=-1))
    return everywhere[starts], _summed(first, order, starts), _summed(second, order, starts)


def _summed(values: list[Floats], order: Places, starts: Places) -> Floats:
    summed = np.add.reduceat(np.concatenate(values)[order], starts, dtype=np.float64)
    return np.asarray(summed, np.float32)


def _counted(found: Places) -> tuple[Places, Floats]:
    """Each of `found`, which is in order, once, and how often it stands there."""
    starts = np.flatnonzero(np.diff(found, prepend=-1))
    return found[starts], np.diff(starts, append=len(found)).astype(np.float32)


def _saturated(times: Floats, length: Floats) -> Floats:
    scores = times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * length))
    return scores.astype(np.float32, copy=False)


def _spread(table: Table, places: Places, times: Floats) -> tuple[Places, Floats, Floats]:
    """Where a stem stands or stands beside, how often it stands there, and how often around."""
    weighted = times * table.weight[places]
    onward = places + 1 < len(table)
    onward[onward] = table.follows[places[onward] + 1]
    back = table.follows[places]
    beside = [weighted[onward], weighted[back]]
    return _merged(
        [places, places[onward] + 1, places[back] - 1],
        [times, *map(np.zeros_like, beside)],
        [times, *beside],
    )
