"""Which embedders recall may use."""

from __future__ import annotations

from pathlib import Path

import pytest

from oona.app.doctor import Finding, State, examine
from oona.app.embedders import embedders
from oona.app.paths import Paths
from oona.providers.embeddings import MODEL, VOCABULARY
from oona.providers.weights import Weights
from tests.conftest import Home
from tests.needs import weights


def _recall(home: Home) -> Finding:
    [found] = [f for f in examine(Paths.find(home.environment), "me") if f.part == "recall"]
    return found


def test_without_weights_there_is_none_and_that_is_no_fault(tmp_path: Path) -> None:
    """An empty models folder gives no embedder."""
    assert embedders(tmp_path) == []


def test_the_doctor_says_what_recall_goes_by(home: Home) -> None:
    """Words alone is a note, with the commands that bring meaning."""
    found = _recall(home)
    assert (found.state, found.text) == (State.NOTE, "by words alone")
    assert "oona models fetch minilm-l6" in found.mend


@pytest.mark.model
def test_one_wrong_bit_and_recall_goes_by_words(home: Home, tmp_path: Path) -> None:
    """Damaged weights would load, and spoil every vector kept: they are refused and told of."""
    damaged = Weights(tmp_path / "damaged")
    damaged.folder.mkdir()
    data = bytearray(weights(MODEL).read_bytes())
    damaged.path(MODEL).write_bytes(data)
    damaged.path(VOCABULARY).write_bytes(weights(VOCABULARY).read_bytes())
    [whole] = embedders(damaged.folder)
    assert whole.name == MODEL
    data[len(data) // 2] ^= 1
    damaged.path(MODEL).write_bytes(data)
    assert embedders(damaged.folder) == []
    found = _recall(Home(home.root, home.keys, damaged.folder))
    assert (found.state, found.text) == (State.ILL, "by words alone: minilm-l6 damaged")
    assert "oona models verify" in found.mend
