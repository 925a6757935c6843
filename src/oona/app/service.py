"""What the owner of a journal does for its clients: whom it serves, which operation is whose."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping

import oona
from oona.agent.profile import read_profile
from oona.app.operations.journalling import Journalling
from oona.app.operations.remembering import Remembering
from oona.app.operations.request import Answers, Client, Request
from oona.app.operations.settling import Settling
from oona.app.operations.shared import Shared
from oona.app.operations.talking import Talking
from oona.app.protocol import Message
from oona.app.views import state_view
from oona.app.wiring import Companion
from oona.core.errors import BadInput


class Service:
    """The operations on one companion."""

    def __init__(self, companion: Companion) -> None:
        self._companion = companion
        shared = Shared(companion)
        self.idle = shared.idle
        self._talking = Talking(shared)
        self._remembering = Remembering(shared)
        journalling, settling = Journalling(shared), Settling(shared)
        self._rooms = (self, self._talking, journalling, self._remembering, settling)
        self.changed = asyncio.Event()
        self.clients = 0

    def hello(self) -> Message:
        """What a client is told first."""
        return {
            "oona": "hello",
            "version": oona.__version__,
            "person": self._companion.person,
            "pid": os.getpid(),
            "settings": self._companion.settings.fingerprint(),
        }

    def run(self, op: str, args: Mapping[str, object], client: Client) -> Answers:
        """The operation's messages. Raises BadInput for one that does not exist."""
        for room in self._rooms:
            operation: Callable[[Request], Answers] | None = getattr(room, f"op_{op}", None)
            if operation is not None:
                return operation(Request(args, client))
        raise BadInput(f"There is no operation {op[:40]!r}.")

    @property
    def busy(self) -> bool:
        """Whether a turn runs or waits: nothing else is to take the machine meanwhile."""
        return self.idle.busy

    async def note_facts(self) -> None:
        """Read for facts what was not read yet, in idle time."""
        await self._remembering.noting.grow(lambda: self.busy)

    async def consolidate(self) -> None:
        """Think over what was told, in idle time; never ends."""
        work = self._remembering.consolidation
        try:
            await work.run()
        finally:
            await work.write_down()

    def arrive(self) -> None:
        """A client has shown who it is."""
        self.clients += 1
        self.changed.set()

    def depart(self) -> None:
        """A client that had arrived has gone, and nothing runs for it any more."""
        self.clients -= 1
        self.changed.set()

    def abandon(self, client: Client) -> None:
        """A client is gone: what is being said to it is stopped, and written down as stopped."""
        self._talking.abandon(client)

    async def leave(self, client: Client) -> None:
        """Close the session of a client that is gone and for whom nothing runs any more."""
        await self._talking.leave(client)

    async def end(self) -> None:
        """The owner ends: stop what is being said, close what is open."""
        await self._talking.end()

    async def op_status(self, _request: Request) -> Answers:
        """How the owner is."""
        head = await self._companion.worker(self._companion.journal.head)
        profile = await self._companion.worker(read_profile, self._companion.journal)
        yield {
            **self.hello(),
            "head": head.seq,
            "clients": self.clients,
            "sessions": self._talking.sessions,
            "model": state_view(self._companion.model.state()),
            "name": profile.companion,
            "met": profile.met,
        }

    async def op_model(self, request: Request) -> Answers:
        """The model's state, after looking whether one, or what recall needs, has arrived.

        With `wait` (seconds), as soon as it is ready.
        """
        model = self._companion.model
        model.refresh()
        self._companion.recall.refresh()
        if seconds := min(request.number("wait", 0), 600):
            await model.wait_ready(float(seconds))
        yield state_view(model.state())
