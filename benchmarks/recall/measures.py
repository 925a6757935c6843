"""What is counted for a ranking of units, and how sure the mean is.

Recall is fractional: the share of a question's gold units among the first k. `hit` is whether one
of them is there, `all` whether every one is, `ndcg` the discounted gain with gains of 0 and 1
(Järvelin and Kekäläinen, 2002). Sessions rank by their first unit. Intervals are percentiles of
10,000 bootstrap samples of whole conversations (questions of one are not independent).
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence

MEASURES = ("r@5", "r@10", "r@20", "hit@5", "all@10", "ndcg@10", "session hit@5")
_SAMPLES = 10_000

Scores = Mapping[str, float]


def measured(
    ranking: Sequence[str], gold: frozenset[str], session_of: Mapping[str, str]
) -> dict[str, float]:
    """Every measure of one question's `ranking`, best first, each from 0 to 1."""

    def share(k: int) -> float:
        return len(gold.intersection(ranking[:k])) / len(gold)

    gain = sum(
        1 / math.log2(place + 2) for place in range(min(10, len(ranking))) if ranking[place] in gold
    )
    ideal = sum(1 / math.log2(place + 2) for place in range(min(10, len(gold))))
    sessions = list(dict.fromkeys(session_of[unit] for unit in ranking))
    wanted = {session_of[unit] for unit in gold}
    return {
        "r@5": share(5),
        "r@10": share(10),
        "r@20": share(20),
        "hit@5": float(share(5) > 0),
        "all@10": float(share(10) == 1),
        "ndcg@10": gain / ideal,
        "session hit@5": float(bool(wanted.intersection(sessions[:5]))),
    }


def mean(scores: Sequence[Scores], measure: str) -> float:
    """The mean over questions, in percent."""
    return 100 * sum(score[measure] for score in scores) / len(scores) if scores else math.nan


def interval(groups: Sequence[Sequence[float]], seed: int = 1) -> tuple[float, float]:
    """The 95 % bootstrap interval of the mean over all values, resampling whole groups, ×100."""
    totals = [(sum(group), len(group)) for group in groups if group]
    if not totals:
        return math.nan, math.nan
    chance = random.Random(seed)
    means = []
    for _ in range(_SAMPLES):
        drawn = chance.choices(totals, k=len(totals))
        means.append(100 * sum(total for total, _ in drawn) / sum(count for _, count in drawn))
    means.sort()
    return means[int(0.025 * _SAMPLES)], means[int(0.975 * _SAMPLES) - 1]
