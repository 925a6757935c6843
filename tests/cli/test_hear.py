"""`oona hear`: a recording in, replies as sound out, and plain words where it cannot be."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from oona.core.sentences import plain
from oona.providers.speech.moonshine import DECODER, ENCODER, VOCABULARY
from oona.voice.wav import WavReader, write_wav
from tests.cli.conftest import Run
from tests.needs import package, weights

pytestmark = pytest.mark.server


def silent(file: Path, seconds: float = 1.0) -> Path:
    """A WAV file in which nobody speaks."""
    write_wav(file, iter([np.zeros(round(16_000 * seconds), np.float32)]), 16_000)
    return file


@pytest.mark.model
def test_a_spoken_question_is_answered_aloud(oona: Run, tmp_path: Path) -> None:
    """What is asked by voice is journalled as spoken, answered, and spoken where the file says."""
    package("hibari", "voice")
    package("onnxruntime", "voice")
    from oona.providers.speech import HibariVoice, MoonshineTiny
    from oona.voice.framing import Framer

    files = [weights(name) for name in (ENCODER, DECODER, VOCABULARY)]
    voice = HibariVoice()
    question = voice.synthesize("What time is it?")
    pause = np.zeros(voice.rate, np.float32)
    write_wav(tmp_path / "in.wav", iter([pause, question, pause, pause]), voice.rate)
    out = tmp_path / "out.wav"
    told = oona(
        *("hear", str(tmp_path / "in.wav"), "--out", str(out), "--json"),
        OONA_NOW="2026-03-01T09:30:00+01:00",
    ).json
    (turn,) = told["turns"]
    assert plain(turn["text"]) == "what time is it"
    assert turn["turn"]["rule"] == "reflex.time"
    assert "09:30" in turn["reply"]
    timings = turn["timings_ms"]
    assert sum(timings.values()) == 2 * timings["total"]
    heard = oona("journal", "show", "--json", "--kind", "turn.heard").json  # the only one
    assert heard["body"]["via"] == "spoken"
    with wave.open(str(out)) as sound:
        assert sound.getnframes() / sound.getframerate() >= told["seconds"] - 0.01
    with out.open("rb") as file:
        blocks = list(WavReader(file, "out.wav").blocks())
    framer = Framer(voice.rate)
    reply = np.concatenate(blocks)[round(turn["captions"][0]["began"] * voice.rate) :]
    frames = framer.feed(reply) + framer.flush()
    said = MoonshineTiny(*files).transcribe(np.concatenate([frame.samples for frame in frames]))
    assert "nine thirty" in plain(said.text).replace("9 30", "nine thirty")


@pytest.mark.model
def test_silence_is_told(oona: Run, tmp_path: Path) -> None:
    """A recording without a word says so, and the file of replies is as long and silent."""
    package("hibari", "voice")
    package("onnxruntime", "voice")
    weights(ENCODER)
    out = tmp_path / "out.wav"
    said = oona("hear", str(silent(tmp_path / "in.wav")), "--out", str(out))
    assert (said.code, said.out) == (0, "")
    assert "nobody" in said.err
    with wave.open(str(out)) as sound:
        assert set(sound.readframes(10**6)) == {0}


@pytest.mark.parametrize("content", [b"", b"ID3 and then music", None])
def test_what_is_no_recording_is_told(oona: Run, tmp_path: Path, content: bytes | None) -> None:
    """No file, an empty one and one of another kind are named, and nothing is started for them."""
    file = tmp_path / "in.wav"
    if content is not None:
        file.write_bytes(content)
    said = oona("hear", str(file))
    assert said.code == 1
    assert "in.wav" in said.err


def test_the_recording_is_not_written_over(oona: Run, tmp_path: Path) -> None:
    """One name for both is refused, as is a folder that is not there, before anything starts."""
    file = silent(tmp_path / "in.wav")
    before = file.read_bytes()
    assert oona("hear", str(file), "--out", str(file)).code == 1
    assert file.read_bytes() == before
    assert oona("hear", str(file), "--out", str(tmp_path / "none" / "out.wav")).code == 1


def test_without_the_models_the_way_to_them_is_told(oona: Run, tmp_path: Path) -> None:
    """Ears that have not arrived are named, with the command that brings them."""
    said = oona("hear", str(silent(tmp_path / "in.wav")))
    assert said.code == 1
    assert "oona models fetch hearing" in said.err
