"""What is typed without capitals is read as if it had them, and no verb is taken for a name."""

from __future__ import annotations

from datetime import date

import pytest

from oona.memory.facts.rules import rules
from tests.memory.facts.conftest import Told

TODAY = date(2026, 10, 6)


@pytest.mark.parametrize(
    ("typed", "facts"),
    [
        (
            "my sister ruth lives in cardiff. she's a teacher",
            ["Your sister is Ruth.", "Your sister Ruth lives in Cardiff.",
             "Your sister Ruth's job: teacher."],
        ),
        ("i'm a physio at southmead hospital", ["You work at Southmead Hospital.",
                                                "Your job: physio."]),
        ("my brother james lives in new york", ["Your brother is James.",
                                                "Your brother James lives in New York."]),
        ("our landlord is called ben too btw", ["Your landlord is Ben."]),
        ("mum lives in newport, she's 71", ["Your mother lives in Newport.", "Your mother is 71."]),
        ("my name is ines", ["Your name is Ines."]),
        ("i live in a flat in hackney", ["You live in Hackney."]),
    ],
)  # fmt: skip
def test_names_are_told_by_where_they_stand(told: Told, typed: str, facts: list[str]) -> None:
    """Somebody and somewhere named in small letters are noted by their names, and quoted as typed.

    The sentence of a fact stands in the turn, letter for letter.
    """
    told.tell(typed)
    assert [line.removeprefix("current: ") for line in told.standing()] == facts
    assert all(fact.sources[0].quote in typed for fact in told.facts.all())


@pytest.mark.parametrize(
    "typed",
    [
        "where does my sister live?",
        "whats my brother called?",
        "when is my dentist appointment?",
        "my sister called earlier",
        "my mum works too much",
        "my boss put me on nights again",
        "my partner is away",
        "i live in hope",
        "my dentist appointment is on friday",
        "my sister and i went to leeds",
    ],
)
def test_a_verb_or_a_thing_is_no_name(typed: str) -> None:
    """What follows "my sister" in small letters is a name only where nothing else can stand."""
    assert rules().read(typed, TODAY).statements == ()


def test_whoever_is_known_is_known_in_small_letters(told: Told) -> None:
    """A name that was told once is one wherever it is typed, and asked for, in small letters."""
    told.tell("My sister Ruth lives in Cardiff.")
    told.tell("ruth's daughter is called lottie, her birthday is on 10 october")
    known = told.facts.ask("when is lottie's birthday")
    assert known is not None
    assert [fact.value for fact in known.current] == ["--10-10"]
    assert told.facts.ask("where does ruth live?").current[0].value == "Cardiff"  # type: ignore[union-attr]
