"""Where things lie: names that are safe, folders that are private, sockets that are short."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.app.paths import Paths, person_name, private_folder
from oona.app.zone import system_zone
from oona.core.errors import BadInput, StorageFault


@given(st.text(max_size=40))
def test_a_person_never_leaves_their_folder(name: str) -> None:
    """Whatever names a person, their folder lies right below people, or the name is refused."""
    paths = Paths.find({"OONA_HOME": "/home/of/oona"})
    try:
        folder = paths.person(name)
    except BadInput:
        return
    assert folder.parent == Path("/home/of/oona/people")
    assert folder.name == name == name.lower()


@pytest.mark.parametrize(
    "name", ["", "..", ".", "a/b", "A", "con", "com1", "a" * 33, "-a", "a b", "é"]
)
def test_names_that_cannot_be(name: str) -> None:
    """Names that some system could not keep as a folder are refused with a hint."""
    with pytest.raises(BadInput) as fault:
        person_name(name)
    assert fault.value.hint


def test_keys_never_lie_in_home_by_default(tmp_path: Path) -> None:
    """A copied home is a locked box: by default its keys lie elsewhere, apart for each home."""
    first = Paths.find({"OONA_HOME": str(tmp_path / "a")})
    second = Paths.find({"OONA_HOME": str(tmp_path / "b")})
    plain = Paths.find({})
    for paths in (first, second, plain):
        assert not paths.keys.is_relative_to(paths.home)
    assert len({first.keys, second.keys, plain.keys}) == 3
    assert (first.own_keys, plain.own_keys) == (True, False)


def test_sockets_are_short_and_apart(tmp_path: Path) -> None:
    """However long a home's path is, its socket's is short, and two people never share one."""
    runtime = tmp_path / "r"
    runtime.mkdir()
    env = {"OONA_HOME": "/" + "x" * 300, "XDG_RUNTIME_DIR": str(runtime)}
    paths = Paths.find(env)
    assert paths.socket("a").parent == runtime / "oona"
    assert len(paths.socket("a").name) < 32
    assert paths.socket("a") != paths.socket("b")
    assert paths.socket("a") != Paths.find(env | {"OONA_HOME": "/y"}).socket("a")


def test_a_runtime_folder_that_is_not_there_is_passed_over() -> None:
    """A stale XDG_RUNTIME_DIR does not keep Oona from starting."""
    assert Paths.find({"XDG_RUNTIME_DIR": "/nowhere/at/all"}).runtime.name.startswith("oona-")


def test_private_folders_are_private(tmp_path: Path) -> None:
    """A private folder is its owner's alone, also when it was there before and open."""
    folder = tmp_path / "f"
    folder.mkdir(mode=0o755)
    private_folder(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_link_is_no_private_folder(tmp_path: Path) -> None:
    """A link in the place of a private folder could lead anywhere, and is refused."""
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    with pytest.raises(StorageFault):
        private_folder(tmp_path / "link")


def test_the_zone_is_the_variable_then_the_machines(tmp_path: Path) -> None:
    """TZ comes first, then the link of the system's clock, then its file, then UTC."""
    database = tmp_path / "zoneinfo" / "Asia"
    database.mkdir(parents=True)
    (database / "Tokyo").touch()
    link, file = tmp_path / "localtime", tmp_path / "timezone"
    assert system_zone({"TZ": "Europe/Oslo"}, link, file) == "Europe/Oslo"
    assert system_zone({"TZ": "Nowhere/AtAll"}, link, file) == "UTC"
    file.write_text("Africa/Cairo\n")
    assert system_zone({}, link, file) == "Africa/Cairo"
    link.symlink_to(database / "Tokyo")
    assert system_zone({}, link, file) == "Asia/Tokyo"
