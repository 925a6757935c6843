"""The columns that ranking runs over are the same however they were read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.core.storage import TurnColumns
from oona.memory import table
from oona.memory.table import Table

Turn = tuple[int, str, bool, int, bool]
TURNS = st.lists(
    st.tuples(
        st.integers(-5_000, 9_000),
        st.sampled_from(("", "Ada", "Bo")),
        st.booleans(),
        st.integers(0, 90),
        st.booleans(),
    ),
    max_size=30,
)


class _Rows:
    """A store that holds turns alone."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self.turns = turns
        self.known = len(turns)

    def turn_columns(self, after: int, limit: int) -> TurnColumns:
        part = self.turns[after : min(self.known, after + limit)]
        numbers = np.array([(t[0], t[2], t[3], t[4]) for t in part], np.int64).reshape(-1, 4)
        seq = np.arange(after + 1, after + 1 + len(part))
        at = np.cumsum([turn[0] for turn in self.turns]).astype(np.int64)[after:][: len(part)]
        names = [turn[1] for turn in part]
        return TurnColumns(seq, at, names, numbers[:, 1], numbers[:, 2], seq % 2, numbers[:, 3])


def _columns(read: Table) -> dict[str, list[object]]:
    return {name: getattr(read, name).tolist() for name in table._COLUMNS}


@given(turns=TURNS, at_once=st.integers(1, 4))
def test_turn_by_turn_gives_what_reading_all_gives(turns: list[Turn], at_once: int) -> None:
    """Neighbours, windows and sessions do not depend on when a turn was taken in."""
    whole, bit = Table(), Table()
    whole.refresh(_Rows(turns))  # type: ignore[arg-type]
    rows = _Rows(turns)
    for rows.known in range(0, len(turns) + at_once, at_once):
        bit.refresh(rows)  # type: ignore[arg-type]
    assert _columns(bit) == _columns(whole)
    assert bit.usual == pytest.approx(whole.usual)
    assert bit.newest == whole.newest
    values = np.arange(len(turns), dtype=np.float32)
    assert bit.best_of_session(values).tolist() == whole.best_of_session(values).tolist()


@given(turns=TURNS, before=st.integers(1, 32))
def test_sums_that_are_kept_are_those_of_the_columns(turns: list[Turn], before: int) -> None:
    """What turns and windows usually hold, of all and of what was said before, is their mean."""
    whole = Table()
    whole.refresh(_Rows(turns))  # type: ignore[arg-type]
    for read in (whole, whole.upto(before)):
        columns = (read.words, read.window)
        wanted = [column.mean() if len(column) else 0 for column in columns]
        assert read.usual == pytest.approx(wanted, abs=1e-3)
        assert read.newest == max(whole.at, default=0)


@given(turns=TURNS, data=st.data())
def test_a_part_knows_only_neighbours_that_came_along(
    turns: list[Turn], data: st.DataObject
) -> None:
    """In a table of some places a neighbour is who was one, and nobody takes another's place."""
    whole = Table()
    whole.refresh(_Rows(turns))  # type: ignore[arg-type]
    chosen = sorted(data.draw(st.sets(st.integers(0, max(0, len(turns) - 1))))) if turns else []
    places = np.array(chosen, np.int64)
    part = whole.only(places)
    values = np.array([place + 1 for place in chosen], np.float32)
    for place, before in zip(chosen, part.before(values), strict=True):
        expected = place if place - 1 in chosen and whole.follows[place] else 0
        assert before == expected
    best = part.best_of_session(values)
    for number, place in enumerate(chosen):
        alike = [p + 1 for p in chosen if whole.session[p] == whole.session[place]]
        assert best[number] == max(alike)


def test_more_turns_than_are_read_at_once_are_all_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long life is read in portions to its end."""
    monkeypatch.setattr(table, "_AT_ONCE", 7)
    read = Table()
    read.refresh(_Rows([(1, "", True, 5, False)] * 50))  # type: ignore[arg-type]
    assert len(read) == 50
