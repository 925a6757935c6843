"""Changing the rate of a stream: polyphase filtering with a windowed sinc (Smith, 2002).

The Kaiser window holds what would alias some 80 dB down. Nothing is delayed: sample n of the output
stands where the input was at n / rate.
"""

from __future__ import annotations

from math import ceil, gcd

import numpy as np

from oona.core.speech import Samples

_ZERO_CROSSINGS = 16
_BETA = 8.0
_PASS = 0.94
"""Of the narrower band: the filter needs some room to fall."""


class Resampler:
    """From `rate` to `target` Hz, block by block."""

    def __init__(self, rate: int, target: int) -> None:
        common = gcd(rate, target)
        self._up, self._down = target // common, rate // common
        self._half = ceil(_ZERO_CROSSINGS * max(1.0, self._down / self._up))
        self._filters = self._designed()
        self._held = np.zeros(self._half, np.float32)
        self._next = 0  # the next output sample, counted modulo self._up from the held input
        self._same = rate == target

    def feed(self, block: Samples) -> Samples:
        """What `block`, shape (n,), completes."""
        if self._same:
            return block
        held = np.concatenate([self._held, block])
        last = len(held) - self._half  # an output at input `i` needs held[i - half + 1 : i + half]
        count = max(0, ceil(((last - self._half) * self._up - self._next) / self._down))
        places = self._next + np.arange(count) * self._down
        at = self._half + places // self._up
        reach = np.arange(-self._half + 1, self._half + 1)
        phases = places % self._up
        found = np.einsum("nt,nt->n", held[at[:, None] + reach], self._filters[phases])
        beyond = self._next + count * self._down
        kept = beyond // self._up
        self._next = beyond - kept * self._up
        self._held = held[kept:]
        return np.asarray(found, np.float32)

    def flush(self) -> Samples:
        """What is left when the stream has ended."""
        return self.feed(np.zeros(self._half, np.float32)) if not self._same else _NOTHING

    def _designed(self) -> Samples:
        """One row for each phase between two input samples."""
        cutoff = _PASS * min(1.0, self._up / self._down)
        taps = np.arange(-self._half + 1, self._half + 1)
        phases = np.arange(self._up)[:, None] / self._up
        offset = taps[None, :] - phases
        inside = np.sqrt(np.maximum(0, 1 - (offset / self._half) ** 2))
        window = np.i0(_BETA * inside) / np.i0(_BETA)
        rows = np.sinc(cutoff * offset) * window
        return np.asarray(rows / rows.sum(axis=1, keepdims=True), np.float32)


_NOTHING = np.zeros(0, np.float32)
