"""Files and disks that fail: said in words, in kind, with the journal as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from oona.core.errors import BadInput, JournalDamaged, StorageFault, WrongKey
from oona.journal import audit
from oona.store import SqliteStore
from oona.store.schema import MIGRATIONS
from oona.testing.lossy_disk import LossyDisk
from tests.lives import KEY, Life, heard

_PAGE = 2048


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    """A life on a real disk, of some 40 pages."""
    folder = tmp_path / "ada"
    folder.mkdir()
    made = Life(folder, disk=None)
    made.journal.append(*[heard(f"number{n} " + "word " * 100) for n in range(200)])
    made.reopen()
    yield made
    made.journal.close()


def _with_file(life: Life, change: Callable[[bytearray], None]) -> bytes:
    """Close the life, change its file, and give what the file then holds."""
    life.journal.close()
    image = bytearray(life.path.read_bytes())
    change(image)
    life.path.write_bytes(image)
    return bytes(image)


def test_the_wrong_key_is_said_and_changes_nothing(life: Life) -> None:
    """Another key does not open the file, and the file stays as it is."""
    life.journal.close()
    before = life.path.read_bytes()
    with pytest.raises(WrongKey) as caught:
        SqliteStore(life.path, b"x" * 32)
    assert caught.value.hint
    assert life.path.read_bytes() == before
    assert [path.name for path in life.folder.iterdir() if "life" in path.name] == ["life.db"]
    life.open()
    assert audit(life.journal).sound


def test_a_file_in_the_clear_is_not_taken(tmp_path: Path) -> None:
    """A plain SQLite file in the place of a life is refused, never written to."""
    path = tmp_path / "life.db"
    plain = apsw.Connection(str(path))
    plain.execute("CREATE TABLE x(y)")
    plain.close()
    before = path.read_bytes()
    with pytest.raises(WrongKey):
        SqliteStore(path, KEY)
    assert path.read_bytes() == before


def test_a_damaged_page_is_found_and_left_alone(life: Life) -> None:
    """Bytes flipped in the middle are an error with the place named, never a wrong word."""
    life.journal.close()
    size = life.path.stat().st_size
    shutil.copy(life.path, life.folder / "good")
    found = 0
    for page in range(1, size // _PAGE):
        shutil.copy(life.folder / "good", life.path)
        with life.path.open("r+b") as file:
            file.seek(page * _PAGE + 1_000)
            byte = file.read(1)[0]
            file.seek(page * _PAGE + 1_000)
            file.write(bytes([byte ^ 0x55]))
        before = life.path.read_bytes()
        try:
            life.open()
        except JournalDamaged:
            found += 1
        else:
            result = audit(life.journal)
            found += not result.sound
            for fault in result.faults:
                assert fault.startswith(f"After event {result.events}: ")
            life.journal.close()
        assert life.path.read_bytes() == before
    assert found > 20, "pages of events; the others hold the text index"
    shutil.copy(life.folder / "good", life.path)
    life.open()
    assert audit(life.journal).sound


def _open_and_audit(life: Life) -> None:
    life.open()
    if faults := audit(life.journal).faults:
        raise JournalDamaged(faults[0])


@pytest.mark.parametrize("left", [1, 100, 5_000, 3 * _PAGE, 10 * _PAGE, 20 * _PAGE + 77])
def test_a_truncated_file_is_found(life: Life, left: int) -> None:
    """A file cut short is an error or a fault, whatever is left of it, and is left alone."""

    def cut(image: bytearray) -> None:
        del image[left:]

    before = _with_file(life, cut)
    with pytest.raises((JournalDamaged, WrongKey)):
        _open_and_audit(life)
    assert life.path.read_bytes() == before
    life.path.unlink()
    life.heads_path.unlink()
    life.open()


def test_an_emptied_file_is_seen_by_its_heads(life: Life) -> None:
    """A file of no bytes looks like a new one; the head outside it tells."""
    _with_file(life, bytearray.clear)
    life.open()
    [fault] = audit(life.journal).faults
    assert "event 200 was written" in fault


def test_a_file_of_a_newer_version_is_left_alone(life: Life) -> None:
    """A newer format is refused with what to do, and not touched."""
    life.sql(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    life.journal.close()
    before = life.path.read_bytes()
    with pytest.raises(StorageFault, match="newer") as caught:
        life.open()
    assert "Update" in caught.value.hint
    assert life.path.read_bytes() == before
    after = apsw.Connection(str(life.path))
    after.pragma("cipher", "chacha20")
    after.pragma("key", f"raw:{KEY.hex()}")
    after.pragma("user_version", len(MIGRATIONS))
    after.close()
    life.open()


def test_a_file_in_use_is_said(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """One process owns the file: a second one is told so and changes nothing."""
    code = (
        "import sys; from pathlib import Path\n"
        "from oona.core.errors import StorageFault\n"
        "from oona.store import SqliteStore\n"
        "try: SqliteStore(Path(sys.argv[1]), b'k' * 32)\n"
        "except StorageFault as fault: print(fault.message)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(life.path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Another program holds" in done.stdout, done.stderr
    life.journal.append(heard("still mine"))


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """No folder, no file: said in words, nothing made."""
    with pytest.raises(StorageFault):
        SqliteStore(tmp_path / "no" / "life.db", KEY)
    assert not (tmp_path / "no").exists()


def test_sqlite_without_ciphers_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where another package's SQLite, without ciphers, took the place, nothing is written."""

    class Plain(apsw.Connection):
        def pragma(self, name: str, *values: Any, **more: Any) -> Any:
            return None if name in ("cipher", "key") else super().pragma(name, *values, **more)

    monkeypatch.setattr("oona.store.connection.apsw.Connection", Plain)
    with pytest.raises(StorageFault, match="encrypt"):
        SqliteStore(tmp_path / "life.db", KEY)
    assert (tmp_path / "life.db").stat().st_size == 0


@pytest.mark.fault
def test_a_full_disk_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    """When the disk fills up, at whatever write, the event is refused and those before it stay."""
    life = Life(tmp_path, disk=LossyDisk(1))
    assert life.disk
    acknowledged = 0
    refused: list[str] = []
    for room in [*range(12), *range(12, 60, 7)]:
        left = [room]

        def refuse(_name: str, left: list[int] = left) -> apsw.Error | None:
            left[0] -= 1
            return apsw.FullError("full") if left[0] < 0 else None

        life.disk.refuse = refuse
        try:
            life.journal.append(*[heard(f"room{room} " + "word " * 200)] * 3)
            acknowledged += 3
        except StorageFault as fault:
            refused.append(fault.message)
        life.disk.refuse = None
        assert life.journal.head().seq == acknowledged
        life.reopen()
        assert audit(life.journal).events == acknowledged
        assert audit(life.journal).sound
    assert acknowledged
    assert refused
    assert all("is full" in words for words in refused)
    life.journal.append(heard("room again"))
    life.journal.close()


def _fill(life: Life) -> None:
    for n in range(200):
        life.journal.append(heard(f"more{n} " + "word " * 100))


@pytest.mark.fault
def test_a_limit_on_the_file_is_a_full_disk(life: Life) -> None:
    """SQLite's own limit on pages is worded as a full disk, and lifting it mends all."""
    life.sql("PRAGMA max_page_count = 1")  # SQLite takes the present count instead
    with pytest.raises(StorageFault, match="full"):
        _fill(life)
    kept = life.journal.head().seq
    life.sql("PRAGMA max_page_count = 1000000")
    life.journal.append(heard("room again"))
    assert audit(life.journal).events == kept + 1


@pytest.mark.fault
def test_a_disk_that_refuses_to_write_is_said(tmp_path: Path) -> None:
    """Errors of the disk itself are worded, and the journal goes on when they end."""
    life = Life(tmp_path, disk=LossyDisk(2))
    assert life.disk
    life.journal.append(heard("a"))
    for kind in (apsw.IOError, apsw.ReadOnlyError, apsw.FullError):
        life.disk.refuse = lambda _name, kind=kind: kind("no")
        with pytest.raises(StorageFault):
            life.journal.append(heard("b"))
        life.disk.refuse = None
        life.journal.append(heard("c"))
    assert audit(life.journal).events == 4
    life.journal.close()


def _as_nobody(work: Callable[[], str]) -> str:
    """What `work` gives when run by a user with no rights of their own, in a forked process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgid(65534)
            os.setuid(65534)
            os.write(writing, work().encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as answer:
        return answer.read()


@pytest.mark.fault
@pytest.mark.skipif(
    not hasattr(os, "setuid") or os.getuid() != 0, reason="only where a test may change its user"
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_folder_of_somebody_else_is_said(life: Life, tmp_path: Path) -> None:
    """In a folder one may read and not write, opening is refused in words, and nothing changes."""
    life.journal.close()
    before = life.path.read_bytes()
    for path in (tmp_path, *tmp_path.parents):
        if path.name.startswith("pytest-"):
            path.chmod(path.stat().st_mode | 0o055)
    tmp_path.chmod(0o755)
    life.folder.chmod(0o755)
    life.path.chmod(0o644)

    def attempt() -> str:
        try:
            SqliteStore(life.path, KEY)
        except StorageFault as fault:
            return fault.message
        return "opened"

    assert "read-only or not yours" in _as_nobody(attempt)
    assert life.path.read_bytes() == before
    life.open()


def test_a_repeated_id_is_bad_input(life: Life) -> None:
    """What the tables refuse is the caller's input, not a damaged file."""
    with pytest.raises(BadInput), life.store.begin() as work:
        work.events.insert(life.journal.newest())
    assert audit(life.journal).sound


def _set_and_fail(life: Life) -> None:
    with life.store.begin() as work:
        work.set_mark("x", "1")
        work.events.insert(life.journal.newest())


def test_a_unit_of_work_that_fails_leaves_nothing(life: Life) -> None:
    """Marks set in a block that raises are not set, and the next block works."""
    with pytest.raises(BadInput):
        _set_and_fail(life)
    with life.store.begin() as work:
        assert work.get_mark("x") == ""
        work.set_mark("x", "2")
    with life.store.begin() as work:
        assert work.get_mark("x") == "2"
