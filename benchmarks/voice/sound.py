"""Recordings with two sides: the microphone is the left channel, the speaker the right."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oona.core.errors import BadInput
from oona.core.speech import Samples
from oona.voice.resampling import Resampler
from oona.voice.wav import WavReader

RATE = 24_000
"""Hz, of the virtual device: that of the OpenAI Realtime protocol's pcm16, both ways."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Both sides of a conversation on one time line, at `rate` Hz, full scale ±1."""

    rate: int
    microphone: Samples
    speaker: Samples

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.microphone) / self.rate


def read(path: Path) -> Recording:
    """A stereo WAV file of any kind. Raises BadInput for anything else."""
    rate, sound = _read(path)
    if sound.shape[1] != 2:
        raise BadInput(
            f"{path} has not two channels but {sound.shape[1]}.",
            "The microphone is the left one, the speaker the right.",
        )
    return Recording(rate, sound[:, 0], sound[:, 1])


def read_mono(path: Path, rate: int = RATE) -> Samples:
    """A WAV file of any kind, its channels averaged, at `rate`. Raises BadInput."""
    own, sound = _read(path)
    return at_rate(sound.mean(axis=1, dtype=np.float32), own, rate)


def at_rate(samples: Samples, rate: int, target: int = RATE) -> Samples:
    """`samples` at another rate; what stood at some moment stands there still."""
    if rate == target:
        return samples
    resampler = Resampler(rate, target)
    found = np.concatenate([resampler.feed(samples), resampler.flush()])
    return found[: round(len(samples) * target / rate)]


def write(path: Path, recording: Recording) -> None:
    """Write both channels as 16 bits."""
    both = np.stack([recording.microphone, recording.speaker], axis=1)
    _write(path, both, recording.rate)


def write_mono(path: Path, samples: Samples, rate: int = RATE) -> None:
    """Write one channel as 16 bits."""
    _write(path, samples[:, None], rate)


def _read(path: Path) -> tuple[int, Samples]:
    try:
        with path.open("rb") as file:
            reader = WavReader(file, str(path))
            blocks = list(reader.blocks())
    except OSError as fault:
        raise BadInput(f"{path} cannot be opened: {fault.strerror}.") from None
    if not blocks:
        raise BadInput(f"{path} is empty.")
    return reader.format.rate, np.concatenate(blocks)


def _write(path: Path, sound: Samples, rate: int) -> None:
    with path.open("wb") as file, wave.open(file, "wb") as out:
        out.setnchannels(sound.shape[1])
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((np.clip(sound, -1, 1) * 32767).round().astype("<i2").tobytes())
