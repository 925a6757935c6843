"""A plot's command makes the PNG itself, or says what it lacks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.recall import plot

FIGURES = {"corpora": {"Made": {"methods": {"oona": {"r@10": 80.0}, "BM25": {"r@10": 57.0}}}}}


@pytest.fixture
def figures(tmp_path: Path) -> Path:
    """What a benchmark wrote."""
    file = tmp_path / "figures.json"
    file.write_text(json.dumps(FIGURES), encoding="utf-8")
    return file


def test_the_png_is_made_of_the_drawing(
    figures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tool at hand is given the SVG that lies beside the PNG."""
    tools = tmp_path / "bin"
    tools.mkdir()
    tool = tools / "rsvg-convert"
    tool.write_text('#!/bin/sh\nprintf "PNG of " > "$4"\n/bin/cat "$5" >> "$4"\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    picture = tmp_path / "plots" / "methods.png"
    assert plot.main([str(figures), str(picture)]) == 0
    made = picture.read_text(encoding="utf-8")
    assert made.startswith("PNG of <svg")
    assert "recall@10 by method" in made
    assert picture.with_suffix(".svg").exists()


def test_without_a_tool_it_says_what_to_install(
    figures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The drawing is kept, and the sentence names the packages."""
    monkeypatch.setenv("PATH", str(tmp_path))
    picture = tmp_path / "methods.png"
    with pytest.raises(SystemExit, match="librsvg2-bin"):
        plot.main([str(figures), str(picture)])
    assert picture.with_suffix(".svg").exists()
