"""Endpointing: when somebody has finished speaking.

A state machine over the probabilities of a voice-activity detector, one a frame. In a pause it asks
for an opinion on how the turn sounds and reads, and waits the longer the less finished that is. It
knows no clock but the stream's and no model, so that a day of talk can be run through it in a
second.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto

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

_SPEECH, _STILL_SPEECH = 0.5, 0.35
"""Probabilities: speech begins at the first and holds down to the second (Silero's own values)."""

_ONSET_S = 0.064
"""Speech that long is believed; a click is shorter."""

_SHORTEST_TURN_S = 0.16
"""The shortest "yes" and "no" are longer, a cough's voiced part mostly shorter."""

_PAUSE_S = 0.064
_LOOKS_S = (0.256, 0.512, 0.992)
"""Of silence: the longer it has lasted, the surer Smart Turn is (measured on read sentences: at
64 ms it takes 6 of 10 for finished, at 300 ms 9)."""

_CUT_OFF_S = 0.5
"""Who goes on so soon after a turn was taken for finished had not finished it: no reply has
sounded by then."""

LONGEST_S = 60.0

_EPSILON = 1e-6


@dataclass
class Patience:
    """How long to wait in a pause, in seconds of silence; it learns from the person's own pauses.

    `shortest` after what surely is finished, `longest` after what surely is not, `unknown` while
    nobody has said anything about it.
    """

    shortest: float = 0.2
    longest: float = 1.8
    unknown: float = 1.0
    cut_offs: float = 1.0
    _pauses: deque[float] = field(default_factory=lambda: deque(maxlen=24), init=False)

    def wait(self, score: float | None, unfinished: float = 0.0) -> float:
        """Seconds of silence after which a turn is over.

        `score` is how finished it sounds (0 to 1), None where nobody has listened; `unfinished`
        how much its words lean on what is to come (0 to 1).
        """
        if score is None:
            return min(self.longest, max(self.unknown, self.typical()))
        doubt = max(1.0 - score, unfinished * (1.0 - 0.3 * score))
        # Even steps of doubt are even ratios of time, as they are between people's pauses.
        seconds = self.shortest * float((self.longest / self.shortest) ** doubt)
        if doubt > 0.5:  # nobody is to be cut off in a pause that they often make
            seconds = max(seconds, 1.1 * self.typical())
        return min(self.longest, seconds * self.cut_offs)

    def typical(self) -> float:
        """A pause of this person's that four of five of theirs do not exceed; 0 while unknown."""
        if len(self._pauses) < 4:
            return 0.0
        return sorted(self._pauses)[int(0.8 * len(self._pauses))]

    def paused(self, seconds: float) -> None:
        """They went on after a pause within a turn."""
        if seconds > 2 * _PAUSE_S:  # what stands between two words is none
            self._pauses.append(seconds)

    def was_cut_off(self) -> None:
        """They were answered too soon, and went on all the same."""
        self.cut_offs = min(2.0, self.cut_offs * 1.25)

    def was_right(self) -> None:
        """A turn ended and stayed ended."""
        self.cut_offs = max(1.0, self.cut_offs * 0.97)


class _State(Enum):
    SILENT = auto()
    ONSET = auto()
    SPEAKING = auto()
    PAUSING = auto()
    RETURNING = auto()


class Endpointer:
    """Takes the probability of speech for each frame in turn, and tells what it makes of them."""

    def __init__(self, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self._state = _State.SILENT
        self._began = self._spoke_until = self._returned = 0.0
        self._pause, self._looks = 0, 0
        self._score: float | None = None
        self._unfinished = 0.0
        self._last: TurnEnded | None = None

    @property
    def in_turn(self) -> bool:
        """Whether a turn has begun and is not decided to be over."""
        return self._state not in (_State.SILENT, _State.ONSET)

    @property
    def began(self) -> float:
        """Where the first sound of the turn stands, or of the silence before one."""
        return self._began

    def hear(self, began: float, ended: float, speech: float) -> list[Event]:
        """One frame, from `began` to `ended` seconds: how likely it is that it holds speech."""
        match self._state:
            case _State.SILENT:
                return self._silent(began, ended, speech)
            case _State.ONSET:
                return self._onset(ended, speech)
            case _State.SPEAKING:
                return self._speaking(ended, speech)
            case _:
                return self._pausing(began, ended, speech)

    def judge(self, pause: int, *, score: float | None = None, unfinished: float = 0.0) -> None:
        """An opinion on the turn as it stood at `pause`; one on an earlier pause is ignored."""
        if pause == self._pause and self._state in (_State.PAUSING, _State.RETURNING):
            self._score = self._score if score is None else score
            self._unfinished = max(self._unfinished, unfinished)

    def end(self, at: float) -> list[Event]:
        """The stream has ended, and with it whatever was being said."""
        return self._over(at, Why.STREAM_ENDED) if self.in_turn else []

    def _silent(self, began: float, ended: float, speech: float) -> list[Event]:
        if speech >= _SPEECH:
            self._state, self._began, self._spoke_until = _State.ONSET, began, ended
            if ended - began >= _ONSET_S - _EPSILON:
                return self._believed()
        return []

    def _onset(self, ended: float, speech: float) -> list[Event]:
        if speech < _STILL_SPEECH:
            self._state = _State.SILENT
            return []
        self._spoke_until = ended
        return self._believed() if ended - self._began >= _ONSET_S - _EPSILON else []

    def _believed(self) -> list[Event]:
        self._state, self._pause = _State.SPEAKING, 0
        last, self._last = self._last, None
        if last is not None and last.why is Why.FINISHED:
            if self._began - last.at < _CUT_OFF_S:
                self.patience.was_cut_off()
            else:
                self.patience.was_right()
        return [SpeechBegan(self._began)]

    def _speaking(self, ended: float, speech: float) -> list[Event]:
        if speech >= _STILL_SPEECH:
            self._spoke_until = ended
            return self._over(ended, Why.TOO_LONG) if ended - self._began >= LONGEST_S else []
        if ended - self._spoke_until < _PAUSE_S - _EPSILON:
            return []
        self._state = _State.PAUSING
        self._pause += 1
        self._looks, self._score, self._unfinished = 0, None, 0.0
        return [Paused(self._spoke_until, self._pause)]

    def _pausing(self, began: float, ended: float, speech: float) -> list[Event]:
        if speech >= _SPEECH or (self._state is _State.RETURNING and speech >= _STILL_SPEECH):
            if self._state is _State.PAUSING:
                self._state, self._returned = _State.RETURNING, began
            if ended - self._returned >= _ONSET_S - _EPSILON:
                return self._resumed(ended)
            return []
        self._state = _State.PAUSING
        silence = ended - self._spoke_until
        if silence >= self.patience.longest - _EPSILON:
            return self._over(ended, Why.TIME_OUT)
        if silence >= self.patience.wait(self._score, self._unfinished) - _EPSILON:
            return self._over(ended, Why.TIME_OUT if self._score is None else Why.FINISHED)
        if self._looks < len(_LOOKS_S) and silence >= _LOOKS_S[self._looks] - _EPSILON:
            self._looks += 1
            return [LookAgain(ended, self._pause)]
        return []

    def _resumed(self, ended: float) -> list[Event]:
        self.patience.paused(self._returned - self._spoke_until)
        self._state, self._spoke_until = _State.SPEAKING, ended
        return [Resumed(self._returned)]

    def _over(self, at: float, why: Why) -> list[Event]:
        self._state = _State.SILENT
        if self._spoke_until - self._began < _SHORTEST_TURN_S - _EPSILON:
            return [Dismissed(at)]
        self._last = TurnEnded(at, self._began, self._spoke_until, why)
        return [self._last]
