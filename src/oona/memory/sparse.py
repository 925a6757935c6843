"""BM25 (Robertson and Zaragoza, 2009) over each turn alone, and over it with its neighbours.

Worked out from the index's postings rather than by the index itself: it costs a tenth, and the
turns on either side take part without a second index that would have to be kept and forgotten.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np

from oona.core.storage import Store
from oona.memory.table import Floats, Places, Table

MOST_TERMS = 12
MOST_POSTINGS = 4_000
"""Of all terms together, the rarest first: common words cost most and say least."""

_K1 = 1.2
_B = 0.75


def rarest(counts: Mapping[str, int]) -> list[str]:
    """The stems to look for, rarest first, by the number of turns that hold each."""
    chosen: list[str] = []
    postings = 0
    for count, stem in sorted((count, stem) for stem, count in counts.items() if count):
        postings += count
        if chosen and (postings > MOST_POSTINGS or len(chosen) == MOST_TERMS):
            break
        chosen.append(stem)
    return chosen


def bm25(store: Store, table: Table, stems: Iterable[str]) -> tuple[Floats, Floats]:
    """Scores by place: of each turn's own words, and of them with its neighbours'.

    A neighbour counts in full up to about 40 words and then ever less, since what a long one says
    is hardly about this turn.
    """
    alone = np.zeros(len(table), np.float32)
    around = np.zeros(len(table), np.float32)
    if not len(table):
        return alone, around
    usual, usual_around = float(table.words.mean()), float(table.window.mean())
    for stem in stems:
        found = table.places(store.postings(stem, 4 * MOST_POSTINGS))
        if not len(found):
            continue
        places, counts = np.unique(found, return_counts=True)
        rarity = math.log1p((len(table) - len(places) + 0.5) / (len(places) + 0.5))
        times: Floats = counts.astype(np.float32)
        alone[places] += rarity * _saturated(times, table.words[places] / usual)
        near, weighted = _spread(table, places, times)
        around[near] += rarity * _saturated(weighted, table.window[near] / usual_around)
    return alone, around


def _saturated(times: Floats, length: Floats) -> Floats:
    scores = times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * length))
    return scores.astype(np.float32, copy=False)


def _spread(table: Table, places: Places, times: Floats) -> tuple[Places, Floats]:
    """How often a stem occurs around each place."""
    weighted = times * table.weight[places]
    onward = places + 1 < len(table)
    onward[onward] = table.follows[places[onward] + 1]
    back = table.follows[places]
    everywhere = np.concatenate((places, places[onward] + 1, places[back] - 1))
    counted = np.concatenate((times, weighted[onward], weighted[back]))
    merged, where = np.unique(everywhere, return_inverse=True)
    return merged, np.bincount(where, weights=counted).astype(np.float32)
