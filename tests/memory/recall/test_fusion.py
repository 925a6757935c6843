"""Many hints, one ranking."""

from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import pytest

from oona.memory.dates import Period
from oona.memory.fusion import Channels, Meant, Weights, closeness, fuse
from tests.memory.recall.conftest import Recalling


def channels(life: Recalling, alone: list[float], *meant: Meant) -> Channels:
    """What was found, with nothing known of speakers or dates."""
    found = np.array(alone, np.float32)
    return Channels(found, found * 2, meant, -1, (), False)


@pytest.mark.parametrize("seed", range(5))
def test_meaning_that_tells_nothing_changes_nothing(life: Recalling, seed: int) -> None:
    """By words alone and with an embedder to which all is alike, scores are the same."""
    life.tell(*(f"Word number {n}." for n in range(40)))
    table, _ = life.recall.channels("x")
    chance = np.random.default_rng(seed)
    alone = list(np.where(chance.random(40) < 0.3, chance.random(40) * 9, 0))
    weights = dataclasses.replace(Weights(), own=0.0)
    words = fuse(table, channels(life, alone), weights)
    alike = Meant(np.arange(40), np.full(40, 0.1, np.float32), 0.5)
    assert np.allclose(words, fuse(table, channels(life, alone, alike), weights), atol=1e-4)


def test_what_bears_on_nothing_has_no_score(life: Recalling) -> None:
    """A turn without a word of the question, and below every floor, is minus infinity."""
    life.tell("One.", "Two.", "Three.")
    table, _ = life.recall.channels("x")
    meant = Meant(np.arange(3), np.array([0.1, 0.6, 0.2], np.float32), 0.5)
    scores = fuse(table, channels(life, [0, 0, 3], meant), Weights())
    assert list(np.isfinite(scores)) == [False, True, True]
    assert not np.isfinite(fuse(table, channels(life, [0, 0, 0]), Weights())).any()


def test_a_period_fades_after_it_faster_before_it() -> None:
    """A wanted day is 1; a week later still counts, a week before hardly, a year never."""
    day = 86_400
    wanted = (date(2026, 6, 10) - date(1970, 1, 1)).days * day
    at = np.array([wanted + n * day + 3_600 for n in (0, 7, -7, 365, -365)])
    near = closeness(at, [Period(date(2026, 6, 10), date(2026, 6, 10))])
    assert near[0] == 1
    assert near[1] > 0.3 > near[2]
    assert max(near[3:]) < 0.01
