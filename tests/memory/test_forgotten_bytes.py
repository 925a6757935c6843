"""The byte scan: what was said is in the file before, and in no byte of it after a forgetting."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oona.store.connection
from oona.core.events import Event
from oona.core.storage import CellBlock, VectorRow
from oona.journal import audit, export_journal, import_journal
from oona.memory import FullTextRecall
from oona.memory.forgetting import Days, OneEvent, Saying, Wish
from oona.memory.tombstones import forgotten_ids
from oona.trust.lexicon import STOP_WORDS
from tests.memory.conftest import Talk, seqs

SECRET = "Xylquarbs are hidden behind Vandrolino's old clock."
FORMS = {
    "text": SECRET.encode(),
    "word": b"Xylquarbs",
    # The index keeps stems in lower case, and of a stem only what it adds to the one before it.
    "stem": b"ylquarb",
    "stem of a name": b"androlino",
    "stems of a look-up": b'"xylquarb"',
    "vector": random.Random(36).randbytes(384),
    "signs": random.Random(37).randbytes(48),
}


def _talked(talk: Talk) -> Event:
    """A talk in which the secret is told, answered, looked up, quoted and cut."""
    for number in range(40):
        talk.answer(talk.tell(f"An ordinary day, number {number}."), "I see." * number)
    told = talk.tell(SECRET)
    with talk.store.begin() as work:
        work.vectors.add([VectorRow("an embedder", told.seq, 0, FORMS["vector"])])
        seqs = b"".join(seq.to_bytes(8, sys.byteorder) for seq in (told.seq - 1, told.seq))
        block = CellBlock(0, 1, 1, seqs, bytes(48) + FORMS["signs"])
        work.cells.join([(told.seq, work.cells.put(block))])
    talk.answer(told, "Behind the clock of Vandrolino, then.")
    asked = talk.tell("Where are the xylquarbs?")
    found = talk.look_up(asked, [told], ["xylquarb"])
    cuts = [{"text": "Vandrolino's xylquarbs are blue.", "rule": "life"}]
    talk.answer(asked, f"You told me: “{SECRET}”", [told, found], cuts=cuts)
    for number in range(40):
        talk.answer(talk.tell(f"Another day, number {number}."), "I see." * number)
    return told


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _where(form: bytes, files: dict[str, bytes]) -> list[str]:
    return [Path(name).name for name, image in files.items() if form in image]


def _unlocked(db: apsw.Connection, key: bytes) -> None:
    db.pragma("page_size", 2_048)


def test_every_form_of_the_words_is_gone_from_every_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a real disk, without the cipher so that bytes can be read: file, log and side files."""
    monkeypatch.setattr(oona.store.connection, "_lock_up", _unlocked)
    folder = tmp_path / "life"
    folder.mkdir()
    talk = Talk(folder, disk=None)
    _talked(talk)
    before = _files(folder)
    for name, form in FORMS.items():
        assert "life.db-wal" in _where(form, before), name
    talk.store._db.wal_checkpoint()
    assert "life.db" in _where(FORMS["stem"], _files(folder))

    plan = talk.forget("xylquarb", "Vandrolino")

    assert plan.counts == {"told": 2, "replies": 2, "lookups": 1}
    after = _files(folder)
    for name, form in FORMS.items():
        assert _where(form, after) == [], name
    assert _where(b"ordinari", after) != []  # the index still holds other stems
    talk.journal.close()
    for name, form in FORMS.items():
        assert _where(form, _files(folder)) == [], name


def test_every_form_of_the_words_is_gone_from_the_decrypted_pages(tmp_path: Path) -> None:
    """With the cipher, on a real disk: in no decrypted page, free ones among them."""
    folder = tmp_path / "life"
    folder.mkdir()
    talk = Talk(folder, disk=None)
    told = _talked(talk)
    salt = told.salt or b""
    for name, form in FORMS.items():
        assert form in talk.pages(), name
        assert _where(form, _files(folder)) == [], "nothing stands in the clear"
    assert salt in talk.pages()
    talk.forget("xylquarb", "Vandrolino")
    pages = talk.pages()
    for name, form in FORMS.items():
        assert form not in pages, name
    assert salt not in pages
    assert audit(talk.journal).sound
    talk.journal.close()


_NAMES = ("Anna", "Bruno", "Carla")


def _live(talk: Talk, chance: random.Random, turns: int) -> dict[int, str]:
    """A random talk. Gives each event's own mark, a word that stands in no other event."""
    marks: dict[int, str] = {}
    told: list[Event] = []
    for _ in range(turns):
        mark = "".join(chance.choice("bcdfghjklmnpqrtvwxz") for _ in range(14))
        words = ["the", "boat", "soup", *chance.sample(_NAMES, chance.choice((0, 0, 1, 2)))]
        chance.shuffle(words)
        asked = talk.tell(f"{mark} {' '.join(words)}")
        marks[asked.seq] = mark
        noted = chance.sample(told, min(len(told), chance.choice((0, 0, 1, 2))))
        causes = list(noted)
        if noted:
            causes.append(talk.look_up(asked, noted, ["boat"]))
        if chance.random() < 0.8:
            mark = "".join(chance.choice("bcdfghjklmnpqrtvwxz") for _ in range(14))
            marks[talk.answer(asked, f"{mark} indeed", causes).seq] = mark
        told.append(asked)
    return marks


def _wish(chance: random.Random, talk: Talk, last: int) -> Wish:
    kind = chance.choice(("name", "event", "day"))
    if kind == "name":
        return Saying(chance.choice(_NAMES))
    if kind == "event":
        return OneEvent(seq=chance.randint(1, last))
    day = talk.clock.now().date()
    return Days(day, day) if chance.random() < 0.2 else Saying(chance.choice(_NAMES).lower())


@given(seed=st.integers(0, 2**32), turns=st.integers(1, 12), wishes=st.integers(1, 3))
@settings(max_examples=20)
def test_whatever_is_forgotten_stays_forgotten(
    seed: int, turns: int, wishes: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No page, recall, export or older export gives it back; all the rest stands and verifies."""
    folder = tmp_path_factory.mktemp("forget")
    talk, chance = Talk(folder), random.Random(seed)
    marks = _live(talk, chance, turns)
    export_journal(talk.journal, folder / "old")
    gone: set[int] = set()
    last = talk.journal.head().seq
    for _ in range(wishes):
        plan = talk.forget(_wish(chance, talk, last))
        gone |= set(seqs(plan))
    assert import_journal(folder / "old", talk.journal, forgotten=forgotten_ids).added == 0
    export_journal(talk.journal, folder / "new")
    pages, out = talk.pages(), (folder / "new").read_bytes()
    recall = FullTextRecall(talk.store, STOP_WORDS)
    for seq, mark in marks.items():
        found = [turn.event.seq for turn in recall.find(mark, 10_000).turns]
        assert (mark[1:].encode() in pages) == (seq not in gone)
        assert (mark.encode() in out) == (seq not in gone)
        assert found == ([] if seq in gone else [seq])
    for turn in recall.find(" ".join((*_NAMES, "boat", "soup")), 10_000).turns:
        assert turn.event.seq not in gone
    standing = {event.seq: event for event in talk.journal.read() if event.raw is not None}
    assert gone.isdisjoint(standing)
    found_sound = audit(talk.journal)
    assert (found_sound.sound, found_sound.erased) == (True, len(gone))
    talk.journal.close()
