"""Ears: frames in, turns in writing out, with the models at work in threads of their own."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from oona.core.clock import Clock
from oona.core.speech import Samples, Transcriber, Transcript, TurnEnd, VoiceActivity
from oona.voice.buffer import FrameBuffer
from oona.voice.completeness import unfinished
from oona.voice.endpointing import Endpointer
from oona.voice.events import Event, Heard, LookAgain, Paused, Resumed, TurnEnded
from oona.voice.framing import Frame

T = TypeVar("T")

Each = Callable[[Frame, float], None]

_WORD = re.compile(r"\w")

_BEFORE_S = 0.32
"""Of sound before the first that was taken for speech: many words begin quietly."""

_AFTER_S = 0.2
"""Of the silence after the last: enough to close a final consonant."""

_DOUBTFUL = 0.35
"""Of confidence: below, Moonshine writes words to what holds none ("You", to a fan; 0.1 to 0.5),
while it is surer (0.65 and more) of words that it gets wrong."""

_LATELY_S = 8.0
"""Of what is said over a reply, the end tells what it means."""

_IDLE_S = 1.0
"""Of sound that is kept while nobody speaks."""


def _unwatched(_frame: Frame, _speech: float) -> None:
    """Nobody wants to know of each frame."""


@dataclass(frozen=True, slots=True)
class Models:
    """What ears are made of, see `oona.core.speech`."""

    activity: VoiceActivity
    turn_end: TurnEnd
    transcriber: Transcriber


@dataclass
class _Opinion:
    """What is being found out about one pause. Nobody waits for it once `stop` is set."""

    pause: int
    transcript: asyncio.Future[Transcript]
    stop: threading.Event
    score: asyncio.Future[float] | None = None


@dataclass
class _Told:
    """What `listen` has yet to tell, and the turns whose writing is still under way."""

    items: asyncio.Queue[Event | Heard | None] = field(default_factory=asyncio.Queue)
    finishing: set[asyncio.Task[None]] = field(default_factory=set)


class Ears:
    """Hears one stream. `clock.monotonic` tells the position in it, in seconds."""

    def __init__(self, models: Models, clock: Clock, endpointer: Endpointer | None = None) -> None:
        self._models = models
        self._clock = clock
        self._endpointer = endpointer or Endpointer()
        self._kept = FrameBuffer()
        self._floor = 0.0
        self._opinion: _Opinion | None = None
        self._told = _Told()
        self._each: Each = _unwatched
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="transcriber")
        self._scoring = ThreadPoolExecutor(1, thread_name_prefix="turn-end")
        self._at_work = 0

    @property
    def busy(self) -> bool:
        """Whether something is being found out, or was and is not yet told."""
        return bool(self._at_work or self._told.finishing) or not self._told.items.empty()

    @property
    def in_turn(self) -> bool:
        """Whether somebody speaks, or may go on speaking."""
        return self._endpointer.in_turn

    async def listen(
        self, frames: AsyncIterator[Frame], each: Each = _unwatched
    ) -> AsyncGenerator[Event | Heard]:
        """What happens in the stream. A turn that holds words is Heard some time after its end.

        `each` is given every frame at once, with the probability that it holds speech.
        """
        self._each = each
        hearing = asyncio.create_task(self._hear(frames), name="hearing")
        try:
            while (item := await self._told.items.get()) is not None:
                yield item
            await hearing
        finally:
            hearing.cancel()
            for task in self._told.finishing:
                task.cancel()
            await asyncio.gather(hearing, *self._told.finishing, return_exceptions=True)

    def so_far(
        self, since: float, until: float, enough: threading.Event
    ) -> asyncio.Future[Transcript]:
        """What was said from `since` until now, in writing; `enough` ends the work."""
        if self._opinion is not None:  # in a pause it is being written down anyway
            return self._opinion.transcript
        began = max(self._floor, since - _BEFORE_S, until - _LATELY_S)
        samples, transcriber = self._kept.samples(began), self._models.transcriber
        return self._run(self._writing, lambda: transcriber.transcribe(samples, enough.is_set))

    def close(self) -> None:
        """Let the threads go; what they work on is dropped."""
        self._drop()
        for pool in (self._writing, self._scoring):
            pool.shutdown(wait=False, cancel_futures=True)

    async def _hear(self, frames: AsyncIterator[Frame]) -> None:
        ended = 0.0
        try:
            async for frame in frames:
                ended = frame.ended
                for event in self._take(frame):
                    self._tell(event)
            for event in self._endpointer.end(ended):
                self._tell(event)
            await asyncio.gather(*self._told.finishing)
        finally:
            self._told.items.put_nowait(None)

    def _take(self, frame: Frame) -> list[Event]:
        speech = self._models.activity.probability(frame.samples)
        self._kept.add(frame)
        if not self._endpointer.in_turn:
            self._kept.forget(frame.ended - _IDLE_S)
        self._pass_on()
        events = self._endpointer.hear(frame.began, frame.ended, speech)
        self._each(frame, speech)
        return events

    def _tell(self, event: Event) -> None:
        self._told.items.put_nowait(event)
        match event:
            case Paused():
                self._drop()
                self._opinion = self._thought_over(event.pause, event.at)
                self._listen_to_end(self._opinion)
            case LookAgain() if self._opinion is not None:
                self._listen_to_end(self._opinion)
            case Resumed():
                self._drop()
            case TurnEnded():
                opinion, self._opinion = self._opinion, None
                if opinion is None:  # it ended in the middle of a word
                    opinion = self._thought_over(0, event.end_of_speech)
                clipped = self._kept.clipped(event.began, event.end_of_speech)
                self._floor = event.end_of_speech
                task = asyncio.create_task(self._finish(event, opinion, clipped))
                self._told.finishing.add(task)
                task.add_done_callback(self._told.finishing.discard)

    async def _finish(self, turn: TurnEnded, opinion: _Opinion, clipped: float) -> None:
        found = await opinion.transcript
        opinion.stop.set()
        if found.confidence >= _DOUBTFUL and _WORD.search(found.text):
            at = self._clock.monotonic()
            heard = Heard(at, found.text, found.confidence, clipped, turn)
            self._told.items.put_nowait(heard)

    def _thought_over(self, pause: int, until: float) -> _Opinion:
        """Have the turn written down as it stands at `until`."""
        began = max(self._floor, self._endpointer.began - _BEFORE_S)
        samples = self._kept.samples(began, until + _AFTER_S)
        stop, transcriber = threading.Event(), self._models.transcriber
        writing = self._run(self._writing, lambda: transcriber.transcribe(samples, stop.is_set))
        return _Opinion(pause, writing, stop)

    def _listen_to_end(self, opinion: _Opinion) -> None:
        """Have judged how finished the turn sounds, unless that is under way."""
        if opinion.score is None or opinion.score.done():
            samples: Samples = self._kept.samples(self._endpointer.began - _BEFORE_S)
            turn_end = self._models.turn_end
            opinion.score = self._run(self._scoring, lambda: turn_end.probability(samples))

    def _pass_on(self) -> None:
        """Tell the endpointer what has been found out meanwhile."""
        if (opinion := self._opinion) is None:
            return
        if opinion.score is not None and opinion.score.done():
            self._endpointer.judge(opinion.pause, score=opinion.score.result())
        if opinion.transcript.done():
            text = opinion.transcript.result().text
            self._endpointer.judge(opinion.pause, unfinished=unfinished(text))

    def _drop(self) -> None:
        """Nobody wants to know any more."""
        opinion, self._opinion = self._opinion, None
        if opinion is not None:
            opinion.stop.set()
            opinion.transcript.cancel()
            if opinion.score is not None:
                opinion.score.cancel()

    def _run(self, pool: Executor, work: Callable[[], T]) -> asyncio.Future[T]:
        future = asyncio.wrap_future(pool.submit(work))
        self._at_work += 1
        future.add_done_callback(self._done)
        return future

    def _done(self, _future: asyncio.Future[T]) -> None:
        self._at_work -= 1
