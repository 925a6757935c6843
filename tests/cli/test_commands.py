"""The commands, run as a person runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from tests.cli.conftest import OONA, Run
from tests.conftest import Home

pytestmark = pytest.mark.server


def test_say_prints_the_reply_and_nothing_else(oona: Run) -> None:
    """A turn from the command line prints its reply on standard output alone."""
    said = oona("say", "What time is it?", OONA_NOW="2026-03-01T09:30:00+01:00")
    assert (said.code, said.err) == (0, "")
    assert "09:30" in said.out


def test_say_json_holds_all_that_is_promised(oona: Run) -> None:
    """JSON names the reply, its events, what was recalled and cut, the model, and times in ms."""
    oona("say", "My sister Anna lives in Oslo.")
    told = oona("say", "--json", "Where does Anna live?").json
    assert UUID(told["heard"]) != UUID(told["said"])
    assert [source["text"] for source in told["recalled"]][:1] == ["My sister Anna lives in Oslo."]
    assert {"event", "at", "score", "label"} <= set(told["recalled"][0])
    assert all(isinstance(value, int) for value in told["timings_ms"].values())
    names = {"reply", "cuts", "rule", "model", "scripted", "seed", "prompt", "tokens", "stopped"}
    assert names <= set(told)


def test_echo_says_so_in_every_reply(oona: Run) -> None:
    """A reply of the scripted model is marked as scripted."""
    told = oona("say", "--json", "Tell me a story about the sea.").json
    assert (told["scripted"], told["model"]) == (True, "echo")


@pytest.mark.parametrize("words", [["say"], ["say", "-"]])
def test_say_reads_from_a_pipe(oona: Run, words: list[str]) -> None:
    """Without a text, or with -, the words come from standard input; several lines are a paste."""
    assert (
        oona(*words, stdin="What day is it?\n", OONA_NOW="2026-03-01T09:30:00").out.count("1") > 0
    )
    oona(*words, stdin="one\ntwo\n")
    events = oona("journal", "show", "--json", "--kind", "turn.heard").out.splitlines()
    assert '"pasted": true' in events[-1]
    assert '"pasted"' not in events[0]


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"   \n\n",
        b"\0",
        b"\0 hello \x1b[31m\x07 there",
        b"\xff\xfe\xfa not text",
        "\u202egnp.exe \u2066 left or right?".encode(),
        b"x" * 1_000_000,
        b"x" * 1_000_001,
        b"x" * 5_000_000,
        b"a line of a log\n" * 10_000,
        "🌻".encode() * 20_000,
        b"' OR 1=1; DROP TABLE event; --",
    ],
    ids=lambda given: f"{given[:12]!r} {len(given)}",
)
def test_bad_input_is_answered_or_refused_in_a_sentence(oona: Run, given: bytes) -> None:
    """Whatever comes in is answered or refused in a sentence, and nothing of it is lost."""
    said = oona("say", stdin=given)
    assert said.code in (0, 1)
    assert (said.out if said.code == 0 else said.err).strip()
    assert not any(ord(sign) < 32 and sign not in "\n\t" for sign in said.out + said.err)
    assert oona("journal", "verify").code == 0


def test_an_argument_that_is_no_text_is_taken(oona: Run) -> None:
    """Bytes that are no UTF-8, in an argument, are kept as what they are: unreadable."""
    done = subprocess.run(
        [*map(str.encode, OONA), b"say", b"caf\xff"], capture_output=True, check=False
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert "caf\ufffd" in oona("journal", "show").out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["say", "--person", "../etc", "x"], 1),
        (["dance"], 2),
        (["say", "--loud", "x"], 2),
        (["settings", "talk.volume"], 1),
        (["settings", "talk.length", "endless"], 1),
        (["settings", "model.threads", "many"], 1),
        (["why", "999"], 1),
        (["why", "nonsense"], 1),
        (["journal", "show", "--kind", "turn.danced"], 1),
        (["export", "/nowhere/at/all/x.jsonl"], 1),
        (["import", "/nowhere/at/all/x.jsonl", "--yes"], 1),
        (["export", "x", "--person", "nobody"], 1),
        (["--person", "nobody", "say", "x"], 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_mistakes_are_told_kindly(oona: Run, words: list[str], code: int) -> None:
    """A mistake ends with its code and a sentence on standard error, never with a traceback."""
    oona("say", "Hello.")
    said = oona(*words)
    assert (said.code, said.out) == (code, "")
    assert len(said.err) > 20


def test_settings_of_both_kinds_are_kept(oona: Run, scripted: Home) -> None:
    """What is settled stands in the journal, what the machine needs in the file; both are shown."""
    oona("settings", "talk.length", "brief")
    oona("settings", "model.threads", "3")
    oona("settings", "model.key", "-", stdin="sk-quite-secret\n")
    shown = oona("settings")
    assert "brief" in shown.out
    assert "sk-quite-secret" not in shown.out + shown.err
    told = oona("settings", "--json").json
    assert told["settled"]["talk.length"] == "brief"
    assert told["machine"]["model.threads"] == "3"
    config = (scripted.root / "config.toml").read_text("utf-8")
    assert "threads = 3" in config
    assert "sk-quite-secret" in config


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("talk.length", "brief", "talk.length is brief."),
        ("person.name", "", "person.name is empty."),
        ("model.threads", "2", "model.threads is 2."),
        ("model.url", "", "model.url is empty."),
        ("model.threads", "many", "model.threads must be a whole number from 0 to 256."),
        ("model.url", "localhost", "model.url is not an address."),
    ],
)
def test_a_setting_says_what_it_is_now(oona: Run, key: str, value: str, says: str) -> None:
    """Whether the journal or the file holds it, a change is confirmed or refused in a sentence."""
    said = oona("settings", key, value)
    assert (said.out or said.err).splitlines()[0] == says


def test_a_fault_in_the_settings_is_told_with_its_line(oona: Run, scripted: Home) -> None:
    """A broken settings file is named with its line, and nothing is started."""
    scripted.root.mkdir()
    (scripted.root / "config.toml").write_text("[model]\nnmae = 'x'\n", encoding="utf-8")
    said = oona("say", "Hello.")
    assert said.code == 1
    assert "line 2" in said.err


def test_defaults_ask_nothing(oona: Run) -> None:
    """`settings --defaults` sets a person up: the first conversation is over, and asks nothing."""
    oona("settings", "--defaults", "--person", "anna")
    said = oona("talk", "--person", "anna", stdin="What time is it?\n")
    assert said.code == 0
    assert "software" not in said.out
    settled = oona("journal", "show", "--person", "anna", "--kind", "setting.changed").out
    assert '"value": "done"' in settled


def test_talk_reads_turns_from_a_pipe(oona: Run) -> None:
    """Without a terminal it says what it takes, answers line by line, and ends with its input."""
    said = oona("talk", stdin="What time is it?\n\nWho are you?\n")
    assert said.code == 0
    assert "usual" in said.out
    assert "terminal" in said.err
    heard = oona("journal", "show", "--kind", "turn.heard").out.splitlines()
    assert len(heard) == 2


def test_a_goodbye_ends_the_talk(oona: Run) -> None:
    """After a goodbye no further line is taken."""
    oona(stdin="Goodbye.\nThis is never said.\n")
    assert "never said" not in oona("journal", "show").out


def test_why_names_what_a_reply_rests_on(oona: Run) -> None:
    """`why` tells of the last reply what it answered, and which rule spoke."""
    oona("say", "What time is it?")
    said = oona("why")
    assert "What time is it?" in said.out
    assert oona("why", "--json").json


def test_export_and_import_lose_nothing(oona: Run, tmp_path: Path) -> None:
    """Export, import into an empty journal and export again give the same bytes."""
    oona("say", "My sister Anna lives in Oslo.")
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    assert oona("export", str(first)).code == 0
    refused = oona("import", str(first), "--person", "copy")
    assert (refused.code, "--yes" in refused.err) == (1, True)
    assert oona("import", str(first), "--person", "copy", "--yes").code == 0
    oona("export", str(second), "--person", "copy")
    assert first.read_bytes() == second.read_bytes() != b""
    assert oona("journal", "verify", "--person", "copy").code == 0


def test_an_export_replaces_an_export_and_nothing_else(oona: Run, tmp_path: Path) -> None:
    """An older export is written over; a file of another kind is left, and the person told."""
    oona("say", "My sister Anna lives in Oslo.")
    file, diary = tmp_path / "life.oona", tmp_path / "diary.txt"
    diary.write_text("Dear diary,\n", encoding="utf-8")
    assert "not encrypted" in oona("export", str(file)).out
    first = file.read_bytes()
    oona("say", "Anna has a cat.")
    assert oona("export", str(file)).code == 0
    assert file.read_bytes() != first
    refused = oona("export", str(diary))
    assert (refused.code, "diary.txt" in refused.err) == (1, True)
    assert diary.read_text(encoding="utf-8") == "Dear diary,\n"


def test_an_import_says_what_was_new_or_why_it_was_refused(oona: Run, tmp_path: Path) -> None:
    """The same again is nothing new, a continuation is added, another life names the way in."""
    early, late = str(tmp_path / "early.oona"), str(tmp_path / "late.oona")
    oona("say", "My sister Anna lives in Oslo.")
    oona("export", early)
    assert "Nothing new" in oona("import", early, "--yes").out
    assert oona("import", early, "--yes", "--person", "copy").code == 0
    oona("say", "Anna has a cat.")
    oona("export", late)
    assert "Nothing new" in oona("import", early, "--yes").out
    added = oona("import", late, "--yes", "--person", "copy").out
    assert "Nothing new" not in added
    assert " added. " in added
    assert "has a cat" in oona("journal", "show", "--person", "copy").out
    oona("say", "I am someone else.", "--person", "other")
    refused = oona("import", late, "--yes", "--person", "other")
    assert refused.code == 1
    assert "`oona import late.oona --person NAME`" in refused.err
    assert "Anna" not in oona("journal", "show", "--person", "other").out


def test_people_are_kept_apart(oona: Run) -> None:
    """One person's words are in no other person's journal."""
    oona("say", "My sister Anna lives in Oslo.", "--person", "one")
    told = oona("say", "--json", "Where does Anna live?", "--person", "two").json
    assert told["recalled"] == []


def test_plain_oona_talks_with_whom_it_is_told_to(oona: Run) -> None:
    """`oona --person P` is `oona talk --person P`."""
    oona("--person", "one", stdin="What time is it?\n")
    assert oona("journal", "show", "--person", "one", "--kind", "turn.heard").out.count("\n") == 1
    assert oona("journal", "show", "--kind", "turn.heard").out == ""


def test_the_journal_shows_itself(oona: Run) -> None:
    """`journal show` gives events in order, and `verify` finds them sound."""
    oona("say", "One.")
    oona("say", "Two.")
    lines = oona("journal", "show", "--all").out.splitlines()
    assert [int(line.split()[0]) for line in lines] == list(range(1, len(lines) + 1))
    assert oona("journal", "verify", "--json").json["sound"] is True


def test_the_doctor_finds_a_sound_house_sound(oona: Run) -> None:
    """With everything in place the doctor finds nothing ill, and prints no word of a life."""
    oona("say", "The xylophone is quicksilver.")
    said = oona("doctor")
    assert said.code == 0
    assert "quicksilver" not in said.out + said.err


def test_the_doctor_says_how_to_mend(oona: Run, scripted: Home) -> None:
    """A lost key and a missing model are found, each with what to do."""
    oona("say", "Hello.")
    (scripted.keys / "me.key").unlink()
    said = oona("doctor", OONA_LLM="")
    assert said.code == 1
    assert "me.key" in said.out
    assert "oona models fetch" in said.out


def test_a_reader_that_goes_is_no_error(oona: Run) -> None:
    """When whoever reads the output stops, the command ends without a word."""
    oona("say", "x " * 60_000)
    command = [*OONA, "journal", "show", "--all", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_command_starts_fast_because_it_loads_little() -> None:
    """Showing help loads neither the model's client, nor the store, nor line editing."""
    heavy = "{'httpx', 'apsw', 'keyring', 'prompt_toolkit', 'xllamacpp', 'rich.progress'}"
    code = f"import sys, oona.cli; print({heavy} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "set()"


_BREAKS = """
import sys
from oona.cli import commands, main, why

def broken(person, ask):
    raise RuntimeError("a secret of mine")

why.with_companion = broken
sys.argv = ["oona", "why"]
main()
"""


@pytest.mark.usefixtures("scripted")
def test_a_defect_is_told_in_a_sentence_and_no_traceback() -> None:
    """Whatever breaks under a command, the person reads words, and sees none of their own."""
    ran = subprocess.run(
        [sys.executable, "-c", _BREAKS], capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 1
    assert "Something in me broke" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "secret" not in ran.stderr
