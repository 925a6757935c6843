"""Taking turns: what was heard is answered, and the answer spoken, while the ears stay open.

Who speaks meanwhile makes the reply softer, and stops it or not as `floor.py` decides.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from oona.core.clock import Clock
from oona.voice.ears import Ears
from oona.voice.events import Composed, Exchange, Heard, Stopped
from oona.voice.floor import Act, Duck, Floor, Holder, Look, Restore, Stop
from oona.voice.framing import Frame
from oona.voice.mouth import Mouth

_LATE_S = 3.0
"""So long after a reply should have ended, a speaker that plays no more is not waited for."""


_HELD_S = 3.0
"""So long a reply waits for somebody to fall silent; who wants the floor then stops it by words,
and music does not."""


class Partner(Protocol):
    """Who answers: the one turn loop, behind whatever leads there."""

    def say(self, heard: Heard) -> AsyncGenerator[str | Composed | Mapping[str, object]]:
        """The reply's clauses as they come, Composed, then what the loop tells of it at its end.

        The end comes when `heard` has told that the reply is over.
        """
        ...

    async def heard(self, characters: int, *, over: bool) -> None:
        """So much of the reply has been heard by now; with `over`, no more of it will be.

        Raises nothing: whatever is wrong there, `say` raises.
        """
        ...


@dataclass
class _Reply:
    """The reply to one turn: how many characters it has, and how many of them were heard."""

    exchange: Exchange
    length: int = 0
    heard: int = 0
    given: bool = False
    """All of it to the speaker."""

    over: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class _Queues:
    """What one task of a conversation hands to another."""

    unanswered: asyncio.Queue[Heard | None] = field(default_factory=asyncio.Queue)
    exchanges: asyncio.Queue[Exchange | None] = field(default_factory=asyncio.Queue)
    told: asyncio.Queue[tuple[int, bool]] = field(default_factory=asyncio.Queue)


@dataclass
class _Pace:
    """Whether the companion may begin to speak, whether it rests, whether anybody is there."""

    free: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False
    resting: bool = False
    held_since: float | None = None

    def __post_init__(self) -> None:
        self.free.set()

    @contextmanager
    def rest(self) -> Iterator[None]:
        """Wait for the person or the loudspeaker, and not for work."""
        self.resting = True
        try:
            yield
        finally:
            self.resting = False


@dataclass
class _Looks:
    """What is being written down to tell what somebody means who speaks over a reply."""

    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _enough: threading.Event = field(default_factory=threading.Event)

    def begin(self, *, whole: bool) -> threading.Event | None:
        """What ends the next look; None while an earlier one is under way, unless it is `whole`."""
        if self.tasks and not whole:
            return None
        self._enough.set()
        self._enough = threading.Event()
        return self._enough

    def follow(self, task: asyncio.Task[None]) -> None:
        """Keep `task` until it is done."""
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


class Conversing:
    """One conversation over one stream. Turns are answered one after the other."""

    def __init__(self, ears: Ears, mouth: Mouth, partner: Partner, clock: Clock) -> None:
        self._ears = ears
        self._mouth = mouth
        self._partner = partner
        self._clock = clock
        self._floor = Floor()
        self._reply: _Reply | None = None
        self._queues = _Queues()
        self._pace = _Pace()
        self._looks = _Looks()

    @property
    def busy(self) -> bool:
        """Whether something is being found out or made; who waits or only plays is not busy."""
        answering = self._reply is not None and not self._pace.resting
        waiting = self._reply is None and not self._queues.unanswered.empty()
        return self._ears.busy or answering or waiting

    @property
    def speaking(self) -> bool:
        """Whether a reply is being heard, or waits until it can be."""
        return self._reply is not None

    def interrupt(self) -> None:
        """Stop the reply at once, as by a key."""
        self._act(self._floor.key(self._clock.monotonic()))

    async def converse(self, frames: AsyncIterator[Frame]) -> AsyncGenerator[Exchange]:
        """Each exchange, once its reply was heard to its end or stopped."""
        telling = asyncio.create_task(self._tell(), name="telling")
        tasks = [
            asyncio.create_task(self._listen(frames), name="listening"),
            asyncio.create_task(self._answer(), name="answering"),
        ]
        try:
            while (exchange := await self._queues.exchanges.get()) is not None:
                yield exchange
            await asyncio.gather(*tasks)
        finally:
            tasks += [telling, *self._looks.tasks]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self, frames: AsyncIterator[Frame]) -> None:
        try:
            async with aclosing(self._ears.listen(frames, self._frame)) as items:
                async for item in items:
                    if isinstance(item, Heard) and not self._is_nod(item):
                        self._queues.unanswered.put_nowait(item)
        finally:
            self._pace.ended = True  # nobody hears a reply any more
            self.interrupt()
            self._queues.unanswered.put_nowait(None)

    def _is_nod(self, heard: Heard) -> bool:
        turn = heard.turn
        return self._floor.is_nod(turn.began, turn.end_of_speech, heard.text, heard.confidence)

    def _frame(self, frame: Frame, speech: float) -> None:
        """One more frame was heard: time has passed, for the reply too."""
        self._act(self._floor.hear(frame.began, frame.ended, speech))
        reply = self._reply
        if reply is not None:
            passed = self._mouth.passed()
            if passed > reply.heard:
                reply.heard = passed
                self._queues.told.put_nowait((passed, False))
            if reply.given and self._mouth.silent:
                self._finished(reply)
            elif reply.given and frame.ended > reply.exchange.ends + _LATE_S:
                self.interrupt()
        since = self._pace.held_since
        held = since is not None and frame.ended - since > _HELD_S
        may_begin = held or (self._floor.free and not self._ears.in_turn)
        if may_begin or self._floor.holder is not Holder.THINKING:
            self._pace.free.set()
        else:
            self._pace.free.clear()

    def _act(self, acts: Iterable[Act]) -> None:
        for act in acts:
            match act:
                case Duck():
                    self._mouth.duck()
                case Restore():
                    self._mouth.restore()
                case Look():
                    self._look(act)
                case Stop():
                    self._stopped(act)

    def _look(self, look: Look) -> None:
        """Have written down what is being said over the reply, one thing at a time."""
        if (enough := self._looks.begin(whole=look.whole)) is None:
            return
        written = self._ears.so_far(look.onset, look.at, enough)

        async def tell() -> None:
            await asyncio.wait([written])
            if not written.cancelled() and (found := written.result()).whole:
                at = self._clock.monotonic()
                self._act(self._floor.words(look, found.text, found.confidence, at))

        self._looks.follow(asyncio.create_task(tell(), name="looking"))

    def _stopped(self, stop: Stop) -> None:
        if (reply := self._reply) is None or reply.over.is_set():
            return
        reply.heard = self._mouth.stop()
        reply.exchange.stop(reply.heard, Stopped(stop.at, stop.onset, stop.because.value))
        self._over(reply)

    def _finished(self, reply: _Reply) -> None:
        if not reply.over.is_set():
            reply.heard = reply.length
            self._act(self._floor.finished(self._clock.monotonic()))
            self._over(reply)

    def _over(self, reply: _Reply) -> None:
        reply.over.set()
        self._pace.free.set()
        self._queues.told.put_nowait((reply.heard, True))

    async def _answer(self) -> None:
        try:
            while (heard := await self._queues.unanswered.get()) is not None:
                exchange = Exchange(heard, self._clock.monotonic())
                self._reply = _Reply(exchange)
                await self._say(self._reply)
                self._reply = None
                self._queues.exchanges.put_nowait(exchange)
        finally:
            self._reply = None
            self._queues.exchanges.put_nowait(None)

    async def _say(self, reply: _Reply) -> None:
        """Answer one turn. Returns when the reply is over, and written as far as it was heard."""
        exchange = reply.exchange
        self._floor.thinking(exchange.heard.turn.at, exchange.heard.turn.end_of_speech)
        async with aclosing(self._partner.say(exchange.heard)) as items:
            speech = self._mouth.speak(self._clauses(items, reply), self._may_speak)
            async with aclosing(speech) as captions:
                async for caption in captions:
                    exchange.captions.append(caption)
                    self._act(self._floor.speaking(caption.began))
            reply.given = True
            if self._mouth.silent:
                self._finished(reply)
            with self._pace.rest():
                await reply.over.wait()
            if not exchange.result:  # told once more: it may have come before the turn was taken up
                self._queues.told.put_nowait((reply.heard, True))
            async for item in items:
                if isinstance(item, Mapping):
                    exchange.result = dict(item)
        await self._queues.told.join()  # none of it is to be taken for the next reply's

    async def _clauses(
        self, items: AsyncIterator[str | Composed | Mapping[str, object]], reply: _Reply
    ) -> AsyncGenerator[str]:
        exchange = reply.exchange
        async for item in items:
            match item:
                case str():
                    if exchange.clause_at is None:
                        exchange.clause_at = self._clock.monotonic()
                    reply.length += len(item)
                    yield item
                case Composed():
                    return
                case _:
                    exchange.result = dict(item)

    async def _may_speak(self) -> None:
        """Return when nobody else speaks, or the reply is over."""
        if self._pace.ended:
            self.interrupt()
        if not self._pace.free.is_set():
            self._pace.held_since = self._clock.monotonic()
            with self._pace.rest():
                await self._pace.free.wait()
            self._pace.held_since = None

    async def _tell(self) -> None:
        while True:
            characters, over = await self._queues.told.get()
            try:
                await self._partner.heard(characters, over=over)
            finally:
                self._queues.told.task_done()
