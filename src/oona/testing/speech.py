"""Loop-back ears and mouth: a voice that whistles each letter, and ears that read the whistling.

They stand in for the models of speech, so that whole conversations run through real sound, in no
time, with every word checked.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from oona.core.speech import RATE, Samples, Transcript

_LETTERS = " abcdefghijklmnopqrstuvwxyz0123456789.,?!'-"
_LETTER_S, _GAP_S = 0.04, 0.01
_LOWEST_HZ, _STEP_HZ = 400.0, 70.0
_LOUD = 0.05
_TAPER_S = 0.004


def whistle(text: str, rate: int = RATE) -> Samples:
    """`text` as sound at `rate` Hz, 40 ms a letter; what is no letter of it sounds like a space."""
    moments = np.arange(round(_LETTER_S * rate)) / rate
    end = _LETTER_S - _GAP_S
    envelope = np.clip(np.minimum(moments, end - moments) / _TAPER_S, 0, 1)
    letters = [max(0, _LETTERS.find(letter)) for letter in text.lower()]
    sound = [
        0.3 * envelope * np.sin(2 * np.pi * (_LOWEST_HZ + _STEP_HZ * n) * moments) for n in letters
    ]
    return np.concatenate([np.zeros(0), *sound]).astype(np.float32)


def read_whistle(samples: Samples) -> str:
    """The text that was whistled in `samples` at `RATE`, silence left out."""
    length, text, at = round((_LETTER_S - _GAP_S) * RATE), "", 0
    loud = np.abs(samples) > _LOUD
    while at < len(samples) and loud[at:].any():
        at += int(loud[at:].argmax())
        middle = samples[at + length // 8 : at + 7 * length // 8]
        if len(middle) < length // 2:
            break
        spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 4096))
        hertz = float(spectrum.argmax()) * RATE / 4096
        place = round((hertz - _LOWEST_HZ) / _STEP_HZ)
        text += _LETTERS[min(max(place, 0), len(_LETTERS) - 1)]
        at += length  # into the gap
    return text


class Loudness:
    """A VoiceActivity: whatever is loud is speech."""

    def probability(self, frame: Samples) -> float:
        return 1.0 if float(np.sqrt(np.square(frame).mean())) > _LOUD else 0.0

    def reset(self) -> None:
        """There is nothing to forget."""


class Punctuation:
    """A TurnEnd: whistled text is finished with its full stop. `asked` counts the questions."""

    def __init__(self) -> None:
        self.asked = 0

    def probability(self, samples: Samples) -> float:
        self.asked += 1
        return 0.98 if read_whistle(samples).endswith((".", "?", "!")) else 0.02


class WhistleReader:
    """A Transcriber of whistled text. `read` lists all that it was given, dropped or not."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def transcribe(self, samples: Samples, stop: Callable[[], bool] = lambda: False) -> Transcript:
        text = read_whistle(samples).strip()
        self.read.append(text)
        return Transcript(text, 1.0 if text else 0.0, whole=not stop())


class Whistler:
    """A Synthesizer, at 24 kHz. `said` lists all that it was given."""

    name = "whistler"
    rate = 24_000

    def __init__(self) -> None:
        self.said: list[str] = []

    def synthesize(self, text: str, pace: float = 1.0) -> Samples:  # noqa: ARG002
        self.said.append(text)
        return whistle(text, self.rate)
