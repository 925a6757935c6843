"""A virtual sound device: a microphone and a speaker on one time line, recorded as they are.

Its clock is a count of blocks. A block of the microphone is given when its last sample has been
spoken, and what has come by then is what the speaker can play next: as with real devices.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Protocol

import numpy as np

from benchmarks.voice.line import Clear, Gain, Line, Play, Words
from benchmarks.voice.sound import RATE, Recording
from oona.core.speech import Samples

BLOCK = RATE // 100
"""Samples of a block, 10 ms."""

BLOCK_S = BLOCK / RATE


class Pace(Protocol):
    """What holds the device to some time."""

    def wait(self, moment: float) -> None:
        """Return `moment` seconds after the beginning."""
        ...


class RealTime:
    """The wall's. `late`: by how many seconds each block came too late, the harness's own error."""

    def __init__(self) -> None:
        self._began: float | None = None
        self.late: list[float] = []

    def wait(self, moment: float) -> None:
        if self._began is None:
            self._began = time.monotonic()
        until = self._began + moment
        if (left := until - time.monotonic()) > 0:
            time.sleep(left)
        self.late.append(max(0.0, time.monotonic() - until))


class Echo:
    """The way from the speaker back into the microphone: a delay, a loss, and a room.

    `response` is the room's impulse response at `RATE`, its direct sound first and 1; `loss_db` how
    much quieter the echo is than what was played.
    """

    def __init__(self, response: Samples, delay_s: float = 0.02, loss_db: float = 12.0) -> None:
        delayed = np.concatenate([np.zeros(round(delay_s * RATE), np.float32), response])
        self._taps = (delayed * 10 ** (-loss_db / 20)).astype(np.float32)
        self._history = np.zeros(len(self._taps) - 1 + BLOCK, np.float32)

    def of(self, block: Samples) -> Samples:
        """What the microphone hears of it while it is played."""
        self._history = np.concatenate([self._history[len(block) :], block])
        return np.convolve(self._history, self._taps, mode="valid")[-len(block) :].astype(
            np.float32
        )


class Device:
    """One conversation's sound device. `echo`: how the microphone hears the speaker, if it does."""

    def __init__(self, line: Line, echo: Echo | None = None) -> None:
        self._line = line
        self._echo = echo
        self._waiting: deque[Samples] = deque()
        self._gain = self._wanted = 1.0
        self._fading: Samples | None = None
        self._played = 0
        self._playing = np.zeros(BLOCK, np.float32)
        self._sides: tuple[list[Samples], list[Samples]] = ([], [])
        self.told: list[dict[str, object]] = []

    @property
    def seconds(self) -> float:
        """How long it has run."""
        return len(self._sides[0]) * BLOCK_S

    @property
    def playing(self) -> Samples:
        """What is being heard now."""
        return self._playing

    def step(self, microphone: Samples) -> None:
        """Let a block pass in which `microphone` was said; what has come is played next."""
        heard = microphone
        if self._echo is not None:
            heard = np.clip(microphone + self._echo.of(self._playing), -1, 1).astype(np.float32)
        self._sides[0].append(heard)
        self._sides[1].append(self._playing)
        self._line.send(heard, self._played)
        self.take()
        self._playing = self._next()

    def take(self) -> None:
        """Take in what has come over the line."""
        for item in self._line.received():
            match item:
                case Play():
                    self._waiting.append(item.samples)
                case Clear():
                    self._clear()
                case Gain():
                    self._wanted = item.level
                case Words():
                    self.told.append(dict(item.told))
                case _:
                    pass

    def recording(self) -> Recording:
        """Both sides so far."""
        empty = np.zeros(0, np.float32)
        microphone, speaker = (np.concatenate([empty, *side]) for side in self._sides)
        return Recording(RATE, microphone, speaker)

    def _clear(self) -> None:
        """Drop what waits, but for a block that fades: a cut would click."""
        if self._waiting:
            fading = self._block()[0] * np.linspace(self._gain, 0, BLOCK, dtype=np.float32)
            self._waiting.clear()
            self._fading = fading

    def _next(self) -> Samples:
        fading, self._fading = self._fading, None
        if fading is not None:
            self._gain = self._wanted
            return fading
        block, filled = self._block()
        self._played += filled
        ramp = np.linspace(self._gain, self._wanted, BLOCK, dtype=np.float32)
        self._gain = self._wanted
        return block * ramp

    def _block(self) -> tuple[Samples, int]:
        """A block of what waits, and how many samples of it were there."""
        block, filled = np.zeros(BLOCK, np.float32), 0
        while self._waiting and filled < BLOCK:
            piece = self._waiting.popleft()
            taken = piece[: BLOCK - filled]
            block[filled : filled + len(taken)] = taken
            filled += len(taken)
            if len(taken) < len(piece):
                self._waiting.appendleft(piece[len(taken) :])
        return block, filled
