"""Export and import: nothing is lost, nothing bad gets in, two lives are never mixed."""

from __future__ import annotations

import dataclasses
import io
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oona.core.errors import BadInput, JournalDamaged, OonaError, StorageFault
from oona.core.labels import PERSON
from oona.journal import audit, chain, export_journal, import_journal, read_header
from oona.journal.portable import Imported
from tests.lives import CREATED, Life, heard, said

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def _lived(folder: Path) -> Life:
    """A life with causes, an erasure, and texts that are hard to write down."""
    folder.mkdir(exist_ok=True)
    life = Life(folder)
    life.journal.append(CREATED)
    [asked] = life.journal.append(heard("Anna lives in Oslo.", n=12345678901234567890))
    life.journal.append(dataclasses.replace(said('"\\\u2028\0\x1b é 漢 🙂'), causes=(asked.id,)))
    [secret] = life.journal.append(heard("a secret"))
    life.journal.erase([secret.id], "asked", [asked.id])
    life.journal.append(heard("the end"))
    return life


def _exported(life: Life) -> bytes:
    out = io.BytesIO()
    export_journal(life.journal, out)
    return out.getvalue()


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Life]:
    """A life to export."""
    life = _lived(tmp_path / "source")
    yield life
    life.journal.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Life]:
    """A life that has not begun."""
    (tmp_path / "empty").mkdir()
    life = Life(tmp_path / "empty")
    yield life
    life.journal.close()


@pytest.fixture
def file(source: Life, tmp_path: Path) -> Path:
    """The export of `source`."""
    path = tmp_path / "ada.oona.jsonl"
    export_journal(source.journal, path)
    return path


def test_export_import_export_gives_the_same_bytes(source: Life, empty: Life, file: Path) -> None:
    """A journal taken out, put into an empty one and taken out again is the same file."""
    assert import_journal(file, empty.journal) == Imported(total=6, added=6)
    assert _exported(empty) == file.read_bytes()
    assert list(empty.journal.read()) == list(source.journal.read())
    found = audit(empty.journal)
    assert (found.sound, found.erased, found.notes) == (True, 1, [])


def test_an_import_survives_a_restart_and_is_searchable(empty: Life, file: Path) -> None:
    """What was imported is in the views, and stays."""
    import_journal(file, empty.journal)
    empty.reopen()
    assert [hit.seq for hit in empty.store.search_text(["oslo"], 5)] == [2]
    assert empty.store.search_text(["secret"], 5) == []
    [event] = empty.journal.at_seq([2])
    assert event.label == PERSON


@given(batches=st.lists(st.lists(TEXTS, min_size=1, max_size=3), max_size=6), data=st.data())
@settings(max_examples=25)
def test_any_journal_makes_the_round_trip(
    batches: list[list[str]], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever was said and erased comes through unchanged."""
    folder = tmp_path_factory.mktemp("trip")
    (folder / "other").mkdir()
    life, other = Life(folder), Life(folder / "other")
    for texts in batches:
        events = life.journal.append(*map(heard, texts))
        if data.draw(st.booleans()):
            life.journal.erase([events[0].id], "asked")
    export_journal(life.journal, folder / "x")
    import_journal(folder / "x", other.journal)
    assert _exported(other) == (folder / "x").read_bytes()
    assert audit(other.journal).sound
    life.journal.close()
    other.journal.close()


def test_the_file_says_what_it_is(file: Path) -> None:
    """The first line names the file, the person, the count and the end, for people too."""
    header = read_header(file)
    assert (header.version, header.person, header.count) == (1, "ada", 6)
    lines = file.read_bytes().splitlines()
    first = json.loads(lines[0])
    assert first["head"] == header.head.hash.hex() == json.loads(lines[-1])["hash"]
    assert "not encrypted" in first["note"]
    assert all(isinstance(json.loads(line), dict) for line in lines)


def test_an_export_is_for_its_owner_alone_and_leaves_nothing_beside_it(file: Path) -> None:
    """The file is 0600 and written over as a whole, with no draft left."""
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir() if ".part" in path.name] == []


def test_a_failed_export_leaves_the_old_file(
    source: Life, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk is full the file that was there stays, and no draft lies about."""
    before = file.read_bytes()

    def refuse(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("oona.journal.portable.os.fsync", refuse)
    with pytest.raises(StorageFault, match="No space left"):
        export_journal(source.journal, file)
    assert file.read_bytes() == before
    assert len(list(file.parent.glob("*ada*"))) == 1


def test_an_export_to_nowhere_is_said(source: Life, tmp_path: Path) -> None:
    """A folder that does not exist, or stands in the file's place, is said in words."""
    (tmp_path / "folder").mkdir()
    for target in (tmp_path / "no" / "such" / "x", tmp_path / "folder"):
        with pytest.raises(StorageFault):
            export_journal(source.journal, target)
    assert not list(tmp_path.glob(".*part"))


def test_a_damaged_journal_is_not_exported(source: Life, tmp_path: Path) -> None:
    """An export that could not be brought back is not made."""
    source.sql("UPDATE event SET zone = 'UTC' WHERE seq = 3")
    with pytest.raises(JournalDamaged):
        export_journal(source.journal, tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_an_empty_journal_makes_the_round_trip(empty: Life, tmp_path: Path) -> None:
    """A life that has not begun can be exported and imported, too."""
    export_journal(empty.journal, tmp_path / "x")
    assert import_journal(tmp_path / "x", empty.journal) == Imported(0, 0)


def test_an_import_continues_what_it_shares(source: Life, empty: Life, file: Path) -> None:
    """Only what is missing is added; what the file has erased meanwhile is erased here too."""
    import_journal(file, empty.journal)
    anna = source.journal.at_seq([2])
    source.journal.append(heard("more"))
    source.journal.erase([anna[0].id], "asked")
    export_journal(source.journal, file)
    assert import_journal(file, empty.journal) == Imported(total=8, added=2)
    assert empty.journal.at_seq([2])[0].raw is None
    assert empty.store.search_text(["oslo"], 5) == []
    assert b"Anna" not in empty.pages()
    assert _exported(empty) == file.read_bytes()


def test_an_older_file_brings_nothing_back(source: Life, file: Path) -> None:
    """What was erased since the export stays erased when the export is imported."""
    [anna] = source.journal.at_seq([2])
    source.journal.erase([anna.id], "asked")
    assert import_journal(file, source.journal) == Imported(total=6, added=0)
    assert source.journal.at_seq([2])[0].raw is None


def test_two_lives_are_never_mixed(source: Life, empty: Life, file: Path) -> None:
    """Into a journal that is another, or that parted from the file, nothing is imported."""
    empty.journal.append(heard("I am someone else."))
    with pytest.raises(BadInput, match="another journal"):
        import_journal(file, empty.journal)
    assert empty.journal.head().seq == 1
    parted = file.with_name("parted")
    source.journal.append(heard("here"))
    export_journal(source.journal, parted)
    source.journal.append(heard("more"))
    empty.journal.append(*[heard(str(n)) for n in range(20)])
    with pytest.raises(BadInput, match="another journal"):
        import_journal(parted, empty.journal)
    assert empty.journal.head().seq == 21


def test_progress_is_told(source: Life, tmp_path: Path, empty: Life) -> None:
    """Whoever waits hears how far it is, up to the end."""
    source.journal.append(*[heard(str(n)) for n in range(1_500)])
    told: list[tuple[int, int]] = []
    export_journal(source.journal, tmp_path / "x", lambda done, of: told.append((done, of)))
    assert told == [(1000, 1506), (1506, 1506)]
    told.clear()
    import_journal(tmp_path / "x", empty.journal, lambda done, of: told.append((done, of)))
    assert told == [(1000, 1506), (1506, 1506)]


def _edit(number: int, **changes: Any) -> Callable[[list[bytes]], list[bytes]]:
    def edited(lines: list[bytes]) -> list[bytes]:
        fields = json.loads(lines[number]) | changes
        return [*lines[:number], json.dumps(fields).encode(), *lines[number + 1 :]]

    return edited


BAD: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "no header": lambda lines: lines[1:],
    "only the header": lambda lines: lines[:1],
    "a line cut off": lambda lines: [*lines[:-2], lines[-2][:50]],
    "the last line gone": lambda lines: lines[:-1],
    "a line in the middle gone": lambda lines: lines[:3] + lines[4:],
    "a line twice": lambda lines: [*lines[:3], lines[2], *lines[3:]],
    "two lines swapped": lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
    "a line too many": lambda lines: [*lines, lines[-1]],
    "no JSON": lambda lines: [*lines[:3], b"{", *lines[4:]],
    "a list": lambda lines: [*lines[:3], b"[]", *lines[4:]],
    "another file": lambda _: [b"PK\x03\x04", b"\x00" * 100],
    "empty": lambda _: [],
    "a header of another kind": lambda lines: [b'{"format":"x"}', *lines[1:]],
    "a newer version": _edit(0, version=99),
    "version zero": _edit(0, version=0),
    "a version that is true": _edit(0, version=True),
    "a count that is a text": _edit(0, count="6"),
    "a negative count": _edit(0, count=-1),
    "a count too large": _edit(0, count=7),
    "a count too small": _edit(0, count=5),
    "another head": _edit(0, head="00" * 32),
    "a head that is none": _edit(0, head=None),
    "a person that is none": _edit(0, person=7),
    "invalid UTF-8": lambda lines: [*lines[:3], lines[3].replace(b"turn", b"t\xffrn"), *lines[4:]],
    "a lone surrogate": lambda lines: [*lines[:2], lines[2].replace(b"Anna", b"\\ud800")],
    "an enormous number": lambda lines: [*lines[:2], lines[2].replace(b"123", b"9" * 5000)],
    "nested too deep": lambda lines: [*lines[:2], b"[" * 100_000],
    "a changed body": _edit(2, body={"text": "Anna lives in Bergen."}),
    "a changed label": _edit(3, label="person/private"),
    "a label that is none": _edit(3, label="king/private"),
    "a kind unheard of": _edit(3, kind="turn.sung"),
    "a time that is none": _edit(3, at="yesterday"),
    "a time that is a number": _edit(3, at=7),
    "a zone with a line break": _edit(3, zone="a\nb"),
    "a number that is a text": _edit(3, seq="3"),
    "a number that is true": _edit(1, seq=True),
    "causes that are none": _edit(3, causes=None),
    "a cause that is none": _edit(3, causes=["x"]),
    "a short hash": _edit(3, hash="00"),
    "a body with fractions": _edit(2, body={"x": 0.5}),
    "a body that is a text": _edit(2, body="x"),
    "a body without salt": _edit(2, salt=None),
    "a body dropped without receipt": _edit(2, body=None, salt=None),
    "a field gone": lambda lines: [*lines[:2], b'{"seq":2}', *lines[3:]],
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_and_changes_nothing(empty: Life, file: Path, what: str) -> None:
    """Whatever is wrong with a file, it is said in words and nothing is imported."""
    lines = BAD[what](file.read_bytes().splitlines())
    file.write_bytes(b"".join(line + b"\n" for line in lines))
    with pytest.raises(OonaError) as caught:
        import_journal(file, empty.journal)
    assert isinstance(caught.value, BadInput)
    assert caught.value.hint
    assert empty.journal.head().seq == 0
    assert empty.store.search_text(["oslo"], 5) == []


@given(data=st.data())
@settings(max_examples=40)
def test_a_file_cut_or_flipped_anywhere_is_refused(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Cut off or changed at any byte after the first line, the file is refused as a whole."""
    folder = tmp_path_factory.mktemp("cut")
    life = _lived(folder / "life")
    whole = _exported(life)
    start = whole.index(b"\n") + 1
    at = data.draw(st.integers(start, len(whole) - 1))
    flipped = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    path = folder / "bad"
    (folder / "empty").mkdir()
    empty = Life(folder / "empty")
    for image in (whole[:at], flipped):
        path.write_bytes(image)
        try:
            import_journal(path, empty.journal)
        except BadInput:
            assert empty.journal.head().seq == 0
        else:
            # Another spelling of the very same values, as a hash in capitals is.
            assert _exported(empty) == whole
            return
    life.journal.close()
    empty.journal.close()


def test_a_line_longer_than_any_is_refused_before_it_is_read(
    empty: Life, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is one endless line takes no more memory than a line may have."""
    monkeypatch.setattr("oona.journal.portable.MOST_LINE_BYTES", 10_000)
    with file.open("ab") as out:
        out.truncate(file.read_bytes().index(b"\n") + 1)
        out.write(b'{"seq":1' + b" " * 100_000)
    with pytest.raises(BadInput, match="longer"):
        import_journal(file, empty.journal)


def test_a_file_that_is_not_there_is_said(empty: Life, tmp_path: Path) -> None:
    """A wrong name, or a folder, is said in words."""
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(StorageFault):
            import_journal(path, empty.journal)
        with pytest.raises(StorageFault):
            read_header(path)


def test_a_body_too_large_for_a_line_is_never_written(
    empty: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal refuses what its own export could not bring back."""
    monkeypatch.setattr(chain, "MOST_BODY_BYTES", 1_000)
    with pytest.raises(BadInput, match="too large"):
        empty.journal.append(heard("x" * 1_001))
    assert empty.journal.head().seq == 0
