"""The mouth: text in, sound out, each phrase as soon as it can be spoken, until it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from oona.core.clock import Clock
from oona.core.speech import Samples, Synthesizer
from oona.voice.alignment import Extent, heard
from oona.voice.events import Caption
from oona.voice.phrasing import Phrases
from oona.voice.spoken import spoken

DUCKED = 0.2
"""Of its volume, a reply has while somebody speaks over it: 14 dB less."""


_ROUNDED_S = 0.01
"""Of a reply, a speaker at another rate may round away."""


class Speaker(Protocol):
    """Where sound goes: a track in a file, a device, a socket. `now` is the stream's, in seconds.

    What is done happens within 20 ms of `now`, without a click.
    """

    def play(self, samples: Samples, now: float) -> tuple[float, float]:
        """Have `samples` heard after what was given before; gives when they begin and end.

        In seconds of the stream, of which `now` is the present.
        """
        ...

    def position(self, now: float) -> int:
        """How many samples of all that was given have been heard by `now`."""
        ...

    def duck(self, gain: float, now: float) -> None:
        """Have all that follows heard at so much of its volume; 1 is all of it."""
        ...

    def stop(self, now: float) -> None:
        """Drop what was given and not heard yet; what is given then has all of its volume."""
        ...


@dataclass
class _Reply:
    """One reply as it was given to the speaker, from its sample `began` on."""

    began: int
    phrases: list[tuple[str, Extent]] = field(default_factory=list)
    stopped: bool = False

    def over(self) -> bool:
        """Whether it was stopped, be it while something was waited for."""
        return self.stopped


async def _at_once() -> None:
    """Nobody else speaks."""


class Mouth:
    """Speaks with one voice. The voice computes in a thread of its own."""

    def __init__(self, voice: Synthesizer, speaker: Speaker, clock: Clock) -> None:
        self._voice = voice
        self._speaker = speaker
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="synthesizer")
        self._given = 0
        self._reply = _Reply(0)

    async def speak(
        self, clauses: AsyncGenerator[str], turn: Callable[[], Awaitable[None]] = _at_once
    ) -> AsyncGenerator[Caption]:
        """Speak a reply while it comes. Its captions, joined, are its text.

        Before each phrase `turn` is awaited, which returns when it may be spoken. Once it was
        stopped, what still comes is taken and not spoken.
        """
        reply = self._reply = _Reply(self._given)
        phrases = Phrases()
        async for clause in clauses:
            for phrase in phrases.feed(clause):
                if (caption := await self._say(phrase, reply, turn)) is not None:
                    yield caption
        for phrase in phrases.flush():
            if (caption := await self._say(phrase, reply, turn)) is not None:
                yield caption

    def heard(self) -> int:
        """How many characters of the last reply have been heard, to the word."""
        whole, played = self._played()
        characters = self.passed()
        if whole < len(self._reply.phrases):
            phrase, extent = self._reply.phrases[whole]
            characters += heard(phrase, extent, played)
        return characters

    def passed(self) -> int:
        """How many characters are in the phrases of the last reply that were heard to their end."""
        return sum(len(phrase) for phrase, _ in self._reply.phrases[: self._played()[0]])

    @property
    def silent(self) -> bool:
        """Whether all that was given to the speaker has been heard."""
        left = self._given - self._speaker.position(self._clock.monotonic())
        return left <= _ROUNDED_S * self._voice.rate

    def duck(self) -> None:
        """Speak softly."""
        self._speaker.duck(DUCKED, self._clock.monotonic())

    def restore(self) -> None:
        """Speak as loud as before."""
        self._speaker.duck(1.0, self._clock.monotonic())

    def stop(self) -> int:
        """Stop the reply, within a phrase or between two; gives what `heard` does."""
        characters, now = self.heard(), self._clock.monotonic()
        self._reply.stopped = True
        self._given = self._speaker.position(now)
        self._speaker.stop(now)
        return characters

    async def _say(
        self, phrase: str, reply: _Reply, turn: Callable[[], Awaitable[None]]
    ) -> Caption | None:
        if reply.over():
            return None
        loop = asyncio.get_running_loop()
        words = spoken(phrase)
        sound = await loop.run_in_executor(self._thread, self._voice.synthesize, words)
        await turn()
        if reply.over():
            return None
        ready = self._clock.monotonic()
        if not reply.phrases:  # a device may have played on a little after the last stop
            reply.began = self._given = self._speaker.position(ready)
        began, ended = self._speaker.play(sound, ready)
        self._given += len(sound)
        reply.phrases.append((phrase, Extent.of(sound)))
        return Caption(phrase, began, ended, ready)

    def _played(self) -> tuple[int, int]:
        """How many phrases of the reply were heard to their end, and samples of the next one."""
        played = self._speaker.position(self._clock.monotonic()) - self._reply.began
        for count, (_, extent) in enumerate(self._reply.phrases):
            if played < extent.length:
                return count, played
            played -= extent.length
        return len(self._reply.phrases), 0

    def close(self) -> None:
        """Let the thread go."""
        self._thread.shutdown(wait=False, cancel_futures=True)
