"""Whole conversations through sound: heard, answered by whoever answers, spoken, and timed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass

import numpy as np
import pytest

from oona.core.clock import SystemClock
from oona.testing.speech import Loudness, Punctuation, Whistler, WhistleReader, read_whistle
from oona.voice.conversing import Conversing
from oona.voice.ears import Ears, Models
from oona.voice.events import Composed, Exchange, Heard
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

        self.heard_of: list[tuple[int, bool]] = []
        self._over = asyncio.Event()

    async def say(self, heard: Heard) -> AsyncGenerator[str | Composed | Mapping[str, object]]:
        self._over.clear()
        await asyncio.sleep(self._seconds)
        yield "you said,"
        yield f" {heard.text}"
        yield Composed()
        await self._over.wait()
        yield {"rule": "echo"}

    async def heard(self, characters: int, *, over: bool) -> None:
        self.heard_of.append((characters, over))
        if over:
            self._over.set()


@dataclass
class Talk:
    """What came of a conversation."""

    exchanges: list[Exchange]
    track: Track
    voice: Whistler
    partner: Echo


async def talk_over(
    sound: np.ndarray, partner: Echo, rate: int = 16_000, track: Track | None = None
) -> Talk:
    """What comes of a recording at `rate` Hz, with whoever answers."""
    recording = Recording(wav_of(sound, rate), SystemClock())
    voice = Whistler()
    track = track or Track(voice.rate)
    ears = Ears(Models(Loudness(), Punctuation(), WhistleReader()), recording)
    mouth = Mouth(voice, track, recording)
    talk = Conversing(ears, mouth, partner, recording)
    frames = recording.frames(lambda: talk.busy, lambda: ears.in_turn, lambda: talk.speaking)
    try:
        async with aclosing(frames), aclosing(talk.converse(frames)) as found:
            exchanges = [exchange async for exchange in found]
    finally:
        ears.close()
        mouth.close()
    return Talk(exchanges, track, voice, partner)


async def converse(
    sound: np.ndarray, rate: int = 16_000, thinking: float = 0.0
) -> tuple[list[Exchange], Track, Whistler]:
    """What comes of a recording at `rate` Hz, answered by an echo."""
    talk = await talk_over(sound, Echo(thinking), rate)
    return talk.exchanges, talk.track, talk.voice


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
    sound = scene(0.3, "tell me something long and elaborate.", 1.0, "and why is that?", 3.0)
    exchanges, _, _ = await converse(sound, thinking=1.4)
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


LONG = "tell me all of the story of the walnut tree and of the old mill by the river again."


@pytest.mark.parametrize(
    ("over", "because"), [("what about the dog?", "words"), ("stop.", "command")]
)
async def test_who_speaks_over_a_reply_stops_it_and_is_answered(over: str, because: str) -> None:
    """It is softer at once, then silent; what was heard of it is what the track holds of it.

    What was said over it is answered next, and that answer is as loud as ever.
    """
    talk = await talk_over(scene(0.3, LONG, 1.5, over, 3.0), Echo())
    first, second = talk.exchanges
    assert (first.heard.text, second.heard.text) == (LONG, over)
    assert first.stopped is not None
    assert first.stopped.because == because
    assert first.stopped.at - first.stopped.onset <= 0.9
    assert second.stopped is None
    assert second.reply == f"you said, {over}"
    whole = f"you said, {LONG}"
    assert whole.startswith(first.reply)
    assert 10 < len(first.reply) < len(whole)
    letters = track_text(talk.track, 0.0, first.captions[-1].ended).replace(" ", "")
    assert abs(len(letters) - len(first.reply.replace(" ", ""))) <= len("walnut")
    assert talk.partner.heard_of[0] == (len("you said,"), False)
    cut = (len(first.reply), True)
    assert cut in talk.partner.heard_of
    assert talk.partner.heard_of[-1] == (len(second.reply), True)
    assert second.captions[0].began >= first.stopped.at
    sound = np.concatenate(list(talk.track.blocks()))
    rate = talk.track.rate
    ducked = sound[round((first.stopped.at - 0.1) * rate) : round(first.stopped.at * rate)]
    assert 0 < np.abs(ducked).max() < 0.1
    assert np.abs(sound[round(second.captions[0].began * rate) :]).max() > 0.25


async def test_who_nods_is_not_answered() -> None:
    """A "yeah" over a reply makes it softer for a moment and is no turn: all of it is heard."""
    talk = await talk_over(scene(0.3, LONG, 1.5, "yeah, okay.", 4.0), Echo())
    [exchange] = talk.exchanges
    assert exchange.stopped is None
    assert exchange.reply == f"you said, {LONG}"
    assert talk.partner.heard_of[-1] == (len(exchange.reply), True)
    rate = talk.track.rate
    sound = np.abs(np.concatenate(list(talk.track.blocks())))
    loudness = sound[: len(sound) // rate * rate].reshape(-1, rate // 20).max(axis=1)
    began, ended = exchange.captions[0].began, exchange.captions[-1].ended
    speaking = loudness[round(20 * began) + 1 : round(20 * ended) - 1]
    assert 0.01 < speaking.min() < 0.1
    assert speaking[-5:].max() > 0.25


async def test_who_goes_on_before_the_reply_is_not_talked_over() -> None:
    """A turn that was taken for finished too soon: no sound of a reply to half of it is made."""
    talk = await talk_over(scene(0.3, "my sister.", 0.5, "and my brother too.", 3.0), Echo(0.9))
    first, second = talk.exchanges
    assert (first.reply, first.captions) == ("", [])
    assert first.stopped is not None
    assert (0, True) in talk.partner.heard_of
    assert second.reply == "you said, and my brother too."
    assert talk.voice.said.count("you said,") <= 2


async def test_who_leaves_hears_no_more() -> None:
    """When the stream ends in the middle of a reply, it ends with the word that was heard."""
    recording = Recording(wav_of(scene(0.3, LONG, 1.5), 16_000), SystemClock())
    voice, partner = Whistler(), Echo()
    track = Track(voice.rate)
    ears = Ears(Models(Loudness(), Punctuation(), WhistleReader()), recording)
    mouth = Mouth(voice, track, recording)
    talk = Conversing(ears, mouth, partner, recording)
    frames = recording.frames(lambda: talk.busy, lambda: ears.in_turn)  # and not while it speaks
    async with aclosing(frames), aclosing(talk.converse(frames)) as found:
        [exchange] = [exchange async for exchange in found]
    ears.close()
    mouth.close()
    assert exchange.stopped is not None
    assert 0 < len(exchange.reply) < len(f"you said, {LONG}")
    assert partner.heard_of[-1] == (len(exchange.reply), True)


class Unplugged(Track):
    """A speaker that stops playing after a second and tells nobody."""

    def position(self, now: float) -> int:
        return min(super().position(now), self.rate)


async def test_a_speaker_that_plays_no_more_is_not_waited_for() -> None:
    """A device that was unplugged in mid-reply: it ends where the device did, and talk goes on."""
    talk = await talk_over(
        scene(0.3, LONG, 9.0, "hello.", 2.0), Echo(), track=Unplugged(Whistler.rate)
    )
    first, second = talk.exchanges
    assert first.stopped is not None
    assert 0 < len(first.reply) < len(f"you said, {LONG}")
    assert second.heard.text == "hello."


async def test_music_does_not_keep_a_reply_back() -> None:
    """What sounds like speech without end and holds no words delays a reply for seconds only."""
    talk = await talk_over(scene(0.3, "hello.", 0.8, " " * 250, 1.0), Echo(0.9))
    [exchange] = talk.exchanges
    assert exchange.stopped is None
    assert exchange.reply == "you said, hello."
    assert 3.0 < exchange.captions[0].began - exchange.heard.turn.at < 5.0
