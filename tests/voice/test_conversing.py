"""Whole conversations through sound: heard, answered by whoever answers, spoken, and timed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

import numpy as np
import pytest

from oona.core.clock import SystemClock
from oona.testing.speech import Loudness, Punctuation, Whistler, WhistleReader, read_whistle
from oona.voice.conversing import Conversing
from oona.voice.ears import Ears, Models
from oona.voice.events import Exchange
from oona.voice.framing import Framer
from oona.voice.mouth import Mouth
from oona.voice.phrasing import Phrases
from oona.voice.recording import Recording
from oona.voice.track import Track
from tests.voice.conftest import scene, wav_of


class Echo:
    """A partner that thinks for a while, then says back what it was told, in two clauses."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = seconds

    async def say(self, text: str) -> AsyncGenerator[str | Mapping[str, object]]:
        await asyncio.sleep(self._seconds)
        yield "you said,"
        yield f" {text}"
        yield {"rule": "echo"}


async def converse(
    sound: np.ndarray, rate: int = 16_000, thinking: float = 0.0
) -> tuple[list[Exchange], Track, Whistler]:
    """What comes of a recording at `rate` Hz."""
    recording = Recording(wav_of(sound, rate), SystemClock())
    voice = Whistler()
    track = Track(voice.rate)
    ears = Ears(Models(Loudness(), Punctuation(), WhistleReader()), recording)
    mouth = Mouth(voice, track, recording)
    talk = Conversing(ears, mouth, Echo(thinking), recording)
    frames = recording.frames(lambda: talk.busy, lambda: ears.in_turn)
    try:
        async with aclosing(frames), aclosing(talk.converse(frames)) as found:
            exchanges = [exchange async for exchange in found]
    finally:
        ears.close()
        mouth.close()
    return exchanges, track, voice


def track_text(track: Track, began: float, ended: float) -> str:
    """What the track holds between two moments, heard by ears that know nothing of it."""
    sound = np.concatenate(list(track.blocks()))
    framer = Framer(track.rate)
    frames = framer.feed(sound[round(began * track.rate) : round(ended * track.rate)])
    return read_whistle(np.concatenate([f.samples for f in frames + framer.flush()]))


@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000])
async def test_a_conversation_from_a_file(rate: int) -> None:
    """Each turn is answered; the reply stands in the track where the captions say, word for word.

    A reply begins after the person has finished, and the next turn is heard while it is spoken.
    """
    sound = scene(0.5, "hello.", 1.0, "my sister lives in bergen.", 4.0, rate=rate)
    exchanges, track, voice = await converse(sound, rate)
    assert [e.heard.text for e in exchanges] == ["hello.", "my sister lives in bergen."]
    assert [e.reply for e in exchanges] == [f"you said, {e.heard.text}" for e in exchanges]
    assert voice.said[:2] == ["you said,", "hello."]
    for exchange in exchanges:
        assert exchange.result == {"rule": "echo"}
        first, last = exchange.captions[0], exchange.captions[-1]
        assert first.began >= exchange.heard.turn.at
        said = "you said," + exchange.heard.text  # what stands before a phrase is not spoken
        assert track_text(track, first.began, last.ended) == said
    assert exchanges[0].captions[-1].ended <= exchanges[1].captions[0].began


async def test_thinking_takes_the_time_it_takes() -> None:
    """While somebody thinks the recording goes on at its own pace: the delay is the true one."""
    exchanges, _, _ = await converse(scene(0.3, "hello.", 3.0), thinking=0.4)
    timings = exchanges[0].timings_ms()
    assert timings["first_clause"] >= 390
    assert timings["total"] == sum(timings[n] for n in timings if n != "total")
    turn = exchanges[0].heard.turn
    assert exchanges[0].captions[0].began - turn.end_of_speech == pytest.approx(
        timings["total"] / 1000, abs=0.002
    )


async def test_waiting_for_an_earlier_reply_is_not_called_thinking() -> None:
    """Who asks twice in a row is answered twice, and the second answer's wait has its name."""
    sound = scene(0.3, "tell me something long and elaborate.", 0.5, "why?", 3.0)
    exchanges, _, _ = await converse(sound, thinking=0.6)
    timings = exchanges[1].timings_ms()
    assert timings["waiting"] > 300
    assert timings["total"] == sum(timings[name] for name in timings if name != "total")


async def test_silence_is_not_waited_through() -> None:
    """Two minutes in which nobody says or thinks anything pass in a moment."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    exchanges, _, _ = await converse(scene(120.0, "hello.", 1.0))
    assert exchanges[0].heard.turn.began == pytest.approx(120, abs=0.04)
    assert loop.time() - began < 30


async def test_who_is_cut_off_by_the_files_end_is_answered() -> None:
    """A recording that ends with its last word is heard to the end, and answered after it."""
    exchanges, _, _ = await converse(scene(0.2, "is anybody there?"))
    assert [exchange.heard.text for exchange in exchanges] == ["is anybody there?"]
    assert exchanges[0].captions


async def test_nothing_said_is_nothing_answered() -> None:
    """Silence, and an empty file, make no turn."""
    for sound in (scene(2.0), scene(0.0)):
        exchanges, track, _ = await converse(sound)
        assert (exchanges, list(track.blocks())) == ([], [])


def test_the_first_clause_is_spoken_at_once_and_the_rest_by_sentence() -> None:
    """Somebody waits for the first; the others sound better whole. Nothing is lost or added."""
    phrases = Phrases()
    clauses = ["“", "You told me,", " on Tuesday,", " about walnuts.", " Right?", " So"]
    found = [phrases.feed(clause) for clause in clauses]
    assert found == [[], ["“You told me,"], [], [" on Tuesday, about walnuts."], [" Right?"], []]
    assert phrases.flush() == [" So"]
    assert phrases.flush() == []


def test_a_track_keeps_its_place() -> None:
    """What is played while something plays comes after it; silence stands in between and behind."""
    track = Track(1_000)
    one = np.ones(500, np.float32)
    assert track.play(one, 1.0) == (1.0, 1.5)
    assert track.play(one, 1.2) == (1.5, 2.0)
    assert track.play(one, 3.0) == (3.0, 3.5)
    sound = np.concatenate(list(track.blocks(until=5.0)))
    assert len(sound) == 5_000
    assert np.flatnonzero(np.diff(sound)).tolist() == [999, 1_999, 2_999, 3_499]
