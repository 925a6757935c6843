"""Replies to what was told: what is cut, and what says nothing."""

from __future__ import annotations

import pytest

from oona.trust.lexicon import load
from oona.trust.tellings import adds, misplaced

TOLD = "My sister Anna lives in Oslo and is allergic to walnuts."


@pytest.mark.parametrize(
    ("clause", "rule"),
    [
        ("Are you sure your sister is allergic?", "doubt"),
        ("That's unusual.", "remark"),
        ("That's interesting.", "remark"),
        ("What's she allergic to?", "told-already"),
        ("Where does Anna live?", "told-already"),
        ("Anna lives in Oslo.", "echo"),
        ("Oslo, and no walnuts: I'll keep both.", ""),
        ("What's your sister like?", ""),
        ("How did she end up there?", ""),
        ("What does she bake instead?", ""),
        ("Oslo!", ""),
    ],
)
def test_doubt_verdicts_and_echoes_are_no_reply_to_a_telling(clause: str, rule: str) -> None:
    """Who tells something is neither doubted nor asked for it again; interest passes."""
    assert misplaced(clause, TOLD, load())[0] == rule


@pytest.mark.parametrize(
    ("clause", "more"),
    [
        ("Oslo!", False),
        ("That's great!", False),
        ("I'll keep that.", True),
        ("Does she ski?", True),
        ("How is she?", True),
        ("Allergic to walnuts?", False),
    ],
)
def test_what_only_says_back_adds_nothing(clause: str, more: bool) -> None:
    """An echo and a "great!" add nothing; a promise to keep it and a question do."""
    assert adds(clause, TOLD, load()) is more
