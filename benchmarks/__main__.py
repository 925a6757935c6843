"""`python -m benchmarks [PART…] [--json FILE]`: measure, for people and as JSON.

The last line on standard output is one JSON object: the machine, then each part's figures.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import tempfile
from pathlib import Path

from benchmarks import machine
from benchmarks.figures import MODEL, Figure, Options, as_json, table
from oona.app.paths import models_dir
from oona.providers.weights import Weights

PARTS = ("journal", "forgetting", "turn", "start")
"""Each is a file of this folder with `run(options: Options) -> list[Figure]`."""

WITH_MODEL = {"turn", "start"}


def main(arguments: list[str]) -> int:
    """Run the parts that are named, or all; 0 also when a target was missed: it is no test."""
    options, names, out = _parsed(arguments)
    described = machine.describe(options.folder)
    print(machine.sentence(described))
    measured: dict[str, list[Figure]] = {}
    for name in names:
        print(f"\n{name}", flush=True)
        part = importlib.import_module(f"benchmarks.{name}")
        with tempfile.TemporaryDirectory(dir=options.folder, prefix="oona-bench-") as folder:
            measured[name] = part.run(options.within(Path(folder)))
        print(table(measured[name]), flush=True)
    result = {
        "machine": described | {"load_after": machine.load()},
        "parts": {name: as_json(figures) for name, figures in measured.items()},
    }
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print()
    print(json.dumps(result))
    return 0


def _parsed(arguments: list[str]) -> tuple[Options, list[str], Path | None]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of: {', '.join(PARTS)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here, too")
    parser.add_argument("--kills", type=int, default=1_000, help="kills, and power cuts")
    parser.add_argument("--events", type=int, default=100_000, help="size of the large journal")
    parser.add_argument("--seed", type=int, default=1, help="of texts and strikes")
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()), help="on the disk to measure"
    )
    given = parser.parse_args(arguments)
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    if not given.folder.is_dir():
        parser.error(f"there is no folder {given.folder}")
    names = given.parts or list(PARTS)
    if WITH_MODEL & set(names) and not Weights(models_dir()).installed(MODEL):
        parser.error(
            f"the model {MODEL} is missing; to add it: .venv/bin/oona models fetch {MODEL}; "
            'without it: make bench ARGS="journal"'
        )
    options = Options(given.folder, kills=given.kills, events=given.events, seed=given.seed)
    return options, names, given.json


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
