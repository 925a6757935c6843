"""`python -m benchmarks.scale [--sizes 1000,10000,…] [--json OUT]`: recall against size.

Makes up lives (`world.py`), with the vectors of `embedder.py`, and asks them. `--keep FOLDER` keeps
them there and takes those that stand there. The last line on standard output is one JSON object;
`python -m benchmarks.scale.plot OUT PICTURE` draws it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks import machine
from benchmarks.scale.lives import Told, durable_rate
from benchmarks.scale.sizes import reading, size, words
from benchmarks.scale.world import World


def main(arguments: list[str]) -> int:
    """Measure each size in a process of its own; 0 also when a figure is poor: it is no test."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000,1000000", help="in turns")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures here, too")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the lives here")
    given = parser.parse_args(arguments)
    # As in the owner; read when numpy is loaded in the process of a size.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    described = machine.describe(Path(tempfile.gettempdir()))
    print(machine.sentence(described))
    measured: dict[str, Told] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for turns in map(int, given.sizes.split(",")):
            spawn = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(1, spawn) as process:
                measured[str(turns)] = process.submit(size, folder, turns).result()
            print(f"\n{turns:,} turns", flush=True)
            for name, value in measured[str(turns)].items():
                print(f"  {name:<42} {value:>12,.{0 if value >= 100 else 2}f}")
        world = World(words())
        durable = durable_rate(Path(temporary) / "durable", world)
        read = reading(world)
    told = {
        "machine": described | {"load_after": machine.load()},
        "sizes": measured,
        "durable turns a second": durable,
        "turns read by MiniLM a second": read,
    }
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print()
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
