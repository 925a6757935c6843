"""What is said to Oona in a run: the same for the same seed, voices and sentences."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from benchmarks.voice import mixing
from benchmarks.voice.labels import Kind, Label
from benchmarks.voice.narrators import Narrator, People
from benchmarks.voice.player import Cue, Scene
from benchmarks.voice.sound import RATE, read_mono
from oona.core.speech import Samples

NOISE_DB = 10.0
PAUSES_S = (0.3, 1.5)

_A_SCENE = 20
"""Trials in one recording."""

_INTO_S = (1.5, 4.0)
_FROM_PEOPLE = 0.2
_TALKED_INTO = 3
"""Backchannels in one reply, so many seconds after each other."""

_APART_S = 4.5


@cache
def sentences() -> dict[str, list[str]]:
    """The texts, by kind."""
    text = files("benchmarks.voice").joinpath("sentences.toml").read_text(encoding="utf-8")
    found: dict[str, list[str]] = tomllib.loads(text)
    return found


@dataclass(frozen=True, slots=True)
class Room:
    """What lies between a mouth and the microphone: noise, a room response, or nothing."""

    name: str = ""
    noise: Samples | None = field(default=None, repr=False)
    response: Samples | None = field(default=None, repr=False)


def rooms(folder: Path | None) -> list[Room]:
    """Half of all scenes clean, a quarter with noise, a quarter in rooms, as far as there are any.

    In `folder`, what is called noise*.wav is noise, and rir*.wav the response of a room.
    """
    if folder is None:
        return [Room()]
    noises = [Room(file.stem, noise=read_mono(file)) for file in sorted(folder.glob("noise*.wav"))]
    halls = [
        Room(file.stem, response=mixing.response(read_mono(file)))
        for file in sorted(folder.glob("rir*.wav"))
    ]
    found = []
    for at in range(max(len(noises), len(halls), 1)):
        found += [Room(), *noises[at : at + 1], Room(), *halls[at : at + 1]]
    return found


class Corpus:
    """Makes scenes. `people` are sentences that were read by people, for some plain turns."""

    def __init__(
        self,
        narrator: Narrator,
        *,
        people: People | None = None,
        folder: Path | None = None,
        seed: int = 1,
    ) -> None:
        self._narrator = narrator
        self._people = people
        self._rooms = rooms(folder)
        self._seed = seed

    def scenes(self, kind: Kind, trials: int) -> Iterator[Scene]:
        """`trials` utterances of a kind, in scenes of a few minutes."""
        draw = random.Random(f"{self._seed} {kind}")
        for number, start in enumerate(range(0, trials, _A_SCENE)):
            room = self._rooms[number % len(self._rooms)]
            count = min(_A_SCENE, trials - start)
            bed = None
            if room.noise is not None:
                bed = mixing.noise_bed(room.noise, NOISE_DB, draw.randrange(len(room.noise)))
            cues = self._cues(kind, count, room, draw)
            yield Scene(f"{kind}-{number + 1:02}.wav", cues, bed)

    def _cues(self, kind: Kind, count: int, room: Room, draw: random.Random) -> list[Cue]:
        cues = []
        for number in range(count):
            into = draw.uniform(*_INTO_S)
            if kind is Kind.BACKCHANNEL:
                into += number % _TALKED_INTO * _APART_S
            if kind is Kind.INTERRUPTION or (
                kind is Kind.BACKCHANNEL and number % _TALKED_INTO == 0
            ):
                cues.append(self._cue(Kind.OPENING, room, draw))
            cues.append(self._cue(kind, room, draw, into))
        return cues

    def _cue(self, kind: Kind, room: Room, draw: random.Random, into_s: float = 0.0) -> Cue:
        narrator, text = self._narrator, draw.choice(sentences()[kind])
        if kind is Kind.PLAIN and self._people is not None and draw.random() < _FROM_PEOPLE:
            narrator, text = self._people, draw.choice(sorted(self._people.lines))
        voice = draw.choice(list(narrator.voices))
        parts = [mixing.trimmed(narrator.say(part.strip(), voice)) for part in text.split("|")]
        silences = [draw.uniform(*PAUSES_S) for _ in parts[1:]]
        sound, pauses = mixing.with_pauses(parts, silences)
        label = Label(
            file="",
            kind=kind,
            text=" ".join(text.replace("|", " ").split()),
            began=0.0,
            ended=len(sound) / RATE,
            pauses=pauses,
            source=f"{narrator.name} {voice}",
            noise_db=None if room.noise is None else NOISE_DB,
            room=room.name if room.response is not None else "",
        )
        if room.response is not None:
            sound = mixing.in_room(sound, room.response)
        return Cue(label, np.clip(sound, -1, 1), into_s)


def described(scenes: Sequence[Scene]) -> str:
    """How many utterances they hold, and how many seconds of them."""
    cues = [cue for scene in scenes for cue in scene.cues]
    seconds = sum(cue.label.ended for cue in cues)
    return f"{len(cues)} utterances, {seconds:.0f} s of speech, in {len(scenes)} recordings"
