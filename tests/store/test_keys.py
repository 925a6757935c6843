"""Keys: in the system keyring where one works, else in a file for its owner alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from oona.core.errors import StorageFault, WrongKey
from oona.store import KeyRing


class FakeKeyring(keyring.backend.KeyringBackend):
    """A system keyring in memory, that can be locked or forgetful."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False
        self.forgetful = False

    def _check(self) -> None:
        if self.locked:
            raise keyring.errors.KeyringLocked("locked")

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        if not self.forgetful:
            self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        if (service, username) not in self.kept:
            raise keyring.errors.PasswordDeleteError("not there")
        del self.kept[service, username]


@pytest.fixture
def system() -> Iterator[FakeKeyring]:
    """The system keyring of the test."""
    before = keyring.get_keyring()
    fake = FakeKeyring()
    keyring.set_keyring(fake)
    yield fake
    keyring.set_keyring(before)


def _file(folder: Path) -> Path:
    return folder / "ada.key"


def test_a_key_is_random_and_comes_back(tmp_path: Path) -> None:
    """Without a keyring a key is kept in a file, 32 random bytes for each person."""
    keys = KeyRing(tmp_path / "keys", use_system=False)
    assert keys.get("ada") is None
    ada, bob = keys.create("ada"), keys.create("bob")
    assert len(ada) == 32
    assert ada != bob
    again = KeyRing(tmp_path / "keys", use_system=False)
    assert (again.get("ada"), again.get("bob")) == (ada, bob)
    assert again.where("ada") == str(_file(tmp_path / "keys"))


@pytest.mark.skipif(os.name != "posix", reason="only where files have modes")
def test_a_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """The file is 0600 in a folder that is 0700; one found open is closed."""
    keys = KeyRing(tmp_path / "keys", use_system=False)
    key = keys.create("ada")
    path = _file(tmp_path / "keys")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    path.chmod(0o644)
    assert keys.get("ada") == key
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_system_keyring_is_preferred(system: FakeKeyring, tmp_path: Path) -> None:
    """Where a keyring works, the key is in it and in no file."""
    keys = KeyRing(tmp_path / "keys")
    key = keys.create("ada")
    assert list(system.kept.values()) == [key.hex()]
    assert not (tmp_path / "keys").exists()
    assert keys.get("ada") == key
    assert keys.where("ada") == "the system keyring"
    keys.forget("ada")
    assert system.kept == {}
    assert keys.get("ada") is None


@pytest.mark.parametrize("flaw", ["locked", "forgetful"])
def test_a_keyring_that_fails_is_replaced_by_a_file(
    system: FakeKeyring, tmp_path: Path, flaw: str
) -> None:
    """A keyring that is locked, or takes a key and does not keep it, is not relied on."""
    setattr(system, flaw, True)
    keys = KeyRing(tmp_path / "keys")
    key = keys.create("ada")
    assert _file(tmp_path / "keys").exists()
    assert keys.get("ada") == key
    setattr(system, flaw, False)
    assert keys.get("ada") == key


def test_a_locked_keyring_is_not_an_empty_one(system: FakeKeyring, tmp_path: Path) -> None:
    """While the keyring that holds the key is locked, that is said, and the key comes back."""
    keys = KeyRing(tmp_path / "keys")
    key = keys.create("ada")
    system.locked = True
    assert keys.get("ada") is None
    assert "cannot be read now (locked)" in keys.where("ada")
    system.locked = False
    assert keys.get("ada") == key


def test_a_machine_without_keyring_uses_files(tmp_path: Path) -> None:
    """The tests' own backend refuses everything, as a machine without a keyring does."""
    keys = KeyRing(tmp_path / "keys")
    assert keys.get("ada") is None
    key = keys.create("ada")
    assert _file(tmp_path / "keys").exists()
    assert KeyRing(tmp_path / "keys").get("ada") == key


@pytest.mark.parametrize("text", ["", "xyz", "00" * 31, "00" * 33, "é" * 64])
def test_what_is_no_key_is_said(system: FakeKeyring, tmp_path: Path, text: str) -> None:
    """A damaged key file, or keyring entry, is an error and not a new key."""
    system.kept["oona", "bob"] = text or "-"
    (tmp_path / "keys").mkdir()
    _file(tmp_path / "keys").write_text(text, encoding="utf-8")
    keys = KeyRing(tmp_path / "keys")
    with pytest.raises((WrongKey, StorageFault)):
        keys.get("ada")
    with pytest.raises(WrongKey):
        keys.get("bob")


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    """Making a key where one is kept is refused: the old one opens a life."""
    keys = KeyRing(tmp_path / "keys", use_system=False)
    key = keys.create("ada")
    with pytest.raises(StorageFault):
        keys.create("ada")
    assert keys.get("ada") == key


def test_a_key_in_the_keyring_is_never_written_over(system: FakeKeyring, tmp_path: Path) -> None:
    """The same holds in the system keyring."""
    keys = KeyRing(tmp_path / "keys")
    key = keys.create("ada")
    with pytest.raises(StorageFault):
        keys.create("ada")
    assert keys.get("ada") == key


def test_a_forgotten_key_is_gone(tmp_path: Path) -> None:
    """Forgetting removes the file, and forgetting again is harmless."""
    keys = KeyRing(tmp_path / "keys", use_system=False)
    keys.create("ada")
    keys.forget("ada")
    assert keys.get("ada") is None
    assert list((tmp_path / "keys").iterdir()) == []
    keys.forget("ada")


def test_a_key_that_cannot_be_removed_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the key file cannot be removed, forgetting says so instead of claiming it."""
    keys = KeyRing(tmp_path / "keys", use_system=False)
    keys.create("ada")

    def refuse(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(StorageFault, match="could not be removed"):
        keys.forget("ada")


def test_keys_that_cannot_be_reached_are_not_missing_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that may not be looked into is said; it must not read as having no key."""

    def refuse(_path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refuse)
    with pytest.raises(StorageFault, match="cannot be reached"):
        KeyRing(tmp_path / "keys", use_system=False).get("ada")


def test_a_key_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    """A file where the folder should be is said in words."""
    (tmp_path / "keys").write_text("x")
    with pytest.raises(StorageFault):
        KeyRing(tmp_path / "keys", use_system=False).create("ada")
