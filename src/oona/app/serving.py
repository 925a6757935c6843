"""Serving a companion to its clients, until the last of them has gone."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from collections.abc import Callable, Coroutine

from oona.app.connection import Connection
from oona.app.service import Service
from oona.app.trace import write_trace
from oona.app.transport import Listener
from oona.app.wiring import Companion
from oona.core.errors import OonaError
from oona.trust import danger

FIRST_CLIENT_S = 30.0
"""How long a fresh owner waits for the client that started it."""

_END = 5.0


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
        prepared = asyncio.create_task(asyncio.to_thread(_prepare))
        growing = [asyncio.create_task(work) for work in self._idle_work()]
        try:
            ready()
            self._companion.model.refresh()
            await self._until_deserted()
        finally:
            self._listener.close()
            await prepared
            for task in growing:
                task.cancel()
            await asyncio.wait(growing)
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

    async def _grow(self) -> None:
        """Make recall go by meaning, in idle time. A full disk ends that until the next start."""
        companion = self._companion
        if companion.settings.llm:  # a scripted model has the machine to itself
            return
        with contextlib.suppress(OonaError):
            await companion.recall.grow(companion.worker, lambda: self._service.busy)

    def _idle_work(self) -> tuple[Coroutine[None, None, None], ...]:
        return self._grow(), self._note_facts(), self._consolidate()

    async def _consolidate(self) -> None:
        """Think over what was told, in idle time. A full disk ends that until the next start.

        Only with the embedded model: an endpoint of the person's is asked for replies alone.
        """
        settings = self._companion.settings
        if settings.llm or settings.text("model.url"):
            return
        with contextlib.suppress(OonaError):
            await self._service.consolidate()

    async def _note_facts(self) -> None:
        """Note facts of what was told earlier. A full disk ends that until the next start."""
        with contextlib.suppress(OonaError):
            await self._service.note_facts()

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


def _prepare() -> None:
    """Make ready, while the model loads, what the first turn would else wait for."""
    danger.prepare()
    importlib.import_module("oona.providers.openai")
