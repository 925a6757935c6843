"""`python -m benchmarks.voice`: play conversations to Oona in real time; measure the recordings.

`--wav DIR --labels FILE` measures recordings that are there. The last line on standard output is
one JSON object: the machine, the figures, and how the harness proved itself on these recordings.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import numpy as np

from benchmarks import machine
from benchmarks.figures import Figure, as_json, note, quantile, table
from benchmarks.voice import labels as label_file
from benchmarks.voice import plots, session, sound
from benchmarks.voice.activity import FLOOR_DB
from benchmarks.voice.corpus import Corpus
from benchmarks.voice.device import Echo
from benchmarks.voice.labels import Kind, Label
from benchmarks.voice.measure import Listener, Measured, measure
from benchmarks.voice.narrators import Espeak, People
from benchmarks.voice.proof import Proof, prove
from benchmarks.voice.session import Played
from benchmarks.voice.summary import COMPUTED, PHRASED, figures
from oona.app.paths import models_dir
from oona.core.errors import ModelUnavailable, OonaError
from oona.core.speech import Samples

TRIALS = 200
SERVED = (sys.executable, "-m", "benchmarks.voice.served", "--partner")


def main(arguments: list[str]) -> int:
    """0 also when a target was missed; 1 when the harness could not prove itself."""
    given = _parsed(arguments)
    try:
        if given.wav is not None:
            return _measured(given, given.wav, label_file.read(given.labels), {})
        with tempfile.TemporaryDirectory(prefix="oona-voice-") as folder:
            return _played(given, Path(folder))
    except OonaError as fault:
        print(fault.message, fault.hint, sep="\n", file=sys.stderr)
        return 2


def _played(given: argparse.Namespace, scratch: Path) -> int:
    people = None if given.speech is None else People.find(given.speech)
    corpus = Corpus(Espeak.find(), people=people, folder=given.speech, seed=given.seed)
    command = shlex.split(given.command) if given.command else [*SERVED, given.partner]
    environ = {**os.environ, "OONA_HOME": str(scratch / "home"), "OONA_KEYS": str(scratch / "keys")}
    keep = given.keep or scratch / "recordings"
    done: list[Played] = []
    for kind in given.kinds:
        for scene in corpus.scenes(kind, given.trials):
            note(f"{scene.file}: {len(scene.cues)} utterances, in real time")
            echo = None if given.echo is None else Echo(_direct(), loss_db=given.echo)
            done.append(session.in_real_time(scene, command, environ, echo))
            session.write(keep, done)  # after each, so that a run that is stopped is no loss
    described = {
        "command": given.command or f"our pipeline, partner: {given.partner}",
        "seed": given.seed,
        "echo_loss_db": given.echo,
        "harness_late": session.lateness(done),
        "skipped": sum(one.skipped for one in done),
    }
    return _measured(given, keep, [label for one in done for label in one.labels], described)


def _direct() -> Samples:
    """A desk: no room worth the name."""
    return np.ones(1, np.float32)


def _measured(
    given: argparse.Namespace, folder: Path, labels: list[Label], described: dict[str, object]
) -> int:
    told_of = machine.describe(folder)
    targets = PHRASED if given.partner == "oona" else COMPUTED
    measured = measure(folder, labels, _listener(), given.floor)
    found = figures(measured, targets)
    proofs = _proved(folder, labels, given.floor)
    print(machine.sentence(told_of))
    print(table(found))
    print("\nThe harness on trial, with these recordings:")
    print(table([_as_figure(proof) for proof in proofs]))
    result = {
        "machine": told_of | {"load_after": machine.load()},
        "run": described,
        "figures": as_json(found),
        "told_split_p50_ms": _split(measured),
        "heard": _misheard(measured),
        "proof": [asdict(proof) for proof in proofs],
    }
    print()
    print(json.dumps(result), flush=True)
    if given.plots is not None:
        under = f"{told_of['cpu']}, {told_of['cores']} cores, load {told_of['load_before']}"
        for file in plots.draw(folder, given.plots, measured, targets, under):
            note(f"{file} is drawn")
    return 0 if all(proof.held for proof in proofs) else 1


def _listener() -> Listener | None:
    """Who writes down what Oona said; without the weights, her words are not measured."""
    from oona.app import speech

    try:
        transcriber = speech.ears(models_dir()).transcriber
    except ModelUnavailable as missing:
        note(f"words heard and kept are left out: {missing.message} {missing.hint}")
        return None
    return lambda samples: transcriber.transcribe(samples).text


def _proved(folder: Path, labels: Iterable[Label], floor: float) -> list[Proof]:
    """One proof of each kind, over all recordings: the worst found, and whether all held."""
    proofs: dict[str, Proof] = {}
    by_file: dict[str, list[Label]] = {}
    for label in labels:
        by_file.setdefault(label.file, []).append(label)
    for file, own in by_file.items():
        for proof in prove(sound.read(folder / file), own, floor):
            known = proofs.get(proof.what)
            proofs[proof.what] = proof if known is None else known.joined(proof)
    return list(proofs.values())


def _as_figure(proof: Proof) -> Figure:
    in_seconds = proof.expected not in (0.0, 1.0)
    scale, unit = (1000, "ms") if in_seconds else (100, "%")
    name = f"{proof.what} ({proof.places} places)"
    return Figure(name, scale * proof.found, unit, f"{scale * proof.expected:g}", proof.held)


def _split(measured: Measured) -> dict[str, float]:
    """What the delay was made of, as it was told: medians, each part's own."""
    names = dict.fromkeys(name for split in measured.splits for name in split)
    return {
        name: quantile([split[name] for split in measured.splits if name in split], 0.5)
        for name in names
    }


def _misheard(measured: Measured) -> list[dict[str, object]]:
    """What was understood wrongly, for reading."""
    return [
        {"said": one.label.text, "heard": one.text, "source": one.label.source}
        for one in measured.understood
        if one.errors.wrong
    ]


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.voice", description=__doc__)
    add = parser.add_argument
    add("--wav", type=Path, metavar="DIR", help="recordings: microphone left, speaker right")
    add("--labels", type=Path, metavar="FILE", help="what was said in them, as JSON lines")
    add("--kinds", type=_kinds, default=_kinds("plain,hesitating,interruption,backchannel"))
    add("--trials", type=int, default=TRIALS, help="utterances of each kind")
    add("--partner", choices=("oona", "script"), default="oona", help="who answers")
    add("--command", help="another process to measure, that speaks the protocol of line.py")
    add("--speech", type=Path, metavar="DIR", help="sentences, noise and rooms: see corpus.py")
    add("--echo", type=float, metavar="DB", help="the microphone hears the speaker, so much less")
    add("--seed", type=int, default=1, help="of texts, voices, pauses and places")
    add("--keep", type=Path, metavar="DIR", help="write recordings and labels here")
    add("--plots", type=Path, metavar="DIR", help="write the plots here")
    add(
        "--floor",
        type=float,
        default=FLOOR_DB,
        help="dB below full scale that part sound from none",
    )
    given = parser.parse_args(arguments)
    if (given.wav is None) != (given.labels is None):
        parser.error("--wav and --labels belong together")
    return given


def _kinds(text: str) -> list[Kind]:
    try:
        return [Kind(name) for name in text.split(",")]
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{fault}; there are: {', '.join(Kind)}") from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
