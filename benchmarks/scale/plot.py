"""`python -m benchmarks.scale.plot OUT PICTURE.png`: latency against size, from a benchmark's JSON.

PICTURE is a PNG, with its SVG beside it, or an SVG. What is drawn is the time of one core: a clock
also counts what else a shared machine was doing.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.drawing import Line, lines
from benchmarks.picture import save

_DRAWN = (
    ("words and meaning, p50", "meaning: p50, of a core", False),
    ("words and meaning, p95", "meaning: p95, of a core", True),
    ("words alone, p50", "words: p50, of a core", False),
    ("words alone, p95", "words: p95, of a core", True),
)


def main(arguments: list[str]) -> int:
    """Draw."""
    if len(arguments) != 2:
        print("Two files are wanted: the figures (JSON), and the picture (PNG or SVG).")
        return 2
    told, picture = (Path(argument) for argument in arguments)
    measured = json.loads(told.read_text(encoding="utf-8"))
    sizes = measured["sizes"]
    machine = measured["machine"]
    drawn = [
        Line(name, {float(size): found[key] for size, found in sizes.items()}, dashed)
        for name, key, dashed in _DRAWN
    ]
    under = f"{machine['cpu']}, {machine['cores']} shared cores; the question's embedding aside"
    axes = ("turns in a life", "ms of a core")
    save(lines("What a question takes", under, axes, drawn), picture)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
