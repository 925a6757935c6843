"""Figures for people and programs, of what was measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from benchmarks.figures import Figure, quantile
from benchmarks.voice import words
from benchmarks.voice.interruptions import Interruption
from benchmarks.voice.labels import Kind
from benchmarks.voice.measure import Measured, Understood
from benchmarks.voice.turns import Outcome, Turn

_Z = 1.96


@dataclass(frozen=True, slots=True)
class Targets:
    """Milliseconds from the end of speech to the first sound."""

    p50: float
    p95: float


COMPUTED = Targets(700, 1_200)
"""Replies by rule and by look-up."""

PHRASED = Targets(1_200, 2_000)
"""Replies of the default embedded model."""

MOST_CUT_OFFS = MOST_FALSE_STOPS = 10.0
MOST_MISSED = 2.0
DUCK_MS, STOP_P50_MS, STOP_P95_MS = 100.0, 600.0, 900.0
MOST_WER = 5.0
"""Percent, of clean speech."""


def figures(measured: Measured, targets: Targets = COMPUTED) -> list[Figure]:
    """All that the recordings hold; what they hold nothing of is left out."""
    found: list[Figure] = []
    for kind in (Kind.PLAIN, Kind.HESITATING, Kind.OPENING):
        turns = [one for one in measured.turns if one.label.kind is kind]
        found += _turns(kind, turns, targets)
    for kind in (Kind.INTERRUPTION, Kind.BACKCHANNEL):
        fallen = [one for one in measured.interruptions if one.label.kind is kind]
        found += _interruptions(kind, fallen)
    found += _words(measured)
    found.append(
        Figure(
            "silent for a second, then spoke unasked",
            measured.unasked,
            "",
            "0",
            not measured.unasked,
        )
    )
    found.append(Figure("recorded", measured.seconds, "s"))
    return found


def share(name: str, count: int, total: int, most: float | None = None) -> Figure:
    """`count` of `total` in percent; its spread is where the true share lies, at 95 %.

    The interval is Wilson's (1927), which holds for few trials and for none that failed.
    """
    part = count / total
    centre = (part + _Z**2 / (2 * total)) / (1 + _Z**2 / total)
    half = _Z / (1 + _Z**2 / total) * sqrt(part * (1 - part) / total + _Z**2 / (4 * total**2))
    spread = (100 * max(0.0, centre - half), 100 * min(1.0, centre + half))
    met = None if most is None else 100 * part <= most
    target = "" if most is None else f"≤ {most:g}"
    return Figure(f"{name} ({count} of {total})", 100 * part, "%", target, met, spread)


def _turns(kind: Kind, turns: Sequence[Turn], targets: Targets) -> list[Figure]:
    judged = [one for one in turns if one.outcome is not Outcome.OVERLAPPED]
    if not judged:
        return []
    found = _quantiles(
        f"{kind}: end of speech to first sound",
        [1000 * one.delay for one in judged if one.delay is not None],
        targets.p50,
        targets.p95,
    )
    early = sum(one.outcome is Outcome.CUT_OFF for one in judged)
    silent = sum(one.outcome is Outcome.UNANSWERED for one in judged)
    found.append(share(f"{kind}: false cut-offs", early, len(judged), MOST_CUT_OFFS))
    found.append(share(f"{kind}: unanswered", silent, len(judged)))
    return found


def _interruptions(kind: Kind, fallen: Sequence[Interruption]) -> list[Figure]:
    judged = [one for one in fallen if one.outcome is not Outcome.NOTHING_TO_STOP]
    if not judged:
        return []
    ducks = [1000 * one.ducked for one in judged if one.ducked is not None]
    stopped = sum(one.outcome is Outcome.STOPPED for one in judged)
    if kind is Kind.BACKCHANNEL:
        return [share("backchannel: false stops", stopped, len(judged), MOST_FALSE_STOPS)]
    missed = len(judged) - stopped
    return [
        *_quantiles("interruption: onset to duck", ducks, None, DUCK_MS),
        *_quantiles(
            "interruption: onset to stop",
            [1000 * one.stopped for one in judged if one.stopped is not None],
            STOP_P50_MS,
            STOP_P95_MS,
        ),
        share("interruption: missed", missed, len(judged), MOST_MISSED),
    ]


def _words(measured: Measured) -> list[Figure]:
    found = []
    groups: dict[str, list[Understood]] = defaultdict(list)
    for one in measured.understood:
        narrator = one.label.source.partition(" ")[0]
        heard = "clean" if one.label.noise_db is None else "with noise"
        groups[f"{heard}, {narrator}" if narrator else heard].append(one)
    for name, group in sorted(groups.items()):
        value = 100 * words.rate([one.errors for one in group])
        limit = name.startswith("clean")
        target, met = (f"≤ {MOST_WER:g}", value <= MOST_WER) if limit else ("", None)
        said = sum(one.errors.said for one in group)
        found.append(Figure(f"word error rate, {name} ({said} words)", value, "%", target, met))
    if measured.said:
        off = sum(abs(one.beyond) > 1 for one in measured.said)
        found.append(share("kept more than a word off what was heard", off, len(measured.said), 0))
    return found


def _quantiles(name: str, values: Sequence[float], p50: float | None, p95: float) -> list[Figure]:
    if not values:
        return []
    spread = tuple(sorted(values))
    found = []
    for label, q, limit in (("P50", 0.5, p50), ("P95", 0.95, p95)):
        value = round(quantile(values, q), 1)
        target, met = ("", None) if limit is None else (f"≤ {limit:,.0f}", value <= limit)
        found.append(Figure(f"{name}, {label}", value, "ms", target, met, spread))
        spread = ()
    return found
