"""What was heard with doubt is kept, and believed by nobody."""

from __future__ import annotations

from typing import Any

import pytest

from oona.core.events import Kind
from oona.memory.facts.deeper import Deeper
from oona.memory.facts.learning import CLEAR_MILLI
from tests.memory.facts.conftest import Told


@pytest.mark.parametrize(
    ("confidence", "facts"), [(None, 1), (1000, 1), (CLEAR_MILLI, 1), (CLEAR_MILLI - 1, 0), (0, 0)]
)
def test_a_doubtful_transcript_becomes_no_fact(
    told: Told, confidence: int | None, facts: int
) -> None:
    """Typed words and those that were heard clearly are noted; others stay a turn and no more."""
    more: dict[str, Any] = (
        {} if confidence is None else {"via": "spoken", "confidence_milli": confidence}
    )
    told.tell("My sister Anna lives in Bergen.", **more)
    assert len([f for f in told.facts.all() if f.relation == "lives_in"]) == facts
    [turn] = told.journal.newest(Kind.HEARD, limit=5)
    assert turn.text() == "My sister Anna lives in Bergen."
    assert told.facts.read_to() == turn.seq


def test_a_doubtful_correction_mends_nothing(told: Told) -> None:
    """Misheard news takes nothing from what was told before; said again clearly, it does."""
    told.tell("My sister Anna lives in Bergen.")
    told.at_once("No, she lives in Oslo.")
    before = told.standing()
    told.tell("My sister Anna lives in Lima now.", via="spoken", confidence_milli=600)
    assert told.standing() == before
    told.tell("My sister Anna lives in Lima now.", via="spoken", confidence_milli=950)
    assert told.answer("Anna", "lives_in") == ["Lima"]


def test_nor_does_a_model_read_it(told: Told) -> None:
    """In quiet moments, too, only what was clear is read for facts."""
    for confidence in (400, 990):
        text = "My sister has taken up the cello since her move to the coast."
        told.tell(text, via="spoken", confidence_milli=confidence)
    _, reading = Deeper(told.store, told.journal, told.facts).next(0)
    assert reading is not None
    assert (reading.turn.body or {})["confidence_milli"] == 990
