"""Speaking over a reply, in virtual time: ducked, then stopped or gone on with."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oona.core.speech import FRAME_S
from oona.voice.attending import Meaning, meaning, wanting
from oona.voice.floor import Act, Because, Duck, Floor, Holder, Look, Restore, Stop

WORD_S, GAP_S = 0.28, 0.04


@dataclass
class Over:
    """Somebody who says `text` from `at` on, a word at a time, and how sure one is of it."""

    at: float
    text: str
    confidence: float = 0.9
    seconds: float = 0.0

    @property
    def ends(self) -> float:
        return self.at + (self.seconds or len(self.text.split()) * (WORD_S + GAP_S))

    def voiced(self, began: float, ended: float) -> bool:
        return ended > self.at and began < self.ends

    def by(self, moment: float) -> str:
        """What of it was said by then, words that are not whole left out."""
        words = self.text.split()
        return " ".join(words[: max(0, int((moment - self.at + GAP_S) / (WORD_S + GAP_S)))])


@dataclass
class Scene:
    """A floor, frames for it, and a transcriber that takes `takes` seconds."""

    takes: float = 0.12
    floor: Floor = field(default_factory=Floor)
    now: float = 0.0
    frame: int = 0

    def reply(self, seconds: float, over: Over | None = None) -> list[Act]:
        """A reply of so many seconds begins now; what is done until it has ended, or been stopped.

        `over.at` counts from its beginning.
        """
        began = self.now
        over = Over(began + over.at, over.text, over.confidence, over.seconds) if over else None
        self.floor.thinking(began, began - 0.3)
        acts = self.floor.speaking(began)
        due: list[tuple[float, Look, str]] = []
        stopped = False
        while self.now < began + seconds and not stopped:
            new = self._frame(over)
            said, looks = over.by(self.now) if over else "", [a for a in new if isinstance(a, Look)]
            due += [(self.now + self.takes, look, said) for look in looks]
            while due and due[0][0] <= self.now:
                _, look, text = due.pop(0)
                new += self.floor.words(look, text, over.confidence if over else 0.0, self.now)
            acts += new
            stopped = any(isinstance(act, Stop) for act in new)
        if not stopped:
            acts += self.floor.finished(self.now)
        return acts

    def silence(self, seconds: float) -> list[Act]:
        """Nobody says anything for so long."""
        until, acts = self.now + seconds, []
        while self.now < until:
            acts += self._frame(None)
        return acts

    def _frame(self, over: Over | None) -> list[Act]:
        began, self.frame = self.frame * FRAME_S, self.frame + 1
        self.now = self.frame * FRAME_S
        speech = 0.9 if over is not None and over.voiced(began, self.now) else 0.05
        return self.floor.hear(began, self.now, speech)


def what(acts: list[Act]) -> list[str]:
    """The names of acts, without the looks."""
    return [type(act).__name__ for act in acts if not isinstance(act, Look)]


def stop_of(acts: list[Act]) -> Stop:
    """The one Stop among `acts`."""
    [stop] = [act for act in acts if isinstance(act, Stop)]
    return stop


@given(at=st.floats(0.1, 3.0), words=st.integers(2, 12), takes=st.floats(0.0, 0.2))
@settings(deadline=None, max_examples=60)
def test_who_interrupts_is_ducked_for_at_once_and_then_listened_to(
    at: float, words: int, takes: float
) -> None:
    """The reply is softer within two frames of the onset, and silent within 900 ms of it."""
    acts = Scene(takes).reply(6.0, Over(at, " ".join(["walnut"] * words)))
    assert what(acts) == ["Duck", "Stop"]
    duck = acts[0]
    assert isinstance(duck, Duck)
    assert duck.at - at <= 2 * FRAME_S
    assert stop_of(acts).because is Because.WORDS
    assert stop_of(acts).at - at <= 0.9


@given(
    at=st.floats(0.1, 3.0),
    text=st.sampled_from(
        ["mm-hm", "Yeah.", "Right, right.", "Oh, I see.", "Uh-huh", "That's true"]
    ),
    takes=st.floats(0.0, 0.4),
)
@settings(deadline=None, max_examples=60)
def test_who_nods_does_not_end_the_reply(at: float, text: str, takes: float) -> None:
    """A "mm-hm" makes it softer for a moment; then it goes on where it was, as loud as before."""
    acts = Scene(takes).reply(6.0, Over(at, text))
    assert what(acts) == ["Duck", "Restore"]
    assert acts[-1].at - at <= 1.9


@pytest.mark.parametrize("seconds", [0.03, 0.1, 0.3, 0.7, 1.5, 5.0])
def test_noises_do_not_end_it(seconds: float) -> None:
    """A click, a cough, a door: what holds no words, or doubtful ones, is spoken over again.

    A noise that lasts is not waited for.
    """
    for noise in (Over(1.0, "", 0.0, seconds), Over(1.0, "you you you", 0.3, seconds)):
        acts = Scene().reply(8.0, noise)
        assert what(acts) == ["Duck", "Restore"]
        assert next(act for act in acts if isinstance(act, Restore)).at < 1.0 + 1.9


@pytest.mark.parametrize("text", ["Stop.", "wait wait", "No, stop", "Okay, stop it", "hush"])
def test_stop_acts_before_all_else(text: str) -> None:
    """A word that means "stop" is enough, however short, as soon as it is known."""
    stop = stop_of(Scene(takes=0.1).reply(6.0, Over(1.0, text)))
    assert stop.because is Because.COMMAND
    assert stop.at - 1.0 <= 0.9


def test_a_single_word_stops_it_once_it_is_whole() -> None:
    """A "no" wants to say something; half a "mm-hm", which looks like a word, does not."""
    acts = Scene().reply(6.0, Over(1.0, "no", seconds=0.3))
    assert stop_of(acts).because is Because.WORDS
    scene = Scene()
    scene.reply(0.5)
    scene.floor.thinking(scene.now, scene.now - 0.3)
    scene.floor.speaking(scene.now)
    onset = scene.now
    for _ in range(10):
        acts = scene._frame(Over(onset, "mum", seconds=2.0))
    [look] = [act for act in acts if isinstance(act, Look)]
    assert scene.floor.words(look, "Mum", 0.9, scene.now) == []


@pytest.mark.parametrize("takes", [1.5, 60.0])
def test_without_a_transcriber_length_decides(takes: float) -> None:
    """Where nobody can say in time what was said, who speaks for long is listened to."""
    acts = Scene(takes).reply(6.0, Over(1.0, "one two three four five"))
    assert stop_of(acts).because is Because.LENGTH
    assert stop_of(acts).at - 1.0 <= 0.95
    assert what(Scene(takes).reply(6.0, Over(1.0, "yeah"))) == ["Duck", "Restore"]


def test_a_key_stops_it_at_once() -> None:
    """By key it stops there and then, and a second press does nothing."""
    floor = Floor()
    floor.thinking(1.0, 0.8)
    floor.speaking(1.5)
    assert floor.key(2.0) == [Stop(2.0, Because.KEY, 2.0)]
    assert floor.key(2.1) == []
    assert floor.holder is Holder.LISTENING


def test_the_companion_does_not_begin_while_somebody_speaks() -> None:
    """Who speaks while it thinks has the floor until they are silent; the reply is not lost.

    Only who goes on with the turn that is being answered ends it.
    """
    for after, stops in ((0.2, True), (0.9, False)):
        scene = Scene()
        scene.silence(1.0)
        scene.floor.thinking(scene.now, scene.now - 0.3)
        over, acts = Over(scene.now + after, "and what about walnuts"), []
        while scene.now < over.ends + 0.5:
            new = scene._frame(over)
            for look in new:
                assert isinstance(look, Look | Stop)
                if isinstance(look, Look):
                    acts += scene.floor.words(look, over.by(scene.now), 0.9, scene.now)
            acts += new
            if over.at + FRAME_S < scene.now < over.ends:
                assert not scene.floor.free
        assert ("Stop" in what(acts)) is stops
        assert scene.floor.free


def test_a_yes_at_the_end_is_an_answer() -> None:
    """What is said over a reply and ends before it is a nod; what outlasts it is a turn."""
    floor = Floor()
    floor.thinking(0.0, -0.3)
    floor.speaking(1.0)
    assert floor.is_nod(2.0, 2.4, "Yes.", 0.9)
    assert not floor.is_nod(0.5, 2.4, "Yes.", 0.9)
    assert not floor.is_nod(2.0, 2.4, "Yes, but why?", 0.9)
    assert floor.is_nod(2.0, 2.4, "Her.", 0.45)  # what a transcriber makes of a sound
    floor.finished(3.0)
    assert floor.is_nod(2.0, 2.4, "Yes.", 0.9)
    assert not floor.is_nod(2.8, 3.1, "Yes.", 0.9)


def test_what_words_mean() -> None:
    """Nods are told from turns by what they add, and "stop" by how they begin."""
    for text, means in {
        "": Meaning.NOTHING,
        "…": Meaning.NOTHING,
        "Mm-hm.": Meaning.NOD,
        "Yeah, yeah, I see.": Meaning.NOD,
        "Yeah, but why?": Meaning.TURN,
        "No.": Meaning.TURN,
        "Right, that's true. And Leon?": Meaning.TURN,
        "I see Anna tomorrow": Meaning.TURN,
        "Oh, stop it.": Meaning.STOP,
        "Don't stop.": Meaning.TURN,
        "The bus stop": Meaning.TURN,
        "Wait a moment": Meaning.STOP,
        "Mama.": Meaning.NOD,  # as Moonshine writes "mm-hm"
        "Hum, hum,": Meaning.NOD,
        "Me.": Meaning.TURN,
    }.items():
        assert meaning(text) is means, text
    for text in ("Oh, real", "Oh, I", "That's", "No."):
        assert meaning(text, whole=False) is Meaning.NOD, text
    assert wanting("Hold, hold, hold, hold,") == 1


def test_ten_thousand_replies_later_nothing_has_drifted() -> None:
    """Over a day of being spoken over, each decision comes as soon as the first one did."""
    scene, kinds = Scene(), ("walnuts are fine", "mm-hm", "stop", "")
    delays: dict[str, set[tuple[tuple[str, int], ...]]] = {kind: set() for kind in kinds}
    for turn in range(10_000):
        kind, began = kinds[turn % len(kinds)], scene.now
        acts = scene.reply(3.19, Over(0.65, kind, seconds=0 if kind else 0.1))
        told = [(type(a).__name__, round((a.at - began) / FRAME_S)) for a in acts]
        delays[kind].add(tuple(told))
        scene.silence(3.19)
        assert scene.floor.holder is Holder.LISTENING
        assert scene.floor.free
    assert scene.now > 12 * 3600
    assert [len(found) for found in delays.values()] == [1, 1, 1, 1]
    assert "Stop" not in str(delays["mm-hm"]) + str(delays[""])


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from("tsfkw ")), max_size=300))
@settings(deadline=None, max_examples=100)
def test_whatever_happens_no_reply_is_left_soft(steps: list[tuple[float, str]]) -> None:
    """Ducks and what lifts them alternate; a reply is stopped once at most, and only a reply."""
    floor, at, soft = Floor(), 0.0, False
    looks: list[Look] = []
    for n, (speech, step) in enumerate(steps):
        at = (n + 1) * FRAME_S
        replying = floor.holder is not Holder.LISTENING
        acts: list[Act] = floor.hear(at - FRAME_S, at, speech)
        if step == "t" and floor.holder is Holder.LISTENING:
            floor.thinking(at, at - 0.3)
        elif step == "s" and floor.holder is Holder.THINKING:
            acts += floor.speaking(at)
        elif step == "f":
            acts += floor.finished(at)
        elif step == "k":
            acts += floor.key(at)
        elif step == "w" and looks:
            acts += floor.words(looks.pop(), "so", 0.9, at)
        looks += [act for act in acts if isinstance(act, Look)]
        for act in acts:
            if isinstance(act, Duck | Restore):
                assert soft is isinstance(act, Restore)
            if isinstance(act, Stop):
                assert replying or step in "ts"
            soft = isinstance(act, Duck) or (soft and isinstance(act, Look))
    acts = [
        act for n in range(40) for act in floor.hear(at + n * FRAME_S, at + (n + 1) * FRAME_S, 0)
    ]
    acts += floor.finished(at + 2)
    lifted = any(isinstance(act, Restore | Stop) for act in acts)
    assert lifted is soft
