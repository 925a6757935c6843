"""What the harness of voice finds in recordings that were made to hold just that."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.voice import labels as label_file
from benchmarks.voice import sound, told
from benchmarks.voice.activity import Activity
from benchmarks.voice.interruptions import Interruption
from benchmarks.voice.labels import Kind
from benchmarks.voice.measure import Measured, measure, timing
from benchmarks.voice.proof import Proof, prove
from benchmarks.voice.summary import figures, share
from benchmarks.voice.turns import Outcome
from benchmarks.voice.words import beyond, errors, rate
from oona.core.errors import BadInput
from oona.core.speech import RATE, Samples
from tests.benchmarks.voices import FILE, label, placed, recording, speech

STEP = 0.006  # of the measuring


@given(st.floats(0.05, 5.0), st.floats(0.0, 3.0))
def test_a_delay_is_found_to_the_step(delay: float, moment: float) -> None:
    """Whatever the delay and wherever it stands, it is measured within 5 ms."""
    spoken = label(moment + 0.5, moment + 2.0)
    (found,) = timing(recording(12, (spoken.ended + delay, speech(1.5))), [spoken]).turns
    assert found.outcome is Outcome.ANSWERED
    assert found.delay == pytest.approx(delay, abs=STEP)


def test_an_inserted_delay_is_the_difference() -> None:
    """The same recording with replies 200 ms later measures 200 ms more, each of them."""
    turns = [label(1, 2.5), label(7, 8), label(13, 15)]
    delays = (0.4, 0.9, 1.7)
    before, after = (
        timing(
            recording(
                20,
                *(
                    (one.ended + delay + by, speech(2))
                    for one, delay in zip(turns, delays, strict=True)
                ),
            ),
            turns,
        ).turns
        for by in (0.0, 0.2)
    )
    grown = [(b.delay or 0) - (a.delay or 0) for a, b in zip(before, after, strict=True)]
    assert grown == pytest.approx([0.2] * 3, abs=STEP)


@given(st.floats(0.35, 1.9))
def test_speaking_before_they_have_finished_is_a_cut_off(early: float) -> None:
    """It is one wherever it falls, is placed to the step, and is no delay."""
    spoken = label(1, 3)
    (found,) = timing(recording(8, (1 + early, speech(0.3)), (4, speech(1))), [spoken]).turns
    assert (found.outcome, found.delay) == (Outcome.CUT_OFF, None)
    assert found.sounded == pytest.approx(1 + early, abs=STEP)


def test_what_is_no_reply_is_not_measured_as_one() -> None:
    """Silence is unanswered, the tail of an earlier reply overlaps, the next turn's is its own."""
    turns = [label(1, 2), label(4, 5), label(9, 10)]
    made = recording(20, (5.5, speech(3.6)), (11, speech(1)))
    outcomes = [one.outcome for one in timing(made, turns).turns]
    assert outcomes == [Outcome.UNANSWERED, Outcome.ANSWERED, Outcome.OVERLAPPED]


def test_silence_at_the_start_of_a_reply_is_waiting() -> None:
    """A reply that begins with nothing to hear has not begun."""
    reply = np.concatenate([np.zeros(RATE // 2, np.float32), speech(1)])
    (found,) = timing(recording(6, (2.2, reply)), [label(1, 2)]).turns
    assert found.delay == pytest.approx(0.2 + len(reply) / sound.RATE - 1, abs=STEP)


def interrupted(
    reply: Samples, kind: Kind = Kind.INTERRUPTION, began: float = 4.0
) -> tuple[Outcome, float | None, float | None]:
    """Somebody falls, at `began`, into a reply that was asked for."""
    asked = [label(0.5, 1.5, Kind.OPENING), label(began, began + 1.0, kind)]
    (found,) = timing(recording(16, (2.0, reply)), asked).interruptions
    return found.outcome, found.ducked, found.stopped


def test_a_stop_and_the_duck_before_it_are_found_where_they_are() -> None:
    """Quieter after 80 ms, silent after 500: both to the step."""
    reply = speech(10)
    reply[round(2.08 * sound.RATE) :] *= 0.25
    outcome, ducked, stopped = interrupted(reply[: round(2.5 * sound.RATE)])
    assert outcome is Outcome.STOPPED
    assert ducked == pytest.approx(0.08, abs=0.03)  # a syllable's valley may come first
    assert stopped == pytest.approx(0.5, abs=STEP)


def test_who_only_ducks_went_on() -> None:
    """A duck of 12 dB that ends after half a second is a duck and no stop."""
    reply = speech(10)
    reply[round(2.1 * sound.RATE) : round(2.6 * sound.RATE)] *= 0.25
    outcome, ducked, stopped = interrupted(reply, Kind.BACKCHANNEL)
    assert (outcome, stopped) == (Outcome.WENT_ON, None)
    assert ducked == pytest.approx(0.1, abs=0.03)


def test_a_pause_between_sentences_is_neither_duck_nor_stop() -> None:
    """Voices pause by themselves for less than a stop; then they are as loud as before."""
    reply = np.concatenate([speech(2.1), np.zeros(round(0.45 * sound.RATE), np.float32), speech(6)])
    assert interrupted(reply, Kind.BACKCHANNEL) == (Outcome.WENT_ON, None, None)


def test_a_stop_is_longer_than_the_pauses_of_that_voice() -> None:
    """Who pauses 0.8 s between sentences has not stopped; where that is not known, a second has to
    pass; who is known to pause for 0.3 s has stopped after 0.6.
    """

    def paused(pause: float, sentences: int) -> Samples:
        silence = np.zeros(round(pause * sound.RATE), np.float32)
        return np.concatenate([np.concatenate([speech(1.2), silence]) for _ in range(sentences)])

    def stopped(pauses: float, at_last: float, sentences: int = 9) -> bool:
        reply = paused(pauses, sentences)
        began = 2 + len(reply) / sound.RATE
        last = np.concatenate([speech(1), np.zeros(round(at_last * sound.RATE), np.float32)])
        asked = [label(0.5, 1.5, Kind.OPENING), label(began + 0.5, began + 1, Kind.BACKCHANNEL)]
        made = recording(40, (2.0, np.concatenate([reply, last, speech(4)])))
        (found,) = timing(made, asked).interruptions
        return found.outcome is Outcome.STOPPED

    assert not stopped(0.8, 0.8)
    assert not stopped(0.3, 0.6, sentences=2)
    assert stopped(0.3, 1.1, sentences=2)
    assert stopped(0.35, 0.6)


def test_into_silence_nobody_falls() -> None:
    """Where the reply had ended, or had not begun, there was nothing to stop."""
    assert interrupted(speech(1.5))[0] is Outcome.NOTHING_TO_STOP
    assert interrupted(speech(3), began=1.7)[0] is Outcome.NOTHING_TO_STOP


def test_replies_to_nobody_are_counted() -> None:
    """It spoke again though nobody had: it heard itself, or a fan."""
    made = recording(30, (3, speech(2)), (9, speech(2)), (20, speech(2)))
    assert timing(made, [label(1, 2)]).unasked == 2
    assert timing(made, [label(1, 2), label(7, 8), label(15, 16)]).unasked == 0


def test_the_harness_proves_itself_on_what_it_measured() -> None:
    """An inserted delay, a forced cut-off, a duck and a stop are found; nothing where is nothing.

    A floor above all sound finds nothing, and no proof holds then.
    """
    turns = [label(1, 2.5), label(14, 15.5)]
    made = recording(30, (3.1, speech(9)), (16.3, speech(9, seed=2)))
    proofs = prove(made, turns)
    assert len(proofs) == 5
    assert all(proof.held for proof in proofs), proofs
    deaf = dataclasses.replace(made, speaker=made.speaker * 0.001)
    assert prove(deaf, turns) == []


def test_one_recording_in_which_it_fails_is_enough() -> None:
    """Proofs of many recordings are one: it holds where all do, and shows the worst."""
    good = Proof("a delay", 0.2, 0.201, held=True, places=9)
    bad = Proof("a delay", 0.2, 0.05, held=False, places=3)
    for joined in (good.joined(bad), bad.joined(good)):
        assert joined == Proof("a delay", 0.2, 0.05, held=False, places=12)


def test_a_proof_fails_where_the_measuring_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a measure of delays that is blind to some of it, the inserted delay is not found."""
    right = Activity.onset

    def late(self: Activity, began: float, ended: float) -> float | None:
        found = right(self, began, ended)
        return None if found is None else began + (found - began) * 0.8

    monkeypatch.setattr(Activity, "onset", late)
    made = recording(8, (3.1, speech(3)))
    assert not prove(made, [label(1, 2.5)])[0].held


def test_word_errors_are_counted_in_words_as_they_are_said() -> None:
    """Numbers, marks and case make no error; a word that is wrong, missing or too much does."""
    assert errors("It's 9:30, and £5 short.", "its nine thirty and five pounds short").wrong == 0
    found = [errors("mend the coat", "mend coat"), errors("a dog", "a frog ran")]
    assert [one.wrong for one in found] == [1, 2]
    assert rate(found) == pytest.approx(3 / 5)


@given(st.integers(0, 8), st.sampled_from(["", "lighthous ", "the "]))
def test_words_kept_and_heard_are_compared_where_hearing_ends(cut: int, misheard: str) -> None:
    """How many words were kept that nobody heard, whatever was misheard on the way."""
    reply = "once there was a lighthouse that stood alone upon a cold black rock"
    words = reply.split()
    heard = " ".join(words[: len(words) - cut])
    if misheard:
        heard = heard.replace("lighthouse ", misheard)
    assert beyond(heard, reply) == cut
    assert beyond(reply, heard) == -cut


def test_labelled_recordings_are_measured_whoever_made_them(tmp_path: Path) -> None:
    """A stereo file of another rate, and labels as lines: delays, words and figures come out."""
    turns = [label(1, 2.5, text="Mend the coat."), label(8, 9, Kind.HESITATING, "Well, yes.")]
    made = recording(16, (3.1, speech(2)), (9.4, speech(2)))
    other = sound.Recording(
        16_000, placed(1), sound.at_rate(made.speaker, sound.RATE, 16_000).astype(np.float32)
    )
    other = dataclasses.replace(other, microphone=np.zeros_like(other.speaker))
    sound.write(tmp_path / FILE, other)
    label_file.write(tmp_path / "labels.jsonl", turns)
    lines = [
        told.Told(FILE, told.HEARD, "mend a coat", 0.9, 2.6, {"endpointing": 210}),
        told.Told(FILE, told.HEARD, "well yes", 8.1, 9.1),
        told.Told(FILE, told.KEPT, "One two three.", 3.0, 5.2),
    ]
    told.write(tmp_path, lines)
    found = measure(tmp_path, label_file.read(tmp_path / "labels.jsonl"), lambda samples: "one two")
    assert [one.delay for one in found.turns] == pytest.approx([0.6, 0.4], abs=STEP)
    assert [one.errors.wrong for one in found.understood] == [1, 0]
    assert [one.beyond for one in found.said] == [1]
    assert found.splits == [{"endpointing": 210}]
    named = {figure.name: figure for figure in figures(found)}
    assert named["plain: end of speech to first sound, P50"].value == pytest.approx(600, abs=6)
    assert named["plain: false cut-offs (0 of 1)"].met
    assert named["word error rate, clean (5 words)"].value == pytest.approx(20)


@pytest.mark.parametrize(
    "line",
    ["no JSON", "[]", json.dumps({"file": "a.wav", "kind": "plain", "began": 2, "ended": 1})],
)
def test_what_is_no_label_is_named(tmp_path: Path, line: str) -> None:
    """A file of labels that is wrong somewhere says where."""
    file = tmp_path / "labels.jsonl"
    file.write_text("\n" + line + "\n", encoding="utf-8")
    with pytest.raises(BadInput, match="line 2"):
        label_file.read(file)


def test_a_recording_of_one_side_is_none(tmp_path: Path) -> None:
    """A mono file cannot be measured, and it is said why."""
    sound.write_mono(tmp_path / FILE, speech(1))
    with pytest.raises(BadInput, match="two channels"):
        measure(tmp_path, [label(0.1, 0.9)])


def test_a_figure_on_its_limit_meets_it() -> None:
    """20 steps of 5 ms are 100 ms, whatever floating point makes of them."""
    found = Measured(
        interruptions=[
            Interruption(label(1, 2, Kind.INTERRUPTION), Outcome.STOPPED, 4.34 - 4.24, 0.6)
        ]
    )
    named = {figure.name: figure for figure in figures(found)}
    assert named["interruption: onset to duck, P95"].met
    assert named["interruption: onset to stop, P50"].met


def test_a_share_tells_what_few_trials_are_worth() -> None:
    """None of ten failed, and yet the true share may well be a quarter; of a thousand, not."""
    few, many = share("x", 0, 10, 10.0), share("x", 0, 1000, 10.0)
    assert few.met
    assert few.spread[1] > 25
    assert many.spread[1] < 1
