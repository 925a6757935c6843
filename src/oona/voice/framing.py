"""Framing: whatever a file or a device gives, as mono frames of 32 ms at 16 kHz."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oona.core.errors import BadInput
from oona.core.speech import FRAME, FRAME_S, RATE, Samples
from oona.voice.resampling import Resampler

LOWEST_HZ, HIGHEST_HZ = 4_000, 384_000
MOST_CHANNELS = 32

_FULL_SCALE = 0.999
_OFFSET_S = 0.5
"""How fast the offset is followed: slower than any voice, faster than a microphone warms up."""


@dataclass(frozen=True, slots=True)
class Frame:
    """`samples`, shape (FRAME,) at RATE, from `began` on, in seconds of the stream.

    `clipped` is the share of them, from 0 to 1, that stood at full scale as they came in.
    """

    samples: Samples
    began: float
    clipped: float = 0.0

    @property
    def ended(self) -> float:
        """Where the next one begins."""
        return self.began + FRAME_S


class Framer:
    """Takes blocks of one stream and gives the frames that they complete.

    Channels are averaged, a constant offset is removed, what is no number counts as silence and
    what goes beyond full scale is cut there. Raises BadInput for a rate or a number of channels
    that no microphone has.
    """

    def __init__(self, rate: int, channels: int = 1) -> None:
        if not LOWEST_HZ <= rate <= HIGHEST_HZ:
            raise BadInput(
                f"A rate of {rate:,} Hz is none that I can hear.",
                f"I take anything from {LOWEST_HZ:,} to {HIGHEST_HZ:,} Hz.",
            )
        if not 1 <= channels <= MOST_CHANNELS:
            raise BadInput(f"Sound in {channels} channels is more than I can take in.")
        self._channels = channels
        self._resampler = Resampler(rate, RATE)
        self._clipping = _Clipping(rate)
        self._samples = np.zeros(0, np.float32)
        self._count = 0
        self._offset: float | None = None

    def feed(self, block: NDArray[np.floating]) -> list[Frame]:
        """The frames that `block`, of shape (n,) or (n, channels), completes."""
        values = np.nan_to_num(np.asarray(block, np.float32), posinf=1.0, neginf=-1.0)
        values = values.reshape(-1, self._channels)
        self._clipping.note(np.abs(values).max(axis=1, initial=0.0) >= _FULL_SCALE)
        mono = np.clip(values, -1.0, 1.0).mean(axis=1)
        return self._framed(self._resampler.feed(mono))

    def flush(self) -> list[Frame]:
        """The rest, when the stream has ended; silence fills its last frame."""
        frames = self._framed(self._resampler.flush())
        if missing := -len(self._samples) % FRAME:
            frames += self._framed(np.full(missing, self._offset or 0.0, np.float32))
        return frames

    def _framed(self, samples: Samples) -> list[Frame]:
        joined = np.concatenate([self._samples, samples])
        whole = len(joined) // FRAME
        self._samples = joined[whole * FRAME :]
        return [self._frame(part) for part in joined[: whole * FRAME].reshape(whole, FRAME)]

    def _frame(self, samples: Samples) -> Frame:
        """Frames are centred on a slowly moving mean, with no step from one to the next."""
        mean = float(samples.mean())
        before = mean if self._offset is None else self._offset
        after = before + (mean - before) * FRAME_S / _OFFSET_S
        self._offset = after
        slope = np.linspace(before, after, FRAME, endpoint=False, dtype=np.float32)
        began = self._count * FRAME_S
        self._count += 1
        return Frame(samples - slope, began, self._clipping.share(self._count * FRAME_S))


class _Clipping:
    """Counts clipped samples of the input by the frame that they fall into."""

    def __init__(self, rate: int) -> None:
        self._per_frame = rate * FRAME_S
        self._waiting = np.zeros(0, bool)
        self._taken = 0

    def note(self, clipped: NDArray[np.bool_]) -> None:
        self._waiting = np.concatenate([self._waiting, clipped])

    def share(self, until: float) -> float:
        """Of the samples before `until` seconds that no frame has counted yet."""
        end = round(until / FRAME_S * self._per_frame)
        counted, self._waiting = np.split(self._waiting, [end - self._taken])
        self._taken = end
        return float(counted.mean()) if len(counted) else 0.0
