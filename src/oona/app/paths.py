"""Where things lie: people and settings, keys, models, sockets.

home/config.toml              the settings
home/contacts.toml            whom to call in danger, over what ships with Oona
home/people/<person>/         one folder for each person, with their journal
home/logs/                    what went wrong, without a word of any conversation
keys/<person>.key, .head      what opens a journal, and where it ends; never inside home
models/                       weights by hash, and the saved impersonal prefix
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from oona.core.errors import BadInput, StorageFault

DEFAULT_PERSON = "me"
_PERSON = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,30}[a-z0-9])?")
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
"""Windows takes these for devices, whatever the folder."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Every folder of Oona's.

    `own_keys` is whether the person named where things lie: keys are then kept in files there, and
    never in the system keyring, which knows nothing of folders.
    """

    home: Path
    keys: Path
    models: Path
    runtime: Path
    own_keys: bool = False

    @classmethod
    def find(cls, environ: Mapping[str, str] | None = None) -> Paths:
        """The folders that the environment names, else the system's usual ones."""
        env = os.environ if environ is None else environ
        home = _named(env, "OONA_HOME")
        keys = _named(env, "OONA_KEYS")
        own = home is not None or keys is not None
        if keys is None:
            keys = platformdirs.user_config_path("oona-keys")
            if home is not None:  # two homes must not share a note of where a journal ends
                keys /= _short(str(home))
        home = home or platformdirs.user_data_path("oona").resolve()
        models = _named(env, "OONA_MODELS") or platformdirs.user_data_path("oona-models")
        return cls(home, keys, models, _runtime(env), own)

    @property
    def config(self) -> Path:
        """The settings file."""
        return self.home / "config.toml"

    @property
    def contacts(self) -> Path:
        """Whom to call in danger, where the person has a file of their own for it."""
        return self.home / "contacts.toml"

    @property
    def logs(self) -> Path:
        """The folder for what went wrong."""
        return self.home / "logs"

    @property
    def slots(self) -> Path:
        """The folder for the model's saved prefix, which holds nothing of anybody."""
        return self.models / "prefix"

    def person(self, name: str) -> Path:
        """The folder of one person. Raises BadInput for what cannot name one."""
        return self.home / "people" / person_name(name)

    def journal(self, name: str) -> Path:
        """One person's journal."""
        return self.person(name) / "journal.db"

    def lock(self, name: str) -> Path:
        """What the owner of a person's file holds."""
        return self.person(name) / "owner.lock"

    def head(self, name: str) -> Path:
        """The note of where one person's journal ends."""
        return self.keys / f"{person_name(name)}.head"

    def socket(self, name: str) -> Path:
        """Where the owner of a person's file listens: short, since systems allow ~100 bytes."""
        return self.runtime / f"{_short(f'{self.home}|{person_name(name)}')}.sock"

    def people(self) -> list[str]:
        """Everyone who has a journal here."""
        return sorted(path.parent.name for path in self.home.glob("people/*/journal.db"))


def person_name(name: str) -> str:
    """`name` if it can name a person's folder on every system. Raises BadInput."""
    if not _PERSON.fullmatch(name) or _RESERVED.fullmatch(name):
        raise BadInput(
            f"{name[:40]!r} cannot name a person's folder.",
            "Use up to 32 small letters, digits, - and _, for instance `--person anna`. "
            "What I call you is a setting of its own.",
        )
    return name


def models_dir() -> Path:
    """The folder of the language models."""
    return Paths.find().models


def private_folder(path: Path) -> Path:
    """Make `path` for its owner alone. Raises StorageFault where it is anyone else's."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = path.lstat()
        if os.name == "posix":
            if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
                raise StorageFault(
                    f"{path} belongs to someone else, so I will not use it.",
                    "Remove it, or set XDG_RUNTIME_DIR to a folder of your own.",
                )
            if stat.S_IMODE(about.st_mode) != 0o700:
                path.chmod(0o700)
    except OSError as fault:
        raise StorageFault(
            f"The folder {path} cannot be made: {fault.strerror}.",
            "Make the one above it writable for you, or name another "
            "(OONA_HOME, OONA_KEYS, OONA_MODELS).",
        ) from fault
    return path


def _named(env: Mapping[str, str], variable: str) -> Path | None:
    value = env.get(variable, "")
    return Path(value).expanduser().resolve() if value else None


def _runtime(env: Mapping[str, str]) -> Path:
    if folder := env.get("XDG_RUNTIME_DIR", ""):
        path = Path(folder)
        if path.is_absolute() and path.is_dir() and os.access(path, os.W_OK):
            return path / "oona"
    user = os.getuid() if os.name == "posix" else "user"
    return Path(tempfile.gettempdir()) / f"oona-{user}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
