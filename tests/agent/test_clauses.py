"""Clauses: where a stream of words may be cut, so that each can be judged before it is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.agent.clauses import ClauseCutter


def cut(pieces: list[str]) -> list[tuple[int, str]]:
    """The clauses, each with the number of pieces it took."""
    cutter = ClauseCutter()
    found = [(n, c.text) for n, p in enumerate(pieces, 1) for c in cutter.feed(p)]
    return found + [(len(pieces), c.text) for c in cutter.flush()]


def test_a_stop_ends_a_clause_at_once() -> None:
    """Nobody waits for the token after the full stop."""
    assert cut(["Near", " Turku", ".", " Why", "?"]) == [(3, "Near Turku."), (5, "Why?")]


@pytest.mark.parametrize(
    "pieces",
    [
        ["It", " is", " 3", ".", "5", " km"],
        ["Ask", " Dr", ".", " Moe"],
        ["He", " said", ' "', "no", ".", '"'],
        ["In", " the", " U", ".S", "."],
    ],
)
def test_what_is_no_end_does_not_end_a_clause(pieces: list[str]) -> None:
    """Numbers, titles, quotations and initials hold stops that end nothing."""
    assert cut(pieces) == [(len(pieces), "".join(pieces))]


@given(st.lists(st.text('ab .,!?"3\n', max_size=6), max_size=20))
def test_nothing_is_lost_or_added(pieces: list[str]) -> None:
    """However a text comes in pieces, its clauses put together are the text."""
    cutter = ClauseCutter()
    cuttings = [c for piece in pieces for c in cutter.feed(piece)] + cutter.flush()
    whole = "".join(c.lead + c.text for c in cuttings)
    assert "".join(whole.split()) == "".join("".join(pieces).split())
