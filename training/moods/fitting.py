"""A linear reader of points: multinomial logistic regression, by Adam (Kingma and Ba, 2015)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Places = NDArray[np.int64]

_STEPS = 300
_RATE = 0.1
_FIRST, _SECOND = 0.9, 0.99


@dataclass(frozen=True)
class Reader:
    """`weights` has a row for each dimension and one for the bias, a column for each mood."""

    weights: Floats

    def likely(self, points: Floats) -> Floats:
        """The probability of each mood, a row for each point."""
        return _softmax(_with_one(points) @ self.weights)


def fit(points: Floats, moods: Places, count: int, ridge: float) -> Reader:
    """Fit a Reader of `count` moods to `points` (rows) of known `moods`.

    `ridge` is the weight of the squared length of the weights, without the bias. Deterministic.
    """
    inputs = _with_one(points)
    wanted = np.eye(count, dtype=np.float32)[moods]
    weights: Floats = np.zeros((inputs.shape[1], count), np.float32)
    mean: Floats
    spread: Floats
    mean, spread = np.zeros_like(weights), np.zeros_like(weights)
    kept = np.ones((inputs.shape[1], 1), np.float32)
    kept[-1] = 0.0  # the bias is free
    for step in range(1, _STEPS + 1):
        slope = inputs.T @ (_softmax(inputs @ weights) - wanted) / len(points)
        slope += ridge * kept * weights
        mean = _FIRST * mean + (1 - _FIRST) * slope
        spread = _SECOND * spread + (1 - _SECOND) * slope**2
        steady = np.sqrt(spread / (1 - _SECOND**step)) + 1e-8
        weights -= _RATE * (mean / (1 - _FIRST**step)) / steady
    return Reader(weights)


def _with_one(points: Floats) -> Floats:
    return np.column_stack([points, np.ones(len(points), np.float32)])


def _softmax(scores: Floats) -> Floats:
    likely: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    return likely
