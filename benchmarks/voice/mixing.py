"""Sound as rooms and streets make it: levels, silences, noise, echoes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.voice.activity import STEP_S, Activity
from benchmarks.voice.sound import RATE
from oona.core.speech import Samples

SPEECH_DB = -26.0
"""Of speech, below full scale, its silences left out: what ITU-T P.56 calls the active level."""

_AUDIBLE_DB = 40.0
"""Below the loudest place; what is quieter at either end is breath and the tail of a filter."""


def active_db(samples: Samples, rate: int = RATE) -> float:
    """The level of where there is sound, in dB below full scale."""
    levels = Activity.of(samples, rate).levels
    loud = levels[levels > levels.max(initial=-120.0) - _AUDIBLE_DB]
    return float(10 * np.log10(np.mean(10 ** (loud / 10)))) if len(loud) else -120.0


def trimmed(samples: Samples) -> Samples:
    """From the first audible moment to the last, at the usual level."""
    levels = Activity.of(samples, RATE).levels
    runs = Activity(levels, float(levels.max(initial=-120.0)) - _AUDIBLE_DB).runs()
    if not runs:
        return samples[:0]
    start, stop = round(runs[0][0] * RATE), round(runs[-1][1] * RATE)
    return at_level(samples[start:stop], SPEECH_DB)


def at_level(samples: Samples, level: float) -> Samples:
    """The same, as loud as `level`."""
    gain = np.float32(10 ** ((level - active_db(samples)) / 20))
    return (samples * gain).astype(np.float32)


def with_pauses(
    parts: Sequence[Samples], pauses: Sequence[float]
) -> tuple[Samples, tuple[tuple[float, float], ...]]:
    """Parts with silences of so many seconds between, and where those stand."""
    joined, places, at = [parts[0]], [], len(parts[0]) / RATE
    for part, pause in zip(parts[1:], pauses, strict=True):
        silence = np.zeros(round(pause / STEP_S) * round(STEP_S * RATE), np.float32)
        places.append((at, at + len(silence) / RATE))
        joined += [silence, part]
        at = places[-1][1] + len(part) / RATE
    return np.concatenate(joined), tuple(places)


def noise_bed(noise: Samples, snr_db: float, start: int) -> Samples:
    """`noise` from its sample `start` on, so much quieter than speech is at its usual level."""
    level = 10 * np.log10(max(float(np.mean(np.square(noise))), 1e-12))
    gain = np.float32(10 ** ((SPEECH_DB - snr_db - level) / 20))
    return (np.roll(noise, -start) * gain).astype(np.float32)


def response(recorded: Samples) -> Samples:
    """A room's response from its direct sound on, which is 1: sound is heard when it was made."""
    start = int(np.abs(recorded).argmax())
    return np.asarray((recorded[start:] / recorded[start]).astype(np.float32))


def in_room(samples: Samples, response: Samples) -> Samples:
    """As it sounds there, at the level it had; the room rings on after its end."""
    size = len(samples) + len(response) - 1
    length = 1 << (size - 1).bit_length()
    spectrum = np.fft.rfft(samples, length) * np.fft.rfft(response, length)
    found = np.fft.irfft(spectrum, length)[:size].astype(np.float32)
    return at_level(found, active_db(samples))
