"""`oona memory` and `oona remember`, run as a person runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, Terminal

pytestmark = pytest.mark.server

ANNA = "My sister Anna lives in Oslo."


def _lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_forgetting_without_a_terminal_only_shows(oona: Run) -> None:
    """Nobody can agree, so what would go is shown, nothing is erased, and that is said."""
    oona("say", ANNA)
    said = oona("memory", "forget", "Anna")
    assert said.code == 1
    assert ANNA in said.out
    assert "Nothing was erased" in said.err
    assert "--yes" in said.err
    dry = oona("memory", "forget", "Anna", "--dry-run")
    assert (dry.code, dry.out, dry.err) == (0, said.out, "")
    assert ANNA in oona("journal", "show").out


def test_a_forgetting_shows_erases_and_leaves_a_receipt(oona: Run, tmp_path: Path) -> None:
    """What was shown is gone from every view and every export; the journal still verifies."""
    oona("say", ANNA)
    oona("say", "Where does Anna live?")
    oona("say", "Walnuts make me ill.")
    old, new = tmp_path / "old", tmp_path / "new"
    oona("export", str(old))
    said = oona("memory", "forget", "Anna", "--yes")
    assert said.code == 0
    assert "2 things you told me" in said.out
    assert "Forgotten: 2 things you told me" in said.out
    assert "Exports and backups" in said.out
    shown = oona("journal", "show", "--all").out
    assert "Anna" not in shown
    assert "Walnuts" in shown
    assert "erased with a receipt" in oona("journal", "verify").out
    assert "Nothing new" in oona("import", str(old), "--yes").out
    oona("export", str(new))
    assert "Anna" in old.read_text("utf-8")
    assert "Anna" not in new.read_text("utf-8")
    assert oona("memory", "search", "Anna").out == "I find nothing about “Anna”.\n"
    again = oona("memory", "forget", "Anna")
    assert (again.code, "nothing to forget" in again.out) == (0, True)


def test_a_forgetting_tells_programs_all_it_tells_people(oona: Run) -> None:
    """JSON holds the plan with its counts first, then the receipt."""
    oona("say", ANNA)
    plan = oona("memory", "forget", "Anna", "--json").json
    assert (plan["done"], plan["counts"]["told"]) == (False, 1)
    assert {"plan", "items", "nearby", "settings", "indexed", "told"} <= set(plan)
    assert plan["items"][0]["text"] == ANNA
    done = oona("memory", "forget", "Anna", "--json", "--yes").json
    assert done["done"] is True
    [receipt] = _lines(oona("journal", "show", "--json", "--kind", "erased").out)
    assert done["receipt"]["event"] == receipt["seq"]
    assert receipt["body"]["reason"] == "asked by command"
    assert oona("memory", "forget", "Anna", "--json").json["items"] == []


def test_a_person_is_asked_first(oona: Run, terminal: Callable[..., Terminal]) -> None:
    """In a terminal the plan is shown and asked about; no keeps everything, yes erases it."""
    oona("say", ANNA)
    screen = terminal("memory", "forget", "Anna")
    assert ANNA in screen.wait_for("Shall I forget this for good?")
    screen.type("n\n")
    screen.wait_for("Then it stays as it is.")
    assert screen.ended() == 1
    assert ANNA in oona("journal", "show").out
    screen = terminal("memory", "forget", "Anna")
    screen.wait_for("Shall I forget this for good?")
    screen.type("y\n")
    screen.wait_for("Forgotten: ")
    assert screen.ended() == 0
    assert "Anna" not in oona("journal", "show").out


def test_a_wish_can_be_kept_out_of_a_shells_history(oona: Run) -> None:
    """What is to be forgotten can come by standard input; nobody is there to ask then."""
    oona("say", ANNA)
    assert oona("memory", "forget", "-", stdin="Anna\n").code == 1
    assert oona("memory", "forget", "-", "--yes", stdin="Anna\n").code == 0
    assert "Anna" not in oona("journal", "show").out


def test_several_things_go_at_once(oona: Run) -> None:
    """--also names more of it: a turn that points back, by its number."""
    oona("say", ANNA)
    oona("say", "She is pregnant.")
    plan = oona("memory", "forget", "Anna", "--json").json
    [she] = plan["nearby"]
    assert she["text"] == "She is pregnant."
    oona("memory", "forget", "Anna", "--also", str(she["event"]), "--yes")
    assert "pregnant" not in oona("journal", "show").out


def test_a_running_conversation_forgets(oona: Run, terminal: Callable[..., Terminal]) -> None:
    """What is forgotten beside an open talk is gone from that talk, too."""
    oona("settings", "--defaults")
    screen = terminal("talk")
    screen.wait_for("\n")
    screen.type("The violet zeppelin is in the shed.\r")
    screen.wait_for("You said")
    assert "zeppelin" in oona("journal", "show").out
    assert oona("memory", "forget", "zeppelin", "--yes").code == 0
    screen.type("Where is the zeppelin?\r")
    screen.wait_for("zeppelin")
    oona("memory", "forget", "last", "--yes")
    screen.type("\x04")
    screen.ended()
    assert "in the shed" not in oona("journal", "show", "--all").out


def test_memories_are_listed_found_and_shown(oona: Run) -> None:
    """List gives what was told, search the best match first, show what rests on it."""
    oona("say", ANNA)
    oona("say", "Walnuts make me ill.")
    oona("say", "Where does Anna live?")
    listed = _lines(oona("memory", "list", "--json").out)
    assert [memory["text"] for memory in listed][:2] == [ANNA, "Walnuts make me ill."]
    assert len(_lines(oona("memory", "list", "--last", "1", "--json").out)) == 1
    found = _lines(oona("memory", "search", "walnuts", "--json").out)
    assert found[0]["text"] == "Walnuts make me ill."
    assert found[0]["score"] > 0
    told = oona("memory", "show", str(listed[0]["event"]), "--json").json
    assert told["event"]["body"]["text"] == ANNA
    assert any("Oslo" in reply["text"] for reply in told["basis_of"])
    shown = oona("memory", "show", str(listed[0]["event"])).out
    assert "your own word" in shown
    assert "What rests on it:" in shown


def test_where_the_words_were_never_said_the_closest_is_offered(oona: Run) -> None:
    """A wish in other words than were said finds nothing, and is shown what may be meant."""
    oona("remember", "Walnuts make my throat itch.")
    said = oona("memory", "forget", "itchy walnut throat")
    assert said.code == 0
    assert "nothing to forget" in said.out
    assert "Walnuts make my throat itch." in said.out
    assert "closest" not in oona("memory", "forget", "yesterday").out


def test_the_journal_counts_what_a_receipt_is_for(oona: Run) -> None:
    """A receipt is shown in words, its hashes only to programs."""
    oona("remember", "Walnuts make my throat itch.")
    oona("memory", "forget", "walnuts", "--yes")
    shown = oona("journal", "show", "--kind", "erased").out
    assert "2 entries erased (asked by command)" in shown


def test_stats_count_and_say_since_when(oona: Run) -> None:
    """Stats count what was told, answered and erased: a turn, its reply, and its fact."""
    oona("say", ANNA)
    oona("say", "I am allergic to walnuts.")
    before = oona("memory", "stats", "--json").json
    assert (before["told"], before["replies"], before["erased"]) == (2, 2, 0)
    oona("memory", "forget", "walnuts", "--yes")
    after = oona("memory", "stats", "--json").json
    assert (after["told"], after["replies"], after["erased"]) == (1, 1, 3)
    assert after["kept_out"] > 0
    assert "1 thing you told me, the first on " in oona("memory", "stats").out


def test_what_is_to_be_remembered_is_kept_without_talk(oona: Run) -> None:
    """One kind sentence comes back, no model is asked, and the words are the person's own."""
    told = oona("remember", "Walnuts make me ill.", "--json").json
    assert (told["rule"], told["model"]) == ("remembered", "")
    assert oona("remember", "Tomas has the spare key.").out.count("\n") == 1
    listed = _lines(oona("memory", "list", "--json").out)
    assert [memory["text"] for memory in listed] == [
        "Walnuts make me ill.",
        "Tomas has the spare key.",
    ]
    assert {memory["label"] for memory in listed} == {"person/private"}
    oona("remember", stdin="a letter\nin two lines\n")
    last = _lines(oona("memory", "list", "--json").out)[-1]
    assert last["label"] == "outside/private"


def test_what_is_to_be_remembered_outlives_a_talk_that_is_not(oona: Run) -> None:
    """Who lets nothing be kept, but asks for one thing, keeps that one."""
    oona("settings", "memory.keep", "asked")
    oona("remember", "Walnuts make me ill.", OONA_LINGER="0")
    oona("say", "The weather is grey.", OONA_LINGER="0")
    listed = _lines(oona("memory", "list", "--json").out)
    assert "Walnuts make me ill." in [memory["text"] for memory in listed]


def test_danger_is_danger_here_too(oona: Run) -> None:
    """Words of despair are answered with people to call, and are not kept."""
    said = oona("remember", "I want to kill myself")
    assert "people" in said.out
    assert "kept" not in said.out.lower()
    assert "kill" not in oona("journal", "show", "--json", "--kind", "turn.heard").out


@pytest.mark.parametrize(
    "words",
    [
        ["forget", "999"],
        ["forget", "the"],
        ["forget", ""],
        ["forget", "2026-02-31"],
        ["forget", "1"],
        ["show", "999"],
        ["show", "nonsense"],
    ],
    ids=" ".join,
)
def test_mistakes_are_told_kindly(oona: Run, words: list[str]) -> None:
    """What is not there, has to stay or fits everything is said in a sentence."""
    oona("say", "Hello.")
    said = oona("memory", *words, *(["--yes"] if words[0] == "forget" else []))
    assert (said.code, said.out) == (1, "")
    assert len(said.err) > 20


def test_a_long_preview_counts_what_it_leaves_out(oona: Run) -> None:
    """Of many things the first are shown, the rest counted; most of a life is told to be that."""
    told = "\n".join(f"Anna said number {number}." for number in range(15))
    oona("settings", "--defaults")
    oona("talk", stdin=told)
    shown = oona("memory", "forget", "Anna", "--dry-run").out
    assert "15 things you told me" in shown
    assert "… and 3 more" in shown
    assert "That is 15 of the 15 things you ever told me." in shown
