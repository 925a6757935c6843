"""The conversation: sessions opened and closed, turns taken one at a time, replies stopped.

Whoever asks, all clients of a person share one conversation.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from oona.agent.profile import read_profile
from oona.agent.replies import Clause, Composed
from oona.agent.words import Words
from oona.app.operations.hearing import Hearing
from oona.app.operations.request import Answers, Client, Request
from oona.app.operations.shared import Shared
from oona.app.views import done_view, state_view
from oona.core.errors import Busy

WAITING_TURNS = 4
_STOP_AGAIN_S = 0.05


class Talking:
    """One companion's conversation."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._companion = shared.companion
        self._waiting = 0
        self._speaker: Client | None = None
        self._running: object | None = None
        self._hearing: Hearing | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._spoken = False
        self.sessions = 0

    async def op_open(self, request: Request) -> Answers:
        """Open a session; the first one's greeting is computed from the journal."""
        request.client.name = request.text("client", most=40)
        await self._shared.created()
        text = ""
        async with self._shared.turn:
            self._shared.idle.stir()
            if not request.client.session:
                request.client.session = True
                self.sessions += 1
                if self.sessions == 1:
                    if self._spoken:  # by clients without a session, whose turns end here
                        await self._companion.turns.close_session()
                    opening = await self._companion.turns.open_session(request.client.name)
                    text = opening.text
        profile = await self._companion.worker(read_profile, self._companion.journal)
        yield {
            "text": "" if request.says("again") else text,
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
        """One turn: its clauses as they pass the check, then how the reply came about.

        With `paced` the client speaks the reply: after the last clause comes "composed", and the
        end when `heard` has told how much of it was heard.
        """
        confidence = request.number("confidence_milli", -1)
        words = Words(
            request.text("text"),
            via="spoken" if request.args.get("via") == "spoken" else "typed",
            pasted=request.says("pasted"),
            keep=request.says("keep"),
            confidence_milli=min(confidence, 1000) if confidence >= 0 else None,
        )
        if self._waiting >= WAITING_TURNS:
            raise Busy("I am still answering what was said before.", "Give me a moment.")
        self._waiting += 1
        try:
            with self._shared.idle.turn():
                await self._shared.created()
                hearing = Hearing() if request.says("paced") else None
                speaking = self._speak(words, request.client, hearing)
                async with self._shared.turn, aclosing(speaking) as messages:
                    async for message in messages:
                        yield message
        finally:
            self._waiting -= 1

    async def _speak(self, words: Words, client: Client, hearing: Hearing | None) -> Answers:
        if client.gone:
            return
        self._speaker, self._spoken, self._running = client, True, object()
        self._hearing = hearing
        try:
            async with aclosing(self._companion.turns.turn(words, hearing)) as items:
                async for item in items:
                    if isinstance(item, Clause):
                        yield {"type": "clause", "text": item.text}
                    elif isinstance(item, Composed):
                        yield {"type": "composed"}
                    else:
                        yield done_view(item)
        finally:
            self._speaker, self._running, self._hearing = None, None, None

    async def op_heard(self, request: Request) -> Answers:
        """How many `characters` of the reply being said to this client were heard by now.

        With `over` no more of it will be: what is left of it is stopped.
        """
        hearing = self._hearing if self._speaker is request.client else None
        if hearing is not None:
            over = request.says("over")
            hearing.tell(request.number("characters", 0), over=over)
            if over:
                await self._hush()
        yield {"taken": hearing is not None}

    async def op_stop(self, _request: Request) -> Answers:
        """Stop the reply being said, to whomever."""
        speaking = self._speaker is not None
        await self._hush()
        yield {"stopped": speaking}

    def abandon(self, client: Client) -> None:
        """A client is gone: what is being said to it is stopped, and written down as stopped."""
        client.gone = True
        if self._speaker is client:
            self._stopping = asyncio.create_task(self._hush())

    async def leave(self, client: Client) -> None:
        """Close the session of a client that is gone and for whom nothing runs any more."""
        if client.session:
            await self._close_session(client)

    async def end(self) -> None:
        """The owner ends: stop what is being said, close what is open."""
        await self._hush()
        async with self._shared.turn:
            if self.sessions or self._spoken:
                self.sessions = 0
                await self._companion.turns.close_session()

    async def _hush(self) -> None:
        """Stop the turn that runs now, wherever in it we are: a reply not yet begun, too."""
        running = self._running
        if self._hearing is not None:
            self._hearing.leave()
        self._companion.turns.stop()
        while running is not None and self._running is running:
            await asyncio.sleep(_STOP_AGAIN_S)
            if self._running is running:
                self._companion.turns.stop()

    async def _close_session(self, client: Client) -> None:
        client.session = False
        async with self._shared.turn:
            self.sessions = max(0, self.sessions - 1)
            if self.sessions == 0:
                self._spoken = False
                await self._companion.turns.close_session()
