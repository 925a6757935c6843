"""Heads outside the file: a cut is seen and stays seen, a power cut gives no false alarm."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.core.errors import StorageFault
from oona.core.storage import Head
from oona.journal import audit
from oona.journal.heads import Heads
from tests.lives import Life, heard


def _head(seq: int) -> Head:
    return Head(seq, bytes([seq % 256]) * 32)


def _cut_tail(life: Life, last: int) -> None:
    life.sql("DELETE FROM event WHERE seq > ?", last)


def test_the_latest_head_is_read_back(tmp_path: Path) -> None:
    """Heads come back after a restart, also when numbers skip and hold line breaks."""
    heads = Heads(tmp_path / "deep" / "heads")
    for seq in (1, 3, 5, 10, 13):
        heads.write(Head(seq, b"\n\r\x1a\0" * 8))
        assert heads.read() == Head(seq, b"\n\r\x1a\0" * 8)
    heads.close()
    again = Heads(tmp_path / "deep" / "heads")
    assert again.read() == Head(13, b"\n\r\x1a\0" * 8)
    again.close()
    again.close()


@given(data=st.data())
def test_a_torn_write_leaves_the_head_before(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Tear the last write at any byte: the newest or the one before it is read, never nonsense."""
    path = tmp_path_factory.mktemp("heads") / "heads"
    seqs = data.draw(st.lists(st.integers(1, 9), min_size=2, max_size=6))
    heads = Heads(path)
    seq, before = 0, b""
    for step in seqs:
        before = path.read_bytes()
        seq += step
        heads.write(_head(seq))
    heads.close()
    image = path.read_bytes()
    at = data.draw(st.integers(0, len(image)))
    path.write_bytes(image[:at] + before[at : len(image)].ljust(len(image) - at, b"\0"))
    again = Heads(path)
    assert again.read() in (_head(seq), _head(seq - seqs[-1]))
    again.close()


@pytest.mark.parametrize("junk", [b"", b"x", b"head" * 50, bytes(500), b"\xff" * 144])
def test_junk_is_no_head(tmp_path: Path, junk: bytes) -> None:
    """A file of anything else is read as none, and written over."""
    path = tmp_path / "heads"
    path.write_bytes(junk)
    heads = Heads(path)
    assert heads.read() is None
    heads.write(_head(2))
    assert heads.read() == _head(2)
    heads.close()


def test_heads_that_cannot_be_opened_are_a_storage_fault(tmp_path: Path) -> None:
    """A folder in the place of the file is said in words."""
    with pytest.raises(StorageFault):
        Heads(tmp_path)


def test_a_cut_tail_is_seen_and_stays_seen(life: Life) -> None:
    """A journal cut short is found out, also after it has grown past the cut again."""
    life.journal.append(*[heard(str(n)) for n in range(6)])
    _cut_tail(life, 3)
    assert not audit(life.journal).sound
    life.reopen()
    assert not audit(life.journal).sound
    for n in range(9):
        life.journal.append(heard(f"new {n}"))
        life.reopen()
        [fault] = audit(life.journal).faults
        assert "6" in fault


def test_a_cut_can_be_settled(life: Life) -> None:
    """Once the person takes the shorter journal for the whole, the audit is content."""
    life.journal.append(heard("a"), heard("b"))
    _cut_tail(life, 1)
    life.reopen()
    assert not audit(life.journal).sound
    life.journal.settle()
    assert audit(life.journal).sound
    life.reopen()
    assert audit(life.journal).sound


def test_a_journal_cut_to_nothing_is_seen(life: Life) -> None:
    """An empty file where there was a life is found out."""
    life.journal.append(heard("a"))
    _cut_tail(life, 0)
    life.reopen()
    assert not audit(life.journal).sound


@given(data=st.data())
def test_a_lagging_or_torn_head_is_no_alarm(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """After a power cut the heads may be older, torn or gone; none of that is a fault."""
    life = Life(tmp_path_factory.mktemp("lag"))
    images = [b""]
    for n in range(data.draw(st.integers(1, 6))):
        life.journal.append(*[heard(f"{n}")] * data.draw(st.integers(1, 3)))
        images.append(life.heads_path.read_bytes())
    life.journal.close()
    old, new = data.draw(st.sampled_from(images)), images[-1]
    at = data.draw(st.integers(0, len(new)))
    life.heads_path.write_bytes(new[:at] + old[at:])
    life.open()
    assert audit(life.journal).faults == []
    life.journal.append(heard("on"))
    life.reopen()
    found = audit(life.journal)
    assert (found.faults, found.notes) == ([], [])
    life.journal.close()


def test_lost_heads_are_a_note(life: Life) -> None:
    """Heads that are gone altogether are told as a note until the next event writes them."""
    life.journal.append(heard("a"))
    life.journal.close()
    life.heads_path.unlink()
    life.open()
    found = audit(life.journal)
    assert found.sound
    assert len(found.notes) == 1
    life.journal.append(heard("b"))
    assert audit(life.journal).notes == []
    life.reopen()
    assert audit(life.journal).notes == []


def test_a_new_journal_has_no_note(life: Life) -> None:
    """A life that has not begun misses nothing."""
    found = audit(life.journal)
    assert (found.sound, found.notes) == (True, [])


def test_heads_that_cannot_be_written_do_not_lose_an_event(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event is kept though its head could not be noted."""

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("oona.journal.heads.os.write", refuse)
    life.journal.append(heard("a"))
    monkeypatch.undo()
    life.reopen()
    assert audit(life.journal).events == 1
