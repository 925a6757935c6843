"""The page that compares the film's operating system with ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaluation import reality
from oona.core.errors import NotFound

FIGURES = {
    "at": "2026-01-02T03:04:05+00:00",
    "model": "some-model",
    "seed": 5,
    "cases": {
        "turns": 12,
        "good": {"hits": 3, "of": 4, "percent": 75.0, "interval": [30.1, 95.4]},
        "none": {"hits": 0, "of": 0, "percent": None, "interval": None},
    },
}


def test_a_figure_comes_with_its_count_and_interval() -> None:
    """A share is never a bare percentage."""
    shown = reality.measured("Right: {cases.good}.", FIGURES)
    assert shown == "Right: 75.0 % (3 of 4; 95 % interval 30.1 to 95.4)."


@pytest.mark.parametrize("path", ["cases.none", "cases.nothing", "judged.preferred", "cases"])
def test_a_figure_that_was_not_taken_is_called_so(path: str) -> None:
    """Nothing unmeasured is ever written as a figure."""
    assert reality.measured(f"{{{path}}}", FIGURES) == "not measured"


def test_a_row_speaks_of_a_room_only_if_it_exists() -> None:
    """What needs a room that is not in the package is "not yet"."""
    row = {"today": "It speaks.", "not_yet": "Not yet.", "needs": ["oona.no_such_room"]}
    assert reality.today(row) == "Not yet."
    assert reality.today(row | {"needs": ["oona.core"]}) == "It speaks."


def test_the_page_is_written_from_the_rows_and_dated(tmp_path: Path) -> None:
    """Every row stands on the page, with the day and the machine of its figures."""
    (tmp_path / "summary.json").write_text(json.dumps(FIGURES))
    page = tmp_path / "docs" / "reality.md"
    said = reality.write(tmp_path, page)
    text = page.read_text()
    assert "2026-01-02" in text
    assert "some-model" in text
    assert sum(line.startswith("| **") for line in text.splitlines()) == said["rows"]


def test_the_newest_run_is_taken(tmp_path: Path) -> None:
    """The page shows the last run's figures, and asks for one where there is none."""
    with pytest.raises(NotFound):
        reality.latest(tmp_path)
    for day in ("2026-01-01", "2026-03-01", "2026-02-01"):
        (tmp_path / day).mkdir()
        (tmp_path / day / "summary.json").write_text(json.dumps({"at": day, "cases": {}}))
    assert reality.latest(tmp_path).name == "2026-03-01"
