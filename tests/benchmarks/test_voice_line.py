"""The virtual device, who talks through it, and the line to what is measured."""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.voice import line, session, sound
from benchmarks.voice.device import BLOCK, BLOCK_S, Device, Echo
from benchmarks.voice.labels import Kind
from benchmarks.voice.line import Clear, Gain, Message, Play, ProcessLine, Words
from benchmarks.voice.measure import measure, timing
from benchmarks.voice.player import Cue, Scene
from benchmarks.voice.proof import prove
from benchmarks.voice.scripted import SHORT
from benchmarks.voice.sound import RATE
from benchmarks.voice.turns import Outcome
from oona.core.errors import BadInput
from oona.core.sentences import plain
from oona.core.speech import Samples
from oona.testing.speech import whistle
from tests.benchmarks.voices import label, speech

STEP = 0.006


class AtOnce:
    """A pace in which time costs nothing."""

    def wait(self, moment: float) -> None:
        """A block is over when it is asked for."""


class Parrot:
    """A line to somebody who answers `after_s` of silence with `reply`, and ducks and stops.

    A voice in its reply makes it quieter after `ducks_s`, and silent after `stops_s`; None never.
    """

    def __init__(
        self,
        reply: Samples,
        after_s: float,
        ducks_s: float | None = None,
        stops_s: float | None = None,
    ) -> None:
        self._reply, self._after = reply, after_s
        self._ducks, self._stops = ducks_s, stops_s
        self._silent_for = self._now = 0.0
        self._replied_until, self._onset = 0.0, -1.0
        self._heard_any = False
        self._out: list[Message] = []

    def send(self, block: Samples, played: int) -> None:
        loud = bool(np.abs(block).max() > 0.001)
        self._now += BLOCK_S
        self._silent_for = 0.0 if loud else self._silent_for + BLOCK_S
        if self._now < self._replied_until:
            self._fallen_into(loud)
            return
        self._heard_any = self._heard_any or loud
        if self._heard_any and self._silent_for >= self._after - BLOCK_S / 2:
            self._heard_any, self._onset = False, -1.0
            self._replied_until = self._now + len(self._reply) / RATE
            told = {"kind": "kept", "text": "", "began": self._now, "ended": self._replied_until}
            self._out += [Gain(1.0), Play(self._reply), Words(told)]

    def _fallen_into(self, loud: bool) -> None:
        if loud and self._onset < 0:
            self._onset = self._now - BLOCK_S
        since = self._now - self._onset if self._onset >= 0 else -1.0
        if self._ducks is not None and since >= self._ducks - BLOCK_S / 2:
            self._out.append(Gain(0.25))
        if self._stops is not None and since >= self._stops - BLOCK_S / 2:
            self._out.append(Clear())
            self._replied_until = self._now

    def received(self) -> list[Message]:
        found, self._out = self._out, []
        return found


def cue(seconds: float, kind: Kind = Kind.PLAIN, into_s: float = 0.0) -> Cue:
    """Somebody says something that lasts `seconds`."""
    return Cue(label(0.0, seconds, kind), speech(seconds), into_s)


@given(st.integers(4, 60))
def test_what_the_other_end_takes_is_what_is_measured(blocks: int) -> None:
    """Through device and player, a reply after so many blocks measures just that long."""
    scene = Scene("a.wav", [cue(1.2), cue(0.8), cue(2.0)])
    played = session.converse(scene, Parrot(speech(1.0), blocks * BLOCK_S), AtOnce())
    (proof, *_) = prove(played.recording, played.labels)
    assert proof.held
    turns = _turns(played)
    assert [one.outcome for one in turns] == [Outcome.ANSWERED] * 3
    delays = [one.delay for one in turns]
    assert delays == pytest.approx([blocks * BLOCK_S] * 3, abs=STEP)


def test_an_impatient_partner_is_found_to_cut_off() -> None:
    """Who answers after 300 ms of silence cuts off whoever pauses for a second."""
    hesitating = np.concatenate([speech(1), np.zeros(RATE, np.float32), speech(1)])
    scene = Scene("a.wav", [Cue(label(0, 3, Kind.HESITATING), hesitating), cue(1)])
    outcomes = [
        [one.outcome for one in _turns(session.converse(scene, partner, AtOnce()))]
        for partner in (Parrot(speech(0.4), 0.3), Parrot(speech(0.4), 1.2))
    ]
    assert outcomes == [
        [Outcome.CUT_OFF, Outcome.ANSWERED],
        [Outcome.ANSWERED, Outcome.ANSWERED],
    ]


def test_who_falls_into_a_reply_is_measured_from_their_first_sound() -> None:
    """A duck after 100 ms and a stop after 400 are found; who never stops is found to go on."""
    scene = Scene("a.wav", [cue(1, Kind.OPENING), cue(1.5, Kind.INTERRUPTION, into_s=2.0)])
    stops = session.converse(scene, Parrot(speech(9), 0.4, 0.1, 0.4), AtOnce())
    (found,) = _interruptions(stops)
    assert found.outcome is Outcome.STOPPED
    assert found.stopped == pytest.approx(0.4, abs=0.02)
    assert found.ducked == pytest.approx(0.1, abs=0.03)
    assert found.label.began - _turns(stops)[0].sounded == pytest.approx(2.0, abs=0.02)
    (found,) = _interruptions(session.converse(scene, Parrot(speech(9), 0.4), AtOnce()))
    assert found.outcome is Outcome.WENT_ON


def test_who_has_no_reply_to_fall_into_says_nothing() -> None:
    """An interruption of nothing is skipped and counted, and the conversation goes on."""
    scene = Scene("a.wav", [cue(1), cue(1, Kind.INTERRUPTION, into_s=2.0), cue(1)])
    played = session.converse(scene, Parrot(speech(0.5), 0.4), AtOnce())
    assert played.skipped == 1
    assert [one.kind for one in played.labels] == [Kind.PLAIN, Kind.PLAIN]


class LateEnd(Parrot):
    """Tells that a reply is complete with its last words still to be heard, after a hole."""

    def send(self, block: Samples, played: int) -> None:
        super().send(block, played)
        if self._out and isinstance(self._out[-1], Words):
            self._told, self._due_at = self._out.pop(), self._now + 3.0
        if self._told is not None and self._now >= self._due_at:
            self._out += [self._told, Play(speech(0.5))]
            self._told = None

    _told: Message | None = None
    _due_at = 0.0


def test_a_hole_in_a_reply_is_not_its_end() -> None:
    """Who listens waits for the rest, and speaks when it has been heard: nothing overlaps."""
    played = session.converse(Scene("a.wav", [cue(1), cue(1)]), LateEnd(speech(0.5), 0.4), AtOnce())
    assert [one.outcome for one in _turns(played)] == [Outcome.ANSWERED] * 2


def test_nobody_has_to_answer() -> None:
    """A line that stays silent is waited for, and then given up."""
    played = session.converse(Scene("a.wav", [cue(1), cue(1)]), Parrot(speech(1), 999), AtOnce())
    assert [one.outcome for one in _turns(played)] == [Outcome.UNANSWERED] * 2


def test_the_microphone_hears_the_speaker_by_way_of_the_room() -> None:
    """The echo is what was played, so much later and so much quieter; the voice stays."""
    scene = Scene("a.wav", [cue(1)])
    echo = Echo(np.ones(1, np.float32), delay_s=0.035, loss_db=60)
    made = session.converse(scene, Parrot(speech(0.5), 0.4), AtOnce(), echo).recording
    late = round(0.035 * RATE)
    expected = np.zeros_like(made.speaker)
    expected[late:] = made.speaker[:-late] * 0.001
    expected[RATE : 2 * RATE] += speech(1)
    assert np.abs(made.microphone - expected).max() < 1e-6


def test_who_answers_their_own_echo_is_found_out() -> None:
    """One turn, and replies without end: all but the first are to nobody, and it is given up."""
    echo = Echo(np.ones(1, np.float32), delay_s=0.035, loss_db=20)
    played = session.converse(Scene("a.wav", [cue(1)]), Parrot(speech(9), 1.1), AtOnce(), echo)
    assert 60 < played.recording.seconds < 80
    assert timing(played.recording, played.labels).unasked >= 3


def test_noise_lasts_through_the_conversation_without_a_seam() -> None:
    """The bed is repeated from its start, under speech and silence alike."""
    bed = np.linspace(-0.01, 0.01, 1_000, dtype=np.float32)
    played = session.converse(Scene("a.wav", [cue(1)], bed), Parrot(speech(1), 999), AtOnce())
    noise = played.recording.microphone[: RATE // 2]
    assert np.array_equal(noise, np.resize(bed, len(noise)))


def test_the_device_plays_without_gaps_and_drops_what_is_cleared() -> None:
    """Pieces of any length follow each other to the sample; a clear leaves nothing."""

    class Script:
        def __init__(self) -> None:
            self.said: list[list[Message]] = [
                [Play(speech(0.0213)), Play(speech(0.5))],
                [],
                [],
                [Clear()],
                [],
            ]
            self.played: list[int] = []

        def send(self, block: Samples, played: int) -> None:
            self.played.append(played)

        def received(self) -> list[Message]:
            return self.said.pop(0)

    script = Script()
    device = Device(script)
    for _ in range(5):
        device.step(np.zeros(BLOCK, np.float32))
    made = device.recording().speaker
    whole = np.concatenate([speech(0.0213), speech(0.5)])
    assert np.array_equal(made[BLOCK : 4 * BLOCK], whole[: 3 * BLOCK])
    assert np.abs(np.diff(made[4 * BLOCK :])).max() < np.abs(np.diff(whole)).max()
    assert made[-1] == 0
    assert script.played == [0, BLOCK, 2 * BLOCK, 3 * BLOCK, 3 * BLOCK]


@given(st.binary(max_size=40), st.integers(1, 9))
def test_messages_survive_any_parting(payload: bytes, size: int) -> None:
    """However the bytes are cut on the way, the messages come out whole."""
    data = line.pack(line.TOLD, payload) + line.pack_gain(0.5) + line.pack(line.CLEAR)
    unpacker = line.Unpacker()
    found = [one for at in range(0, len(data), size) for one in unpacker.feed(data[at : at + size])]
    assert found[0] == (line.TOLD, payload)
    assert [line.message(*one) for one in found[1:]] == [Gain(0.5), Clear()]


def test_what_is_no_message_is_named() -> None:
    """A process that prints over the line is told so; an absurd length is none."""
    with pytest.raises(line.LineBroken, match="means nothing"):
        line.message(b"H", b"ello")
    with pytest.raises(line.LineBroken):
        line.message(line.TOLD, b"{")
    with pytest.raises(BadInput):
        line.Unpacker().feed(b"Hello, world, this is a print\n")


def test_a_process_that_ends_breaks_the_line() -> None:
    """Whoever waits for it hears so at once, and in words."""
    gone = ProcessLine([sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(line.LineBroken, match="ended"):
        gone.wait_ready(30)
    gone.close()


def test_another_program_can_be_measured(tmp_path: Path) -> None:
    """A few lines that speak the protocol, and know nothing of ours, are enough."""
    program = tmp_path / "other.py"
    program.write_text(
        textwrap.dedent(
            """
            import json, struct, sys
            into, out = sys.stdin.buffer, sys.stdout.buffer
            def say(kind, payload=b""):
                out.write(struct.pack("<cI", kind, len(payload)) + payload); out.flush()
            say(b"r")
            heard = False
            while head := into.read(5):
                kind, length = struct.unpack("<cI", head)
                block = into.read(length)
                loud = kind == b"m" and max(memoryview(block).cast("h"), default=0) > 900
                if heard and kind == b"m" and not loud:
                    say(b"s", struct.pack("<h", 9000) * 12000)
                    told = {"kind": "kept", "text": "la", "began": 1.5, "ended": 2.0}
                    say(b"t", json.dumps(told).encode()); break
                heard = heard or loud
            while into.read(4096): pass
            """
        )
    )
    scene = Scene("a.wav", [Cue(label(0, 0.5), np.full(RATE // 2, 0.2, np.float32))])
    played = session.in_real_time(scene, [sys.executable, str(program)])
    (found,) = _turns(played)
    assert found.outcome is Outcome.ANSWERED
    assert [one.text for one in played.told] == ["la"]


@pytest.mark.slow
def test_our_pipeline_converses_in_real_time(tmp_path: Path) -> None:
    """In a process of its own, with ears that read whistling: words and sound come back, and all
    that was played can be measured from the folder it was written to.
    """
    said = whistle("mend the coat.", RATE)
    spoken = label(0.0, len(said) / RATE, text="Mend the coat.")
    command = [sys.executable, "-m", "benchmarks.voice.served", "--partner", "script"]
    played = session.in_real_time(Scene("made.wav", [Cue(spoken, said)]), [*command, "--whistled"])
    session.write(tmp_path, [played])
    assert played.recording.seconds > 3
    found = measure(tmp_path, list(played.labels))
    assert [one.outcome for one in found.turns] == [Outcome.ANSWERED]
    assert [plain(one.text) for one in found.understood] == ["mend the coat"]
    kept = [json.loads(text) for text in (tmp_path / "told.jsonl").read_text().splitlines()]
    assert kept[1]["text"] == SHORT[0]
    assert sound.read(tmp_path / "made.wav").rate == RATE


def _turns(played: session.Played) -> list:
    return timing(played.recording, played.labels).turns


def _interruptions(played: session.Played) -> list:
    return timing(played.recording, played.labels).interruptions
