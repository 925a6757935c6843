"""The chain and the audit: nothing can be changed, left out or cut off unseen."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.core.errors import BadInput
from oona.core.events import Actor, Draft, Kind
from oona.core.labels import OUTSIDE
from oona.journal import Journal, audit, chain
from oona.journal.heads import Heads
from tests.lives import CREATED, START, Life, heard, said

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
BODIES = st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), JSON, max_size=4)

COLUMNS: dict[str, st.SearchStrategy[object]] = {
    "id": st.binary(min_size=16, max_size=16),
    "at": st.datetimes().map(lambda moment: f"{moment.isoformat(timespec='microseconds')}Z"),
    "zone": st.text("abc/\n", max_size=8),
    "kind": st.sampled_from([*Kind, "turn.unheard-of"]),
    "actor": st.sampled_from([*Actor, "nobody"]),
    "label": st.sampled_from(["person/private", "outside/public", "person/shared", "?"]),
    "causes": st.binary(max_size=48),
    "commitment": st.binary(min_size=32, max_size=32),
    "hash": st.binary(min_size=32, max_size=32),
    "body": st.none() | BODIES.map(lambda body: chain.canonical(body).decode()),
    "salt": st.none() | st.binary(min_size=32, max_size=32),
    "seq": st.integers(9, 20) | st.just(0),
}


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """A life of eight events, one of them erased."""
    life = Life(tmp_path_factory.mktemp("lived"))
    life.journal.append(CREATED)
    [asked] = life.journal.append(heard("My sister Anna lives in Oslo."))
    [answer] = life.journal.append(
        dataclasses.replace(said("Noted."), causes=(asked.id,)),
    )
    [secret] = life.journal.append(heard("Forget this."))
    life.journal.erase([secret.id], "asked", [answer.id])
    life.journal.append(heard("a"), heard("b"), heard("c"))
    yield life
    life.journal.close()


@given(data=st.data())
def test_any_change_of_any_field_is_found(lived: Life, data: st.DataObject) -> None:
    """Whatever single field of whatever event is changed, the audit says so."""
    column = data.draw(st.sampled_from(sorted(COLUMNS)))
    seq = data.draw(st.integers(1, 8))
    [(before,)] = lived.sql(f"SELECT {column} FROM event WHERE seq = ?", seq)
    after = data.draw(COLUMNS[column].filter(lambda value: value != before))
    lived.sql("BEGIN")
    try:
        lived.sql(f"UPDATE event SET {column} = ? WHERE seq = ?", after, seq)
        assert not audit(lived.journal).sound
    finally:
        lived.sql("ROLLBACK")
    assert audit(lived.journal).sound


@given(data=st.data())
def test_any_event_left_out_is_found(lived: Life, data: st.DataObject) -> None:
    """An event taken out of the middle, or several off the end, is found."""
    first = data.draw(st.integers(1, 8))
    last = data.draw(st.integers(first, 8))
    lived.sql("BEGIN")
    try:
        lived.sql("DELETE FROM event WHERE seq BETWEEN ? AND ?", first, last)
        assert not audit(lived.journal).sound
    finally:
        lived.sql("ROLLBACK")


def test_a_body_without_receipt_is_a_fault(lived: Life) -> None:
    """Content that is gone is a fault unless a receipt names it."""
    lived.sql("BEGIN")
    try:
        lived.sql("UPDATE event SET body = NULL, salt = NULL WHERE seq = 2")
        found = audit(lived.journal)
    finally:
        lived.sql("ROLLBACK")
    assert found.faults == ["The content of event 2 is gone and no receipt says why."]
    assert audit(lived.journal).erased == 1


def test_an_erased_body_cannot_be_put_back_changed(lived: Life) -> None:
    """A body forged in the place of an erased one does not open its commitment."""
    lived.sql("BEGIN")
    try:
        lived.sql("UPDATE event SET body = '{}', salt = ? WHERE seq = 4", b"s" * 32)
        assert not audit(lived.journal).sound
    finally:
        lived.sql("ROLLBACK")


def test_an_audit_stops_after_enough_faults(lived: Life) -> None:
    """A journal in ruins gives a short list and says that it is not all."""
    lived.sql("BEGIN")
    try:
        lived.sql("UPDATE event SET zone = 'UTC'")
        found = audit(lived.journal, most_faults=3)
    finally:
        lived.sql("ROLLBACK")
    assert len(found.faults) == 4
    assert "stopped" in found.faults[-1]


@given(BODIES)
def test_the_spelling_of_a_body_is_stable(body: dict[str, object]) -> None:
    """Reading a body's canonical bytes and spelling them again gives the same bytes."""
    raw = chain.canonical(body)
    assert chain.canonical(json.loads(raw)) == raw


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        {"deep": [1, {"x": 0.5}]},
        "\ud800",
        {"\udfff": 1},
        b"bytes",
        {1: "one"},
        {None: 1},
        {1.5: 1},
        {"set": {1}},
        [10**5000],
    ],
)
def test_bodies_without_one_spelling_are_refused(life: Life, value: object) -> None:
    """Fractions, lone surrogates, bytes and names that are not text are refused, kindly."""
    with pytest.raises(BadInput):
        life.journal.append(heard("fine"), heard("x", value=value))
    assert life.journal.head().seq == 0


def test_bodies_that_nest_too_deep_are_refused(life: Life) -> None:
    """A body deeper than every reader bears is refused, however deep."""
    deep: object = 1
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(BadInput):
        life.journal.append(heard("x", value=deep))


@pytest.mark.parametrize("text", ["", "\0", "a\0b", "\u202e", "\x1b[2J", "é" * 500_000, "\u2028"])
def test_any_text_is_kept_as_it_is(life: Life, text: str) -> None:
    """NUL, control and bidi marks, a megabyte: what was said comes back letter by letter."""
    [event] = life.journal.append(heard(text))
    life.reopen()
    [kept] = life.journal.get([event.id])
    assert kept.text() == text
    assert audit(life.journal).sound


@pytest.mark.parametrize("zone", ["", "a\nb", "\ud800", "Ö"])
def test_a_zone_that_is_no_name_is_refused(life: Life, tmp_path: Path, zone: str) -> None:
    """A line break in a header could make two headers spell alike."""
    heads = Heads(tmp_path / "other")
    try:
        with pytest.raises(BadInput):
            Journal(life.store, heads, life.clock, zone)
    finally:
        heads.close()


def test_hashes_do_not_depend_on_how_causes_and_texts_are_cut() -> None:
    """Moving a boundary between two fields changes the hash."""
    common: dict[str, Any] = {
        "seq": 1,
        "event_id": UUID(int=1),
        "at": START,
        "causes": (),
        "commitment": b"c" * 32,
    }
    one = chain.link(chain.GENESIS, texts=("a", "bc", "d", "e"), **common)
    other = chain.link(chain.GENESIS, texts=("ab", "c", "d", "e"), **common)
    assert one != other


def test_outside_drafts_stay_outside(life: Life) -> None:
    """A paste that the person hands over is an outside text in the journal too."""
    [event] = life.journal.append(Draft(Kind.HEARD, Actor.PERSON, {"text": "x"}, OUTSIDE))
    assert event.label == OUTSIDE
