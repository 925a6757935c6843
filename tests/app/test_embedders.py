"""Which embedders recall may use."""

from __future__ import annotations

from pathlib import Path

from oona.app import embedders
from oona.app.doctor import State, examine
from oona.app.paths import Paths
from tests.conftest import Home


def test_without_weights_there_is_none_and_that_is_no_fault(tmp_path: Path) -> None:
    """An empty models folder gives no embedder, and names what is to be fetched."""
    assert embedders.embedders(tmp_path) == []
    assert embedders.runnable(tmp_path) == ([], ["minilm-l6", "minilm-l6-vocabulary"])


def test_the_doctor_says_what_recall_goes_by(home: Home) -> None:
    """Words alone is a note, with the commands that bring meaning."""
    [found] = [f for f in examine(Paths.find(home.environment), "me") if f.part == "recall"]
    assert (found.state, found.text) == (State.NOTE, "by words alone")
    assert "oona models fetch minilm-l6" in found.mend
