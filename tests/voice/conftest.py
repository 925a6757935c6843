"""Streams of whistled speech, and a clock that is a position in them."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import numpy as np

from oona.core.clock import VirtualClock
from oona.core.speech import RATE
from oona.testing.speech import whistle
from oona.voice.framing import Frame, Framer
from oona.voice.wav import WavReader


def scene(*parts: str | float, rate: int = RATE) -> np.ndarray:
    """Texts whistled, with seconds of silence between them."""
    sound = [
        whistle(part, rate) if isinstance(part, str) else np.zeros(round(part * rate), np.float32)
        for part in parts
    ]
    return np.concatenate(sound)


class Stream:
    """Plays a scene in virtual time: what is found out in threads is back before the next frame."""

    def __init__(self, sound: np.ndarray) -> None:
        framer = Framer(RATE)
        self._frames = framer.feed(sound) + framer.flush()
        self.clock = VirtualClock(datetime(2026, 3, 1, tzinfo=UTC))

    async def frames(self, busy: object = None) -> AsyncIterator[Frame]:
        """Each frame when it has ended; while `busy()`, the threads get their time."""
        for frame in self._frames:
            self.clock.advance(timedelta(seconds=frame.ended - self.clock.monotonic()))
            yield frame
            for _ in range(1_000):
                if not callable(busy) or not busy():
                    break
                await asyncio.sleep(0.001)


def wav_of(sound: np.ndarray, rate: int) -> WavReader:
    """A WAV file in memory, 16 bits."""
    import wave

    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((sound * 32767).astype("<i2").tobytes())
    data.seek(0)
    return WavReader(data, "x.wav")
