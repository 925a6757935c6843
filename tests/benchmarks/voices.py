"""Made recordings: sound that rises and falls like speech, placed to the sample."""

from __future__ import annotations

import numpy as np

from benchmarks.voice.labels import Kind, Label
from benchmarks.voice.sound import RATE, Recording
from oona.core.speech import Samples

FILE = "made.wav"


def speech(seconds: float, loud: float = 0.2, seed: int = 1) -> Samples:
    """Noise in syllables, four a second, from the first sample to the last."""
    moments = np.arange(round(seconds * RATE)) / RATE
    noise = np.random.default_rng(seed).standard_normal(len(moments))
    return (loud * noise * (0.05 + np.abs(np.sin(4 * np.pi * moments + 0.4)))).astype(np.float32)


def placed(seconds: float, *pieces: tuple[float, Samples]) -> Samples:
    """A channel of `seconds` with `pieces` at their moments."""
    channel = np.zeros(round(seconds * RATE), np.float32)
    for moment, samples in pieces:
        start = round(moment * RATE)
        channel[start : start + len(samples)] += samples[: len(channel) - start]
    return channel


def recording(seconds: float, *spoken: tuple[float, Samples]) -> Recording:
    """A recording with `spoken` in its speaker."""
    return Recording(RATE, placed(seconds), placed(seconds, *spoken))


def label(began: float, ended: float, kind: Kind = Kind.PLAIN, text: str = "") -> Label:
    """Somebody speaks."""
    return Label(FILE, kind, text, began, ended)
