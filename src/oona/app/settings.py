"""The settings of this machine: `config.toml`, overridden by `OONA_…` variables.

What a person settles about their companion (names, length, memory) is no setting of the machine: it
stands in their journal, see `oona.agent.profile`.
"""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from oona.app.paths import private_folder
from oona.app.zone import is_zone, system_zone
from oona.core.clock import Clock, ShiftedClock, SystemClock, from_text
from oona.core.errors import BadInput, StorageFault

MOST_THREADS = 256
MOST_LINGER_S = 7 * 86_400
MOST_IDLE_MINUTES = 24 * 60


class Secret:
    """A text that no display and no log shows."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one place that sends it."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "Secret(set)" if self._text else "Secret(not set)"


Value = str | int | Secret


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its key in the file, the variable that overrides it, and what it is."""

    key: str
    variable: str
    default: Value
    about: str


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "model.name", "OONA_MODEL_NAME", "auto", "which model answers: auto, or a model's name"
    ),
    Setting(
        "model.url",
        "OONA_MODEL_URL",
        "",
        "an OpenAI-compatible endpoint to use in place of the embedded model",
    ),
    Setting("model.key", "OONA_MODEL_KEY", Secret(), "the key of that endpoint; never shown"),
    Setting(
        "model.threads",
        "OONA_MODEL_THREADS",
        0,
        "processor threads for the embedded model; 0 for what suits",
    ),
    Setting(
        "owner.linger",
        "OONA_LINGER",
        0,
        "seconds to stay after the last window closed, with the model loaded",
    ),
    Setting(
        "idle.minutes",
        "OONA_IDLE_MINUTES",
        20,
        "minutes a day that the embedded model may think over what you told; 0 for none",
    ),
    Setting("zone", "OONA_ZONE", "", "your time zone, as in Europe/Oslo; empty for the machine's"),
)
_APART = ("model.key", "owner.linger", "idle.minutes")
_MOST = {
    "model.threads": MOST_THREADS,
    "owner.linger": MOST_LINGER_S,
    "idle.minutes": MOST_IDLE_MINUTES,
}
_BY_KEY = {setting.key: setting for setting in SETTINGS}
TEST_VARIABLES = ("OONA_LLM", "OONA_NOW")
FOLDER_VARIABLES = ("OONA_HOME", "OONA_KEYS", "OONA_MODELS")


@dataclass(frozen=True, slots=True)
class Settings:
    """What is in force now. `llm` ("echo") and `now` (ISO 8601) come from tests alone.

    `from_variables` names the keys that a variable decided, which writing the file won't change.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    zone: str = "UTC"
    llm: str = ""
    now: str = ""
    colour: bool = True
    from_variables: frozenset[str] = frozenset()

    def __getitem__(self, key: str) -> Value:
        return self.values.get(key, _BY_KEY[key].default)

    def text(self, key: str) -> str:
        """A setting that is a text and no secret."""
        return str(self[key])

    def number(self, key: str) -> int:
        """A setting that is a number."""
        value = self[key]
        return value if isinstance(value, int) else 0

    @property
    def model_key(self) -> Secret:
        """The endpoint's key."""
        value = self["model.key"]
        return value if isinstance(value, Secret) else Secret(str(value))

    def clock(self) -> Clock:
        """The machine's clock, or the one a test has set."""
        return ShiftedClock(from_text(self.now)) if self.now else SystemClock()

    def fingerprint(self) -> str:
        """Equal where what answers is the same, and telling nothing of what that is."""
        shown = (setting.key for setting in SETTINGS if setting.key not in _APART)
        parts = [f"{key}={self[key]}" for key in shown]
        parts += [self.zone, self.llm, self.now]
        key = hashlib.sha256(self.model_key.reveal().encode("utf-8", "replace")).hexdigest()
        return hashlib.sha256("\n".join([*parts, key]).encode("utf-8", "replace")).hexdigest()[:16]

    def shown(self) -> dict[str, str]:
        """Every setting as it may be shown to anyone looking over a shoulder."""
        return {
            key: ("set, not shown" if value else "not set")
            if isinstance(value := self[key], Secret)
            else str(value)
            for key in _BY_KEY
        }


def load(config: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in force. Raises BadInput that names the file and line, or the variable."""
    env = os.environ if environ is None else environ
    values = read_file(config)
    decided = set()
    for setting in SETTINGS:
        if setting.variable in env:
            values[setting.key] = parse(
                setting.key, env[setting.variable], f"The variable {setting.variable}"
            )
            decided.add(setting.key)
    llm, now = env.get("OONA_LLM", ""), env.get("OONA_NOW", "")
    if llm and not re.fullmatch(r"echo(:\d{1,5})?", llm):
        raise BadInput(
            f"The variable OONA_LLM cannot be {llm[:40]!r}.",
            "It may be echo, or echo:50 for 50 ms between words.",
        )
    if now:
        _check_moment(now)
    return Settings(
        values=values,
        zone=str(values.get("zone") or "") or system_zone(env),
        llm=llm,
        now=now,
        colour="NO_COLOR" not in env and env.get("TERM") != "dumb",
        from_variables=frozenset(decided),
    )


def read_file(config: Path) -> dict[str, Value]:
    """What `config.toml` sets. Raises BadInput naming the line, StorageFault if unreadable."""
    try:
        text = config.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as fault:
        raise StorageFault(f"The settings in {config} cannot be read: {fault}.") from fault
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise BadInput(
            f"The settings in {config} are not valid TOML: {fault}.",
            "Mend that line, or move the file away: every setting has a default.",
        ) from None
    values: dict[str, Value] = {}
    for key, value in _flat(tables).items():
        where = f"{config}, line {_line_of(text, key)}"
        if key not in _BY_KEY:
            known = ", ".join(_BY_KEY)
            raise BadInput(f"{where}: there is no setting {key!r}.", f"These exist: {known}.")
        values[key] = parse(key, value, where)
    return values


def parse(key: str, value: object, where: str) -> Value:
    """`value` as the setting `key` holds it.

    Raises BadInput that begins with `where`, which names the key if nothing else does.
    """
    setting = _BY_KEY.get(key)
    if setting is None:
        raise BadInput(f"There is no setting {key!r}.", f"These exist: {', '.join(_BY_KEY)}.")
    if isinstance(setting.default, int):
        return _number(key, value, where)
    if not isinstance(value, str) or not value.isprintable():
        raise BadInput(f"{_named(where, key)} must be a text on one line.")
    if key == "model.url" and value and not _is_address(value):
        raise BadInput(
            f"{_named(where, key)} is not an address.",
            "It begins with http:// or https:// and mostly ends with /v1.",
        )
    if key == "zone" and value and not is_zone(value):
        raise BadInput(
            f"{where}: I know no time zone {value[:40]!r}.", "They look like Europe/Oslo."
        )
    return Secret(value) if isinstance(setting.default, Secret) else value


def save(config: Path, key: str, text: str) -> None:
    """Write one setting into the file and leave the rest of it, comments too, as it is.

    Raises BadInput for a value that cannot be, StorageFault when the disk refuses.
    """
    import tomlkit

    value = parse(key, text, key)
    read_file(config)  # a file with faults is for the person to mend, not to be written over
    plain = value.reveal() if isinstance(value, Secret) else value
    try:
        document = tomlkit.parse(config.read_text("utf-8") if config.exists() else "")
        table: tomlkit.TOMLDocument | dict[str, object] = document
        *parents, leaf = key.split(".")
        for name in parents:
            if name not in table:
                table[name] = tomlkit.table()
            table = table[name]  # type: ignore[assignment]  # read_file has seen that it is one
        table[leaf] = plain
        private_folder(config.parent)
        fresh = config.with_suffix(".new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(tomlkit.dumps(document))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(config)
    except OSError as fault:
        raise StorageFault(
            f"The settings cannot be written to {config}: {fault.strerror}.",
            "Make that folder writable for you, or set OONA_HOME to another one.",
        ) from fault


def unknown_variables(environ: Mapping[str, str] | None = None) -> list[str]:
    """OONA_… variables that nothing reads: mostly a slip of the fingers."""
    env = os.environ if environ is None else environ
    known = {setting.variable for setting in SETTINGS} | {*TEST_VARIABLES, *FOLDER_VARIABLES}
    return sorted(name for name in env if name.startswith("OONA_") and name not in known)


def _number(key: str, value: object, where: str) -> int:
    most = _MOST[key]
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,9}", text) or int(text) > most:
        raise BadInput(f"{_named(where, key)} must be a whole number from 0 to {most}.")
    return int(text)


def _named(where: str, key: str) -> str:
    return key if where == key else f"{where}: {key}"


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _check_moment(text: str) -> None:
    try:
        from_text(text)
    except (ValueError, OverflowError):
        raise BadInput(
            f"The variable OONA_NOW is not a moment: {text[:40]!r}.",
            "Write it as in 2026-03-01T09:30:00+01:00.",
        ) from None


def _flat(table: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict) and key not in _BY_KEY:
            flat |= _flat(value, f"{key}.") or {key: value}
        else:
            flat[key] = value
    return flat


def _line_of(text: str, key: str) -> int:
    # tomllib says nothing of lines. Good enough: the key after its table's heading, or the dotted
    # key, or the first mention of its last name.
    leaf = key.rpartition(".")[2]
    heading = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := re.match(r"\s*\[([^\]]+)\]", line):
            heading = found[1].replace(" ", "")
            if heading == key:
                return number
        name = re.match(r"\s*([\w.\"'-]+)\s*=", line)
        if name and f"{heading}.{name[1]}".strip(".").replace('"', "") == key:
            return number
    return next(
        (n for n, line in enumerate(text.splitlines(), start=1) if leaf in line),
        1,
    )
