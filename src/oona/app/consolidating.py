"""Idle work: reads again what was told, for facts and gists, with the embedded model.

One model call is one piece; it is given up when somebody speaks, and made again later. What was
learned is written with how far it was read in one step of the journal, so a process that is killed
repeats a little, and never loses or doubles anything.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path

from oona.agent.profile import read_profile
from oona.app.idle import Idle
from oona.app.wiring import Companion
from oona.core.clock import local
from oona.core.errors import BadInput, ModelUnavailable
from oona.core.events import Draft, Event, Kind
from oona.core.language import ChatRequest, Piece
from oona.memory.consolidated import (
    Done,
    next_session,
    note_unwritten,
    reached,
    spent_today,
    unwritten,
)
from oona.memory.facts.deeper import Deeper, Reading
from oona.memory.gists import gist_draft, gisting, own_turns
from oona.memory.sessions import PAUSE_S, Session, sessions

SEED = 1
"""Nothing is drawn (the temperature is 0); it is noted all the same."""

MOST_TURNS = 16
MOST_UNWRITTEN_MS = 60_000
"""After so many turns, or so much of the model's time, what was done is written down."""

_AGAIN_S = 10.0
_STEPS_A_BREATH = 20
_POWER = Path("/sys/class/power_supply")


@dataclass(frozen=True, slots=True)
class Gisting:
    """A session to be put into two sentences, and the person's own turns in it."""

    session: Session
    turns: tuple[Event, ...]


class Consolidation:
    """The idle work of one companion."""

    def __init__(self, companion: Companion, idle: Idle) -> None:
        self._companion = companion
        self._idle = idle
        self._deeper = Deeper(companion.store, companion.journal, companion.facts)
        self._done: Done | None = None
        self._one = asyncio.Lock()

    async def run(self) -> None:
        """Work whenever it is quiet and there is something to do; never ends.

        Where nothing awaits it, it sleeps until a turn has been taken: no call, no look at the
        disk. Raises StorageFault when that refuses.
        """
        while True:
            await self._idle.quiet()
            if await self.step():
                continue
            await self.write_down()
            if await self._waits_for_model():
                await asyncio.sleep(_AGAIN_S)
            else:
                await self._idle.news()

    async def step(self, *, beyond: bool = False) -> bool:
        """One turn read, or one session; False where nothing may or need be done now.

        With `beyond`, though the day's minutes are used up.
        """
        async with self._one:  # at the person's word it may be asked for beside `run`
            return await self._step(beyond=beyond)

    async def _step(self, *, beyond: bool) -> bool:
        companion = self._companion
        if not companion.model.state().ready or await self.hindered(beyond=beyond):
            return False
        work = await companion.worker(self._next)
        if work is None:
            return False
        try:
            await self._idle.run(lambda: self._do(work))
        except ModelUnavailable:
            return False
        finally:
            await self._account()
        done = self._done
        if done is not None and (
            done.turns >= MOST_TURNS or done.gists or done.milliseconds >= MOST_UNWRITTEN_MS
        ):
            await self.write_down()
        return True

    async def write_down(self) -> None:
        """Put what was done into the journal; of what was given up only that it took long."""
        done = self._done
        if done is None or not (
            done.turns or done.sessions or done.milliseconds >= MOST_UNWRITTEN_MS
        ):
            return
        self._done = None
        await self._companion.worker(self._write, done)

    def _write(self, done: Done) -> None:
        journal = self._companion.journal
        if read_profile(journal)["memory.keep"] != "everything":
            return
        causes = {cause for draft in (*done.facts, *done.gists) for cause in draft.causes}
        # Meanwhile something of it may have been forgotten; nothing is concluded from that.
        there = {event.id for event in journal.get(sorted(causes)) if event.raw is not None}
        journal.append(*done.drafts(there))

    async def hindered(self, *, beyond: bool = False) -> str:
        """Why it may not work now, in words for the person; empty where it may.

        Their memory has to be kept, the machine to have its power, and today's minutes to last;
        with `beyond` these may be used up.
        """
        companion = self._companion
        minutes = companion.settings.number("idle.minutes")
        if on_battery():
            return "The machine runs from its battery."
        profile = await companion.worker(read_profile, companion.journal)
        if profile["memory.keep"] != "everything":
            return "Your setting memory.keep lets nothing be kept."
        if beyond:
            return ""
        if not minutes:
            return "Your setting idle.minutes is 0."
        spent = await companion.worker(spent_today, companion.journal, companion.clock)
        spent += self._done.milliseconds if self._done is not None else 0
        return "" if spent < minutes * 60_000 else f"Today's {minutes} minutes are used up."

    async def left(self) -> tuple[int, int]:
        """How many turns, and how many sessions that are over, still await it."""
        return await self._companion.worker(self._left)

    def _left(self) -> tuple[int, int]:
        journal = self._companion.journal
        done = self._done or Done(reached(journal))
        turns = sum(1 for _ in journal.read(after=done.reached.read, kinds=[Kind.HEARD]))
        found = self._sessions(done)
        return turns, sum(1 for one in found if one.turns[-1] > done.reached.gisted)

    async def _account(self) -> None:
        """Keep what was spent, should this process be killed before it writes that down."""
        companion, done = self._companion, self._done
        if done is not None and done.milliseconds:
            await companion.worker(
                note_unwritten,
                companion.store,
                companion.journal,
                companion.clock,
                done.milliseconds,
            )

    async def _waits_for_model(self) -> bool:
        """Whether it only has to wait a little, for the model to be there again."""
        model = self._companion.model.state()
        return not model.ready and not model.scripted

    def _next(self) -> Reading | Gisting | None:
        """The next thing to do. What needs no model is passed over here."""
        done = self._done = self._done or self._begun()
        for _ in range(_STEPS_A_BREATH):
            before = done.reached.read
            read, reading = self._deeper.next(before)
            if reading is not None:
                return reading
            done.reached = replace(done.reached, read=read)
            if read == before:
                break
        return self._session(done)

    def _begun(self) -> Done:
        """Where the last entry left off, with what a killed process spent since."""
        companion = self._companion
        spent = unwritten(companion.store, companion.journal, companion.clock)
        return Done(reached(companion.journal), milliseconds=spent)

    def _sessions(self, done: Done) -> list[Session]:
        """The sessions after the last one gisted that are over."""
        companion = self._companion
        here = local(companion.clock.now(), companion.journal.zone)
        until = int(here.replace(tzinfo=UTC).timestamp()) - PAUSE_S
        rows = companion.store.turns(done.reached.gisted)
        return [one for one in sessions(rows) if one.end < until]

    def _session(self, done: Done) -> Gisting | None:
        companion = self._companion
        found = self._sessions(done)
        while (one := next_session(found, done.reached.gisted)) is not None:
            turns = own_turns(companion.journal.at_seq(one.theirs))
            if gisting().worth(turns):
                return Gisting(one, tuple(turns))
            done.reached = replace(done.reached, gisted=one.turns[-1])
        return None

    async def _do(self, work: Reading | Gisting) -> None:
        began = time.monotonic()
        try:
            if isinstance(work, Reading):
                await self._read(work)
            else:
                await self._gist(work)
        finally:  # time that was taken counts, whatever came of it
            if self._done is not None:
                self._done.milliseconds += max(1, int((time.monotonic() - began) * 1000))

    async def _read(self, reading: Reading) -> None:
        extraction, model = self._deeper.extraction, self._companion.model
        drafts: list[Draft] = []
        for unread in reading.unread:
            answers = [await self._answer(extraction.request(unread, 0, SEED))]
            if not extraction.agreed(unread, answers, reading.known):
                continue
            answers.append(await self._answer(extraction.request(unread, 1, SEED)))
            drafts += [
                self._deeper.draft(unread, one, model.state(), SEED)
                for one in extraction.agreed(unread, answers, reading.known)
            ]
        if (done := self._done) is not None:
            done.facts += drafts
            done.turns += 1
            done.reached = replace(done.reached, read=reading.turn.seq)

    async def _gist(self, work: Gisting) -> None:
        made = gisting()
        text = made.checked(await self._answer(made.request(work.turns, SEED)), work.turns)
        if (done := self._done) is not None:
            if text:
                model = self._companion.model.state()
                done.gists.append(
                    gist_draft(text, work.session, work.turns, made.version, model, SEED)
                )
            done.sessions += 1
            done.reached = replace(done.reached, gisted=work.session.turns[-1])

    async def _answer(self, request: ChatRequest) -> str:
        """The model's answer; empty for what is too long to be asked."""
        text = ""
        with suppress(BadInput):
            async with aclosing(self._companion.model.chat(request)) as stream:
                async for item in stream:
                    text += item.text if isinstance(item, Piece) else ""
        return text


def on_battery(folder: Path = _POWER) -> bool:
    """Whether the machine runs from its battery, where it tells (Linux); else False."""
    try:
        states = [file.read_text("ascii").strip() for file in folder.glob("*/status")]
    except (OSError, UnicodeDecodeError):
        return False
    return "Discharging" in states
