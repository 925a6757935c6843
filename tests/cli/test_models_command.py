"""`oona models`: what a person and a script get to see."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from oona.cli import models
from oona.cli.fetching import FetchDisplay, Pace
from oona.core.clock import VirtualClock
from oona.core.errors import OonaError
from oona.providers.weights import Catalogue, Progress, Weights
from tests.providers.weights.conftest import model_of

BODY = b"weights" * 1000
MODEL = dataclasses.replace(model_of(BODY), title="A small model [Q4]")


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Weights:
    """A models folder that knows one model, which the command uses."""
    made = Weights(tmp_path / "models", catalogue=Catalogue((MODEL,)), stores=())
    monkeypatch.setattr(models, "_weights", lambda: made)
    return made


def _run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(models.app, words)
    if isinstance(result.exception, OonaError):
        raise result.exception
    return result.exit_code, result.output


def test_list_shows_what_is_here_and_what_we_have_not_run(weights: Weights) -> None:
    """Every model of the catalogue has a row, and brackets in a title are text."""
    code, output = _run("list")
    assert code == 0
    assert "small" in output
    assert "[Q4]" in output
    assert "not run by us" in output


def test_list_gives_scripts_the_whole_row(weights: Weights) -> None:
    """JSON says where each file lies and whether it is there."""
    code, output = _run("list", "--json")
    (row,) = json.loads(output)
    assert code == 0
    assert (row["installed"], row["sha256"]) == (False, MODEL.sha256)
    assert row["path"] == str(weights.path("small"))


def test_fetch_from_a_file_then_again(weights: Weights, tmp_path: Path) -> None:
    """A fetch ends with where the file is; a second one finds it there."""
    given = tmp_path / "given.gguf"
    given.write_bytes(BODY)
    assert _run("fetch", "small", "--from", str(given))[0] == 0
    assert weights.path("small").read_bytes() == BODY
    assert "is here already" in _run("fetch", "small")[1]


def test_fetch_without_a_name_takes_the_default(weights: Weights, tmp_path: Path) -> None:
    """What suits the machine is fetched when no name is given."""
    given = tmp_path / "given.gguf"
    given.write_bytes(BODY)
    weights.path("small").parent.mkdir()
    weights.path("small").write_bytes(BODY)
    assert "A small model [Q4] is here already" in _run("fetch")[1]


def test_interrupted_fetch_says_what_is_kept(
    weights: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C is a goodbye with what was kept, and the exit code shells expect."""

    def interrupt(*_: object, **__: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(weights, "fetch", interrupt)
    code, output = _run("fetch", "small")
    assert code == 130
    assert "0 MB are kept" in output


def test_verify_deletes_what_is_damaged(weights: Weights) -> None:
    """A damaged file is reported with both hashes, deleted, and makes the command fail."""
    path = weights.path("small")
    path.parent.mkdir()
    path.write_bytes(bytes(len(BODY)))
    code, output = _run("verify", "--keep")
    assert (code, path.exists()) == (1, True)
    code, output = _run("verify")
    assert (code, path.exists()) == (1, False)
    assert MODEL.sha256 in output
    assert hashlib.sha256(bytes(len(BODY))).hexdigest() in output
    assert _run("verify") == (0, "No model is here. `oona models fetch` brings one.\n")


def test_verify_gives_scripts_the_verdict(weights: Weights) -> None:
    """JSON has the state of each file and nothing else on standard output."""
    path = weights.path("small")
    path.parent.mkdir()
    path.write_bytes(BODY)
    result = CliRunner().invoke(models.app, ["verify", "--json"])
    (row,) = json.loads(result.stdout)
    assert (row["state"], row["came"]) == ("good", MODEL.sha256)


def test_remove_says_whether_there_was_anything(weights: Weights) -> None:
    """Removing tells the bytes freed, or that there were none."""
    assert _run("remove", "small")[1] == "small: was not here.\n"
    path = weights.path("small")
    path.parent.mkdir()
    path.write_bytes(BODY)
    assert _run("remove", "small")[1].startswith("small: removed")
    assert not path.exists()


def test_pace_tells_speed_and_time_left() -> None:
    """Speed is that of the last moments, so that what came in an earlier run does not count."""
    clock = VirtualClock(datetime(2030, 1, 1, tzinfo=UTC))
    pace = Pace(clock)
    assert pace.words(_at(400)) == "400 MB of 1.0 GB"
    clock.advance(timedelta(seconds=10))
    assert pace.words(_at(500)) == "500 MB of 1.0 GB, 10.0 MB/s, 50 s left"
    clock.advance(timedelta(seconds=100))
    assert pace.words(_at(600)).endswith("1.0 MB/s, 7 min left")


def test_display_on_a_pipe_writes_lines_now_and_then() -> None:
    """Without a terminal a line comes at each step, each tenth and after 15 s; each note once."""
    clock, out = VirtualClock(datetime(2030, 1, 1, tzinfo=UTC)), StringIO()
    with FetchDisplay(Console(file=out), clock) as display:
        display.show(_at(130))
        clock.advance(timedelta(seconds=5))
        display.show(_at(199))
        display.show(_at(230, notes=("Publisher: [shut]",)))
        display.show(_at(240, notes=("Publisher: [shut]",)))
        clock.advance(timedelta(seconds=15))
        display.show(_at(250, notes=("Publisher: [shut]",)))
    assert out.getvalue().splitlines() == [
        "Fetching from us: 130 MB of 1.0 GB",
        "Passed over. Publisher: [shut]",
        "Fetching: 230 MB of 1.0 GB, 20.0 MB/s, 38 s left",
        "Fetching: 250 MB of 1.0 GB, 6.0 MB/s, 2 min left",
    ]


def test_a_quick_fetch_takes_no_more_than_a_line_for_each_tenth() -> None:
    """However often progress is reported, a log gets the start, ten tenths and the check."""
    clock, out = VirtualClock(datetime(2030, 1, 1, tzinfo=UTC)), StringIO()
    with FetchDisplay(Console(file=out), clock) as display:
        for step in range(1001):
            clock.advance(timedelta(seconds=0.1))
            display.show(_at(step))
        for step in range(1001):
            display.show(Progress("checking", step * 10**6, 10**9, "the finished file"))
    lines = out.getvalue().splitlines()
    assert len(lines) == 1 + 10 + 1
    assert all("MB/s" in line for line in lines[1:-1])


def test_display_on_a_terminal_draws_a_bar() -> None:
    """On a terminal the bar moves with what has come."""
    clock, out = VirtualClock(datetime(2030, 1, 1, tzinfo=UTC)), StringIO()
    console = Console(file=out, force_terminal=True, width=100, color_system=None)
    with FetchDisplay(console, clock) as display:
        display.show(_at(100))
        clock.advance(timedelta(seconds=10))
        display.show(_at(250))
    assert "15.0 MB/s, 50 s left" in out.getvalue()
    assert "Fetching" in out.getvalue()
    assert "250 MB of 1.0 GB" in out.getvalue()


def _at(megabytes: int, notes: tuple[str, ...] = ()) -> Progress:
    return Progress("fetching", megabytes * 10**6, 10**9, "us", notes)
