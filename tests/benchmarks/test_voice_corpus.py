"""What is said in a run of the harness, and what the run tells at its end."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from benchmarks.voice import __main__ as command
from benchmarks.voice import labels as label_file
from benchmarks.voice import mixing, plots, sound
from benchmarks.voice.activity import Activity
from benchmarks.voice.corpus import NOISE_DB, PAUSES_S, Corpus, sentences
from benchmarks.voice.labels import Kind
from benchmarks.voice.measure import timing
from benchmarks.voice.narrators import ESPEAK, Espeak, People
from benchmarks.voice.sound import RATE
from benchmarks.voice.summary import COMPUTED
from oona.core.errors import BadInput, ModelUnavailable
from oona.core.speech import Samples
from tests.benchmarks.voices import FILE, label, placed, recording, speech
from tests.needs import program


class Hummer:
    """A narrator of noise: a twentieth of a second for each letter, with silence around it."""

    name = "hummer"
    voices = ("low", "high")

    def say(self, text: str, voice: str) -> Samples:
        body = speech(len(text) / 20, loud=0.05 if voice == "low" else 0.3)
        return placed(len(text) / 20 + 0.5, (0.2, body))


def folder(at: Path) -> Path:
    """Noise, the response of a room, and one sentence that was read."""
    sound.write_mono(at / "noise1.wav", 0.5 * speech(3, seed=5), RATE)
    ringing = placed(0.3, (0.01, np.array([0.8], np.float32)), (0.1, np.array([0.2], np.float32)))
    sound.write_mono(at / "rir1.wav", ringing)
    sound.write_mono(at / "one.wav", speech(1))
    (at / "texts.json").write_text('{"one.wav": "the coat is mended"}', encoding="utf-8")
    return at


def test_a_run_can_be_repeated() -> None:
    """The same seed says the same, to the sample; another says something else."""
    first, again, other = (
        [scene for kind in Kind for scene in Corpus(Hummer(), seed=seed).scenes(kind, 25)]
        for seed in (1, 1, 2)
    )
    assert [scene.file for scene in first] == [scene.file for scene in again]
    pairs = zip(first, again, strict=True)
    for (one, same), different in zip(pairs, other, strict=True):
        assert [cue.label for cue in one.cues] == [cue.label for cue in same.cues]
        assert np.array_equal(one.cues[-1].sound, same.cues[-1].sound)
        assert [cue.label for cue in one.cues] != [cue.label for cue in different.cues]


def test_labels_are_true_of_the_sound() -> None:
    """Speech begins and ends where its label says, and is silent in its pauses, to the step."""
    for scene in Corpus(Hummer()).scenes(Kind.HESITATING, 20):
        for cue in scene.cues:
            runs = Activity.of(cue.sound, RATE).runs(PAUSES_S[0] - 0.02)
            pauses = np.array([(a[1], b[0]) for a, b in pairwise(runs)])
            assert np.allclose(pauses, cue.label.pauses, atol=0.006)
            assert all(0.29 < after - before < 1.51 for before, after in pauses)
            ends = (cue.label.began, cue.label.ended)
            assert (runs[0][0], runs[-1][1]) == pytest.approx(ends, abs=0.006)


def test_every_kind_has_as_many_trials_as_were_asked_for() -> None:
    """And whoever falls into a reply has somebody ask for it first."""
    for kind in (Kind.PLAIN, Kind.HESITATING, Kind.INTERRUPTION, Kind.BACKCHANNEL):
        scenes = list(Corpus(Hummer()).scenes(kind, 45))
        kinds = [cue.label.kind for scene in scenes for cue in scene.cues]
        assert kinds.count(kind) == 45
        if kind in (Kind.INTERRUPTION, Kind.BACKCHANNEL):
            assert all(scene.cues[0].label.kind is Kind.OPENING for scene in scenes)


def test_hesitating_sentences_pause_and_plain_ones_do_not() -> None:
    """The marks of pauses stand where they mean something."""
    assert all("|" in text for text in sentences()["hesitating"])
    others = [text for kind, texts in sentences().items() if kind != "hesitating" for text in texts]
    assert not any("|" in text for text in others)
    assert set(sentences()) == set(Kind)


def test_noise_is_as_far_below_speech_as_it_says(tmp_path: Path) -> None:
    """10 dB between the level of speech where there is any, and that of the noise."""
    corpus = Corpus(Hummer(), folder=folder(tmp_path))
    scenes = list(corpus.scenes(Kind.PLAIN, 80))
    noisy = [scene for scene in scenes if scene.bed is not None]
    assert len(noisy) == 1
    assert noisy[0].bed is not None
    below = mixing.active_db(noisy[0].cues[0].sound) - mixing.active_db(noisy[0].bed)
    assert below == pytest.approx(NOISE_DB, abs=1.5)
    assert {cue.label.noise_db for scene in scenes for cue in scene.cues} == {None, NOISE_DB}


def test_a_room_rings_after_the_end_and_moves_nothing(tmp_path: Path) -> None:
    """The direct sound stays where it was made; what is added comes later."""
    response = mixing.response(sound.read_mono(folder(tmp_path) / "rir1.wav"))
    dry = mixing.trimmed(speech(1))
    wet = mixing.in_room(dry, response)
    assert Activity.of(wet, RATE).runs(0.3)[0] == pytest.approx((0, 1.09), abs=0.01)
    lag = int(np.argmax(np.correlate(wet[:4800], dry[:4800], "full"))) - 4799
    assert lag == 0


def test_people_say_what_they_have_read(tmp_path: Path) -> None:
    """Their sentences come with their texts, among the plain turns; a folder without is told."""
    people = People.find(folder(tmp_path))
    scenes = Corpus(Hummer(), people=people).scenes(Kind.PLAIN, 40)
    said = {
        cue.label.text for scene in scenes for cue in scene.cues if "people" in cue.label.source
    }
    assert said == {"the coat is mended"}
    with pytest.raises(BadInput, match=r"texts\.json"):
        People.find(tmp_path / "nowhere")


def test_who_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the program that speaks, its name and the way to it are told."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ModelUnavailable, match=ESPEAK) as missing:
        Espeak.find()
    assert "apt install" in missing.value.hint


def test_a_voice_by_rule_speaks() -> None:
    """Two of its voices say the same sentence differently, at the rate of the device."""
    program(ESPEAK, f"apt install {ESPEAK}")
    espeak = Espeak.find()
    one, other = (espeak.say("Mend the coat.", voice) for voice in espeak.voices[:2])
    assert 0.4 * RATE < len(mixing.trimmed(one)) < 2 * RATE
    assert len(one) != len(other)


def test_recordings_are_measured_by_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last line is JSON with machine, figures and proofs; plots are drawn beside."""
    monkeypatch.setenv("PATH", str(tmp_path))  # where no tool makes PNGs
    turns = [label(1, 2.5, text="Mend the coat."), label(9, 10, text="And the <other> one.")]
    sound.write(tmp_path / FILE, recording(16, (3.1, speech(3)), (10.4, speech(3))))
    label_file.write(tmp_path / "labels.jsonl", turns)
    words = ["--wav", str(tmp_path), "--labels", str(tmp_path / "labels.jsonl")]
    assert command.main(words) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    figures = {figure["name"]: figure["value"] for figure in told["figures"]}
    assert figures["plain: end of speech to first sound, P95"] == pytest.approx(600, abs=6)
    assert told["machine"]["cores"] > 0
    assert [proof["held"] for proof in told["proof"]] == [True, True]
    with pytest.raises(SystemExit, match="librsvg"):
        command.main([*words, "--plots", str(tmp_path / "plots")])
    assert "<svg" in (tmp_path / "plots" / "voice-latency.svg").read_text(encoding="utf-8")


def test_plots_show_both_sides_and_the_gap(tmp_path: Path) -> None:
    """The exchange that is shown is a typical one, with its words and its delay."""
    turns = [label(1, 2, text="A & b"), label(6, 7, text="Typical"), label(12, 13, text="Slow")]
    made = recording(20, (2.3, speech(2)), (7.6, speech(2)), (15, speech(2)))
    sound.write(tmp_path / FILE, made)
    measured = timing(made, turns)
    shown = plots.typical(measured.turns)
    assert shown is not None
    drawing = plots.exchange(tmp_path, shown, "A reply.")
    for part in ("Person: Typical", "Oona: A reply.", "600 ms"):
        assert part in drawing
    assert "plain (3)" in plots.latency(measured, COMPUTED, "")


def test_nothing_to_measure_is_said_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Labels without recordings, and no labels at all, end with a sentence and no traceback."""
    file = tmp_path / "labels.jsonl"
    words = ["--wav", str(tmp_path), "--labels", str(file)]
    assert command.main(words) == 2
    label_file.write(file, [label(1, 2)])
    assert command.main(words) == 2
    label_file.write(file, [])
    assert command.main(words) == 2
    errors = capsys.readouterr().err
    assert "cannot be read" in errors
    assert "cannot be opened" in errors
    assert "not a single label" in errors


@pytest.mark.slow
def test_a_whole_run_plays_measures_and_proves_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Spoken by a program, answered by our pipeline with ears that read whistling: a reply or none,
    the run ends, keeps its recordings, and they measure the same again.
    """
    program(ESPEAK, f"apt install {ESPEAK}")
    served = f"{sys.executable} -m benchmarks.voice.served --partner script --whistled"
    keep = tmp_path / "kept"
    words = ["--kinds", "plain", "--trials", "1", "--keep", str(keep), "--command", served]
    assert command.main(words) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert first["run"]["command"] == served
    assert first["run"]["harness_late"]["p99_ms"] >= 0
    command.main(["--wav", str(keep), "--labels", str(keep / "labels.jsonl")])
    again = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert again["figures"] == first["figures"]
