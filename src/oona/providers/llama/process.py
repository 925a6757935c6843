"""Starting, watching and restarting the child process that runs the embedded model."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass

from oona.core.errors import ModelUnavailable

START_S = 120.0
BACK_OFF_S = (0.2, 1.0, 3.0, 10.0, 30.0)
HEALTHY_S = 60.0
"""A child that lived this long starts with the first delay again when it falls."""

_SETTLE_S = 5.0


@dataclass(frozen=True, slots=True)
class ChildConfig:
    """How the child is to run the model.

    `context` is the conversation's window in tokens, `background` that of work beside it.
    """

    model: str
    slot_folder: str
    threads: int
    context: int = 4096
    background: int = 1024
    nice: int = 0


@dataclass(frozen=True, slots=True)
class Address:
    """Where a running child answers, with the key of this one launch."""

    url: str
    key: str
    runtime: str

    def __repr__(self) -> str:
        return f"Address({self.url!r})"


class LlamaProcess:
    """Keeps one child running until it is stopped.

    `on_ready` is awaited after every start, before anyone waiting is let through: it opens the
    client and warms the prompt. `fault` holds the last failure in words.
    """

    def __init__(self, config: ChildConfig, on_ready: Callable[[Address], Awaitable[None]]) -> None:
        self._config = config
        self._on_ready = on_ready
        self._ready = asyncio.Event()
        self._gone = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None
        self._child: asyncio.subprocess.Process | None = None
        self._restart_now = asyncio.Event()
        self.fault = ""
        self.starts = 0

    @property
    def ready(self) -> bool:
        return self._ready.is_set()

    @property
    def pid(self) -> int | None:
        """The running child's process id."""
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Begin to run and watch the child; returns at once."""
        if self._watch is None:
            self._watch = asyncio.create_task(self._keep_running(), name="llama-watch")

    async def wait_ready(self, seconds: float) -> bool:
        """True once the child answers, False when that takes longer than `seconds`."""
        self._restart_now.set()
        try:
            await asyncio.wait_for(self._ready.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def wait_gone(self, seconds: float = 2.0) -> None:
        """Return when a child that just failed is known to be down, or after `seconds`."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._gone.wait(), seconds)

    async def stop(self) -> None:
        """End the child and stop watching it."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        await self._end_child()

    async def _keep_running(self) -> None:
        loop = asyncio.get_running_loop()
        falls = 0
        while True:
            began = loop.time()
            try:
                await self._run_once()
            except ModelUnavailable as fault:
                self.fault = str(fault)
            finally:
                self._ready.clear()
                self._gone.set()
                await self._end_child()
            falls = 0 if loop.time() - began > HEALTHY_S else falls + 1
            await self._pause(BACK_OFF_S[min(max(falls, 1), len(BACK_OFF_S)) - 1])

    async def _pause(self, seconds: float) -> None:
        # A person who is waiting for an answer cuts the back-off short, but never the first step of
        # it, so that a child that cannot live is not restarted in a tight loop.
        await asyncio.sleep(min(seconds, BACK_OFF_S[0]))
        self._restart_now.clear()
        try:
            await asyncio.wait_for(self._restart_now.wait(), max(0.0, seconds - BACK_OFF_S[0]))
        except TimeoutError:
            return

    async def _run_once(self) -> None:
        self.starts += 1
        key = secrets.token_urlsafe(32)
        self._child = child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "oona.providers.llama.child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018 - asked for
        config = {**asdict(self._config), "port": 0, "key": key}
        child.stdin.write(json.dumps(config).encode() + b"\n")
        try:
            await child.stdin.drain()
            line = await asyncio.wait_for(child.stdout.readline(), START_S)
        except (TimeoutError, OSError) as fault:
            raise ModelUnavailable("The language model did not start.") from fault
        except asyncio.CancelledError:
            child.kill()  # it sees the end of its input only once it has loaded
            raise
        if not line:
            code = await child.wait()
            raise ModelUnavailable(
                f"The language model could not be loaded (its process ended with {code}).",
                "`oona models verify` checks its file, `oona doctor` the rest.",
            )
        said = json.loads(line)
        await self._on_ready(Address(said["url"], key, said["runtime"]))
        self.fault = ""
        self._gone.clear()
        self._ready.set()
        code = await child.wait()
        raise ModelUnavailable(f"The language model stopped by itself ({code}).")

    async def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is None or child.returncode is not None:
            return
        if child.stdin is not None:
            child.stdin.close()
        try:
            await asyncio.wait_for(child.wait(), _SETTLE_S)
        except TimeoutError:
            child.kill()
            await child.wait()


def machine_threads(cores: int) -> int:
    """Threads for the model: every core up to four, past which memory is what bounds it."""
    return max(1, min(4, cores))
