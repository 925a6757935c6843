"""What was forgotten does not come back: not with an old export, not with an importer's text."""

from __future__ import annotations

import io
from pathlib import Path

from oona.core.events import Event
from oona.journal import audit, export_journal, import_journal
from oona.journal.heads import Heads
from oona.memory.forgetting import OneEvent
from oona.memory.tombstones import forgotten_ids
from tests.lives import CREATED
from tests.memory.conftest import Lives, Talk

SECRET = "Anna hid the brass key under the third stone."


def _exported(talk: Talk, path: Path) -> bytes:
    export_journal(talk.journal, path)
    return path.read_bytes()


def _import(path: Path, talk: Talk) -> int:
    return import_journal(path, talk.journal, forgotten=forgotten_ids).added


def _lose_the_journal(talk: Talk) -> None:
    """The events are gone as if the journal had begun anew in the same file."""
    talk.sql("DELETE FROM event")
    talk.sql("DELETE FROM effect")
    Heads(talk.heads_path).clear()
    with talk.store.begin() as work:
        work.texts.clear()
        work.turns.clear()
        work.vectors.clear()


def test_an_older_export_of_the_same_life_brings_nothing_back(talk: Talk, tmp_path: Path) -> None:
    """The way a person would try it: export, forget, import the export again."""
    talk.journal.append(CREATED)
    told = talk.tell(SECRET)
    talk.answer(told, "I'll keep that.")
    old = tmp_path / "old"
    assert b"brass" in _exported(talk, old)
    talk.forget("Anna")
    assert _import(old, talk) == 0
    assert told.id not in talk.standing()
    assert talk.store.search_text(["brass"], 5) == []
    assert b"brass" not in _exported(talk, tmp_path / "new")


def test_an_older_export_brings_nothing_back_into_an_emptied_journal(
    talk: Talk, tmp_path: Path
) -> None:
    """Where the journal no longer says so itself, its tombstones still know what was forgotten."""
    talk.journal.append(CREATED)
    told = talk.tell(SECRET)
    reply = talk.answer(told, "I'll keep that.")
    other = talk.tell("Walnuts make me ill.")
    old = tmp_path / "old"
    _exported(talk, old)
    talk.forget("Anna")
    _lose_the_journal(talk)
    assert _import(old, talk) == 4
    assert talk.standing().isdisjoint({told.id, reply.id})
    assert other.id in talk.standing()
    assert talk.store.search_text(["brass"], 5) == []
    assert [hit.seq for hit in talk.store.search_text(["walnuts"], 5)] == [other.seq]
    [receipt] = talk.journal.newest(limit=1)
    assert receipt.word("reason") == "forgotten before"
    found = audit(talk.journal)
    assert (found.sound, found.erased) == (True, 2)
    assert b"brass" not in talk.pages()


def test_a_text_is_known_again_however_it_is_written(talk: Talk) -> None:
    """Another program's copy of a forgotten text is known, by the whole or by a long sentence."""
    talk.tell("It was raining. " + SECRET)
    talk.tell("good soup")
    talk.tell("The boat is red and new.")
    talk.forget("Anna")
    talk.forget("good soup")
    known = talk.forgetting.is_forgotten
    assert known("it was RAINING — Anna hid the brass key, under the third stone")
    assert known("User: hello!\nAnna hid the brass key under the third stone. Bye.")
    assert not known("Anna hid the brass key")
    assert not known("It was raining.")  # too short to be anyone's in particular
    assert not known("good soup")
    assert not known("The boat is red and new.")


def test_what_is_said_anew_is_new(talk: Talk) -> None:
    """A person may tell again what they had forgotten; it is kept and found."""
    talk.tell(SECRET)
    talk.forget("Anna")
    again = talk.tell(SECRET)
    assert again.id in talk.standing()
    assert [hit.seq for hit in talk.store.search_text(["brass"], 5)] == [again.seq]


def test_the_key_and_the_hashes_leave_in_no_export(talk: Talk, tmp_path: Path) -> None:
    """An export holds neither the key, in any spelling, nor a hash made with it."""
    talk.tell(SECRET)
    talk.forget("Anna")
    with talk.store.begin() as work:
        key = work.get_mark("tombstone-key")
    digests = [row[0] for row in talk.sql("SELECT digest FROM tombstone")]
    assert len(key) == 64
    assert len(digests) == 2  # its id, and its one sentence, which is the whole
    out = _exported(talk, tmp_path / "x")
    for digest in digests:
        assert isinstance(digest, bytes)
        assert digest not in out
        assert digest.hex().encode() not in out
    assert key.encode() not in out


def test_two_people_hash_alike_words_differently(talk: Talk, another: Lives) -> None:
    """Keys differ between files: one person's hashes confirm nothing about another's."""
    other = another("other")
    for one in (talk, other):
        one.tell(SECRET)
        one.forget("Anna")
    rows = [set(one.sql("SELECT digest FROM tombstone")) for one in (talk, other)]
    assert rows[0].isdisjoint(rows[1])


def test_tombstones_outlive_restarts_and_rebuilds(talk: Talk) -> None:
    """They cannot be replayed from the journal, so a rebuild leaves them where they are."""
    event = talk.tell(SECRET)
    talk.forget(OneEvent(seq=event.seq))
    talk.journal.rebuild()
    talk.reopen()
    assert talk.forgetting.is_forgotten(SECRET)
    assert talk.forgetting.forgotten([event.id]) == {event.id}
    assert talk.forgetting.tombstones() == 2


def test_what_another_journal_erased_is_known_here_too(
    talk: Talk, another: Lives, tmp_path: Path
) -> None:
    """A receipt that arrives with a continuation leaves tombstones where it erases."""
    copy = another("copy")
    event = talk.tell(SECRET)
    _exported(talk, tmp_path / "before")
    _import(tmp_path / "before", copy)
    talk.forget("Anna")
    _exported(talk, tmp_path / "after")
    assert _import(tmp_path / "after", copy) == 1
    assert copy.forgetting.forgotten([event.id]) == {event.id}
    assert event.id not in copy.standing()


def test_what_was_never_to_be_kept_leaves_no_trace_of_its_text(talk: Talk) -> None:
    """An erasure by a setting, not asked for as a forgetting, leaves a hash of the id alone."""
    event = talk.tell(SECRET)
    talk.journal.erase([event.id], "setting memory.keep")
    assert talk.forgetting.forgotten([event.id]) == {event.id}
    assert not talk.forgetting.is_forgotten(SECRET)
    assert talk.forgetting.tombstones() == 1


def test_forgetting_nothing_makes_no_key(talk: Talk) -> None:
    """Before anything was forgotten, nothing is known and nothing is written."""
    event = talk.tell(SECRET)
    assert not talk.forgetting.is_forgotten(SECRET)
    assert talk.forgetting.forgotten([event.id]) == set()
    assert talk.forgetting.tombstones() == 0


def test_an_import_is_taken_whole_or_not_at_all(talk: Talk, tmp_path: Path) -> None:
    """An event that was never forgotten passes unchanged, byte for byte."""
    events: list[Event] = [talk.tell(f"turn number {number} of a few") for number in range(5)]
    _exported(talk, tmp_path / "old")
    out = io.BytesIO()
    _lose_the_journal(talk)
    assert _import(tmp_path / "old", talk) == 5
    export_journal(talk.journal, out)
    assert out.getvalue() == (tmp_path / "old").read_bytes()
    kept = talk.journal.at_seq([event.seq for event in events])
    assert kept == events
