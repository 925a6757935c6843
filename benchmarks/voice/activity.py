"""Where there is sound in a channel that is silent otherwise: a speaker's, or clean speech."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oona.core.speech import Samples

STEP_S = 0.005
"""How finely sound is placed."""

FLOOR_DB = -50.0
"""Below full scale; what is quieter is not heard across a room."""

_SILENT_DB = -120.0


@dataclass(frozen=True, slots=True)
class Activity:
    """The level of a channel, step by step, in dB below full scale; `floor` parts sound from none.

    Moments are in seconds; all of them are multiples of `STEP_S`.
    """

    levels: NDArray[np.float64]
    floor: float = FLOOR_DB

    @classmethod
    def of(cls, samples: Samples, rate: int, floor: float = FLOOR_DB) -> Activity:
        """Of a channel at `rate` Hz."""
        edges = np.round(np.arange(int(len(samples) / rate / STEP_S) + 1) * STEP_S * rate)
        places = edges.astype(np.intp)
        places = places[places < len(samples)]
        if not len(places):
            return cls(np.zeros(0), floor)
        energy = np.add.reduceat(np.square(samples, dtype=np.float64), places)
        means = energy / np.diff(places, append=len(samples))
        return cls(10 * np.log10(np.maximum(means, 10 ** (_SILENT_DB / 10))), floor)

    def sounding(self, began: float, ended: float) -> bool:
        """Whether anything is heard between two moments."""
        return self.filled(began, ended) > 0

    def filled(self, began: float, ended: float) -> float:
        """The share of the time between two moments in which something is heard."""
        between = self._between(began, ended)
        return float((between > self.floor).mean()) if len(between) else 0.0

    def runs(self, gap_s: float = 0.0) -> list[tuple[float, float]]:
        """Where sound begins and ends; silences shorter than `gap_s` do not part it."""
        loud = np.concatenate([[False], self.levels > self.floor, [False]])
        places = np.flatnonzero(np.diff(loud.astype(np.int8))) * STEP_S
        found: list[tuple[float, float]] = []
        for began, ended in zip(places[::2].tolist(), places[1::2].tolist(), strict=True):
            if found and began - found[-1][1] < gap_s - STEP_S / 2:
                found[-1] = (found[-1][0], ended)
            else:
                found.append((began, ended))
        return found

    def onset(self, began: float, ended: float) -> float | None:
        """The first moment in a span at which sound begins, if it does."""
        for start, _ in self.runs():
            if began <= start < ended:
                return start
        return None

    def loudest(self, began: float, ended: float) -> float:
        """The highest level between two moments."""
        return float(self._between(began, ended).max(initial=_SILENT_DB))

    def _between(self, began: float, ended: float) -> NDArray[np.float64]:
        return self.levels[max(0, round(began / STEP_S)) : max(0, round(ended / STEP_S))]
