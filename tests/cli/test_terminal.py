"""Talking at a terminal, through a pseudo-terminal, with every key a person might press."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable

import pytest

from oona.app.paths import Paths
from oona.testing.owners import owners
from tests.cli.conftest import Run, Terminal
from tests.conftest import Home

if sys.platform == "win32":
    pytest.skip("only Unix has pseudo-terminals", allow_module_level=True)

pytestmark = pytest.mark.server

Start = Callable[..., Terminal]
PROMPT = "\u203a "
LONG = "I walked along the river with a friend, past the old mill, and we talked about the sea."


@pytest.fixture
def slow(scripted: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replies come slowly enough to be stopped."""
    monkeypatch.setenv("OONA_LLM", "echo:800")


@pytest.fixture
def met(oona: Run) -> None:
    """The first conversation is over."""
    oona("settings", "--defaults")


@pytest.mark.usefixtures("met")
def test_a_turn_at_the_terminal(terminal: Start) -> None:
    """A line is answered, and Ctrl-D leaves with a goodbye."""
    oona = terminal()
    oona.wait_for(PROMPT)
    oona.type("What time is it?\r")
    oona.wait_for(":")
    oona.wait_for(PROMPT)
    oona.type("\x04")
    oona.wait_for("Goodbye")
    assert oona.ended() == 0


@pytest.mark.usefixtures("slow", "met")
def test_ctrl_c_stops_the_reply_and_not_the_program(terminal: Start) -> None:
    """Ctrl-C while it answers stops the answer; the next line is answered as ever."""
    oona = terminal()
    oona.wait_for(PROMPT)
    oona.type(f"{LONG}\r")
    oona.wait_for("\u00b7")  # it is thinking
    oona.type("\x03")
    oona.wait_for("(stopped)")
    oona.wait_for(PROMPT)
    oona.type("What time is it?\r")
    oona.wait_for(":")
    oona.wait_for(PROMPT)
    oona.type("Goodbye.\r")
    assert oona.ended() == 0


@pytest.mark.usefixtures("met")
def test_ctrl_c_at_the_prompt_says_how_to_leave(terminal: Start) -> None:
    """Ctrl-C with nothing to stop does not end the program, but tells what does."""
    oona = terminal("talk")
    oona.wait_for(PROMPT)
    oona.type("\x03")
    oona.wait_for("Ctrl-D")
    oona.type("\x04")
    assert oona.ended() == 0


def test_ctrl_c_between_two_lines_ends_nothing(terminal: Start) -> None:
    """While an answer is on its way to the owner, Ctrl-C does not end the conversation."""
    window = terminal()
    window.wait_for("call you")
    window.wait_for(PROMPT)
    [owner] = owners(Paths.find())
    os.kill(owner, signal.SIGSTOP)
    try:
        window.type("Jo\r")
        time.sleep(0.5)  # until the line has been read, which nothing shows
        os.kill(window.pid, signal.SIGINT)
        time.sleep(0.2)
    finally:
        os.kill(owner, signal.SIGCONT)
    window.wait_for("How much")
    window.wait_for(PROMPT)
    window.type("\x04")
    assert window.ended() == 0


@pytest.mark.usefixtures("met")
def test_a_paste_of_many_lines_is_one_turn(terminal: Start, oona: Run) -> None:
    """Lines that are pasted are one turn, kept whole, and marked as anyone's words."""
    window = terminal()
    window.wait_for(PROMPT)
    lines = "\r".join(f"line {number}" for number in range(300))
    window.type(f"\x1b[200~{lines}\x1b[201~\r")
    window.wait_for(PROMPT)
    window.type("\x04")
    window.ended()
    events = oona("journal", "show", "--json", "--kind", "turn.heard").out.splitlines()
    assert len(events) == 1
    assert '"pasted": true' in events[0]
    assert events[0].count("line ") == 300


def test_the_first_conversation(terminal: Start, oona: Run) -> None:
    """The first run asks four closed questions and an open one, and proposes a name."""
    window = terminal()
    window.wait_for("software")
    window.wait_for(PROMPT)
    for answer in ("Jo", "1", "", "1"):
        window.type(f"{answer}\r")
        window.wait_for(PROMPT)
    window.type("I have to call my mother this week.\r")
    window.wait_for("compared", 60)
    window.wait_for(PROMPT)
    window.type("no\r")
    window.wait_for(PROMPT)
    window.type("call yourself Mira\r")
    window.wait_for("Mira")
    window.wait_for(PROMPT)
    window.type("\x04")
    assert window.ended() == 0
    settled = oona("settings", "--json").json["settled"]
    assert (settled["person.name"], settled["companion.name"]) == ("Jo", "Mira")
    assert settled["talk.length"] == "brief"
    assert "call my mother" in oona("journal", "show", "--kind", "turn.heard").out


def test_an_interrupted_first_conversation_goes_on(terminal: Start) -> None:
    """Who leaves in the middle of the first questions is asked the rest, and nothing twice."""
    window = terminal()
    window.wait_for(PROMPT)
    window.type("Jo\r")
    window.wait_for("How much")
    window.wait_for(PROMPT)
    window.type("\x04")
    window.ended()
    again = terminal()
    shown = again.wait_for("How much")
    assert "What shall I call you" not in shown
