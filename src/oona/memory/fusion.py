"""Many hints, one ranking: what each channel says of every turn, and how they are weighed.

Scores of unlike kinds are made alike by their mean and deviation over all turns (z-scores), added,
and passed on to neighbours and through sessions. `benchmarks.recall.fit` found the weights, on
BEAM's 100K tier; docs/decisions/0008-recall.md says what paid.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from oona.memory.dates import Period
from oona.memory.table import Floats, Places, Table

_TELLING = 7.0
"""Days: how long after something happened it is typically told, if not on the day."""

_ALONG = 1.0
"""Deviations of words and meaning: where a turn bears on the question, those that reach this are
given, too, though they hold no word of it and lie below the floor. Who asks what somebody did for
their health is not told of the last cigarette in words of the question."""

_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each hint counts, in deviations of the summed scores of words and meaning."""

    around: float = 0.5
    """Words with the neighbours', beside the turn's own words at 1."""

    meaning: float = 3.0
    near: float = 0.5
    """What a short neighbour's meaning adds to a short turn's."""

    speaker: float = 1.0
    """About three times as likely: a deviation is worth 1.04 nats of evidence on BEAM 100K."""

    dates: float = 1.0
    timed: float = 0.7
    """What speaking of a time adds where one is asked for: on BEAM 100K 85 % of the turns that
    answer "when" do, of all 42 %, which is 1.1 nats where a deviation is 1.5."""

    own: float = 0.5
    session: float = 0.2
    """What the best turn of a session adds to the others."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The cosines that one embedder found at `places`; below `floor` they mean nothing."""

    places: Places
    cosines: Floats
    floor: float
    name: str = ""
    """Of the embedder."""


@dataclass(frozen=True, slots=True)
class Sample:
    """How the few turns of a shortlist stand for all `turns` of a long life.

    `standing` is how many turns each place stands for; `alone` and `around` are the mean and the
    deviation of each channel of words over all.
    """

    turns: int
    standing: Floats
    alone: tuple[float, float]
    around: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Channels:
    """What each way of looking found, by place. `speaker` is a number of the table's, or -1.

    With `sample` the table is a shortlist.
    """

    alone: Floats
    around: Floats
    meant: tuple[Meant, ...]
    speaker: int
    periods: tuple[Period, ...]
    when: bool
    sample: Sample | None = None


def fuse(table: Table, channels: Channels, weights: Weights) -> Floats:
    """One score for each turn, larger is better; minus infinity where nothing bears on it.

    By words alone only the turns that hold some are looked at: a few hundred of a hundred thousand.
    """
    if channels.meant:
        return _fuse_all(table, channels, weights)
    scores = np.full(len(table), -np.inf, np.float32)
    places = np.flatnonzero(channels.around)
    if not len(places):
        return scores
    total = np.zeros(len(places), np.float32)
    elsewhere = 0.0
    turns = channels.sample.turns if channels.sample else len(table)
    for values, weight in ((channels.alone, 1.0), (channels.around, weights.around)):
        found = values[places]
        mean, spread = moments(found, turns)
        total += (found - mean) * (weight / spread)
        elsewhere -= weight * mean / spread
    others = turns - len(places)
    variance = (float(total @ total) + others * elsewhere * elsewhere) / turns
    total *= 1 / math.sqrt(max(1e-9, variance))
    total += _hints(table, channels, weights, places)
    sessions, inverse = np.unique(table.session[places], return_inverse=True)
    best = np.full(len(sessions), -np.inf, np.float32)
    np.maximum.at(best, inverse, total)
    scores[places] = total + weights.session * best[inverse]
    return scores


def _fuse_all(table: Table, channels: Channels, weights: Weights) -> Floats:
    sample = channels.sample
    standing = sample.standing if sample else None
    if sample:
        total = _from(channels.alone, sample.alone)
        total += weights.around * _from(channels.around, sample.around)
    else:
        total = _deviations(channels.alone) + weights.around * _deviations(channels.around)
    meaning = np.zeros(len(table), np.float32)
    bearing = channels.around > 0
    for found in channels.meant:
        among = None if standing is None else standing[found.places]
        meaning[found.places] += _deviations(found.cosines, among) / len(channels.meant)
        bearing[found.places[found.cosines >= found.floor]] = True
    given = meaning * table.weight
    passed = table.before(given) + table.after(given)
    total += weights.meaning * (meaning + weights.near * table.weight * passed)
    total = _deviations(total, standing)
    if bearing.any():
        bearing |= total >= _ALONG
    total += _hints(table, channels, weights, np.arange(len(table)))
    total += weights.session * table.best_of_session(total)
    total[~bearing] = -np.inf
    return total


def _hints(table: Table, channels: Channels, weights: Weights, places: Places) -> Floats:
    """What is known of turns beside what they say."""
    total: Floats = weights.own * table.own[places].astype(np.float32)
    if channels.speaker >= 0:
        total += weights.speaker * (table.speaker[places] == channels.speaker)
    if channels.periods:
        total += weights.dates * closeness(table.at[places], channels.periods)
    if channels.when:
        total += weights.timed * table.timed[places].astype(np.float32)
    return total


def closeness(at: Places, wanted: Iterable[Period]) -> Floats:
    """1 in a wanted period, less and less after it, a little just before it, else 0, by second."""
    day = at / _SECONDS
    best = np.zeros(len(at), np.float32)
    for period in wanted:
        early = _day(period.first) - day
        late = day - (_day(period.last) + 1)
        decay = np.exp(-np.maximum(0, np.maximum(late / _TELLING, early)))
        best = np.maximum(best, decay.astype(np.float32))
    return best


def _day(moment: date) -> int:
    return moment.toordinal() - date(1970, 1, 1).toordinal()


def moments(found: Floats, turns: int) -> tuple[float, float]:
    """The mean and the deviation over `turns` turns of which all but those `found` have 0."""
    mean = float(found.sum()) / turns
    return mean, math.sqrt(max(1e-9, float(found @ found) / turns - mean * mean))


def _deviations(values: Floats, standing: Floats | None = None) -> Floats:
    """`standing` is how many each of `values` stands for, if not for itself alone."""
    if not len(values):
        return values
    if standing is None:
        mean, squares = float(values.mean()), float(values @ values) / len(values)
    else:
        shares = standing / standing.sum()
        mean, squares = float(values @ shares), float((values * values) @ shares)
    return _from(values, (mean, math.sqrt(max(0.0, squares - mean * mean))))


def _from(values: Floats, usual: tuple[float, float]) -> Floats:
    mean, spread = usual
    if spread < 1e-6:
        return np.zeros_like(values)
    return (values - np.float32(mean)) * np.float32(1 / spread)
