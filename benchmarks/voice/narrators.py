"""Voices that speak to Oona: never her own, or her ears would be tested on her mouth.

A narrator is whatever has a name, some voices, and says a text with one of them. Kokoro's voices,
through the catalogue, will be one more.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from benchmarks.voice.sound import at_rate, read_mono
from oona.core.errors import BadInput, ModelUnavailable
from oona.core.speech import Samples
from oona.voice.wav import WavReader

ESPEAK = "espeak-ng"


class Narrator(Protocol):
    """Somebody to speak. The same text with the same voice is the same sound."""

    @property
    def name(self) -> str:
        """As labels call it."""
        ...

    @property
    def voices(self) -> Sequence[str]:
        """What `say` can be asked for."""
        ...

    def say(self, text: str, voice: str) -> Samples:
        """`text` as sound at `benchmarks.voice.sound.RATE`, silence around it or not."""
        ...


@dataclass(frozen=True, slots=True)
class Espeak:
    """eSpeak NG, a synthesizer by rule. A voice is its language, variant, and words a minute."""

    program: str
    name: str = ESPEAK
    voices: Sequence[str] = ("en-us+m3 165", "en-gb+f2 155", "en-us+f4 180", "en-gb+m7 145")

    @classmethod
    def find(cls) -> Espeak:
        """Raises ModelUnavailable, with the way to get it, where it is not installed."""
        program = shutil.which(ESPEAK)
        if program is None:
            raise ModelUnavailable(
                f"Nobody is here to speak: {ESPEAK} is missing.",
                f"To add it, on Debian: apt install {ESPEAK}; on a Mac: brew install {ESPEAK}.",
            )
        return cls(program)

    def say(self, text: str, voice: str) -> Samples:
        name, _, pace = voice.partition(" ")
        words = [self.program, "-v", name, "-s", pace, "--stdin", "--stdout"]
        done = subprocess.run(words, input=text.encode(), capture_output=True, check=False)
        if done.returncode or not done.stdout:
            raise BadInput(f"{ESPEAK} did not speak: {done.stderr.decode(errors='replace')}.")
        reader = WavReader(io.BytesIO(done.stdout), ESPEAK)
        sound = np.concatenate(list(reader.blocks())).mean(axis=1, dtype=np.float32)
        return at_rate(sound, reader.format.rate)


@dataclass(frozen=True, slots=True)
class People:
    """Sentences that people have read, in a folder with `texts.json`: a text for each file.

    What they say is theirs to choose: `lines` is all there is, and every one has one voice.
    """

    folder: Path
    lines: dict[str, str] = field(default_factory=dict)
    name: str = "people"

    @classmethod
    def find(cls, folder: Path) -> People:
        """Raises BadInput where the folder holds none."""
        texts = folder / "texts.json"
        try:
            told = json.loads(texts.read_text(encoding="utf-8"))
        except (OSError, ValueError) as fault:
            raise BadInput(f"{texts} cannot be read: {fault}.") from None
        return cls(folder, {str(text): str(file) for file, text in told.items()})

    @property
    def voices(self) -> Sequence[str]:
        """Whoever read it."""
        return ("reader",)

    def say(self, text: str, voice: str) -> Samples:  # noqa: ARG002  # each has its own
        return read_mono(self.folder / self.lines[text])
