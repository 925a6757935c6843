"""The plots of a run: how delays are spread, and one exchange as it sounded."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.drawing import Row, shares, timeline
from benchmarks.figures import quantile
from benchmarks.picture import save
from benchmarks.voice import sound
from benchmarks.voice.activity import Activity
from benchmarks.voice.labels import AWAITING
from benchmarks.voice.measure import Measured
from benchmarks.voice.summary import Targets
from benchmarks.voice.turns import Turn
from oona.core.speech import Samples

_STEPS = 600
_AROUND_S = 0.6
_MOST_S = 9.0
_MOST_WORDS = 80


def latency(measured: Measured, targets: Targets, under: str) -> str:
    """The share of replies that had begun after so many milliseconds, by kind."""
    delays = {
        str(kind): [
            1000 * one.delay
            for one in measured.turns
            if one.label.kind is kind and one.delay is not None
        ]
        for kind in AWAITING
    }
    drawn = {f"{name} ({len(values)})": values for name, values in delays.items() if values}
    title = "From the end of speech to the first sound"
    return shares(title, under, drawn, (targets.p50, targets.p95))


def exchange(folder: Path, turn: Turn, kept: str) -> str:
    """One turn and the beginning of its reply, both sides of the recording."""
    recording = sound.read(folder / turn.label.file)
    began = max(0.0, turn.label.began - _AROUND_S)
    sounded = turn.sounded or turn.label.ended
    ended = min(recording.seconds, began + _MOST_S, sounded + 4.0)
    rows = [
        Row(
            "Person", _loudness(recording.microphone, recording.rate, began, ended), turn.label.text
        ),
        Row("Oona", _loudness(recording.speaker, recording.rate, began, ended), _shortened(kept)),
    ]
    under = f"{turn.label.file}, from {began:.1f} s on; measured from the recording alone"
    gap = (turn.label.ended, sounded)
    return timeline("One exchange", under, (began, ended), rows, gap)


def typical(turns: Sequence[Turn]) -> Turn | None:
    """The answered turn whose delay is the median's."""
    answered = {one.delay: one for one in turns if one.delay is not None}
    return answered[quantile(list(answered), 0.5)] if answered else None


def draw(folder: Path, into: Path, measured: Measured, targets: Targets, under: str) -> list[Path]:
    """Write both as PNG and SVG; nothing where nobody answered."""
    turn = typical(measured.turns)
    if turn is None:
        return []
    replies = [one for one in measured.said if one.file == turn.label.file]
    sounded = turn.sounded or 0.0
    kept = min(replies, key=lambda one: abs(one.began - sounded)).kept if replies else ""
    drawings = {
        into / "voice-latency.png": latency(measured, targets, under),
        into / "voice-exchange.png": exchange(folder, turn, kept),
    }
    for picture, drawing in drawings.items():  # both, before the tool for PNGs may be missing
        save(drawing, picture.with_suffix(".svg"))
    for picture, drawing in drawings.items():
        save(drawing, picture)
    return list(drawings)


def _loudness(samples: Samples, rate: int, began: float, ended: float) -> list[float]:
    part = samples[round(began * rate) : round(ended * rate)]
    levels = Activity.of(part, rate).levels
    places = np.linspace(0, len(levels), _STEPS + 1).astype(int)
    loud = [levels[a : max(b, a + 1)].max(initial=-120.0) for a, b in pairwise(places)]
    return [float(np.clip((level + 55) / 45, 0, 1)) for level in loud]


def _shortened(text: str) -> str:
    return text if len(text) <= _MOST_WORDS else f"{text[:_MOST_WORDS].rsplit(' ', 1)[0]} …"
