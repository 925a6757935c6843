"""The models of speech with their real weights, on speech that the companion's own voice makes."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from oona.core.errors import ModelUnavailable, WeightsFault
from oona.core.sentences import plain
from oona.core.speech import FRAME, RATE, Samples, Transcript
from oona.providers.speech import HibariVoice, MoonshineTiny, SileroVad, SmartTurn
from oona.providers.speech.log_mel import log_mel
from oona.providers.speech.moonshine import DECODER, ENCODER, VOCABULARY, read_vocabulary
from oona.providers.speech.runtime import session
from oona.providers.speech.silero import MODEL as SILERO
from oona.providers.speech.smart_turn import MODEL as SMART_TURN
from oona.voice.framing import Framer
from tests.needs import package, weights

SENTENCES = [
    "My sister lives in Bergen and works at the library.",
    "What time is it?",
    "Please remind me to water the plants on Thursday evening.",
]


@pytest.fixture(scope="module")
def voice() -> HibariVoice:
    """The voice, which its package carries."""
    package("hibari", "voice")
    return HibariVoice()


@pytest.fixture(scope="module")
def transcriber() -> MoonshineTiny:
    """What writes down."""
    package("onnxruntime", "voice")
    return MoonshineTiny(weights(ENCODER), weights(DECODER), weights(VOCABULARY))


def said(voice: HibariVoice, text: str, before: float = 0.3, after: float = 0.3) -> Samples:
    """`text` as it is heard: at 16 kHz, with seconds of silence around it."""
    framer = Framer(voice.rate)
    frames = framer.feed(voice.synthesize(text)) + framer.flush()
    quiet = np.zeros(1, np.float32)
    around = [np.repeat(quiet, round(seconds * RATE)) for seconds in (before, after)]
    return np.concatenate([around[0], *(frame.samples for frame in frames), around[1]])


@pytest.mark.model
@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_is_said_is_understood(
    voice: HibariVoice, transcriber: MoonshineTiny, sentence: str
) -> None:
    """The voice speaks, another model hears: the words are the same."""
    found = transcriber.transcribe(said(voice, sentence))
    assert plain(found.text) == plain(sentence)
    assert found.whole
    assert found.confidence > 0.8


@pytest.mark.model
def test_speech_is_told_from_silence_and_noise(voice: HibariVoice) -> None:
    """Speech is found where it is, and neither silence nor a fan is taken for it."""
    package("onnxruntime", "voice")
    activity = SileroVad(weights(SILERO))

    def share(samples: Samples) -> float:
        activity.reset()
        frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
        return float(np.mean([activity.probability(frame) > 0.5 for frame in frames]))

    noise = np.random.default_rng(0).normal(0, 0.02, 3 * RATE).astype(np.float32)
    assert share(said(voice, SENTENCES[0], 0, 0)) > 0.7
    assert share(noise) == share(np.zeros(3 * RATE, np.float32)) == 0


@pytest.mark.model
def test_the_detectors_state_belongs_to_its_stream(voice: HibariVoice) -> None:
    """After `reset`, the same sound gives the same probabilities."""
    package("onnxruntime", "voice")
    activity = SileroVad(weights(SILERO))
    frames = said(voice, SENTENCES[1])[: 40 * FRAME].reshape(-1, FRAME)
    first = [activity.probability(frame) for frame in frames]
    assert [activity.probability(frame) for frame in frames] != first
    activity.reset()
    assert [activity.probability(frame) for frame in frames] == first


@pytest.mark.model
def test_a_finished_sentence_sounds_finished(voice: HibariVoice) -> None:
    """Right after its last sound, a question is taken for a turn; half a sentence is not."""
    package("onnxruntime", "voice")
    turn_end = SmartTurn(weights(SMART_TURN))

    def finished(text: str) -> float:
        sound = said(voice, text)
        loud = np.flatnonzero(np.abs(sound) > 0.01)
        return turn_end.probability(np.append(sound[loud[0] : loud[-1]], np.zeros(2 * FRAME)))

    assert finished("What time is it?") > 0.7
    assert finished("So yesterday I went to the,") < 0.5
    assert 0 <= turn_end.probability(np.zeros(0, np.float32)) <= 1


@pytest.mark.model
def test_transcription_can_be_stopped(voice: HibariVoice, transcriber: MoonshineTiny) -> None:
    """Who goes on speaking has the guess dropped after the word that is being written."""
    asked = iter([False, False, True])
    found = transcriber.transcribe(said(voice, SENTENCES[0]), lambda: next(asked))
    assert not found.whole
    assert len(found.text.split()) <= 2


@pytest.mark.model
def test_nothing_said_is_nothing_that_is_believed(transcriber: MoonshineTiny) -> None:
    """Half a minute of a fan does not become words that go round and round."""
    assert len(transcriber.transcribe(np.zeros(0, np.float32)).text.split()) <= 1
    noise = np.random.default_rng(0).normal(0, 0.01, 27 * RATE).astype(np.float32)
    assert transcriber.transcribe(noise) == Transcript("")


@pytest.mark.model
def test_more_than_half_a_minute_is_written_down_in_parts(
    voice: HibariVoice, transcriber: MoonshineTiny
) -> None:
    """A long telling, longer than the model was trained on, keeps its first and last words."""
    telling = " ".join(SENTENCES) * 5
    samples = said(voice, telling)
    assert len(samples) > 35 * RATE
    words = plain(transcriber.transcribe(samples).text).split()
    assert words[:3] == ["my", "sister", "lives"]
    assert words[-2:] == ["thursday", "evening"]


@pytest.mark.model
def test_the_voice_keeps_its_pace(voice: HibariVoice) -> None:
    """Twice the pace is about half the time; the same words sound the same; nothing is nothing."""
    plainly, quickly = voice.synthesize(SENTENCES[0]), voice.synthesize(SENTENCES[0], pace=2.0)
    assert len(quickly) == pytest.approx(len(plainly) / 2, rel=0.2)
    assert np.array_equal(voice.synthesize(SENTENCES[0]), plainly)
    assert len(voice.synthesize("  ")) == 0
    assert np.abs(plainly).max() <= 1


def test_the_vocabularys_lengths_are_read(tmp_path: Path) -> None:
    """One byte or two before each token tell its length; a file cut short is refused."""
    file = tmp_path / "tokens.bin"
    long = b"x" * 300
    file.write_bytes(b"\x03<s>" + b"\x00" + bytes([0x80 | 300 % 128, 300 // 128]) + long)
    assert read_vocabulary(file) == [b"<s>", b"", long]
    file.write_bytes(b"\x05abc")
    with pytest.raises(WeightsFault, match="vocabulary"):
        read_vocabulary(file)


def test_the_spectrogram_has_its_tone_where_it_belongs() -> None:
    """1 kHz, where Slaney's scale turns from linear to logarithmic, is band 26 of 80 (15 mels)."""
    tone = np.sin(2 * np.pi * 1_000 * np.arange(RATE) / RATE).astype(np.float32)
    found = log_mel(tone)
    assert found.shape == (80, 100)
    assert set(found[:, 10:-10].argmax(axis=0)) == {26}
    assert np.allclose(log_mel(tone * 0.1), found, atol=1e-3)


def test_without_the_packages_the_way_to_them_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package is no traceback: what is missing, and what brings it."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.setitem(sys.modules, "hibari", None)
    for load in (lambda: session(Path("x.onnx")), HibariVoice):
        with pytest.raises(ModelUnavailable) as told:
            load()
        assert "make run" in told.value.hint


@pytest.mark.model
def test_a_damaged_model_is_told(tmp_path: Path) -> None:
    """A file that is no model names itself and what to do."""
    package("onnxruntime", "voice")
    file = tmp_path / "silero.onnx"
    file.write_bytes(b"not a model")
    with pytest.raises(WeightsFault, match=r"silero\.onnx"):
        session(file)
