"""The doctor: looks at every part, says how it is, and how to mend what is not well.

It prints no word of any conversation. Each check is a function that gives findings; none of them
changes anything, but for a file that is written and removed to see whether a folder can be written.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import importlib.util
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from oona.app import settings as settings_file
from oona.app.models import AUTO, choose, endpoint
from oona.app.paths import DEFAULT_PERSON, Paths
from oona.app.settings import Settings
from oona.core.errors import OonaError

if TYPE_CHECKING:
    from oona.providers.weights import Weights

LEAST_PYTHON = (3, 11)
LOW_DISK = 1 << 30
RELEASED = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock that reads an earlier time than this was never set."""

_MOST_NAMED = 6

_PARTS = (
    ("apsw", "the encrypted journal", "apsw-sqlite3mc"),
    ("httpx", "talking with a model", "httpx"),
    ("keyring", "keys in the system's keyring", "keyring"),
    ("typer", "the commands", "typer"),
    ("snowballstemmer", "comparing words", "snowballstemmer"),
)
_EXTRAS = (
    ("xllamacpp", "the embedded model", "oona[model]"),
    ("prompt_toolkit", "editing lines in `oona talk`", "oona[terminal]"),
    ("onnxruntime", "hearing", "oona[voice]"),
    ("hibari", "speaking", "oona[voice]"),
)


class State(StrEnum):
    """How a part is."""

    WELL = "well"
    NOTE = "note"
    ILL = "ill"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one part; `mend` says what to do, empty where there is nothing to do."""

    part: str
    state: State
    text: str
    mend: str = ""


def examine(paths: Paths, person: str) -> Iterator[Finding]:
    """Look at everything that can be looked at without the owner of the journal."""
    yield from _python()
    try:
        settings = settings_file.load(paths.config)
    except OonaError as error:
        yield Finding("settings", State.ILL, error.message, error.hint)
        settings = Settings()
    else:
        read = f"read from {paths.config}" if paths.config.exists() else "all as they come"
        yield Finding("settings", State.WELL, read)
    for name in settings_file.unknown_variables():
        yield Finding("settings", State.NOTE, f"nothing reads the variable {name}")
    yield from _folders(paths)
    yield from _keys(paths, person)
    yield from _model(paths, settings)
    yield _recall(paths)
    yield _hearing(paths)
    yield from _machine(paths, settings)


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < LEAST_PYTHON:
        yield Finding("python", State.ILL, version, "Oona needs Python 3.11 or newer.")
    else:
        yield Finding("python", State.WELL, version)
    for module, purpose, package in _PARTS:
        if importlib.util.find_spec(module) is None:
            yield Finding("packages", State.ILL, f"{module} is missing", f"pip install {package}")
        else:
            yield Finding("packages", State.WELL, f"{package} {_version(package)}, {purpose}")
    for module, purpose, package in _EXTRAS:
        if importlib.util.find_spec(module) is None:
            yield Finding(
                "packages", State.NOTE, f"{module} is missing: {purpose}", f"pip install {package}"
            )


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _folders(paths: Paths) -> Iterator[Finding]:
    named = (
        ("home", paths.home, "OONA_HOME"),
        ("keys", paths.keys, "OONA_KEYS"),
        ("models", paths.models, "OONA_MODELS"),
        ("sockets", paths.runtime, "XDG_RUNTIME_DIR"),
    )
    for part, folder, variable in named:
        above = _existing(folder)
        if not _writable(above):
            yield Finding(
                part,
                State.ILL,
                f"{above} cannot be written",
                f"Make it writable for you, or name another folder with {variable}.",
            )
        else:
            yield Finding(part, State.WELL, f"{folder}{'' if folder == above else ' (to be made)'}")
    if paths.keys.is_relative_to(paths.home):
        yield Finding(
            "keys",
            State.NOTE,
            "the keys lie inside the folder that they lock",
            "Name a folder outside it with OONA_KEYS, or a copy of one is a copy of both.",
        )
    yield from _open_to_others(paths)


def _open_to_others(paths: Paths) -> Iterator[Finding]:
    if os.name != "posix":
        return
    for folder in (paths.home, paths.keys):
        if folder.exists() and folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(
                "privacy",
                State.NOTE,
                f"others on this machine may look into {folder}",
                f"chmod 700 {folder}",
            )


def _existing(folder: Path) -> Path:
    return next((path for path in (folder, *folder.parents) if path.exists()), folder)


def _writable(folder: Path) -> bool:
    # Asking for permission says nothing of a disk that was mounted read-only, nor of a full one.
    probe = folder / f".oona-{secrets.token_hex(4)}"
    try:
        probe.write_bytes(b"\0")
    except OSError:
        return False
    probe.unlink(missing_ok=True)
    return True


def _keys(paths: Paths, person: str) -> Iterator[Finding]:
    from oona.store import KeyRing

    keys = KeyRing(paths.keys, use_system=not paths.own_keys)
    journal = paths.journal(person)
    try:
        key = keys.get(person)
    except OonaError as error:
        yield Finding("key", State.ILL, error.message, error.hint)
        return
    if key is not None:
        yield Finding("key", State.WELL, f"in {keys.where(person)}")
    elif journal.exists():
        yield Finding(
            "key",
            State.ILL,
            f"the key that opens {journal} is gone",
            f"Put {person}.key back into {paths.keys}, or name its folder with OONA_KEYS.",
        )
    else:
        talk = "oona" if person == DEFAULT_PERSON else f"oona talk --person {person}"
        yield Finding("key", State.NOTE, f"{person} has no journal yet", f"Talk: {talk}")


def _model(paths: Paths, settings: Settings) -> Iterator[Finding]:
    from oona.providers.weights import Weights

    if settings.llm:
        yield Finding("model", State.NOTE, "the scripted one, by OONA_LLM", "Unset it to talk.")
        return
    if settings.text("model.url"):
        yield _endpoint(settings)
        return
    weights = Weights(paths.models)
    try:
        model = choose(settings, weights)
    except OonaError as error:
        yield Finding("model", State.ILL, error.message, error.hint)
        return
    if model is None:
        name = settings.text("model.name")
        fetch = "oona models fetch" + ("" if name == AUTO else f" {name}")
        yield Finding("model", State.ILL, "no language model is here", fetch)
        return
    yield from _weights_of(weights, model.name)


def _recall(paths: Paths) -> Finding:
    from oona.app.embedders import verdicts

    try:
        found = verdicts(paths.models)
    except OonaError as error:
        return Finding("recall", State.NOTE, f"by words alone: {error.message}", error.hint)
    if all(verdict.state == "good" for verdict in found):
        return Finding("recall", State.WELL, f"by words and by meaning ({found[0].model.name})")
    if bad := [verdict.model.name for verdict in found if verdict.state == "bad"]:
        text = f"by words alone: {' and '.join(bad)} damaged"
        return Finding("recall", State.ILL, text, "`oona models verify`, then talk: it comes anew.")
    missing = (verdict.model.name for verdict in found if verdict.state == "missing")
    fetch = " and ".join(f"`oona models fetch {name}`" for name in missing)
    mend = f"The next conversation fetches what it needs to go by meaning; so does {fetch}."
    return Finding("recall", State.NOTE, "by words alone", mend)


def _hearing(paths: Paths) -> Finding:
    from oona.app.speech import verdicts

    try:
        found = verdicts(paths.models)
    except OonaError as error:
        return Finding("hearing", State.NOTE, f"in writing alone: {error.message}", error.hint)
    here = [verdict for verdict in found if verdict.state == "good"]
    if len(here) == len(found):
        return Finding("hearing", State.WELL, ", ".join(verdict.model.name for verdict in found))
    if bad := [verdict.model.name for verdict in found if verdict.state == "bad"]:
        mend = "`oona models verify`, then `oona models fetch hearing`."
        return Finding("hearing", State.ILL, f"{' and '.join(bad)} damaged", mend)
    mend = "For a conversation by voice: `oona models fetch hearing`, 55 MB."
    return Finding("hearing", State.NOTE, "in writing alone", mend)


def _endpoint(settings: Settings) -> Finding:
    from oona.providers.openai import pick

    async def listed() -> list[str]:
        client = endpoint(settings)
        try:
            return await client.models()
        finally:
            await client.close()

    name, url = settings.text("model.name"), settings.text("model.url")
    try:
        names = asyncio.run(listed())
        taken = pick(names, url) if name == AUTO else name
    except OonaError as error:
        return Finding("model", State.ILL, error.message, error.hint)
    others = ", ".join(other for other in names[:_MOST_NAMED] if other != taken)
    change = f"It lists {others}, too: oona settings model.name NAME" if others else ""
    if name == AUTO:
        which = "the only one" if len(names) == 1 else f"taken from the {len(names)}"
        return Finding("model", State.WELL, f"{taken} at {url}, {which} it lists", change)
    if names and name not in names:  # some servers answer to any name
        return Finding("model", State.NOTE, f"{name} at {url}, which does not list it", change)
    return Finding("model", State.WELL, f"{name} at {url}")


def _weights_of(weights: Weights, name: str) -> Iterator[Finding]:
    from oona.providers.weights import free_memory

    model = weights.catalogue.get(name)
    yield Finding("model", State.WELL, f"{model.title}, whole ({model.size:,} bytes)")
    memory = free_memory()
    if memory and memory < model.memory:
        yield Finding(
            "memory",
            State.NOTE,
            f"{memory / 1e9:.1f} GB are free, the model wants {model.memory / 1e9:.1f} GB",
            "Close something large, or choose a smaller model: oona settings model.name …",
        )
    elif memory:
        yield Finding("memory", State.WELL, f"{memory / 1e9:.1f} GB are free")


def _machine(paths: Paths, settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(_existing(paths.home)).free
    state = State.WELL if free > LOW_DISK else State.NOTE
    yield Finding(
        "disk",
        state,
        f"{free / 1e9:.1f} GB are free",
        "" if state is State.WELL else "Free some space: a journal that cannot grow keeps nothing.",
    )
    now = settings.clock().now()
    if settings.now:
        yield Finding("clock", State.NOTE, "set by OONA_NOW", "Unset it to have the real time.")
    elif now < RELEASED:
        yield Finding("clock", State.ILL, f"it reads {now:%Y-%m-%d}", "Set the machine's clock.")
    else:
        yield Finding("clock", State.WELL, f"{now:%Y-%m-%d %H:%M} UTC, you are in {settings.zone}")
