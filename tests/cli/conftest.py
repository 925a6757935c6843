"""Running `oona` as a person does: a process of its own, with pipes or a terminal."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from oona.app.paths import Paths
from oona.testing.owners import owners
from tests.conftest import Home

OONA = [sys.executable, "-c", "from oona.cli import main; main()"]


@dataclass(frozen=True)
class Said:
    """What a command wrote, and how it ended."""

    out: str
    err: str
    code: int

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Said]


@pytest.fixture
def scripted(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home whose replies are scripted, and whose owners stay from one command to the next."""
    runtime = tmp_path / "r"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("OONA_LLM", "echo")
    monkeypatch.setenv("OONA_LINGER", "60")
    monkeypatch.setenv("TZ", "Europe/Oslo")
    yield home
    for pid in owners(Paths.find()):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


@pytest.fixture
def oona(scripted: Home) -> Run:
    """Runs a command to its end; no word of a traceback may come out of it."""

    def run(*words: str, stdin: bytes | str = b"", **variables: str) -> Said:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [*OONA, *words],
            input=given,
            capture_output=True,
            env={**os.environ, **variables},
            timeout=120,
            check=False,
        )
        said = Said(done.stdout.decode(), done.stderr.decode(), done.returncode)
        assert "Traceback" not in said.out + said.err, said.err
        return said

    return run


class Terminal:
    """`oona` in a terminal of its own, 90 columns wide."""

    def __init__(self, *words: str) -> None:
        self.seen = ""
        self._mark = 0
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execv(OONA[0], [*OONA, *words])
        import fcntl
        import termios

        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 90, 0, 0))

    def type(self, keys: str) -> None:
        """Press keys; what comes up from now on is what `wait_for` looks at."""
        self._mark = len(self.seen)
        os.write(self._fd, keys.encode())

    def wait_for(self, text: str, seconds: float = 30.0) -> str:
        """What has come up since the last keys, as soon as `text` is in it; fail after a while."""
        until = time.monotonic() + seconds
        while text not in self.seen[self._mark :]:
            if time.monotonic() > until or not self._read():
                pytest.fail(f"{text!r} never came; this did: {self.seen[self._mark :]!r}")
        return self.seen[self._mark :]

    def ended(self, seconds: float = 30.0) -> int:
        """The exit code, once it has ended."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._read()
            found, status = os.waitpid(self.pid, os.WNOHANG)
            if found:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
        return pytest.fail("it did not end")

    def close(self) -> None:
        """End it, whatever it was doing."""
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._fd)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._fd], [], [], 0.05)
        if not ready:
            return True
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:  # Linux: the other end has closed
            return False
        if b"\x1b[6n" in data:  # where is the cursor? At the bottom.
            os.write(self._fd, b"\x1b[39;1R")
        self.seen += data.decode("utf-8", "replace")
        return bool(data)


@pytest.fixture
def terminal(scripted: Home) -> Iterator[Callable[..., Terminal]]:
    """Starts `oona` in a terminal."""
    started: list[Terminal] = []

    def start(*words: str) -> Terminal:
        started.append(Terminal(*words))
        return started[-1]

    yield start
    for one in started:
        one.close()
