"""What was spoken, placed where it was spoken."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from oona.core.speech import Samples

_BLOCK_S = 10.0
_RAMP_S = 0.02
"""From one volume to another."""

_FADE_S = 0.01


class Track:
    """A mouth that writes: sound at `rate` Hz along the time line of a stream. A Speaker."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._pieces: list[tuple[int, Samples]] = []
        self._ended = 0
        self._heard, self._current = 0, 0
        self._tails: dict[int, Samples] = {}
        self._gains: list[tuple[int, float]] = [(0, 1.0)]

    def play(self, samples: Samples, now: float) -> tuple[float, float]:
        """Have `samples` heard from `now` on, or once what was there before has been.

        In seconds of the stream; gives when it begins and ends.
        """
        start = max(self._ended, round(now * self.rate))
        self._pieces.append((start, samples))
        self._ended = start + len(samples)
        return start / self.rate, self._ended / self.rate

    def position(self, now: float) -> int:
        """How many samples have been heard by `now`, which does not go back."""
        at = round(now * self.rate)
        while self._current < len(self._pieces):
            start, samples = self._pieces[self._current]
            if at < start + len(samples):
                return self._heard + max(0, at - start)
            self._heard += len(samples)
            self._current += 1
        return self._heard

    def duck(self, gain: float, now: float) -> None:
        at = max(round(now * self.rate), self._gains[-1][0])
        self._gains += [(at, self._gains[-1][1]), (at + round(_RAMP_S * self.rate), gain)]

    def stop(self, now: float) -> None:
        self.position(now)
        at, fade = round(now * self.rate), round(_FADE_S * self.rate)
        dropped, self._pieces = self._pieces[self._current :], self._pieces[: self._current]
        self._ended = min(self._ended, at)
        if dropped and dropped[0][0] < at:
            start, samples = dropped[0]
            tail = samples[at - start :][:fade]
            self._pieces.append((start, samples[: at - start]))
            self._tails[start] = tail * np.linspace(1, 0, len(tail), dtype=np.float32)
            self._ended = at + len(tail)
        if self._gains[-1][1] != 1.0:
            self.duck(1.0, self._ended / self.rate)

    def blocks(self, until: float = 0.0) -> Iterator[Samples]:
        """All of it from the stream's beginning, with silence between, at least up to `until`."""
        at = 0
        for start, samples in self._pieces:
            yield from self._silence(start - at)
            whole = np.concatenate([samples, self._tails.get(start, samples[:0])])
            yield (whole * self._volume(start, len(whole))).astype(np.float32)
            at = start + len(whole)
        yield from self._silence(round(until * self.rate) - at)

    def _volume(self, start: int, samples: int) -> NDArray[np.float64]:
        moments, gains = zip(*self._gains, strict=True)
        volume: NDArray[np.float64] = np.interp(np.arange(start, start + samples), moments, gains)
        return volume

    def _silence(self, samples: int) -> Iterator[Samples]:
        most = round(_BLOCK_S * self.rate)
        for start in range(0, samples, most):
            yield np.zeros(min(most, samples - start), np.float32)
