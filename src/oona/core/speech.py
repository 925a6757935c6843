"""The Protocols of speech: what hears, what tells that somebody has finished, and what speaks.

What comes in is always mono float32 at `RATE`, full scale ±1. What goes out is mono float32 at the
rate of the voice that made it. All of them compute: whoever must not wait runs them in a thread,
one thread each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

RATE = 16_000
"""Hz, of all that is heard."""

FRAME = 512
"""Samples that are looked at together: 32 ms at `RATE`."""

FRAME_S = FRAME / RATE


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said, in writing.

    `confidence` is the mean probability of its tokens, from 0 to 1; it is 0 where nothing was
    recognised. `whole` is False when the transcriber was told to stop before the end.
    """

    text: str
    confidence: float = 0.0
    whole: bool = True


class VoiceActivity(Protocol):
    """Tells speech from everything else, frame by frame. Keeps a state: one for each stream."""

    def probability(self, frame: Samples) -> float:
        """How likely it is that `frame`, shape (FRAME,) at `RATE`, holds speech: 0 to 1."""
        ...

    def reset(self) -> None:
        """Begin a new stream."""
        ...


class TurnEnd(Protocol):
    """Tells a finished turn from a pause, by how the last words sound. Keeps no state."""

    def probability(self, samples: Samples) -> float:
        """How likely it is that whoever spoke in `samples` has finished: 0 to 1.

        Shape (n,) at `RATE`; it ends with the pause in question. Of long ones the end counts.
        """
        ...


class Transcriber(Protocol):
    """Writes down what is said. Keeps no state."""

    def transcribe(self, samples: Samples, stop: Callable[[], bool] = ...) -> Transcript:
        """The words of one utterance, shape (n,) at `RATE`.

        `stop` is asked again and again meanwhile, and ends the work when it says so.
        """
        ...


class Synthesizer(Protocol):
    """Speaks. Keeps no state between utterances."""

    name: str
    """The voice's, as settings and people call it."""

    rate: int
    """Hz, of what it gives."""

    def synthesize(self, text: str, pace: float = 1.0) -> Samples:
        """`text`, in words (see `oona.voice.spoken`), as sound: shape (n,) at `rate`.

        `pace` 1 is the voice's own; 0.5 is half as fast, 2 twice. Nothing to say is no sound.
        """
        ...
