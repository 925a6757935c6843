"""docs/reality.md: the film's operating system and ours, row by row, with the last run's figures.

The rows are data (`reality.toml`). Two things keep them honest: a row that speaks of a room of the
package says "not yet" while that room does not exist, and a figure that was not taken is written
as "not measured".
"""

from __future__ import annotations

import importlib.util
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from benchmarks.machine import sentence
from evaluation.summary import in_words
from oona.core.errors import NotFound

ROOT = Path(__file__).resolve().parent.parent
ROWS = Path(__file__).parent / "reality.toml"
PAGE = ROOT / "docs" / "reality.md"
KEPT = ROOT / "docs" / "eval"
NOT_MEASURED = "not measured"

_FIGURE = re.compile(r"\{([a-z0-9_.]+)\}")


def latest(*folders: Path) -> Path:
    """The folder of the newest run with figures for the cases. Raises NotFound."""
    runs = []
    for folder in folders or (Path(__file__).parent / "out", KEPT):
        for file in folder.glob("*/summary.json"):
            summary = json.loads(file.read_text(encoding="utf-8"))
            if "cases" in summary:
                runs.append((str(summary["at"]), file.parent))
    if not runs:
        raise NotFound("No run has been kept yet.", "`make eval` makes one.")
    return max(runs)[1]


def write(run: Path, page: Path = PAGE) -> dict[str, object]:
    """Write the page from the figures in `run`; gives how many rows have theirs.

    Raises NotFound where no run has left its summary.
    """
    if not (run / "summary.json").exists():
        raise NotFound(f"{run} holds no run.", "`make eval` makes one.")
    figures = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    judged = run / "judged.json"
    figures["judged"] = json.loads(judged.read_text(encoding="utf-8")) if judged.exists() else {}
    rows = tomllib.loads(ROWS.read_text(encoding="utf-8"))["row"]
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text(rows, figures), encoding="utf-8")
    measured = sum(bool(_FIGURE.search(row["measured"])) for row in rows)
    return {"page": page.name, "rows": len(rows), "with_figures": measured}


def text(rows: list[dict[str, object]], figures: Mapping[str, object]) -> str:
    """The page."""
    at = str(figures.get("at", ""))[:10]
    found = figures.get("machine")
    named = sentence(found) if isinstance(found, dict) else "a machine that was not named"
    machine = " ".join(named.split())
    lines = [
        "# Reality",
        "",
        "How the operating system of the film *Her* (2013) compares with what runs today.",
        "Written by `python -m evaluation reality` from the figures of the last `make eval`;",
        "do not edit it by hand, but `evaluation/reality.toml`.",
        "",
        f"Figures of {at}, model {figures.get('model', '?')}, seed {figures.get('seed', '?')}, on "
        f"{machine}. "
        "How they were counted: `evaluation/RULES.md`. Intervals are 95 % (Wilson).",
        "",
        "| | in the film | what runs today | measured | what is missing |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        cells = (
            f"**{row['capability']}**",
            str(row["film"]),
            today(row),
            measured(str(row["measured"]), figures),
            str(row["missing"]),
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def today(row: Mapping[str, object]) -> str:
    """What runs today, by which rooms of the package exist."""
    needs = row.get("needs", [])
    there = all(exists(str(room)) for room in needs) if isinstance(needs, list) else True
    return str(row["today"] if there else row["not_yet"])


def exists(room: str) -> bool:
    """Whether the package has that room."""
    return importlib.util.find_spec(room) is not None


def measured(template: str, figures: Mapping[str, object]) -> str:
    """`template` with its figures, each "not measured" where the run has none."""
    return _FIGURE.sub(lambda match: _figure(match[1], figures), template)


def _figure(path: str, figures: Mapping[str, object]) -> str:
    value: object = figures
    for part in path.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return NOT_MEASURED
        value = value[part]
    if isinstance(value, Mapping):
        return in_words(dict(value)) if value.get("interval") else NOT_MEASURED
    return str(value)
