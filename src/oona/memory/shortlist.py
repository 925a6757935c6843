"""In a long life only a shortlist is weighed: what words, cells and dates bring up.

The shortlist, with the neighbours of its turns, is a small table that is ranked as a short life is.
How unusual a score is, is told from stretches of turns all over the life, which stand for all the
others; words' scores are known of every turn that has any.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from oona.core.storage import Store
from oona.memory.dates import Period
from oona.memory.fusion import Channels, Sample, Weights, moments
from oona.memory.meaning import Vectors
from oona.memory.question import Question
from oona.memory.sparse import Matches
from oona.memory.table import Floats, Places, Table

Asked = tuple[Vectors, Future[Floats]]
"""A question as one embedder has it, or will have it, beside that embedder's vectors."""

MOST_POSTINGS = 40_000
"""What a question may look up in the index of a long life, for all its words together."""

BY_WORDS = 128
BY_MEANING = 256
_BY_DATE = 512
_STRETCHES = 48
_STRETCH = 16
"""Turns in a stretch. 768 in all tell a mean and a deviation to about 5 %."""

_MOVED = 4_096


def shortlisted(
    store: Store,
    table: Table,
    question: Question,
    matches: Matches,
    asked: Sequence[Asked],
    weights: Weights,
) -> tuple[Table, Channels]:
    """A small table, and what each way of looking found of it.

    `asked` is the question by each embedder, which may still be in the making: what words and dates
    bring up is read meanwhile.
    """
    turns = len(table)
    usual = moments(matches.alone, turns), moments(matches.around, turns)
    speaker = table.speakers.get(question.speaker, -1) if question.speaker else -1
    if not asked:
        places, standing = matches.places, np.ones(len(matches.places), np.float32)
    else:
        most = 2 * BY_MEANING if speaker >= 0 else BY_MEANING
        wanted = [_best_by_words(matches, usual, weights), _in_periods(table, question.periods)]
        known = table.seq[_with_neighbours(table, wanted)]
        for one, _to in asked:
            one.read_ahead(store, known)
        wanted += [table.places(one.candidates(store, to.result(), most)) for one, to in asked]
        places, standing = _with_stretches(table, _with_neighbours(table, wanted))
    part = table.only(places)
    alone, around = _of(matches, places)
    found = (one.likeness(store, part, to.result(), standing > 1) for one, to in asked)
    meant = tuple(meaning for meaning in found if len(meaning.places))
    sample = Sample(turns, standing, *usual)
    when, periods = question.when, question.periods
    return part, Channels(alone, around, meant, speaker, periods, when, sample)


def _best_by_words(
    matches: Matches, usual: tuple[tuple[float, float], tuple[float, float]], weights: Weights
) -> Places:
    if len(matches.places) <= BY_WORDS:
        return matches.places
    scores = matches.alone / usual[0][1] + weights.around * matches.around / usual[1][1]
    return matches.places[np.argpartition(-scores, BY_WORDS)[:BY_WORDS]]


def _in_periods(table: Table, periods: Sequence[Period]) -> Places:
    """The last turns of each period that was asked for."""
    found = [np.zeros(0, np.int64)]
    for period in periods:
        first, last = _seconds(period.first), _seconds(period.last + timedelta(days=1))
        told = np.flatnonzero((table.at >= first) & (table.at < last))
        found.append(told[-_BY_DATE:])
    return np.concatenate(found)


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _with_neighbours(table: Table, wanted: Sequence[Places]) -> Places:
    places = np.unique(np.concatenate(wanted))
    onward = places[places + 1 < len(table)] + 1
    onward = onward[table.follows[onward]]
    back = places[table.follows[places]] - 1
    return np.unique(np.concatenate((places, onward, back)))


def _with_stretches(table: Table, places: Places) -> tuple[Places, Floats]:
    """`places` and the stretches that stand for all others, and how many each stands for."""
    reach = max(_STRETCH, len(table) - len(table) % _MOVED)  # the same for question after question
    starts = np.linspace(0, reach - _STRETCH, _STRETCHES).astype(np.int64)
    stretches = np.unique((starts[:, None] + np.arange(_STRETCH)).ravel())
    others = np.setdiff1d(stretches[stretches < len(table)], places, assume_unique=True)
    merged = np.concatenate((places, others))
    standing = np.ones(len(merged), np.float32)
    if len(others):
        standing[len(places) :] = (len(table) - len(places)) / len(others)
    order = np.argsort(merged)
    return merged[order], standing[order]


def _of(matches: Matches, places: Places) -> tuple[Floats, Floats]:
    """The scores by words of `places`, 0 where there are none."""
    alone, around = np.zeros(len(places), np.float32), np.zeros(len(places), np.float32)
    if len(matches.places):
        there = np.minimum(np.searchsorted(matches.places, places), len(matches.places) - 1)
        here = matches.places[there] == places
        alone[here], around[here] = matches.alone[there[here]], matches.around[there[here]]
    return alone, around
