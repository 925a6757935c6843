"""Ears: whistled speech in, turns in writing out, guesses dropped when somebody goes on."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oona.core.speech import Samples, Transcript
from oona.testing.speech import Loudness, Punctuation, WhistleReader, read_whistle, whistle
from oona.voice.buffer import FrameBuffer
from oona.voice.ears import Ears, Models
from oona.voice.events import Heard, Paused, Resumed, TurnEnded, Why
from oona.voice.framing import Framer
from tests.voice.conftest import Stream, scene


async def heard(sound: np.ndarray, reader: WhistleReader | None = None) -> list[object]:
    """All that ears tell of a stream."""
    stream = Stream(sound)
    ears = Ears(Models(Loudness(), Punctuation(), reader or WhistleReader()), stream.clock)
    try:
        async with aclosing(ears.listen(stream.frames(lambda: ears.busy))) as items:
            return [item async for item in items]
    finally:
        ears.close()


def turns(found: list[object]) -> list[Heard]:
    return [item for item in found if isinstance(item, Heard)]


async def test_every_turn_is_written_down() -> None:
    """What was said comes out word for word, with the moments between which it was said."""
    found = turns(await heard(scene(1.0, "my sister lives in bergen.", 2.0, "where?", 2.0)))
    assert [turn.text for turn in found] == ["my sister lives in bergen.", "where?"]
    first = found[0].turn
    assert first.began == pytest.approx(1.0, abs=0.033)
    assert first.end_of_speech == pytest.approx(1.0 + 26 * 0.04, abs=0.065)
    assert first.why is Why.FINISHED
    assert found[0].at - first.end_of_speech < 0.35


async def test_a_pause_in_the_middle_leaves_one_turn() -> None:
    """Who goes on after a pause is answered once, to all of it."""
    reader = WhistleReader()
    found = await heard(scene(0.5, "i would like to", 0.8, "ask something.", 2.0), reader)
    assert [turn.text for turn in turns(found)] == ["i would like toask something."]
    kinds = [type(item) for item in found]
    assert kinds.index(Paused) < kinds.index(Resumed) < kinds.index(TurnEnded)


async def test_guessing_begins_in_the_pause_and_is_dropped_when_they_go_on() -> None:
    """The half sentence is written down at once, though nobody ever hears of it."""
    reader = WhistleReader()
    found = await heard(scene(0.5, "tell me about", 0.5, "leon.", 2.0), reader)
    assert reader.read == ["tell me about", "tell me aboutleon."]
    assert [turn.text for turn in turns(found)] == ["tell me aboutleon."]


async def test_noise_without_words_is_no_turn() -> None:
    """What is loud but holds no words ends a turn that nobody is answered for."""

    class Deaf(WhistleReader):
        def transcribe(self, samples: Samples, stop: object = None) -> Transcript:
            return Transcript("")

    found = await heard(scene(0.5, "mmmmmmmmmm", 3.0), Deaf())
    assert not turns(found)
    assert any(isinstance(item, TurnEnded) for item in found)


async def test_the_streams_end_is_a_turns_end() -> None:
    """A recording that stops in the middle of a word loses nothing of what was said."""
    found = turns(await heard(scene(0.2, "it stops right here")))
    assert [turn.text for turn in found] == ["it stops right here"]
    assert found[0].turn.why is Why.STREAM_ENDED


async def test_a_fault_in_a_model_is_not_swallowed() -> None:
    """What goes wrong in a thread comes out of `listen`, and ends it."""

    class Broken(WhistleReader):
        def transcribe(self, samples: Samples, stop: object = None) -> Transcript:
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        await heard(scene(0.2, "hello there.", 2.0), Broken())


async def test_leaving_in_the_middle_leaves_nothing_running() -> None:
    """Whoever stops listening gets no late result and leaves no task behind."""
    stream = Stream(scene(0.5, "my sister lives in bergen.", 2.0))
    ears = Ears(Models(Loudness(), Punctuation(), WhistleReader()), stream.clock)
    async with aclosing(ears.listen(stream.frames())) as items:
        async for item in items:
            if isinstance(item, Paused):
                break
    ears.close()
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


async def test_a_long_stream_is_not_kept() -> None:
    """Of the sound, a second stays while nobody speaks, however long that is."""
    stream = Stream(scene("hello there.", 60.0))
    ears = Ears(Models(Loudness(), Punctuation(), WhistleReader()), stream.clock)
    async with aclosing(ears.listen(stream.frames(lambda: ears.busy))) as items:
        async for _ in items:
            assert len(ears._kept) < 100
    assert len(ears._kept) < 40
    ears.close()


@given(began=st.floats(0, 1.2), length=st.floats(0, 1.2), forgotten=st.floats(0, 0.5))
@settings(max_examples=30)
def test_the_buffer_gives_back_what_was_said_when(
    began: float, length: float, forgotten: float
) -> None:
    """A stretch of the stream comes back sample for sample, as far as it is still there."""
    sound = np.random.default_rng(2).uniform(-0.5, 0.5, 16_000).astype(np.float32)
    framer, buffer = Framer(16_000), FrameBuffer()
    frames = framer.feed(sound)
    for frame in frames:
        buffer.add(frame)
    buffer.forget(forgotten)
    there = np.concatenate([frame.samples for frame in frames])
    first = next((round(f.began * 16_000) for f in frames if f.ended > forgotten), len(there))
    start, stop = max(first, round(began * 16_000)), round((began + length) * 16_000)
    assert np.array_equal(buffer.samples(began, began + length), there[start:stop])


def test_what_is_whistled_can_be_read() -> None:
    """The loop-back ears read the loop-back voice, also from 24 kHz and through framing."""
    text = "the quick brown fox, at 9.30 - isn't it?"
    framer = Framer(24_000)
    frames = framer.feed(whistle(text, 24_000)) + framer.flush()
    assert read_whistle(np.concatenate([frame.samples for frame in frames])) == text
