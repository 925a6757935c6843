"""`oona memory facts`, `correct` and `dispute`, run as a person runs them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.server

ANNA = "My sister Anna lives in Oslo."


def _facts(oona: Run, *words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in oona("memory", "facts", *words, "--json").out.splitlines()]


def test_facts_are_listed_with_the_persons_own_words(oona: Run) -> None:
    """Each fact stands with its number and the sentence it is from; programs get all of it."""
    oona("say", ANNA)
    said = oona("memory", "facts", "Anna")
    assert said.code == 0
    assert "Your sister Anna lives in Oslo." in said.out
    assert f"“{ANNA}”" in said.out
    [kin, lives] = _facts(oona)
    assert (kin["relation"], kin["value"]) == ("sister", "Anna")
    assert (lives["status"], lives["label"]) == ("current", "person/private")
    assert lives["sources"][0]["quote"] == ANNA


def test_nothing_known_is_said_calmly(oona: Run) -> None:
    """Who was never told of is not invented."""
    oona("say", ANNA)
    said = oona("memory", "facts", "Zelda")
    assert (said.code, said.err) == (0, "")
    assert said.out == "You have told me nothing about Zelda that I took for a fact.\n"


def test_all_that_is_known_of_two_of_one_name_is_listed(oona: Run) -> None:
    """Where a name is borne by two, facts of both are shown, and that they are two."""
    oona("say", "My colleague Ben lives in Leeds.")
    oona("say", "our landlord is called ben too")
    said = oona("memory", "facts", "ben")
    assert "Your colleague Ben lives in Leeds." in said.out
    assert "Your landlord is Ben." in said.out
    assert "More than one may be meant" in said.out


def test_a_correction_shows_what_it_said_and_what_it_says(oona: Run) -> None:
    """The old sentence and the new are shown; what was mended is only listed when asked for."""
    oona("say", ANNA)
    [_, lives] = _facts(oona)
    said = oona("memory", "correct", str(lives["fact"]), "Bergen")
    assert "It said: Your sister Anna lives in Oslo." in said.out
    assert "It now says: Your sister Anna lives in Bergen." in said.out
    assert [f["value"] for f in _facts(oona)] == ["Anna", "Bergen"]
    for whom in ([], ["Anna"]):
        listed = _facts(oona, *whom, "--all")
        assert [f["status"] for f in listed] == ["current", "retracted", "current"]


def test_a_disputed_fact_is_marked(oona: Run) -> None:
    """It stays listed, in doubt, with the way to settle it."""
    oona("say", ANNA)
    [_, lives] = _facts(oona)
    said = oona("memory", "dispute", str(lives["fact"]))
    assert f"oona memory correct {lives['fact']} TEXT" in said.out
    assert "in doubt" in oona("memory", "facts", "Anna").out


def test_two_of_one_name_are_told_apart(oona: Run) -> None:
    """A name that two bear is answered with who they are."""
    oona("say", "Daniel from work is a pilot.")
    oona("say", "My brother Daniel lives in Paris.")
    said = oona("memory", "facts", "Daniel").out
    assert "More than one may be meant: " in said
    assert "your brother Daniel" in said


def test_a_number_that_is_no_fact_is_told(oona: Run) -> None:
    """The way to the numbers is named, and nothing is written."""
    oona("say", ANNA)
    said = oona("memory", "correct", "999", "Bergen")
    assert said.code != 0
    assert "There is no fact 999." in said.err


def test_forgetting_takes_the_facts_along(oona: Run) -> None:
    """They are counted in the preview, in the words they were told in, and gone after it."""
    oona("say", ANNA)
    plan = oona("memory", "forget", "Anna", "--dry-run")
    assert "2 things I had concluded from it" in plan.out
    oona("memory", "forget", "Anna", "--yes")
    assert _facts(oona, "--all") == []
    assert "Anna" not in oona("journal", "show", "--all").out


def test_what_is_not_kept_leaves_no_facts(oona: Run) -> None:
    """A conversation of which nothing is kept leaves no fact of it either."""
    oona("settings", "memory.keep", "nothing", OONA_LINGER="0")
    oona("say", ANNA, OONA_LINGER="0")
    assert _facts(oona) == []
    shown = oona("journal", "show", "--all").out
    assert "fact.noted" in shown
    assert "Anna" not in shown
