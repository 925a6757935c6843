"""The sound of the turn that is being spoken, frame by frame."""

from __future__ import annotations

from collections import deque

import numpy as np

from oona.core.speech import FRAME, RATE, Samples
from oona.voice.framing import Frame


class FrameBuffer:
    """Frames of one stream, in its order, without a gap."""

    def __init__(self) -> None:
        self._frames: deque[Frame] = deque()

    def __len__(self) -> int:
        return len(self._frames)

    def add(self, frame: Frame) -> None:
        """Keep one more."""
        self._frames.append(frame)

    def forget(self, before: float) -> None:
        """Let go of what had ended by then."""
        while self._frames and self._frames[0].ended <= before:
            self._frames.popleft()

    def samples(self, began: float, ended: float = float("inf")) -> Samples:
        """The sound from `began` to `ended`, in seconds, as far as it is here."""
        if not self._frames:
            return np.zeros(0, np.float32)
        first = self._frames[0].began
        start = max(0, round((began - first) * RATE))
        stop = len(self._frames) * FRAME
        if ended < self._frames[-1].ended:
            stop = max(start, round((ended - first) * RATE))
        frames = [self._frames[i] for i in range(start // FRAME, -(-stop // FRAME))]
        if not frames:
            return np.zeros(0, np.float32)
        joined = np.concatenate([frame.samples for frame in frames])
        skipped = start // FRAME * FRAME
        return joined[start - skipped : stop - skipped]

    def clipped(self, began: float, ended: float) -> float:
        """The share of samples at full scale between `began` and `ended`."""
        shares = [f.clipped for f in self._frames if f.ended > began and f.began < ended]
        return sum(shares) / len(shares) if shares else 0.0
