"""`python -m benchmarks.recall.plot OUT PICTURE.png`: recall@10 by method, of the first corpus.

OUT is what the benchmark wrote with `--json`; PICTURE is a PNG, with its SVG beside it, or an SVG.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.drawing import bars
from benchmarks.picture import save


def main(arguments: list[str]) -> int:
    """Draw."""
    told, picture = (Path(argument) for argument in arguments)
    corpora = json.loads(told.read_text(encoding="utf-8"))["corpora"]
    [(corpus, found), *_] = corpora.items()
    values = {name: figures["r@10"] for name, figures in found["methods"].items()}
    under = f"{corpus}: of 100 gold turns so many are among the first ten"
    save(bars("recall@10 by method", under, values), picture)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
