"""The model on its way while the person talks: what a terminal and a log are told of it."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

import oona.cli.arrival
import oona.providers.weights
from oona.app import embedders
from oona.app.paths import Paths
from oona.app.settings import Settings
from oona.cli.arrival import Arrival
from oona.core.errors import WeightsFault
from oona.providers.embeddings import MODEL, VOCABULARY
from oona.providers.weights import Progress, Weights

CHOSEN = Settings({"model.name": "smollm2-135m"})


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
    monkeypatch.setattr(embedders, "wanted", lambda _settings, _weights: [])
    paths = Paths(tmp_path, tmp_path, tmp_path / "models", tmp_path)
    told: list[str] = []
    ended = threading.Event()
    arrival = Arrival(
        paths,
        CHOSEN,
        lambda: told.append(arrival.line),
        ended.set,
        sparing=sparing,
    )
    arrival.start()
    assert ended.wait(10)
    assert len(told) == lines
    assert told[0] == "fetching my language model, 98 MB"
    assert "1.0 GB of 1.0 GB" in told[-1]


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what was fetched; nothing comes from anywhere, and the vocabulary not at all."""
    names: list[str] = []

    def fetch(self: Weights, name: str, *, progress: object, cancel: threading.Event) -> Path:
        names.append(name)
        if name == VOCABULARY and len(names) < 4:
            raise WeightsFault("Nobody has it.")
        self.folder.mkdir(exist_ok=True)
        with self.path(name).open("wb") as file:
            file.truncate(self.catalogue.get(name).size)
        return self.path(name)

    monkeypatch.setattr(Weights, "fetch", fetch)
    monkeypatch.setattr(oona.cli.arrival, "_SETTLE_S", 0.0)
    return names


def _arrived(folder: Path, settings: Settings = CHOSEN) -> tuple[Arrival, list[str]]:
    """An arrival that is over, and what was called in which order."""
    calls: list[str] = []
    arrival = Arrival(
        Paths(folder, folder, folder / "models", folder),
        settings,
        lambda: None,
        lambda: calls.append("language"),
        lambda: calls.append("recall"),
    )
    arrival.start()
    arrival._thread.join(10)
    return arrival, calls


def test_recall_is_fetched_for_after_the_language_model(tmp_path: Path, fetched: list[str]) -> None:
    """The conversation begins with the model; what cannot be had for recall spoils nothing."""
    arrival, calls = _arrived(tmp_path)
    assert fetched == ["smollm2-135m", MODEL, VOCABULARY]
    assert calls == ["language", "recall"]
    assert arrival.fault is None
    assert isinstance(arrival.recall_fault, WeightsFault)


def test_what_nobody_had_is_tried_again_the_next_day(tmp_path: Path, fetched: list[str]) -> None:
    """Without a network no conversation begins with a search; a day later the rest is fetched."""
    _arrived(tmp_path)
    _, calls = _arrived(tmp_path)
    assert (len(fetched), calls) == (3, ["language"])
    tried = tmp_path / "models" / "recall-not-reached"
    yesterday = tried.stat().st_mtime - 90_000
    os.utime(tried, (yesterday, yesterday))
    arrival, calls = _arrived(tmp_path)
    assert (fetched[3:], calls) == ([VOCABULARY], ["language", "recall"])
    assert arrival.recall_fault is None
    _, calls = _arrived(tmp_path)
    assert calls == ["language"]


@pytest.mark.parametrize("other", [Settings(llm="echo"), Settings({"model.url": "http://me/v1"})])
def test_who_fetches_no_model_fetches_nothing(
    other: Settings, tmp_path: Path, fetched: list[str]
) -> None:
    """Who talks with an endpoint of their own has agreed to no fetching."""
    assert _arrived(tmp_path, other)[1] == ["language"]
    assert fetched == []
