"""`make eval` and `make bench` for a newcomer: mistakes are told, and what is shown is readable."""

from __future__ import annotations

from pathlib import Path

import pytest

import benchmarks.__main__
import evaluation.__main__
from evaluation.summary import lines, share


def test_an_evaluation_of_nothing_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name that no case has is told with what there is, before a model is loaded."""
    out = tmp_path / "out"
    assert evaluation.__main__.main(["--only", "nosuch", "--out", str(out)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "'nosuch'" in said.err
    assert "lookup" in said.err
    assert not out.exists()


def test_figures_without_anything_to_count_are_left_out() -> None:
    """A short run shows what it measured, zeros among it, and no list of what it did not."""
    figures: dict[str, object] = {
        "passed": share(4, 4),
        "danger_right": share(0, 0),
        "missed_inventions_words": 0,
        "cuts": {},
    }
    assert lines(figures) == [
        "passed: 100.0 % (4 of 4; 95 % interval 51.0 to 100.0)",
        "missed inventions words: 0",
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["dance"], "no such part: dance"),
        (["journal", "--folder", "/nowhere/at/all"], "there is no folder /nowhere/at/all"),
        (["journal", "start"], "oona models fetch"),
    ],
)
def test_a_measurement_that_cannot_run_is_refused(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is missing is told before anything is measured: a part, a folder, the model."""
    with pytest.raises(SystemExit) as ended:
        benchmarks.__main__.main(words)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert says in " ".join(said.err.split())
