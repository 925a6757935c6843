"""A reply that is stopped, ducked, or heard to its end: what was heard is known to the word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oona.core.clock import VirtualClock
from oona.testing.speech import Whistler, read_whistle, whistle
from oona.voice.alignment import Extent, heard
from oona.voice.events import Caption
from oona.voice.framing import Framer
from oona.voice.mouth import DUCKED, Mouth
from oona.voice.track import Track

REPLY = ("you told me,", " on tuesday.", " your sister", " lives in bergen.", " is that so")


def track_text(track: Track) -> str:
    """What a track holds, heard by ears that know nothing of it."""
    framer = Framer(track.rate)
    frames = framer.feed(np.concatenate(list(track.blocks(0.1)))) + framer.flush()
    return read_whistle(np.concatenate([frame.samples for frame in frames]))


class Spoken:
    """A reply that was spoken at once, on a clock that stands at its beginning."""

    def __init__(self) -> None:
        self.clock = VirtualClock(datetime(2026, 3, 1, tzinfo=UTC))
        self.track = Track(Whistler.rate)
        self.mouth = Mouth(Whistler(), self.track, self.clock)
        self.captions: list[Caption] = []

    async def speak(self, *clauses: str) -> None:
        """Speak `clauses` to their end."""
        async with aclosing(self.mouth.speak(_given(clauses))) as captions:
            self.captions += [caption async for caption in captions]

    def to(self, moment: float) -> None:
        """Let time pass up to `moment`."""
        self.clock.advance(timedelta(seconds=moment - self.clock.monotonic()))


async def _given(clauses: tuple[str, ...]) -> AsyncGenerator[str]:
    for clause in clauses:
        yield clause


@given(st.floats(0.0, 3.5))
@settings(deadline=None, max_examples=40)
def test_what_was_heard_is_known_to_the_word(moment: float) -> None:
    """Wherever it is stopped, what counts as heard is what the track holds, but for one word."""

    async def stopped() -> tuple[int, str, int]:
        spoken = Spoken()
        try:
            await spoken.speak(*REPLY)
            spoken.to(moment)
            told = spoken.mouth.stop()
            spoken.to(moment + 5)
            return told, track_text(spoken.track), spoken.mouth.heard()
        finally:
            spoken.mouth.close()

    told, sounded, later = asyncio.run(stopped())
    text = "".join(REPLY)
    assert text[:told] == "" or text[:told][-1] != " "
    letters, kept = [t.replace(" ", "") for t in (sounded, text[:told])]
    longest = max(len(word) for word in text.split()) + 1
    assert abs(len(letters) - len(kept)) <= longest
    assert told == later


async def test_what_was_not_stopped_was_heard() -> None:
    """A reply heard to its end counts as a whole, and the next is counted from its own beginning.

    Nothing of what came after a stop is spoken, and the next reply is as loud as ever.
    """
    spoken = Spoken()
    await spoken.speak(*REPLY)
    assert (spoken.mouth.heard(), spoken.mouth.silent) == (0, False)
    assert "".join(caption.text for caption in spoken.captions) == "".join(REPLY)
    spoken.to(spoken.captions[-1].ended)
    assert (spoken.mouth.heard(), spoken.mouth.silent) == (len("".join(REPLY)), True)
    await spoken.speak("and you?")
    spoken.to(spoken.captions[-1].began + 0.18)  # an, d, a space: the middle of "you" is not there
    spoken.mouth.duck()
    assert spoken.mouth.stop() == len("and")
    assert spoken.mouth.silent
    await spoken.speak("so")
    said = spoken.captions[-1]
    assert said.began - spoken.clock.monotonic() <= 0.02
    sound = np.concatenate(list(spoken.track.blocks()))
    last = sound[round(said.began * 24_000) :]
    assert np.abs(last).max() == pytest.approx(0.3, abs=0.01)
    spoken.mouth.close()


async def test_what_comes_after_a_stop_is_not_spoken() -> None:
    """A reply may be stopped before its first sound and between two phrases; the rest is taken."""
    for before in (0, 1):
        spoken, taken = Spoken(), []

        async def clauses(spoken: Spoken = spoken, before: int = before) -> AsyncGenerator[str]:
            for n, clause in enumerate(REPLY):
                if n == before:
                    spoken.to(5.0)
                    spoken.mouth.stop()
                taken.append(clause)  # noqa: B023
                yield clause

        async with aclosing(spoken.mouth.speak(clauses())) as captions:
            assert [c.text async for c in captions] == list(REPLY[:before])
        assert taken == list(REPLY)
        assert spoken.mouth.heard() == len("".join(REPLY[:before]))
        spoken.mouth.close()


async def test_a_phrase_waits_for_its_turn() -> None:
    """While somebody else has the floor nothing is played, and a stop then leaves nothing."""
    spoken, free = Spoken(), asyncio.Event()

    async def turn() -> None:
        await free.wait()

    async def speak() -> list[Caption]:
        async with aclosing(spoken.mouth.speak(_given(("hello.",)), turn)) as captions:
            return [caption async for caption in captions]

    speaking = asyncio.create_task(speak())
    await asyncio.sleep(0.05)
    assert spoken.track.position(1.0) == 0
    spoken.to(2.0)
    free.set()
    [caption] = await speaking
    assert caption.began == 2.0
    spoken.mouth.close()


def test_ducking_is_soft_and_without_a_click() -> None:
    """From `duck` on it is 14 dB softer, and loud again from `restore` on; no sample is lost."""
    track = Track(1_000)
    track.play(np.ones(1_000, np.float32), 0.0)
    track.duck(DUCKED, 0.3)
    track.duck(1.0, 0.6)
    sound = np.concatenate(list(track.blocks()))
    assert len(sound) == 1_000
    assert sound[299] == sound[-1] == 1.0
    assert sound[330:590] == pytest.approx(DUCKED)
    assert np.abs(np.diff(sound)).max() < 0.06


def test_a_stopped_track_goes_on_later() -> None:
    """What was not heard is dropped after a short fade; what comes then begins when it is given."""
    track = Track(1_000)
    track.play(np.ones(500, np.float32), 0.0)
    track.play(np.ones(500, np.float32), 0.0)
    assert track.position(0.7) == 700
    track.stop(0.7)
    assert track.position(0.9) == 700
    assert track.play(np.ones(100, np.float32), 1.0) == (1.0, 1.1)
    assert track.position(1.05) == 750
    sound = np.concatenate(list(track.blocks()))
    assert np.flatnonzero(sound)[[699, -1]].tolist() == [699, 1_099]
    assert sound[715:1_000].max() == 0
    track.stop(2.0)
    assert track.position(2.0) == 800


def test_numbers_take_as_long_as_they_are_said() -> None:
    """A "09:30" is five characters and two words: half of its time is not half of the phrase."""
    phrase = "It is 09:30 in Oslo."
    sound = whistle("It is nine thirty in Oslo.", 24_000)
    extent = Extent.of(sound)
    by = [heard(phrase, extent, round(n / 26 * len(sound))) for n in range(27)]
    assert by[9] == len("It is")
    assert by[16] == len("It is 09:30")
    assert by[-1] == len(phrase)
    assert by == sorted(by)


@given(st.text(max_size=40), st.floats(0, 1.2))
def test_any_phrase_can_be_cut(phrase: str, share: float) -> None:
    """Whatever a phrase holds, what was heard of it is a part of it that ends with a word."""
    until = heard(phrase, Extent(10, 90, 100), round(share * 100))
    assert 0 <= until <= len(phrase)
    assert until == len(phrase) or not phrase[:until] or not phrase[until - 1].isspace()
