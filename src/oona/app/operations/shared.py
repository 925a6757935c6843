"""What all operations on one companion stand on: it, its one turn at a time, its idle time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import oona
from oona.app.idle import Idle
from oona.app.wiring import Companion, created
from oona.core.errors import NotFound, StorageFault
from oona.core.events import Event
from oona.core.ids import parse_id


@dataclass
class Shared:
    """One companion as its operations share it. `turn` is held by whatever a turn must wait for."""

    companion: Companion
    turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    idle: Idle = field(default_factory=Idle, init=False)

    async def created(self) -> None:
        """See that something can be written, and that it goes where the person will find it."""
        companion = self.companion
        if companion.astray():
            raise StorageFault(
                "The folder of your journal was moved or removed while I was running.",
                "Put it back, or close every window of Oona to begin with what is there now. "
                "What was just said was not kept.",
            )
        await companion.worker(created, companion.journal, companion.person, oona.__version__)

    async def event(self, name: str) -> Event:
        """The event called by its id, the beginning of one, or its number. Raises NotFound."""
        return await self.companion.worker(_named, self.companion, name)


def _named(companion: Companion, name: str) -> Event:
    journal = companion.journal
    if (event_id := parse_id(name)) is not None:
        found = journal.get([event_id])
    elif name.isdecimal() and len(name) < 16:
        found = journal.at_seq([int(name)])
    else:
        found = []
    if not found:
        raise NotFound(
            f"There is no event {name[:40]!r} in the journal.",
            "`oona journal show` lists them with their numbers.",
        )
    return found[0]
