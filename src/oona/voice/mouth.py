"""The mouth: text in, sound out, each phrase as soon as it can be spoken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from oona.core.clock import Clock
from oona.core.speech import Samples, Synthesizer
from oona.voice.events import Caption
from oona.voice.phrasing import Phrases
from oona.voice.spoken import spoken


class Speaker(Protocol):
    """Where sound goes: a track in a file, a device, a socket."""

    def play(self, samples: Samples, now: float) -> tuple[float, float]:
        """Have `samples` heard after what was given before; gives when they begin and end.

        In seconds of the stream, of which `now` is the present.
        """
        ...


class Mouth:
    """Speaks with one voice. The voice computes in a thread of its own."""

    def __init__(self, voice: Synthesizer, speaker: Speaker, clock: Clock) -> None:
        self._voice = voice
        self._speaker = speaker
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="synthesizer")

    async def speak(self, clauses: AsyncGenerator[str]) -> AsyncGenerator[Caption]:
        """Speak a reply while it comes. Its captions, joined, are its text."""
        phrases = Phrases()
        async for clause in clauses:
            for phrase in phrases.feed(clause):
                yield await self._say(phrase)
        for phrase in phrases.flush():
            yield await self._say(phrase)

    async def _say(self, phrase: str) -> Caption:
        loop = asyncio.get_running_loop()
        words = spoken(phrase)
        sound = await loop.run_in_executor(self._thread, self._voice.synthesize, words)
        ready = self._clock.monotonic()
        began, ended = self._speaker.play(sound, ready)
        return Caption(phrase, began, ended, ready)

    def close(self) -> None:
        """Let the thread go."""
        self._thread.shutdown(wait=False, cancel_futures=True)
