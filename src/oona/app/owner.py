"""The owner: the one process that holds a person's journal and the model, and serves all clients.

`python -m oona.app.owner --person NAME`, started by `attach.py` when nobody owns the journal yet.
It tells whoever started it, in one line of JSON on standard output, that it listens or why it
cannot; then it writes nothing more. It ends with its last client, or `owner.linger` seconds later.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import faulthandler
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Protocol

from oona.app import settings as settings_file
from oona.app.connection import Connection
from oona.app.lock import OwnerLock
from oona.app.paths import Paths, person_name
from oona.app.protocol import Message, encode, refusal
from oona.app.service import Service
from oona.app.settings import Settings
from oona.app.trace import outline, write_trace
from oona.app.transport import Listener, connect
from oona.app.wiring import Companion, open_companion
from oona.core.clock import SystemClock
from oona.core.errors import OonaError, StorageFault
from oona.trust import danger

FIRST_CLIENT_S = 30.0
"""How long a fresh owner waits for the client that started it."""

HANDOVER_S = 20.0
"""How long to wait for an owner that is just ending."""

_END = 5.0


class Say(Protocol):
    """Tells whoever started this process how it went, once."""

    def __call__(
        self, state: str, socket: Path | None = None, error: OonaError | None = None
    ) -> None: ...


class Owner:
    """Serves one companion until nobody needs it."""

    def __init__(self, companion: Companion, listener: Listener) -> None:
        self._companion = companion
        self._listener = listener
        self._service = Service(companion)
        self._connections: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._deserted = asyncio.Event()
        self.defects = 0

    async def run(self, ready: Callable[[], None]) -> None:
        """Listen, call `ready`, and return when the last client has gone and all is closed."""
        await self._listener.open(self._accept)
        # Beside the model's loading, so that the first turn does not wait for it.
        prepared = asyncio.create_task(asyncio.to_thread(danger.prepare))
        try:
            ready()
            self._companion.model.refresh()
            await self._until_deserted()
        finally:
            self._listener.close()
            await prepared
            for connection in list(self._connections):
                connection.hang_up()
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=_END)
            # Neither a full disk nor a turn that hangs may keep the process alive.
            with contextlib.suppress(OonaError, TimeoutError):
                await asyncio.wait_for(self._service.end(), _END)
            await self._companion.close()

    def end(self) -> None:
        """Ask it to end now."""
        self._deserted.set()

    def on_defect(self, error: BaseException) -> None:
        """Write down where something broke that nobody expected to."""
        self.defects += 1
        write_trace(self._companion.paths.logs, error, self._companion.clock)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(
            (reader, writer), self._service, self._listener.token, self.on_defect
        )
        self._connections.add(connection)
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a handler runs in a task
        self._tasks.add(task)
        try:
            await connection.serve()
        finally:
            self._tasks.discard(task)
            self._connections.discard(connection)

    async def _until_deserted(self) -> None:
        patience = FIRST_CLIENT_S
        linger = float(self._companion.settings.number("owner.linger"))
        while not self._deserted.is_set():
            self._service.changed.clear()
            events = (self._service.changed, self._deserted)
            waits = [asyncio.create_task(event.wait()) for event in events]
            timeout = None if self._service.clients else patience
            done, pending = await asyncio.wait(
                waits, timeout=timeout, return_when=asyncio.FIRST_COMPLETED
            )
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
            if not done and not self._service.clients:
                return
            if self._service.changed.is_set():
                patience = linger


async def own(person: str, paths: Paths, settings: Settings, say: Say) -> None:
    """Own the person's journal until nobody needs it.

    `say` takes "ready", or "elsewhere" and the socket of the process that owns it and answers.
    Raises what `open_companion` raises.
    """
    lock = OwnerLock(paths.lock(person))
    if (elsewhere := await _taken(lock)) is not None:
        say("elsewhere", elsewhere)
        return
    try:
        lock.sign(paths.socket(person))
        companion = await open_companion(person, paths, settings)
        owner = Owner(companion, Listener(paths.socket(person)))
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: _unexpected(owner, context))
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            with contextlib.suppress(NotImplementedError, AttributeError):  # not on Windows
                loop.add_signal_handler(getattr(signal, name), owner.end)
        await owner.run(lambda: say("ready"))
    finally:
        lock.release()


async def _taken(lock: OwnerLock) -> Path | None:
    """Take the lock, or give the socket of the owner that has it and answers."""
    # It may also be held by an owner that is ending: its clients have gone, its socket too, and it
    # is closing the journal. For that one we wait.
    loop = asyncio.get_running_loop()
    until = loop.time() + HANDOVER_S
    while not lock.take():
        holder = lock.holder()
        if holder is not None:
            with contextlib.suppress(OSError, TimeoutError):
                (_, writer), _ = await asyncio.wait_for(connect(holder[1]), 1.0)
                writer.close()
                return holder[1]
        if loop.time() > until:
            number = f" {holder[0]}" if holder else ""
            raise StorageFault(
                f"Another process of Oona{number} holds this journal and does not answer.",
                "End that process, then try again. Nothing that was kept is lost.",
            )
        await asyncio.sleep(0.05)
    return None


def _unexpected(owner: Owner, context: dict[str, object]) -> None:
    error = context.get("exception")
    if isinstance(error, BaseException):
        owner.on_defect(error)


def _silent_hook(
    _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
) -> None:
    sys.stderr.write(outline(error) + "\n")


def main() -> None:
    """Own one person's journal, as `attach.py` asks for it."""
    parser = argparse.ArgumentParser(prog="oona.app.owner")
    parser.add_argument("--person", required=True)
    person = parser.parse_args().person
    # Nothing that is said may reach a log: what libraries would write, messages of errors too.
    sys.excepthook = _silent_hook
    logging.getLogger().addHandler(logging.NullHandler())
    faulthandler.enable()
    os.umask(0o077)
    out = os.dup(1)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)

    def say(state: str, socket: Path | None = None, error: OonaError | None = None) -> None:
        line: Message = {"state": state}
        if socket is not None:
            line["socket"] = str(socket)
        if error is not None:
            line["error"] = refusal(None, error)
        with contextlib.suppress(OSError):  # whoever started it may be gone
            os.write(out, encode(line))
        os.close(out)

    try:
        paths = Paths.find()
        settings = settings_file.load(paths.config)
        asyncio.run(own(person_name(person), paths, settings, say))
    except OonaError as error:
        write_trace(Paths.find().logs, error, SystemClock())
        say("failed", error=error)
        sys.exit(1)


if __name__ == "__main__":
    main()
