"""Endpointing in virtual time: probabilities in, decisions out, no model and no clock in it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.core.speech import FRAME_S
from oona.voice.completeness import unfinished
from oona.voice.endpointing import LONGEST_S, Endpointer, Patience
from oona.voice.events import (
    Dismissed,
    Event,
    LookAgain,
    Paused,
    Resumed,
    SpeechBegan,
    TurnEnded,
    Why,
)


@dataclass
class Listening:
    """Runs an endpointer over spans of speech and silence, and judges each pause as told."""

    score: float | None = None
    unfinished: float = 0.0
    endpointer: Endpointer = field(default_factory=Endpointer)
    frames: int = 0
    told: list[Event] = field(default_factory=list)

    def hear(self, seconds: float, speech: float) -> list[Event]:
        """What a span of frames with this probability of speech makes it tell."""
        found: list[Event] = []
        for _ in range(round(seconds / FRAME_S)):
            began = self.frames * FRAME_S
            self.frames += 1
            events = self.endpointer.hear(began, self.frames * FRAME_S, speech)
            found += events
            for event in events:
                if isinstance(event, Paused | LookAgain):
                    self.endpointer.judge(event.pause, score=self.score, unfinished=self.unfinished)
        self.told += found
        return found

    def speak(self, seconds: float) -> list[Event]:
        return self.hear(seconds, 0.9)

    def pause(self, seconds: float) -> list[Event]:
        return self.hear(seconds, 0.05)


def ended(events: list[Event]) -> TurnEnded | None:
    """The end of a turn among `events`."""
    return next((event for event in events if isinstance(event, TurnEnded)), None)


def silence_before_the_end(listening: Listening) -> float:
    """Seconds of silence after which a turn that has just been spoken is over."""
    end = ended(listening.pause(5))
    assert end is not None
    return end.at - end.end_of_speech


def test_a_finished_sentence_is_answered_soon() -> None:
    """What surely is finished waits a fifth of a second, and not the time-out."""
    listening = Listening(score=0.98)
    listening.speak(2)
    assert 0.19 < silence_before_the_end(listening) < 0.27


def test_an_unfinished_one_is_waited_for() -> None:
    """What sounds open, or reads like it, is given a second and more."""
    for score, words in ((0.02, 0.0), (0.5, 1.0), (0.1, 0.4)):
        listening = Listening(score=score, unfinished=words)
        listening.speak(2)
        assert silence_before_the_end(listening) > 0.9


def test_nobody_is_waited_for_without_end() -> None:
    """Silence alone ends a turn, whatever the models think, or if none answers."""
    for score in (0.0, None):
        listening = Listening(score=score, unfinished=1.0)
        listening.speak(2)
        end = ended(listening.pause(10))
        assert end is not None
        assert end.why is Why.TIME_OUT
        assert end.at - end.end_of_speech <= Patience().longest + FRAME_S


def test_a_pause_within_a_turn_does_not_end_it() -> None:
    """Who goes on within the wait has paused once and resumed; the turn is one."""
    listening = Listening(score=0.1)
    listening.speak(1)
    listening.pause(0.8)
    listening.speak(1)
    listening.pause(5)
    kinds = [type(event) for event in listening.told if not isinstance(event, LookAgain)]
    assert kinds == [SpeechBegan, Paused, Resumed, Paused, TurnEnded]
    end = ended(listening.told)
    assert end is not None
    assert (end.began, round(end.end_of_speech, 2)) == (0.0, 2.78)


def test_it_asks_early_and_then_again() -> None:
    """A pause is told at 64 ms; while it lasts and nothing is decided, it is looked at again."""
    listening = Listening(score=0.02)
    listening.speak(1)
    pause, *looks, _ = listening.pause(3)
    assert isinstance(pause, Paused)
    assert [round(look.at - pause.at, 2) for look in looks] == [0.26, 0.51, 0.99]


def test_a_click_is_nothing_and_a_cough_no_turn() -> None:
    """One loud frame is not believed; a tenth of a second is told and dismissed."""
    listening = Listening(score=0.9)
    assert not listening.speak(FRAME_S) + listening.pause(2)
    listening.speak(0.1)
    assert [type(event) for event in listening.pause(3)][-1] is Dismissed


def test_a_click_in_a_pause_does_not_prolong_it() -> None:
    """Somebody must be heard for 64 ms before the pause counts as over."""
    listening = Listening(score=0.02)
    listening.speak(1)
    listening.pause(0.5)
    assert not listening.speak(FRAME_S)
    end = ended(listening.pause(5))
    assert end is not None
    assert end.at - end.end_of_speech <= Patience().longest + FRAME_S


def test_an_opinion_on_an_earlier_pause_is_ignored() -> None:
    """What was thought of a pause is void once speech resumed: a late verdict ends nothing."""
    listening = Listening(score=0.02)
    listening.speak(1)
    listening.pause(0.3)
    listening.speak(1)
    listening.pause(0.2)
    listening.endpointer.judge(1, score=1.0)
    assert ended(listening.pause(0.5)) is None


def test_the_wait_grows_with_the_persons_own_pauses() -> None:
    """Who often pauses for a second is waited for longer than that when it is unclear."""
    patience = Patience()
    before = patience.wait(0.45)
    for _ in range(6):
        patience.paused(1.0)
    assert before < 1.0 < patience.wait(0.45) <= patience.longest
    assert patience.wait(0.98) == Patience().wait(0.98)


def test_a_cut_off_is_learnt_from_and_forgiven() -> None:
    """Who goes on at once was cut off, and is waited for longer, until that has gone well."""
    listening = Listening(score=0.98)
    listening.speak(1)
    listening.pause(0.5)
    listening.speak(1)
    longer = silence_before_the_end(listening)
    assert longer > Patience().wait(0.98) + FRAME_S
    for _ in range(30):
        listening.speak(1)
        listening.pause(2)
    listening.speak(1)
    assert silence_before_the_end(listening) < longer


def test_music_is_cut_into_turns() -> None:
    """Ten minutes without a pause end every minute, so that nothing grows without bound."""
    listening = Listening()
    ends = [e for e in listening.speak(600) if isinstance(e, TurnEnded)]
    assert {end.why for end in ends} == {Why.TOO_LONG}
    assert len(ends) >= 9
    assert max(end.at - end.began for end in ends) <= LONGEST_S + FRAME_S


def test_the_streams_end_ends_the_turn() -> None:
    """Who was speaking when the recording stopped has had their turn; who was not, has not."""
    listening = Listening()
    listening.speak(1)
    end = ended(listening.endpointer.end(1.0))
    assert end is not None
    assert end.why is Why.STREAM_ENDED
    assert not listening.endpointer.end(1.0)


Probabilities = st.lists(
    st.tuples(st.floats(0, 1), st.integers(1, 60), st.floats(0, 1)), min_size=1, max_size=40
)


@given(spans=Probabilities, score=st.none() | st.floats(0, 1))
def test_whatever_comes_the_order_of_events_holds(
    spans: list[tuple[float, int, float]], score: float | None
) -> None:
    """Turns begin, pause, resume and end in that order, and no moment lies before another."""
    listening = Listening(score=score)
    for speech, frames, listening.unfinished in spans:
        listening.hear(frames * FRAME_S, speech)
    listening.told += listening.endpointer.end(listening.frames * FRAME_S)
    allowed: dict[type[Event] | None, set[type[Event]]] = {
        None: {SpeechBegan},
        SpeechBegan: {Paused, TurnEnded, Dismissed},
        Paused: {Resumed, LookAgain, TurnEnded, Dismissed},
        LookAgain: {Resumed, LookAgain, TurnEnded, Dismissed},
        Resumed: {Paused, TurnEnded, Dismissed},
        TurnEnded: {SpeechBegan},
        Dismissed: {SpeechBegan},
    }
    before: type[Event] | None = None
    last = 0.0
    for event in listening.told:
        assert type(event) in allowed[before]
        before = type(event)
        if isinstance(event, TurnEnded):
            assert last <= event.end_of_speech <= event.at
            last = event.end_of_speech
    assert before in (None, TurnEnded, Dismissed)


@given(score=st.floats(0, 1), more=st.floats(0, 1), words=st.floats(0, 1), worse=st.floats(0, 1))
def test_doubt_never_shortens_the_wait(
    score: float, more: float, words: float, worse: float
) -> None:
    """The less finished it sounds or reads, the longer it is waited for, within the bounds."""
    patience = Patience()
    low, high = sorted((score, more))
    few, many = sorted((words, worse))
    assert patience.wait(high, few) <= patience.wait(low, few) + 1e-9
    assert patience.wait(score, few) <= patience.wait(score, many) + 1e-9
    assert patience.shortest <= patience.wait(score, words) <= patience.longest


def test_ten_thousand_turns_leave_nothing_behind() -> None:
    """After a day of talk the waits are those of the morning, and nothing has piled up."""
    listening = Listening(score=0.95)
    for _ in range(10_000):
        listening.speak(0.32)
        listening.pause(0.96)
    ends = [event for event in listening.told if isinstance(event, TurnEnded)]
    assert len(ends) == 10_000
    waits = {round(end.at - end.end_of_speech, 3) for end in ends}
    assert len(waits) == 1


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("I wanted to ask you about the", 1.0),
        ("My sister and", 1.0),
        ("Because.", 1.0),
        ("I think um", 1.0),
        ("Well, on Monday,", 0.7),
        ("I know that.", 0.4),
        ("What is it for?", 0.4),
        ("Do you know who he is?", 0.0),
        ("No.", 0.0),
        ("Yes.", 0.0),
        ("My sister lives in Bergen.", 0.0),
        ("", 0.5),
    ],
)
def test_words_tell_how_open_a_sentence_is(text: str, leans: float) -> None:
    """The last word counts, not the full stop that a transcriber puts everywhere."""
    assert unfinished(text) == leans
