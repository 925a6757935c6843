"""Weights that lie on this machine already: a file the person names, and other programs' stores.

Ollama and Hugging Face both name a model's file by its SHA-256, so that a look-up is one path and
no search. The name only suggests; the hash of the bytes decides.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from oona.core.errors import WeightsFault
from oona.providers.weights.catalogue import Model
from oona.providers.weights.partial import Partial, file_sha256
from oona.providers.weights.transfer import BLOCK, Job, PassedOver


def machine_stores() -> tuple[Path, ...]:
    """Where Ollama and Hugging Face keep models by default, for this user and as a service."""
    home = Path.home()
    return (
        home / ".ollama" / "models",
        Path("/usr/share/ollama/.ollama/models"),
        Path("/var/lib/ollama/models"),
        home / ".cache" / "huggingface" / "hub",
    )


def in_stores(model: Model, stores: Sequence[Path]) -> Iterator[Path]:
    """Files in `stores` that are named by the model's hash and have its size."""
    for store in stores:
        yield from _of_size(store / "blobs" / f"sha256-{model.sha256}", model)
        try:
            caches = sorted(store.glob("models--*"))
        except OSError:
            continue
        for cache in caches:
            yield from _of_size(cache / "blobs" / model.sha256, model)


def _of_size(path: Path, model: Model) -> Iterator[Path]:
    try:
        if path.is_file() and path.stat().st_size == model.size:
            yield path
    except OSError:
        return


def given(model: Model, path: Path) -> Path:
    """The file the person means: `path`, or the one of the right size in it if it is a folder.

    Raises WeightsFault when there is none.
    """
    try:
        if path.is_dir():
            fitting = [file for file in sorted(path.iterdir()) if list(_of_size(file, model))]
            if not fitting:
                raise WeightsFault(
                    f"No file in {path} has the {model.size:,} bytes of {model.title}.",
                    "Name the file itself, or leave the path out to have it fetched.",
                )
            return fitting[0]
        size = path.stat().st_size
    except OSError as error:
        raise WeightsFault(
            f"{path} cannot be read: {error.strerror}.", "Check the path and its permissions."
        ) from None
    if size != model.size:
        raise WeightsFault(
            f"{path} is not {model.title}: it has {size:,} bytes and should have {model.size:,}.",
            "It was left as it is. Leave the path out to have the model fetched.",
        )
    return path


def check(model: Model, path: Path, job: Job) -> None:
    """Read the file at `path`. Raises PassedOver unless it is the model, byte for byte."""

    def tick(done: int) -> None:
        job.check()
        job.report("checking", done, str(path))

    try:
        came = file_sha256(path, tick)
    except OSError as error:
        raise PassedOver(f"{path} cannot be read: {error.strerror}") from None
    if came != model.sha256:
        raise PassedOver(
            f"{path} is not {model.title}: expected the hash {model.sha256}, found {came}"
        )


def link(path: Path, target: Path) -> bool:
    """Have `target` be the same file as `path`, where the disk can: it is stored once then."""
    target.unlink(missing_ok=True)
    try:
        os.link(path.resolve(), target)
    except OSError:
        return False
    return True


def copy(path: Path, partial: Partial, job: Job) -> None:
    """Copy the file at `path` into `partial`. Raises PassedOver when it breaks off."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise PassedOver(f"{path} cannot be read: {error.strerror}") from None
    with file, partial.writing(0) as writer:
        while block := file.read(BLOCK):
            job.check()
            writer.write(block)
            job.report("fetching", min(writer.written, partial.size), str(path))
        if writer.written != partial.size:
            raise PassedOver(f"{path} changed while it was read")
        writer.keep()
