"""One scene played to one line, written down: recording, labels, and what was told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import quantile
from benchmarks.voice import labels as label_file
from benchmarks.voice import sound, told
from benchmarks.voice.device import Device, Echo, Pace, RealTime
from benchmarks.voice.labels import Label
from benchmarks.voice.line import Line, ProcessLine
from benchmarks.voice.player import Scene, play
from benchmarks.voice.sound import Recording
from benchmarks.voice.told import Told

LABELS = "labels.jsonl"
_STARTING_S = 240.0


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a scene. `late` is by how many seconds each block came too late."""

    file: str
    recording: Recording
    labels: Sequence[Label]
    told: Sequence[Told]
    late: Sequence[float] = ()
    skipped: int = 0


def converse(scene: Scene, line: Line, pace: Pace, echo: Echo | None = None) -> Played:
    """Play a scene to a line that is ready."""
    device = Device(line, echo)
    player = play(scene, device, pace)
    device.take()
    words = [Told.of(scene.file, one) for one in device.told]
    late = tuple(pace.late) if isinstance(pace, RealTime) else ()
    return Played(scene.file, device.recording(), player.labels, words, late, player.skipped)


def in_real_time(
    scene: Scene,
    command: Sequence[str],
    environ: dict[str, str] | None = None,
    echo: Echo | None = None,
) -> Played:
    """Play a scene to a process that `command` starts. Raises LineBroken when that ends early."""
    line = ProcessLine(command, environ)
    try:
        line.wait_ready(_STARTING_S)
        return converse(scene, line, RealTime(), echo)
    finally:
        line.close()


def write(folder: Path, played: Iterable[Played]) -> None:
    """Write recordings, labels and what was told as `--wav FOLDER --labels FILE` reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    everything = list(played)
    for one in everything:
        sound.write(folder / one.file, one.recording)
    label_file.write(folder / LABELS, [label for one in everything for label in one.labels])
    told.write(folder, [words for one in everything for words in one.told])


def lateness(played: Iterable[Played]) -> dict[str, float]:
    """How well the harness itself kept time, in milliseconds: what it may have added."""
    late = [1000 * moment for one in played for moment in one.late] or [0.0]
    return {
        "p50_ms": round(quantile(late, 0.5), 2),
        "p99_ms": round(quantile(late, 0.99), 2),
        "worst_ms": round(quantile(late, 1.0), 2),
    }
