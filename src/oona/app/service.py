"""What the owner of a journal does for its clients: one method for each operation.

An operation is an async generator of messages; the last one is its result. Turns are taken one at a
time, whoever asks: all clients of a person share one conversation.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import oona
from oona.agent.profile import CHOICES, read_profile, settle
from oona.agent.replies import Clause
from oona.agent.words import Words
from oona.app.bringing import take_in
from oona.app.idle import Idle
from oona.app.meeting import Meeting
from oona.app.memories import Memories
from oona.app.noting import Noting
from oona.app.protocol import Message
from oona.app.views import done_view, event_view, state_view
from oona.app.wiring import Companion, created
from oona.core.errors import BadInput, Busy, NotFound, StorageFault
from oona.core.events import Event, Kind
from oona.core.ids import parse_id
from oona.journal import audit, export_journal, import_journal
from oona.memory.tombstones import forgotten_ids

Answers = AsyncGenerator[Message, None]

WAITING_TURNS = 4
_STOP_AGAIN_S = 0.05
MOST_PAGE = 500
MOST_PAGE_BYTES = 2 << 20


class Client:
    """One client, as the operations see it."""

    def __init__(self) -> None:
        self.name = ""
        self.gone = False
        self.session = False


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks an operation for."""

    args: Mapping[str, object]
    client: Client


class Service:
    """The operations on one companion."""

    def __init__(self, companion: Companion) -> None:
        self._companion = companion
        self.changed = asyncio.Event()
        self._turn = asyncio.Lock()
        self._meeting = Meeting(companion)
        self._memories = Memories(companion)
        self._noting = Noting(companion)
        self.idle = Idle()
        self._waiting = 0
        self._speaker: Client | None = None
        self._running: object | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._sessions = 0
        self._spoken = False
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
        operation: Callable[[Request], Answers] | None = getattr(self, f"op_{op}", None)
        if operation is None:
            raise BadInput(f"There is no operation {op[:40]!r}.")
        return operation(Request(args, client))

    @property
    def busy(self) -> bool:
        """Whether a turn runs or waits: nothing else is to take the machine meanwhile."""
        return self.idle.busy

    async def note_facts(self) -> None:
        """Read for facts what was not read yet, in idle time."""
        await self._noting.grow(lambda: self.busy)

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
        client.gone = True
        if self._speaker is client:
            self._stopping = asyncio.create_task(self._hush())

    async def _hush(self) -> None:
        """Stop the turn that runs now, wherever in it we are: a reply not yet begun, too."""
        running = self._running
        self._companion.turns.stop()
        while running is not None and self._running is running:
            await asyncio.sleep(_STOP_AGAIN_S)
            if self._running is running:
                self._companion.turns.stop()

    async def leave(self, client: Client) -> None:
        """Close the session of a client that is gone and for whom nothing runs any more."""
        if client.session:
            await self._close_session(client)

    async def end(self) -> None:
        """The owner ends: stop what is being said, close what is open."""
        self._companion.turns.stop()
        async with self._turn:
            if self._sessions or self._spoken:
                self._sessions = 0
                await self._companion.turns.close_session()

    # The conversation.

    async def op_open(self, request: Request) -> Answers:
        """Open a session; the first one's greeting is computed from the journal."""
        request.client.name = _text(request.args, "client", most=40)
        await self._created()
        text = ""
        async with self._turn:
            self.idle.stir()
            if not request.client.session:
                request.client.session = True
                self._sessions += 1
                if self._sessions == 1:
                    if self._spoken:  # by clients without a session, whose turns end here
                        await self._companion.turns.close_session()
                    text = (await self._companion.turns.open_session(request.client.name)).text
        profile = await self._companion.worker(read_profile, self._companion.journal)
        yield {
            "text": "" if request.args.get("again") is True else text,
            "name": profile.companion,
            "met": profile.met,
            "model": state_view(self._companion.model.state()),
        }

    async def op_close(self, request: Request) -> Answers:
        """Close this client's session; the last one closes the conversation's."""
        if request.client.session:
            await self._close_session(request.client)
        yield {}

    async def op_say(self, request: Request) -> Answers:
        """One turn: its clauses as they pass the check, then how the reply came about."""
        words = Words(
            _text(request.args, "text"),
            via="spoken" if request.args.get("via") == "spoken" else "typed",
            pasted=request.args.get("pasted") is True,
            keep=request.args.get("keep") is True,
        )
        if self._waiting >= WAITING_TURNS:
            raise Busy("I am still answering what was said before.", "Give me a moment.")
        self._waiting += 1
        try:
            with self.idle.turn():
                await self._created()
                async with self._turn, aclosing(self._speak(words, request.client)) as messages:
                    async for message in messages:
                        yield message
        finally:
            self._waiting -= 1

    async def _speak(self, words: Words, client: Client) -> Answers:
        if client.gone:
            return
        self._speaker, self._spoken, self._running = client, True, object()
        try:
            async with aclosing(self._companion.turns.turn(words)) as items:
                async for item in items:
                    if isinstance(item, Clause):
                        yield {"type": "clause", "text": item.text}
                    else:
                        yield done_view(item)
        finally:
            self._speaker, self._running = None, None

    async def op_stop(self, _request: Request) -> Answers:
        """Stop the reply being said, to whomever."""
        speaking = self._speaker is not None
        await self._hush()
        yield {"stopped": speaking}

    # The journal.

    async def op_why(self, request: Request) -> Answers:
        """Where a reply came from: the last one, or that of the event named."""
        from oona.trust.why import why

        journal = self._companion.journal
        name = _text(request.args, "event", default="last")
        event_id = None
        if name != "last":
            event_id = (await self._companion.worker(_named_event, self._companion, name)).id
        answer = await self._companion.worker(why, journal, event_id)
        yield {"text": answer.text, "data": answer.data}

    async def op_journal(self, request: Request) -> Answers:
        """A page of events, oldest first: those after `after`, or else the newest `limit`."""
        after, limit = (
            _number(request.args, "after", -1),
            min(_number(request.args, "limit", 50), MOST_PAGE),
        )
        kinds = [_kind(name) for name in _texts(request.args, "kinds")]
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
        path = Path(_text(request.args, "path"))
        header = await self._companion.worker(export_journal, self._companion.journal, path)
        yield {"events": header.count, "path": str(path)}

    async def op_import(self, request: Request) -> Answers:
        """Bring an export into the journal."""
        path = Path(_text(request.args, "path"))
        async with self._turn:  # no turn is to be written between its events
            journal = self._companion.journal
            done = await self._companion.worker(
                import_journal, path, journal, forgotten=forgotten_ids
            )
        yield {"events": done.total, "added": done.added}

    async def op_take_in(self, request: Request) -> Answers:
        """Write a batch of texts from elsewhere."""
        await self._created()
        async with self._turn:  # a forgetting that is under way must not miss them
            yield await take_in(self._companion, request.args)

    # Memories.

    async def op_search(self, request: Request) -> Answers:
        """Turns that bear on a text, best first."""
        limit = _number(request.args, "limit", 10)
        yield await self._memories.search(_text(request.args, "text"), min(limit, MOST_PAGE))

    async def op_memories(self, request: Request) -> Answers:
        """What the person told lately, oldest first."""
        days, limit = _number(request.args, "days", 0), _number(request.args, "limit", 50)
        yield await self._memories.told(max(0, days), min(limit, MOST_PAGE))

    async def op_memory(self, request: Request) -> Answers:
        """One event, with what it rests on and what rests on it."""
        name = _text(request.args, "event")
        event = await self._companion.worker(_named_event, self._companion, name)
        yield await self._memories.show(event)

    async def op_forget(self, request: Request) -> Answers:
        """What forgetting the things in `whats` would erase; with `agreed`, erase just that."""
        whats = _texts(request.args, "whats")
        if "agreed" not in request.args:
            yield await self._memories.plan(whats)
            return
        async with self._turn:  # what is being said would be forgotten half
            yield await self._memories.forget(whats, _text(request.args, "agreed"))

    async def op_stats(self, _request: Request) -> Answers:
        """How much there is to remember, and how much was erased."""
        yield await self._memories.stats()

    async def op_timeline(self, request: Request) -> Answers:
        """The sessions from one day to another, oldest first."""
        since = _text(request.args, "since", default="", most=100)
        until = _text(request.args, "until", default="", most=100)
        yield await self._memories.timeline(since, until)

    async def op_facts(self, request: Request) -> Answers:
        """The facts about somebody, or all."""
        yield await self._noting.facts(_text(request.args, "whom", default="", most=200))

    async def op_correct(self, request: Request) -> Answers:
        """Put a text in the place of a fact."""
        async with self._turn:  # its number in the journal has to be the next
            number = _number(request.args, "fact", 0)
            yield await self._noting.correct(number, _text(request.args, "text", most=2_000))

    async def op_dispute(self, request: Request) -> Answers:
        """Mark a fact as doubtful."""
        yield await self._noting.dispute(_number(request.args, "fact", 0))

    # What is settled.

    async def op_profile(self, _request: Request) -> Answers:
        """What the person has settled, by key."""
        profile = await self._companion.worker(read_profile, self._companion.journal)
        yield {"values": {choice.key: profile[choice.key] for choice in CHOICES}}

    async def op_settle(self, request: Request) -> Answers:
        """Settle one key, or several at once."""
        values = request.args.get("values")
        if not isinstance(values, dict) or not values:
            raise BadInput("That names nothing to settle.")
        drafts = [settle(str(key), str(value)) for key, value in values.items()]
        await self._created()
        events = await self._companion.worker(self._companion.journal.append, *drafts)
        yield {"events": [str(event.id) for event in events]}

    async def op_meet(self, request: Request) -> Answers:
        """The first conversation: its beginning, or what follows from the answer in `text`."""
        await self._created()
        if request.args.get("defaults") is True:
            yield await self._meeting.take_defaults()
        elif "text" in request.args:
            yield await self._meeting.answer(_text(request.args, "text"))
        else:
            yield await self._meeting.begin()

    # The process.

    async def op_status(self, _request: Request) -> Answers:
        """How the owner is."""
        head = await self._companion.worker(self._companion.journal.head)
        profile = await self._companion.worker(read_profile, self._companion.journal)
        yield {
            **self.hello(),
            "head": head.seq,
            "clients": self.clients,
            "sessions": self._sessions,
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
        if seconds := min(_number(request.args, "wait", 0), 600):
            await model.wait_ready(float(seconds))
        yield state_view(model.state())

    async def _created(self) -> None:
        """See that something can be written, and that it goes where the person will find it."""
        if self._companion.astray():
            raise StorageFault(
                "The folder of your journal was moved or removed while I was running.",
                "Put it back, or close every window of Oona to begin with what is there now. "
                "What was just said was not kept.",
            )
        await self._companion.worker(
            created, self._companion.journal, self._companion.person, oona.__version__
        )

    async def _close_session(self, client: Client) -> None:
        client.session = False
        async with self._turn:
            self._sessions = max(0, self._sessions - 1)
            if self._sessions == 0:
                self._spoken = False
                await self._companion.turns.close_session()


def _named_event(companion: Companion, name: str) -> Event:
    """The event called by its id, the beginning of one, or its number in the journal."""
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


def _text(
    args: Mapping[str, object], name: str, default: str | None = None, most: int = 1 << 24
) -> str:
    value = args.get(name, default)
    if not isinstance(value, str):
        raise BadInput(f"That needs a text called {name!r}.")
    return value[:most]


def _texts(args: Mapping[str, object], name: str) -> list[str]:
    value = args.get(name, [])
    return [str(item) for item in value] if isinstance(value, list) else []


def _number(args: Mapping[str, object], name: str, default: int) -> int:
    value = args.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not -1 <= value < 1 << 62:
        raise BadInput(f"{name!r} must be a whole number.")
    return value
