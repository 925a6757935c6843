"""Erasing: the words are gone from every byte, the chain stands, a receipt says so."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oona.core.errors import BadInput, NotFound, StorageFault
from oona.core.events import Event, Kind
from oona.journal import audit
from oona.testing.lossy_disk import LossyDisk
from tests.lives import CREATED, FILE, Life, heard, said

_LETTERS = "bcdfghjklmnpqrtvwxz0123456789"
_WINDOW = 8  # bytes; by chance no page holds eight letters of a token that was never written


def _token(chance: random.Random) -> str:
    return "".join(chance.choice(_LETTERS) for _ in range(chance.choice((14, 20))))


def _traces(token: str, image: bytes) -> list[str]:
    """The parts of `token` found in `image`; an index stores only what a word adds to another."""
    parts = [token[start : start + _WINDOW] for start in range(len(token) - _WINDOW + 1)]
    return [part for part in parts if part.encode() in image]


def _wal(life: Life) -> bytes:
    assert life.disk
    log = life.disk.files.get("/life.db-wal")
    return bytes(log.seen) if log else b""


@given(data=st.data())
@settings(max_examples=25)
def test_no_trace_of_the_erased_is_left(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Neither text nor stem nor salt stands in a decrypted page, and all the rest does."""
    life = Life(tmp_path_factory.mktemp("erase"))
    chance = random.Random(data.draw(st.integers(0, 2**32)))
    living: dict[UUID, tuple[str, Event]] = {}
    gone: list[tuple[str, Event]] = []
    for _ in range(data.draw(st.integers(1, 25))):
        tokens = [_token(chance) for _ in range(chance.choice((1, 1, 2, 30)))]
        words = chance.choice((0, 5, 20, 900))
        texts = [f"{token} " + "lorem ipsum " * words for token in tokens]
        for token, event in zip(tokens, life.journal.append(*map(heard, texts)), strict=True):
            living[event.id] = (token, event)
        if chance.random() < 0.6:
            ids = chance.sample(list(living), min(len(living), chance.choice((1, 2, 9))))
            life.journal.erase(ids, "asked", scrub=chance.random() < 0.3)
            gone += [living.pop(wanted) for wanted in ids]
    life.journal.scrub()
    pages = life.pages()
    for token, event in gone:
        assert _traces(token, pages) == []
        assert event.salt is not None
        assert event.salt not in pages
        assert life.store.search_text([token], 5) == []
    for token, event in living.values():
        assert token.encode() in pages
        assert [hit.seq for hit in life.store.search_text([token], 5)] == [event.seq]
    found = audit(life.journal)
    assert (found.sound, found.erased) == (True, len(gone))
    life.journal.close()


def test_no_stem_survives_where_pages_were_moved_about(tmp_path: Path) -> None:
    """In a life that left a stem in an unused part of a page (before rewriting), none is left."""
    life = Life(tmp_path)
    chance = random.Random(36)  # one of the few seeds of 120 that left one
    living: dict[UUID, str] = {}
    gone: list[str] = []
    while len(living) + len(gone) < 1_200:
        tokens = [_token(chance) for _ in range(chance.choice((50,)))]
        texts = [
            " ".join(
                [token, *(f"w{chance.getrandbits(10)}" for _ in range(chance.choice((20, 60))))]
            )
            for token in tokens
        ]
        for token, event in zip(tokens, life.journal.append(*map(heard, texts)), strict=True):
            living[event.id] = token
        if chance.random() < 0.5:
            ids = chance.sample(list(living), min(len(living), chance.choice((1, 2, 5, 10))))
            if chance.random() < 0.5:
                ids = list(living)[-chance.choice((1, 2, 5)) :]
            life.journal.erase(ids, "asked", scrub=False)
            gone += [living.pop(wanted) for wanted in ids]
    life.journal.scrub()
    pages = life.pages()
    assert [token for token in gone if _traces(token, pages)] == []
    life.journal.close()


def test_a_rewrite_leaves_no_log(life: Life) -> None:
    """Pages from before the erasure do not linger in the write-ahead log."""
    [event] = life.journal.append(heard("a"))
    life.journal.erase([event.id], "asked", scrub=False)
    assert _wal(life)
    life.store.scrub()
    assert _wal(life) == b""


def test_no_file_of_a_life_shows_a_word(tmp_path: Path) -> None:
    """On a real disk no file beside the key holds a word of what was said, erased or not."""
    folder = tmp_path / "ada"
    folder.mkdir()
    life = Life(folder, disk=None)
    [event] = life.journal.append(heard("The walnuts are in the cellar."))
    life.journal.append(said("Noted: walnuts."))

    def shown() -> list[str]:
        files = [path for path in folder.rglob("*") if path.is_file()]
        return [path.name for path in files if b"alnut" in path.read_bytes()]

    assert shown() == []
    life.journal.erase([event.id], "asked")
    assert shown() == []
    life.journal.close()
    assert shown() == []
    assert sorted(path.name for path in folder.iterdir()) == ["heads", "life.db"]


def test_a_receipt_names_no_content(life: Life) -> None:
    """The receipt says which events, when and at whose word, and nothing of what they held."""
    [event] = life.journal.append(heard("secretword"))
    [asked] = life.journal.append(heard("forget that"))
    receipt = life.journal.erase([event.id], "asked", [asked.id])
    assert receipt.kind is Kind.ERASED
    assert receipt.causes == (asked.id,)
    assert receipt.raw is not None
    assert b"secretword" not in receipt.raw
    [kept] = life.journal.get([event.id])
    assert (kept.raw, kept.salt, kept.body, kept.text()) == (None, None, None, "")
    assert kept.hash == event.hash


def test_erasing_twice_is_harmless(life: Life) -> None:
    """What was erased can be asked for again; the second receipt names nothing."""
    [event] = life.journal.append(heard("a"))
    life.journal.erase([event.id], "asked")
    again = life.journal.erase([event.id, event.id], "asked")
    assert again.body == {"events": [], "reason": "asked"}
    found = audit(life.journal)
    assert (found.sound, found.erased) == (True, 1)


def test_what_holds_up_the_journal_stays(life: Life) -> None:
    """A receipt and the event that founded the journal cannot be erased, nor beside others."""
    [created] = life.journal.append(CREATED)
    [event, other] = life.journal.append(heard("a"), heard("b"))
    receipt = life.journal.erase([event.id], "asked")
    for refused in (created.id, receipt.id):
        with pytest.raises(BadInput):
            life.journal.erase([other.id, refused], "asked")
    assert life.journal.head().seq == receipt.seq
    assert life.journal.get([other.id])[0].text() == "b"


def test_what_is_not_there_cannot_be_erased(life: Life) -> None:
    """An unknown id is said, and nothing is written."""
    with pytest.raises(NotFound):
        life.journal.erase([UUID(int=9)], "asked")
    assert life.journal.head().seq == 0


def test_a_receipt_that_was_erased_by_hand_is_a_fault(life: Life) -> None:
    """Without its receipt an erasure cannot be told from a theft."""
    [event] = life.journal.append(heard("a"))
    receipt = life.journal.erase([event.id], "asked")
    life.sql("UPDATE event SET body = NULL, salt = NULL WHERE seq = ?", receipt.seq)
    assert len(audit(life.journal).faults) == 2


def test_a_power_cut_during_the_rewrite_is_made_up_for(tmp_path: Path) -> None:
    """When the file could not be rewritten, the next start rewrites it."""
    token = "qzxkvbnmwpl7"
    for operations in range(0, 60, 5):
        life = Life(tmp_path / str(operations), disk=LossyDisk(operations))
        [event, _other] = life.journal.append(heard(f"{token} a"), heard("b"))
        life.journal.erase([event.id], "asked", scrub=False)
        assert life.disk
        life.disk.cut_after(operations)
        with contextlib.suppress(StorageFault):
            life.journal.scrub()
        life.cut_power()
        assert _traces(token, life.pages()) == []
        assert audit(life.journal).sound
        life.journal.close()


def test_a_full_disk_puts_the_rewrite_off(life: Life) -> None:
    """With no room to rewrite the file the erasure stands, is said so, and is finished later."""
    import apsw

    [event, *_rest] = life.journal.append(*[heard(f"tokentoken{n} " * 300) for n in range(30)])
    life.journal.erase([event.id], "asked", scrub=False)
    assert life.disk
    life.disk.refuse = lambda name: apsw.FullError("full")
    with pytest.raises(StorageFault, match="It is erased"):
        life.journal.scrub()
    life.disk.refuse = None
    assert life.journal.get([event.id])[0].raw is None
    life.reopen()
    assert b"tokentoken0" not in life.pages()
    assert life.path == FILE
