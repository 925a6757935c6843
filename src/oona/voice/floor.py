"""The floor: who has it, and what becomes of a reply when somebody speaks over it.

From the first frame that sounds like speech the reply is ducked; then words decide. Who only says
that they listen ("mm-hm"), coughs, or makes a noise does not end it: it goes on, loud again, where
it was. Who wants to say something stops it, and "stop" does before anything else happens.

A state machine like `endpointing.py`: it knows no clock but the stream's, no model and no speaker.
It tells what is to be done, and is told what was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto

from oona.core.speech import FRAME_S
from oona.voice.attending import Meaning, meaning, wanting

_SPEECH, _STILL_SPEECH = 0.5, 0.35
_CLICK_S = 0.064
"""Voiced, what is not longer is none (as in `endpointing.py`)."""

_COUGH_S = 0.16
"""Nor are these words; nobody needs to write them down."""

_LOOKS_S = (0.3, 0.45, 0.65, 0.9)
"""After the onset, what was said so far is written down: "mm-hm" alone takes 300 ms, and a
transcriber makes two words of less than that whatever they were."""

_LOOK_AGAIN_S = 0.5
_SILENT_S = 0.096
"""Then what was said is whole, and is looked at once more."""

_CONVINCED_S = 0.4
"""Voiced for so long, a single word may want to be a turn; a shorter one may be half a "mm-hm"."""

_LONG_S = 0.85
"""Voiced for so long, and nobody could say yet what it is: it is a turn."""

_ENOUGH_S = 1.4
"""So long after the onset, what holds no words of a turn is spoken over again."""

_UNKNOWN_S = 0.7
"""Of silence, after which nobody waits for the words any more."""

_LIKELY = 0.5
"""Of confidence: a transcriber that is less sure writes words to noises, too."""

_CUT_OFF_S = 0.5
"""Who goes on so soon after a turn was taken for finished had not finished it (as in
`endpointing.py`): the reply that is being thought of would be to half of it."""

_EPSILON = 1e-6


class Holder(Enum):
    """Who has the floor."""

    LISTENING = auto()
    """The person, or nobody."""

    THINKING = auto()
    """The companion, of whom nothing is heard yet."""

    SPEAKING = auto()


class Because(StrEnum):
    """What stopped a reply."""

    WORDS = "words"
    COMMAND = "command"
    LENGTH = "length"
    """Somebody spoke for long, and what they said could not be written down in time."""

    KEY = "key"


@dataclass(frozen=True, slots=True)
class Duck:
    """Speak softly: somebody began to speak at `onset`, it seems."""

    at: float
    onset: float


@dataclass(frozen=True, slots=True)
class Look:
    """Have written down what was said since `onset`, and tell it by `words`.

    `whole` where they have fallen silent.
    """

    at: float
    onset: float
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Restore:
    """Speak as before: the reply goes on."""

    at: float


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop the reply, and drop what is left of it."""

    at: float
    because: Because
    onset: float


Act = Duck | Look | Restore | Stop


@dataclass
class _Voice:
    """Somebody speaking, without a pause that would make two of it."""

    onset: float
    until: float
    voiced: float
    ducked: bool = False
    looks: int = 0
    looked_whole: bool = False
    last: Meaning | None = None


@dataclass
class Floor:
    """Takes frames and words, and tells what is to be done. All moments are seconds of the stream.

    A reply is `thinking`, then `speaking`, then `finished`; a Stop ends it at any time.
    """

    holder: Holder = Holder.LISTENING
    _voice: _Voice | None = field(default=None, init=False)
    _turn_ended: float = field(default=0.0, init=False)
    _spoke: tuple[float, float] = field(default=(0.0, 0.0), init=False)
    """When the last reply began and ended to be heard."""

    @property
    def free(self) -> bool:
        """Whether the companion may begin to speak: nobody does."""
        return self._voice is None

    def thinking(self, ended: float, end_of_speech: float) -> None:
        """A turn that was taken for finished at `ended` is being answered."""
        self.holder, self._turn_ended = Holder.THINKING, ended
        voice = self._voice
        if voice is not None and voice.onset < end_of_speech + FRAME_S:
            # What is known of it are the words of that turn, unless it went on after them.
            since = voice.until - end_of_speech
            self._voice = _Voice(end_of_speech, voice.until, since) if since > FRAME_S else None

    def speaking(self, at: float) -> list[Act]:
        """The reply is heard from `at` on."""
        if self.holder is Holder.SPEAKING:
            return []
        self.holder, self._spoke = Holder.SPEAKING, (at, float("inf"))
        voice = self._voice
        if voice is None or voice.ducked:
            return []
        voice.ducked = True
        return [Duck(at, voice.onset)]

    def finished(self, at: float) -> list[Act]:
        """All of the reply has been heard, or there was none."""
        if self.holder is Holder.SPEAKING:
            self._spoke = (self._spoke[0], at)
        self.holder = Holder.LISTENING
        return self._restored(at)

    def key(self, at: float) -> list[Act]:
        """A key was pressed that means "stop"."""
        return self._stopped(at, Because.KEY, at)

    def hear(self, began: float, ended: float, speech: float) -> list[Act]:
        """One frame, from `began` to `ended`: how likely it is that it holds speech."""
        voice = self._voice
        if voice is None:
            if speech < _SPEECH:
                return []
            self._voice = _Voice(began, ended, ended - began)
            return self._onset(ended)
        if speech >= _STILL_SPEECH:
            voice.until, voice.voiced = ended, voice.voiced + ended - began
            voice.looked_whole = False
        return self._judged(ended, voice)

    def words(self, look: Look, text: str, confidence: float, at: float) -> list[Act]:
        """What `look` has found, at `at`; one on what is decided already is ignored."""
        voice = self._voice
        if voice is None or voice.onset != look.onset or self.holder is Holder.LISTENING:
            return []
        whole = look.whole and voice.looked_whole
        likely = confidence >= _LIKELY
        told = voice.last = meaning(text, whole=whole) if likely else Meaning.NOTHING
        if told is Meaning.STOP:
            return self._stopped(at, Because.COMMAND, look.onset)
        if told is Meaning.TURN and self._may_be_stopped(voice):
            convinced = voice.voiced >= _CONVINCED_S - _EPSILON or wanting(text) > 1
            return self._stopped(at, Because.WORDS, look.onset) if whole or convinced else []
        if whole:
            return self._restored(at)
        if voice.ducked and at - look.onset >= _ENOUGH_S:
            voice.ducked = False  # music, say: it is listened to on, but not waited for
            return [Restore(at)]
        return []

    def is_nod(self, began: float, end_of_speech: float, text: str, confidence: float) -> bool:
        """Whether a turn, now known, only said that somebody listens to what was being spoken.

        What outlasts the reply is an answer to it: "yes".
        """
        heard_from, heard_until = self._spoke
        over = began >= heard_from and end_of_speech < heard_until
        return over and (confidence < _LIKELY or meaning(text) in (Meaning.NOD, Meaning.NOTHING))

    def _onset(self, at: float) -> list[Act]:
        voice = self._voice
        if voice is None or self.holder is not Holder.SPEAKING:
            return []
        voice.ducked = True
        return [Duck(at, voice.onset)]

    def _judged(self, at: float, voice: _Voice) -> list[Act]:
        silence = at - voice.until
        if silence > _EPSILON and voice.voiced < _CLICK_S - _EPSILON:
            return self._restored(at)
        if silence >= _SILENT_S - _EPSILON:
            return self._silent(at, voice)
        if self.holder is Holder.LISTENING:
            return []
        if voice.last is None and voice.voiced >= _LONG_S - _EPSILON:
            return self._unknown(at, voice)
        if silence < _EPSILON and at - voice.onset >= self._next_look(voice.looks) - _EPSILON:
            voice.looks += 1
            return [Look(at, voice.onset)]
        return []

    def _silent(self, at: float, voice: _Voice) -> list[Act]:
        if self.holder is Holder.LISTENING or voice.voiced < _COUGH_S - _EPSILON:
            return self._restored(at)
        if at - voice.until >= _UNKNOWN_S - _EPSILON:
            return self._unknown(at, voice)
        if voice.looked_whole:
            return []
        voice.looked_whole = True
        return [Look(at, voice.onset, whole=True)]

    def _unknown(self, at: float, voice: _Voice) -> list[Act]:
        """Nobody could tell in time what was said: its length has to."""
        convinced = voice.last is None and voice.voiced >= _CONVINCED_S - _EPSILON
        if convinced and self._may_be_stopped(voice):
            return self._stopped(at, Because.LENGTH, voice.onset)
        return self._restored(at) if at - voice.until >= _SILENT_S - _EPSILON else []

    def _may_be_stopped(self, voice: _Voice) -> bool:
        """Whether one more turn ends the reply; one that comes while we think waits for its own."""
        goes_on = voice.onset - self._turn_ended <= _CUT_OFF_S
        return self.holder is Holder.SPEAKING or goes_on

    @staticmethod
    def _next_look(looks: int) -> float:
        """Seconds after the onset."""
        if looks < len(_LOOKS_S):
            return _LOOKS_S[looks]
        return _LOOKS_S[-1] + _LOOK_AGAIN_S * (looks - len(_LOOKS_S) + 1)

    def _restored(self, at: float) -> list[Act]:
        voice, self._voice = self._voice, None
        return [Restore(at)] if voice is not None and voice.ducked else []

    def _stopped(self, at: float, because: Because, onset: float) -> list[Act]:
        if self.holder is Holder.LISTENING:
            return []
        if self.holder is Holder.SPEAKING:
            self._spoke = (self._spoke[0], at)
        self.holder = Holder.LISTENING
        if self._voice is not None:
            self._voice.ducked = False
        return [Stop(at, because, onset)]
