"""The entry of idle work: written with what was learned, or not at all."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.core.clock import local
from oona.core.errors import StorageFault
from oona.core.events import Actor, Draft, Event, Kind
from oona.core.labels import COMPANION
from oona.core.storage import TurnRow, UnitOfWork
from oona.memory.consolidated import Done, Reached, reached, spent_today, summary, totals
from oona.memory.sessions import PAUSE_S, sessions
from tests.lives import Life, heard


class _Full:
    """A view that a full disk keeps from following, from the second event on."""

    name, version, on = "full", 1, False

    def reset(self, work: UnitOfWork) -> None: ...

    def forget(self, work: UnitOfWork, event: Event) -> None: ...

    def apply(self, work: UnitOfWork, events: Sequence[Event]) -> None:
        if self.on and any(event.kind is Kind.CONSOLIDATED for event in events):
            raise StorageFault("The disk is full.")


def _done(turn: Event, milliseconds: int = 1_000) -> Done:
    done = Done(Reached(turn.seq, 0), turns=1, milliseconds=milliseconds)
    body = {"text": "You were here.", "first": turn.seq, "last": turn.seq}
    done.gists.append(Draft(Kind.GIST, Actor.COMPANION, body, COMPANION, (turn.id,)))
    return done


def test_result_and_cursor_are_one_step(tmp_path: Path) -> None:
    """Where the disk refuses, neither is there; after a power cut, both or neither."""
    full = _Full()
    life = Life(tmp_path, projections=(full,))
    [turn] = life.journal.append(heard("I was here."))
    full.on = True
    with pytest.raises(StorageFault):
        life.journal.append(*_done(turn).drafts({turn.id}))
    assert reached(life.journal) == Reached()
    assert not list(life.journal.read(kinds=[Kind.GIST]))
    full.on = False
    life.journal.append(*_done(turn).drafts({turn.id}))
    life.cut_power()
    assert reached(life.journal) == Reached(turn.seq, 0)
    assert len(list(life.journal.read(kinds=[Kind.GIST]))) == 1
    life.journal.close()


def test_nothing_is_concluded_from_what_is_gone(tmp_path: Path) -> None:
    """A conclusion whose turn was erased is left out, and the entry counts only what is written."""
    life = Life(tmp_path)
    [turn] = life.journal.append(heard("I was here."))
    drafts = _done(turn).drafts({uuid4()})
    assert [draft.kind for draft in drafts] == [Kind.CONSOLIDATED]
    assert drafts[0].body["gists"] == 0
    life.journal.close()


def test_a_days_account_is_of_that_day_where_the_person_is(tmp_path: Path) -> None:
    """What was spent before midnight, local time, is not today's; totals hold all of it."""
    life = Life(tmp_path)
    [turn] = life.journal.append(heard("I was here."))
    life.journal.append(*_done(turn, 5_000).drafts(set()))
    assert spent_today(life.journal, life.clock) == 5_000
    here = local(life.clock.now(), "Europe/Oslo")
    life.clock.advance(timedelta(hours=24 - here.hour))
    assert spent_today(life.journal, life.clock) == 0
    life.journal.append(*_done(turn, 7_000).drafts(set()))
    assert spent_today(life.journal, life.clock) == 7_000
    assert totals(life.journal)["milliseconds"] == 12_000
    life.journal.close()


def test_what_was_learned_is_told_in_words() -> None:
    """Counts in plain English, nothing where nothing was learned."""
    assert summary(14, 2, 1) == "Read 14 turns: 2 facts, 1 gist."
    assert summary(1, 0, 0) == "Read 1 turn: nothing new."
    assert summary(0, 0, 1, sessions=1) == "Read 1 session: 1 gist."
    assert summary(2, 1, 0, sessions=2) == "Read 2 turns and 2 sessions: 1 fact."
    assert summary(0, 0, 0) == "Gave way before anything was read."


@given(st.lists(st.tuples(st.integers(0, 3 * PAUSE_S), st.booleans()), max_size=30))
def test_sessions_hold_every_turn_once_and_break_at_silences(gaps: list[tuple[int, bool]]) -> None:
    """In journal order; within one no silence is longer than the pause, between two it is."""
    at, rows = 0, []
    for seq, (gap, own) in enumerate(gaps, start=1):
        at += gap
        rows.append(TurnRow(seq, at, "", own, 5, False))
    found = sessions(rows)
    assert [seq for one in found for seq in one.turns] == [row.seq for row in rows]
    for one in found:
        times = [rows[seq - 1].at for seq in one.turns]
        assert all(b - a <= PAUSE_S for a, b in itertools.pairwise(times))
    for one, other in itertools.pairwise(found):
        assert other.begin - one.end > PAUSE_S
