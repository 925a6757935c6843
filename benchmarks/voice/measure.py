"""Everything that is measured on a folder of recordings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.voice import sound, told, words
from benchmarks.voice.activity import FLOOR_DB, Activity
from benchmarks.voice.interruptions import Interruption, interruption, stop_silence
from benchmarks.voice.labels import AWAITING, Label
from benchmarks.voice.sound import Recording
from benchmarks.voice.told import KEPT, Told
from benchmarks.voice.turns import Turn, turn
from oona.core.errors import BadInput
from oona.core.speech import RATE, Samples

Listener = Callable[[Samples], str]
"""Writes down what is said in mono sound at `oona.core.speech.RATE`."""

_UNASKED_GAP_S = 1.0
_PIECE_GAP_S = 0.3
_LONGEST_PIECE_S = 12.0
_ROUND_S = 0.15
"""Of silence left around a piece that is written down."""


@dataclass(frozen=True, slots=True)
class Understood:
    """How one utterance was written down."""

    label: Label
    errors: words.Errors
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A reply: what could be heard of it, and what was kept; `beyond` by how many words more.

    It began at about `began`, in seconds of `file`.
    """

    file: str
    began: float
    heard: str
    kept: str
    beyond: int


@dataclass
class Measured:
    """What was found in a folder's recordings. `unasked`: how often it spoke to nobody."""

    turns: list[Turn] = field(default_factory=list)
    interruptions: list[Interruption] = field(default_factory=list)
    understood: list[Understood] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    splits: list[Mapping[str, int]] = field(default_factory=list)
    unasked: int = 0
    seconds: float = 0.0


def measure(
    folder: Path, labels: Sequence[Label], listener: Listener | None = None, floor: float = FLOOR_DB
) -> Measured:
    """Measure the recordings that `labels` name; what was said is read with `listener`, if any.

    Raises BadInput for a recording that is missing or has no two sides.
    """
    by_file: dict[str, list[Label]] = defaultdict(list)
    for label in labels:
        by_file[label.file].append(label)
    if not by_file:
        raise BadInput("There is not a single label.")
    all_told = told.read(folder)
    measured = Measured()
    for file, own in by_file.items():
        recording = sound.read(folder / file)
        own.sort(key=lambda label: label.began)
        speaker = Activity.of(recording.speaker, recording.rate, floor)
        _timing(measured, own, speaker, recording.seconds)
        here = [one for one in all_told if one.file == file]
        measured.splits += [one.split for one in here if one.split]
        if here:
            texts = told.understood(own, here)
            measured.understood += [
                Understood(label, words.errors(label.text, text), text)
                for label, text in zip(own, texts, strict=True)
                if label.kind in AWAITING
            ]
        if listener is not None:
            measured.said += _said(recording, speaker, here, listener)
    return measured


def timing(recording: Recording, labels: Sequence[Label], floor: float = FLOOR_DB) -> Measured:
    """Of one recording, what needs no words."""
    measured = Measured()
    speaker = Activity.of(recording.speaker, recording.rate, floor)
    _timing(measured, sorted(labels, key=lambda label: label.began), speaker, recording.seconds)
    return measured


def _timing(measured: Measured, labels: Sequence[Label], speaker: Activity, seconds: float) -> None:
    awaiting = [label for label in labels if label.kind in AWAITING]
    silence = stop_silence(labels, speaker)
    for label in labels:
        if label.kind in AWAITING:
            # What falls into the reply comes after its beginning: only turns end the waiting.
            later = [other.began for other in awaiting if other.began > label.began]
            measured.turns.append(turn(label, speaker, min(later, default=seconds)))
        else:
            measured.interruptions.append(interruption(label, speaker, silence))
    measured.unasked += _unasked(labels, speaker)
    measured.seconds += seconds


def _unasked(labels: Sequence[Label], speaker: Activity) -> int:
    """How often it spoke after a second of silence, with nobody having spoken meanwhile.

    It answers itself, or a fan; or there are such holes in its replies.
    """
    count, last = 0, -1.0
    for began, _ in speaker.runs(_UNASKED_GAP_S):
        asked = any(last < label.ended and label.began < began for label in labels)
        count += not asked
        last = began
    return count


def _said(
    recording: Recording, speaker: Activity, here: Sequence[Told], listener: Listener
) -> list[Said]:
    found = []
    for one in here:
        if one.kind != KEPT:
            continue
        pieces = _pieces(speaker, one.began, one.ended)
        heard = " ".join(listener(_cut(recording, a, b)) for a, b in pieces)
        found.append(Said(one.file, one.began, heard, one.text, words.beyond(heard, one.text)))
    return found


def _pieces(speaker: Activity, began: float, ended: float) -> list[tuple[float, float]]:
    """A reply in pieces that a transcriber takes, parted in pauses."""
    pieces: list[tuple[float, float]] = []
    for a, b in speaker.runs(_PIECE_GAP_S):
        if (a + b) / 2 < began or (a + b) / 2 > ended:
            continue  # of another reply
        if pieces and b - pieces[-1][0] <= _LONGEST_PIECE_S:
            pieces[-1] = (pieces[-1][0], b)
        else:
            pieces.append((a, b))
    return pieces


def _cut(recording: Recording, began: float, ended: float) -> Samples:
    start = max(0, round((began - _ROUND_S) * recording.rate))
    stop = round((ended + _ROUND_S) * recording.rate)
    return sound.at_rate(recording.speaker[start:stop], recording.rate, RATE)
