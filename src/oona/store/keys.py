"""The key of a person's file: in the system keyring, else in a file only its person may read.

Keys lie apart from what they open, so that a copied data folder is a locked box.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

import keyring
import keyring.errors

from oona.core.errors import StorageFault, WrongKey
from oona.store.connection import KEY_BYTES

SERVICE = "oona"


class KeyRing:
    """Where keys are kept.

    With `use_system`, a keyring that works is preferred and a key file is the fallback; a key that
    stands in a file stays there.
    """

    def __init__(self, folder: Path, use_system: bool = True) -> None:
        self._folder = folder
        self._use_system = use_system

    def get(self, person: str) -> bytes | None:
        """The person's key (32 bytes), or None when there is none yet.

        Raises WrongKey when what is kept is no key, StorageFault when it cannot be read.
        """
        path = self._path(person)
        if path.exists():
            return self._parse(self._read(path), str(path))
        if self._use_system:
            try:
                text = keyring.get_password(SERVICE, person)
            except keyring.errors.KeyringError:
                return None
            if text:
                return self._parse(text, "the system keyring")
        return None

    def create(self, person: str) -> bytes:
        """Make and keep a fresh key.

        Raises StorageFault when it cannot be kept anywhere, or when one is kept already: that one
        may open a life.
        """
        key = secrets.token_bytes(KEY_BYTES)
        if not (self._use_system and self._keep_in_system(person, key)):
            self._keep_in_file(person, key)
        return key

    def forget(self, person: str) -> None:
        """Destroy the person's key; whatever it locked is then noise.

        Raises StorageFault when the file that holds it cannot be removed.
        """
        path = self._path(person)
        if path.exists():
            self._destroy(path)
        if self._use_system:
            try:
                keyring.delete_password(SERVICE, person)
            except keyring.errors.KeyringError:
                return

    def where(self, person: str) -> str:
        """Where the key is, or would be looked for; says so when that place is locked."""
        path = self._path(person)
        if path.exists():
            return str(path)
        if not self._use_system:
            return str(self._folder)
        try:
            keyring.get_password(SERVICE, person)
        except keyring.errors.NoKeyringError:
            return str(self._folder)
        except keyring.errors.KeyringError as fault:
            return f"the system keyring, which cannot be read now ({fault})"
        return "the system keyring"

    def _path(self, person: str) -> Path:
        path = self._folder / f"{person}.key"
        try:
            path.exists()
        except OSError as fault:
            # A folder one may not look into is not a folder without a key.
            raise StorageFault(
                f"The keys in {self._folder} cannot be reached: {fault.strerror or fault}.",
                "Make that folder readable for you, or set OONA_KEYS to another one.",
            ) from fault
        return path

    @staticmethod
    def _keep_in_system(person: str, key: bytes) -> bool:
        try:
            if keyring.get_password(SERVICE, person):
                raise StorageFault(
                    f"The system keyring holds a key for {person} already; it was left as it is.",
                    "Use that one, or remove it from the keyring if it opens nothing any more.",
                )
            keyring.set_password(SERVICE, person, key.hex())
            return keyring.get_password(SERVICE, person) == key.hex()
        except keyring.errors.KeyringError:
            return False

    def _keep_in_file(self, person: str, key: bytes) -> None:
        path = self._path(person)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(key.hex() + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as fault:
            raise StorageFault(
                f"The key could not be kept in {path}: {fault.strerror}.",
                "Make that folder writable for you, or set OONA_KEYS to another one.",
            ) from fault

    @staticmethod
    def _destroy(path: Path) -> None:
        try:
            size = path.stat().st_size
            with path.open("r+b") as file:
                file.write(b"\0" * size)
                os.fsync(file.fileno())
            path.unlink()
        except OSError as fault:
            raise StorageFault(
                f"The key in {path} could not be removed: {fault.strerror or fault}.",
                "Make that folder writable for you, then try again.",
            ) from fault

    @staticmethod
    def _read(path: Path) -> str:
        try:
            if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                path.chmod(0o600)
            return path.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as fault:
            raise StorageFault(f"The key in {path} cannot be read: {fault}.") from fault

    @staticmethod
    def _parse(text: str, where: str) -> bytes:
        try:
            key = bytes.fromhex(text.strip())
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise WrongKey(
                f"What is kept in {where} is not a key.",
                "Put the right key back; without it the file cannot be opened.",
            )
        return key
