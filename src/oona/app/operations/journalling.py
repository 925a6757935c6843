"""The journal: read page by page, accounted for, verified, brought out and in."""

from __future__ import annotations

from pathlib import Path

from oona.app.bringing import take_in
from oona.app.operations.request import MOST_PAGE, Answers, Request
from oona.app.operations.shared import Shared
from oona.app.views import event_view
from oona.app.wiring import Companion
from oona.core.errors import BadInput
from oona.core.events import Event, Kind
from oona.journal import audit, export_journal, import_journal
from oona.memory.tombstones import forgotten_ids

MOST_PAGE_BYTES = 2 << 20


class Journalling:
    """What clients may do with one companion's journal."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._companion = shared.companion

    async def op_why(self, request: Request) -> Answers:
        """Where a reply came from: the last one, or that of the event named."""
        from oona.trust.why import why

        journal = self._companion.journal
        name = request.text("event", default="last")
        event_id = None
        if name != "last":
            event_id = (await self._shared.event(name)).id
        answer = await self._companion.worker(why, journal, event_id)
        yield {"text": answer.text, "data": answer.data}

    async def op_journal(self, request: Request) -> Answers:
        """A page of events, oldest first: those after `after`, or else the newest `limit`."""
        after, limit = (
            request.number("after", -1),
            min(request.number("limit", 50), MOST_PAGE),
        )
        kinds = [_kind(name) for name in request.texts("kinds")]
        events = await self._companion.worker(_page, self._companion, after, limit, kinds)
        head = await self._companion.worker(self._companion.journal.head)
        yield {"events": [event_view(event) for event in events], "head": head.seq}

    async def op_verify(self, _request: Request) -> Answers:
        """Whether every event is what was written."""
        found = await self._companion.worker(audit, self._companion.journal)
        yield {
            "sound": found.sound,
            "events": found.events,
            "erased": found.erased,
            "head": found.head,
            "faults": found.faults,
            "notes": found.notes,
        }

    async def op_accept(self, _request: Request) -> Answers:
        """Take the journal as it now ends for the whole of it, at the person's word."""
        await self._companion.worker(self._companion.journal.settle)
        head = await self._companion.worker(self._companion.journal.head)
        yield {"head": head.seq}

    async def op_export(self, request: Request) -> Answers:
        """Write the whole journal to a file."""
        path = Path(request.text("path"))
        header = await self._companion.worker(export_journal, self._companion.journal, path)
        yield {"events": header.count, "path": str(path)}

    async def op_import(self, request: Request) -> Answers:
        """Bring an export into the journal."""
        path = Path(request.text("path"))
        async with self._shared.turn:  # no turn is to be written between its events
            journal = self._companion.journal
            done = await self._companion.worker(
                import_journal, path, journal, forgotten=forgotten_ids
            )
        yield {"events": done.total, "added": done.added}

    async def op_take_in(self, request: Request) -> Answers:
        """Write a batch of texts from elsewhere."""
        await self._shared.created()
        async with self._shared.turn:  # a forgetting that is under way must not miss them
            yield await take_in(self._companion, request.args)


def _page(companion: Companion, after: int, limit: int, kinds: list[Kind]) -> list[Event]:
    journal = companion.journal
    if after >= 0:
        events = list(journal.read(after=after, kinds=kinds, limit=limit))
    else:
        events = journal.newest(*kinds, limit=limit)
    page: list[Event] = []
    size = 0
    for event in events:
        size += len(event.raw or b"")
        if page and size > MOST_PAGE_BYTES:
            break
        page.append(event)
    return page if after >= 0 else page[::-1]


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        known = ", ".join(kind.value for kind in Kind)
        raise BadInput(
            f"There is no kind of event {name[:40]!r}.", f"These exist: {known}."
        ) from None
