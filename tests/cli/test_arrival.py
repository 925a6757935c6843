"""The model on its way while the person talks: what a terminal and a log are told of it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

import oona.providers.weights
from oona.app.paths import Paths
from oona.app.settings import Settings
from oona.cli.arrival import Arrival
from oona.providers.weights import Progress, Weights


@pytest.mark.parametrize(("sparing", "lines"), [(False, 102), (True, 12)])
def test_a_log_is_told_of_tenths_and_a_terminal_of_everything(
    sparing: bool, lines: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can be redrawn moves with every report; what cannot gets the start and each tenth."""

    def fetch(_self: Weights, _name: str, *, progress: object, cancel: threading.Event) -> Path:
        assert callable(progress)
        for percent in range(101):
            progress(Progress("fetching", percent * 10**7, 10**9, "us"))
        return tmp_path

    monkeypatch.setattr(oona.providers.weights.Weights, "fetch", fetch)
    paths = Paths(tmp_path, tmp_path, tmp_path / "models", tmp_path)
    told: list[str] = []
    ended = threading.Event()
    arrival = Arrival(
        paths,
        Settings({"model.name": "smollm2-135m"}),
        lambda: told.append(arrival.line),
        ended.set,
        sparing=sparing,
    )
    arrival.start()
    assert ended.wait(10)
    assert len(told) == lines
    assert told[0] == "fetching my language model, 98 MB"
    assert "1.0 GB of 1.0 GB" in told[-1]
