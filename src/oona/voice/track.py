"""What was spoken, placed where it was spoken."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from oona.core.speech import Samples

_BLOCK_S = 10.0


class Track:
    """A mouth that writes: sound at `rate` Hz along the time line of a stream."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._pieces: list[tuple[int, Samples]] = []
        self._ended = 0

    def play(self, samples: Samples, now: float) -> tuple[float, float]:
        """Have `samples` heard from `now` on, or once what was there before has been.

        In seconds of the stream; gives when it begins and ends.
        """
        start = max(self._ended, round(now * self.rate))
        self._pieces.append((start, samples))
        self._ended = start + len(samples)
        return start / self.rate, self._ended / self.rate

    def blocks(self, until: float = 0.0) -> Iterator[Samples]:
        """All of it from the stream's beginning, with silence between, at least up to `until`."""
        at = 0
        for start, samples in self._pieces:
            yield from self._silence(start - at)
            yield samples
            at = start + len(samples)
        yield from self._silence(round(until * self.rate) - at)

    def _silence(self, samples: int) -> Iterator[Samples]:
        most = round(_BLOCK_S * self.rate)
        for start in range(0, samples, most):
            yield np.zeros(min(most, samples - start), np.float32)
