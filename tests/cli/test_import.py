"""`oona memory import`, run as a person runs it: real files, a real owner, real interruptions."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from oona.app.paths import Paths
from oona.testing.owners import owners
from tests.cli.conftest import OONA, Run, Terminal
from tests.integrations.conftest import chatgpt, message

pytestmark = pytest.mark.server

AT = 1714730000.0
KEY = "The spare key of our cabin hangs behind the birdhouse."


def _export(folder: Path, *words: str, name: str = "conversations.json") -> Path:
    """An export of ChatGPT's in which each of `words` is asked in a conversation of its own."""
    talks = [
        chatgpt(
            message("user", text, AT + number),
            message("assistant", f"That is number {number}.", AT + number + 5),
            title=f"Talk {number}",
            number=number,
        )
        for number, text in enumerate(words)
    ]
    path = folder / name
    path.write_text(json.dumps(talks), "utf-8")
    return path


def test_an_export_is_found_at_once_and_shown_with_its_origin(oona: Run, tmp_path: Path) -> None:
    """Search, list, show, stats and why tell where it is from and when it was said."""
    said = oona("memory", "import", str(_export(tmp_path, KEY)))
    assert said.code == 0, said.err
    assert "Read 2 texts in 1 conversation from your ChatGPT export, May 2024" in said.out
    found = oona("memory", "search", "spare key").out
    assert "2024-05-03 11:53 (you, ChatGPT export)" in found
    number = found.split()[0]
    shown = oona("memory", "show", number).out
    assert "from your ChatGPT export, 3 May 2024 in “Talk 0”, said by you" in shown
    assert "not taken for your word" in shown
    assert "Friday 3 May 2024" in oona("memory", "list", "--days", "0").out
    assert "You told me nothing" in oona("memory", "list").out
    assert "2 texts you gave me from elsewhere" in oona("memory", "stats").out
    assert oona("memory", "facts").code == 0
    reply = oona("say", "Where is the spare key of our cabin?").out
    assert f"“{KEY}”" in reply
    assert "from your ChatGPT export, 3 May 2024" in oona("why").out


def test_a_newer_export_adds_only_what_is_new(oona: Run, tmp_path: Path) -> None:
    """Twice the same file adds nothing; the archive of a later one adds what came since."""
    oona("memory", "import", str(_export(tmp_path, "One.", "Two.")))
    later = _export(tmp_path, "One.", "Two.", "Three.", name="later.json")
    archive = tmp_path / "later.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.write(later, "conversations.json")
    assert oona("memory", "import", str(archive), "--dry-run", "--json").json["new"] == 2
    counts = oona("memory", "import", str(archive), "--json").json
    assert (counts["read"], counts["new"], counts["known"]) == (6, 2, 4)
    assert "6 were here already" in oona("memory", "import", str(archive)).out


def test_what_was_forgotten_stays_out_and_is_counted(oona: Run, tmp_path: Path) -> None:
    """A forgetting erases imports, too, and the next import of the file leaves them out."""
    path = str(_export(tmp_path, KEY, "Rain again."))
    oona("memory", "import", path)
    gone = oona("memory", "forget", "birdhouse", "--yes").out
    assert "1 text you gave me from elsewhere" in gone
    said = oona("memory", "import", path).out
    assert "1 hold what you had me forget" in said
    assert "birdhouse" not in oona("journal", "show", "--all").out
    assert "birdhouse" not in oona("memory", "search", "spare key").out


def test_an_import_is_taken_back_as_a_whole(oona: Run, tmp_path: Path) -> None:
    """The report names the command that undoes it."""
    said = oona("memory", "import", str(_export(tmp_path, "One.", "Two."))).out
    command = said.partition("`oona ")[2].partition("`")[0].split()
    assert command[:2] == ["memory", "forget"]
    assert oona(*command, "--yes").code == 0
    assert oona("memory", "search", "number").out.startswith("I find nothing")


def test_what_is_not_understood_is_told_with_its_place(oona: Run, tmp_path: Path) -> None:
    """Lines and conversations that cannot be read are named, and the others come in."""
    lines = tmp_path / "chat.jsonl"
    lines.write_text('{"role":"user","content":"Hi"}\n{oops\n', "utf-8")
    notes = tmp_path / "notes.txt"
    notes.write_bytes("Café.".encode("cp1252"))
    said = oona("memory", "import", str(lines), str(notes))
    assert (said.code, "Read 2 texts" in said.out) == (0, True)
    assert "line 2 of chat.jsonl: it is no JSON" in said.out
    assert "Café." in oona("memory", "list", "--days", "0").out


@pytest.mark.parametrize("words", [["nowhere.zip"], ["--format", "papyrus", "a.md"], ["."]])
def test_what_cannot_be_imported_is_said_kindly(
    oona: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    """A file that is not there, a format that does not exist, a folder with nothing in it."""
    monkeypatch.chdir(tmp_path)
    if "a.md" in words:
        (tmp_path / "a.md").write_text("x")
    else:
        (tmp_path / "empty").mkdir()
        words = ["empty" if word == "." else word for word in words]
    said = oona("memory", "import", *words)
    assert said.code == 1
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 2


def test_the_lossless_import_names_the_other_command(oona: Run, tmp_path: Path) -> None:
    """Who gives ChatGPT's export to `oona import` is told what to do."""
    said = oona("import", str(_export(tmp_path, "One.")), "--yes")
    assert said.code == 1
    assert "your ChatGPT export" in said.err
    assert "oona memory import conversations.json" in said.err


LONG = 6_000
"""Notes, each with a reply: some seconds of work, in which somebody can look and strike."""


def _imported(oona: Run) -> int:
    return int(oona("memory", "stats", "--json").json["outside"])


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.parametrize("victim", ["client", "owner"])
def test_a_killed_import_is_begun_again_without_loss(
    oona: Run, tmp_path: Path, victim: str
) -> None:
    """After kill -9 in the middle, a second run leaves each text there exactly once."""
    path = _export(tmp_path, *(f"Note {number} of a long list." for number in range(LONG)))
    oona("memory", "stats")  # the owner is up
    running = subprocess.Popen(
        [*OONA, "memory", "import", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while (there := _imported(oona)) == 0 and running.poll() is None:
        time.sleep(0.01)
    for pid in [running.pid] if victim == "client" else owners(Paths.find()):
        os.kill(pid, signal.SIGKILL)
    running.communicate(timeout=60)
    assert 0 < there < 2 * LONG, "it was killed in the middle"
    counts = oona("memory", "import", str(path), "--json").json
    assert counts["new"] + counts["known"] == 2 * LONG
    assert len(counts["events"]) == 1, "it stays one import, to be taken back as one"
    assert _imported(oona) == 2 * LONG
    assert "all as they were written" in oona("journal", "verify").out


def test_ctrl_c_leaves_a_clean_state_and_says_how_to_go_on(
    oona: Run, terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    """What was written stays, the bar is gone, and the same command goes on."""
    path = _export(tmp_path, *(f"Note {number} of a long list." for number in range(LONG)))
    oona("memory", "stats")
    window = terminal("memory", "import", str(path))
    window.wait_for("new")
    window.type("\x03")
    window.wait_for("goes on from there")
    assert window.ended() == 130
    there = _imported(oona)
    assert 0 < there < 2 * LONG
    rest = oona("memory", "import", str(path), "--json").json
    assert (rest["known"], rest["new"]) == (there, 2 * LONG - there)
