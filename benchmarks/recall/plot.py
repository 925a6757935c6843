"""`python -m benchmarks.recall.plot OUT PICTURE.svg`: recall@10 by method, of the first corpus."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.drawing import bars


def main(arguments: list[str]) -> int:
    """Draw."""
    told, picture = (Path(argument) for argument in arguments)
    corpora = json.loads(told.read_text(encoding="utf-8"))["corpora"]
    [(corpus, found), *_] = corpora.items()
    values = {name: figures["r@10"] for name, figures in found["methods"].items()}
    picture.parent.mkdir(parents=True, exist_ok=True)
    under = f"{corpus}: of 100 gold turns so many are among the first ten"
    picture.write_text(bars("recall@10 by method", under, values), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
