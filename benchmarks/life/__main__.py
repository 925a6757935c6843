"""Live some years, print what came of them, and one line of JSON."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.life.asking import ask_everything
from benchmarks.life.count import figures, table, total
from benchmarks.life.year import lived


def main(arguments: list[str]) -> int:
    """Measure as `arguments` say; gives the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.life", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the first life")
    parser.add_argument("--lives", type=int, default=10, help="how many")
    parser.add_argument("--days", type=int, default=365, help="of each")
    parser.add_argument(
        "--other", default="held_out", choices=["held_out", "otherwise"], help="the other wordings"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here, too")
    given = parser.parse_args(arguments)
    counts = []
    with tempfile.TemporaryDirectory(prefix="oona-life-") as folder:
        for seed in range(given.seed, given.seed + given.lives):
            year = lived(Path(folder), seed, given.days, given.other)
            counts.append(ask_everything(year))
            year.journal.close()
            print(f"  (life {seed} is over)", file=sys.stderr, flush=True)
    print(table(total(counts)))
    result = {
        "lives": given.lives, "days": given.days, "seed": given.seed, "other": given.other,
        **figures(counts),
    }  # fmt: skip
    for name, value in result.items():
        if isinstance(value, dict) and "percent" in value:
            spread = f"{value['low']} to {value['high']}"
            print(f"  {name:<27} {value['percent']:>6} % of {value['of']} ({spread})")
    if given.json:
        given.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
