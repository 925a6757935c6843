"""Recall goes by when an imported text was said, and can find imports apart."""

from __future__ import annotations

from oona.core.events import Actor, Draft, Kind
from oona.core.labels import OUTSIDE
from tests.memory.recall.conftest import Recalling


def _import(life: Recalling, text: str, said: str) -> None:
    body = {"text": text, "by": "person", "origin": "your ChatGPT export", "said": said}
    life.journal.append(Draft(Kind.IMPORTED, Actor.OUTSIDE, body, OUTSIDE))


def test_a_question_that_names_a_month_finds_what_was_said_in_it(life: Recalling) -> None:
    """Two alike texts came in at one moment; the one of that month comes first."""
    for month in ("03", "05", "07", "09"):
        _import(life, f"We went sailing with the red boat, note {month}.", f"2024-{month}-10")
    assert life.find("Where did we go sailing in July 2024?")[0].endswith("07.")
    assert life.find("Where did we go sailing in March 2024?")[0].endswith("03.")


def test_today_is_not_the_day_of_what_was_imported_last(life: Recalling) -> None:
    """A month in a question is seen from now, though the last entry is of long ago."""
    life.tell("We went sailing to the island.")
    _import(life, "We went sailing to the harbour.", "2019-11-10")
    assert life.find("Where did we go sailing this month?")[0].endswith("island.")


def test_conversations_of_other_times_are_no_neighbours(life: Recalling) -> None:
    """An import goes back from one conversation to an earlier one, and each is its own session."""
    life.tell("Today I bake.")
    _import(life, "Newer.", "2024-05-03T10:00:00")
    _import(life, "Older.", "2020-05-03T10:00:00")
    life.recall.warm()
    assert len(set(life.recall._table.session.tolist())) == 3


def test_imports_are_found_apart(life: Recalling) -> None:
    """However many there are, the person's own words keep their room."""
    life.tell("My boat is called Selma.")
    for number in range(100):
        _import(life, f"The boat of number {number} is called Selma.", "2024-05-03")
    found = life.recall.find("What is the boat called?", 20, imported=40)
    assert [turn.event.text() for turn in found.turns] == ["My boat is called Selma."]
    assert found.imported
    assert all(turn.event.kind is Kind.IMPORTED for turn in found.imported)
