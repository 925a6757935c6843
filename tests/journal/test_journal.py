"""Appending and reading: all or nothing, in order, whatever the clock says."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.core.errors import BadInput
from oona.core.events import Actor, Draft, Event, Kind
from oona.core.ids import new_id
from oona.core.labels import COMPANION, OUTSIDE, PERSON, Confidentiality, Integrity, Label, derived
from oona.core.storage import UnitOfWork
from oona.journal import audit
from oona.memory import TurnTexts
from tests.lives import START, Life, heard, said

LABELS = st.builds(Label, st.sampled_from(Integrity), st.sampled_from(Confidentiality))


class Counting:
    """A view that remembers what it was shown, in order."""

    name = "counting"

    def __init__(self, version: int = 1) -> None:
        self.version = version
        self.seen: list[int] = []
        self.forgotten: list[int] = []
        self.resets = 0

    def reset(self, work: UnitOfWork) -> None:
        self.resets += 1
        self.seen.clear()

    def apply(self, work: UnitOfWork, events: Sequence[Event]) -> None:
        self.seen += [event.seq for event in events]

    def forget(self, work: UnitOfWork, event: Event) -> None:
        self.forgotten.append(event.seq)


class Failing(Counting):
    """A view that cannot take in a certain word."""

    def apply(self, work: UnitOfWork, events: Sequence[Event]) -> None:
        if any("bad" in event.text() for event in events):
            raise BadInput("no")
        super().apply(work, events)


@given(LABELS, LABELS, LABELS)
def test_labels_form_a_lattice(a: Label, b: Label, c: Label) -> None:
    """Joining is commutative, associative and idempotent, and never strengthens anything."""
    assert a.join(b) == b.join(a)
    assert a.join(b).join(c) == a.join(b.join(c))
    assert a.join(a) == a
    assert a.join(b).integrity <= a.integrity
    assert a.join(b).confidentiality >= a.confidentiality
    assert Label.parse(str(a)) == a
    assert derived(a, [b, c]) == a.join(b).join(c)


@given(
    st.sampled_from(Actor),
    LABELS,
    st.lists(LABELS, min_size=1, max_size=3),
)
def test_a_derived_label_is_never_stronger_than_its_causes(
    actor: Actor, own: Label, causes: list[Label]
) -> None:
    """In the journal itself, what is derived is as weak as its weakest cause and its actor."""
    from oona.journal import Journal

    known = {UUID(int=n): label for n, label in enumerate(causes)}
    label = Journal._label(Draft(Kind.SAID, actor, {}, own, tuple(known)), known)
    if actor is Actor.PERSON and own == PERSON:
        assert label == PERSON
        return
    assert all(label.integrity <= cause.integrity for cause in causes)
    assert all(label.confidentiality >= cause.confidentiality for cause in causes)
    assert label.integrity <= own.integrity
    if actor is Actor.COMPANION:
        assert label.integrity <= Integrity.COMPANION
    if actor is Actor.OUTSIDE:
        assert label.integrity is Integrity.OUTSIDE


def test_labels_follow_causes_across_a_restart(life: Life) -> None:
    """An answer to an outside text is outside, also when the cause was written long before."""
    [paste] = life.journal.append(Draft(Kind.IMPORTED, Actor.OUTSIDE, {"text": "x"}, PERSON))
    assert paste.label == OUTSIDE
    life.reopen()
    [answer] = life.journal.append(dataclasses.replace(said("y"), causes=(paste.id,)))
    [again] = life.journal.append(dataclasses.replace(said("z"), causes=(answer.id,)))
    assert answer.label == again.label == OUTSIDE


def test_a_missing_cause_writes_nothing(life: Life) -> None:
    """When one draft of several names a cause that is not there, none is written."""
    with pytest.raises(BadInput):
        life.journal.append(heard("a"), dataclasses.replace(said("b"), causes=(UUID(int=7),)))
    assert life.journal.head().seq == 0
    assert life.store.search_text(["a"], 5) == []


def test_a_cause_may_stand_in_the_same_batch_but_not_later(life: Life) -> None:
    """Drafts written together may cause one another, in the order of time only."""
    first, second = new_id(START), new_id(START)
    a = dataclasses.replace(heard("a"), id=first)
    b = dataclasses.replace(said("b"), id=second, causes=(first,))
    assert [event.id for event in life.journal.append(a, b)] == [first, second]
    late = new_id(START)
    with pytest.raises(BadInput):
        life.journal.append(
            dataclasses.replace(said("c"), causes=(late,)), dataclasses.replace(said("d"), id=late)
        )
    with pytest.raises(BadInput):
        life.journal.append(dataclasses.replace(said("e"), id=late, causes=(late,)))
    assert life.journal.head().seq == 2


def test_an_id_is_written_once(life: Life) -> None:
    """A second event with the same id is refused in words, and nothing is written."""
    [event] = life.journal.append(heard("a"))
    with pytest.raises(BadInput):
        life.journal.append(heard("b"), dataclasses.replace(heard("c"), id=event.id))
    assert life.journal.head().seq == 1


def test_nothing_to_append_is_nothing(life: Life) -> None:
    """An empty append writes no event."""
    assert life.journal.append() == []
    assert life.journal.head().seq == 0


@given(jumps=st.lists(st.integers(-(10**7), 10**7), min_size=1, max_size=8))
def test_a_clock_set_back_changes_no_order(
    jumps: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Order is by seq; a clock that jumps, also backwards, leaves the journal sound."""
    life = Life(tmp_path_factory.mktemp("clock"))
    for seconds in jumps:
        life.clock.advance(timedelta(seconds=seconds))
        life.journal.append(heard("x"))
    assert [event.seq for event in life.journal.read()] == list(range(1, len(jumps) + 1))
    assert audit(life.journal).sound
    life.journal.close()


def test_reading_pages_kinds_and_limits_agree(life: Life) -> None:
    """Whatever is asked for, reading gives the same as filtering the whole list."""
    drafts = [heard(str(n)) if n % 3 else said(str(n)) for n in range(620)]
    life.journal.append(*drafts)
    everything = list(life.journal.read())
    assert [event.seq for event in everything] == list(range(1, 621))
    for kinds in ([], [Kind.SAID], [Kind.SAID, Kind.HEARD], [Kind.ERASED]):
        for after, limit in ((0, -1), (0, 0), (0, 300), (249, 2), (619, 5), (620, 5), (9999, -1)):
            wanted = [e for e in everything if e.seq > after and (not kinds or e.kind in kinds)]
            wanted = wanted if limit < 0 else wanted[:limit]
            got = list(life.journal.read(after=after, kinds=kinds, limit=limit))
            assert [e.seq for e in got] == [e.seq for e in wanted]
    assert [e.seq for e in life.journal.newest(Kind.SAID, limit=2)] == [619, 616]
    assert [e.seq for e in life.journal.newest(limit=2, before=5)] == [4, 3]
    assert life.journal.at_seq(range(1, 621)) == everything
    assert life.journal.get([e.id for e in reversed(everything)]) == everything


def test_reading_sees_the_journal_as_it_was_when_it_began(life: Life) -> None:
    """Events appended, or erased, while a reader is under way do not disturb it."""
    events = life.journal.append(*[heard(str(n)) for n in range(600)])
    reader = life.journal.read()
    next(reader)
    life.journal.append(heard("later"))
    life.journal.erase([events[3].id], "asked")
    assert [event.seq for event in reader] == list(range(2, 601))


def test_effects_lead_back_to_causes(life: Life) -> None:
    """The journal knows which events an event led to."""
    [a] = life.journal.append(heard("a"))
    [b] = life.journal.append(dataclasses.replace(said("b"), causes=(a.id, a.id)))
    [c] = life.journal.append(dataclasses.replace(said("c"), causes=(b.id, a.id)))
    assert life.store.effects_of(a.id) == [b.id, c.id]
    assert life.store.effects_of(c.id) == []


def _text_view(life: Life) -> list[tuple[object, ...]]:
    words = life.sql("SELECT term, doc, cnt FROM turn_vocabulary ORDER BY term")
    return [*words, *[(hit.seq,) for hit in life.store.search_text(["w1", "w2"], 500)]]


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["say", "batch", "erase", "reopen"]), st.integers(0, 50)),
        max_size=25,
    )
)
def test_replay_gives_the_same_views(
    steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A view kept in step, through erasures and restarts, equals one replayed from nothing."""
    life = Life(tmp_path_factory.mktemp("replay"))
    events: list[Event] = []
    for what, number in steps:
        if what == "say":
            events += life.journal.append(heard(f"w{number % 7} w{number % 5} and so on"))
        elif what == "batch":
            events += life.journal.append(*[said(f"w{number} w{n}") for n in range(number % 9)])
        elif what == "erase" and events:
            life.journal.erase([events[number % len(events)].id], "asked")
        else:
            life.reopen()
    kept = _text_view(life)
    count = life.journal.rebuild()
    assert count == life.journal.head().seq
    assert _text_view(life) == kept
    life.journal.close()


def test_a_view_that_missed_events_catches_up(tmp_path: Path) -> None:
    """A view that was not there while events were written is replayed at the next start, once."""
    view = Counting()
    life = Life(tmp_path, projections=[view])
    life.journal.append(heard("a"), heard("b"))
    life.projections = []
    life.reopen()
    life.journal.append(heard("c"))
    life.projections = [view]
    life.reopen()
    assert (view.seen, view.resets) == ([1, 2, 3], 2)
    life.reopen()
    assert (view.seen, view.resets) == ([1, 2, 3], 2)
    life.projections = []
    life.reopen()
    life.projections = [view]
    life.reopen()
    assert view.resets == 2, "nothing was written without it"
    life.journal.close()


def test_a_new_version_of_a_view_is_replayed(tmp_path: Path) -> None:
    """Raising a view's version replays the whole journal into it."""
    life = Life(tmp_path, projections=[Counting()])
    life.journal.append(heard("a"), heard("b"))
    newer = Counting(version=2)
    life.projections = [newer]
    life.reopen()
    assert newer.seen == [1, 2]
    life.journal.close()


def test_a_failing_view_writes_nothing(tmp_path: Path) -> None:
    """Events and views are one unit: when a view refuses, the events are not kept either."""
    life = Life(tmp_path, projections=[TurnTexts(), Failing()])
    life.journal.append(heard("good"))
    with pytest.raises(BadInput):
        life.journal.append(heard("fine"), heard("bad"))
    assert life.journal.head().seq == 1
    assert life.store.search_text(["fine"], 5) == []
    life.journal.append(heard("good again"))
    assert audit(life.journal).events == 2
    life.journal.close()


def test_labels_and_actors_survive_a_restart(life: Life) -> None:
    """What was written comes back field by field."""
    written = life.journal.append(heard("a", via="typed", n=[1, {"x": None}]), said("b"))
    life.reopen()
    assert list(life.journal.read()) == written
    assert written[1].label == COMPANION
