"""What happens in a conversation by voice. Every `at` is seconds since the stream began."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """Somebody speaks; the first sound of it was at `at`."""

    at: float


@dataclass(frozen=True, slots=True)
class Paused:
    """They fell silent at `at`: a pause, or the end. `pause` counts a turn's pauses from 1."""

    at: float
    pause: int


@dataclass(frozen=True, slots=True)
class LookAgain:
    """The silence of `pause` has lasted: how its end sounds may be judged better now."""

    at: float
    pause: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """They went on at `at`: what was thought of the pause is void."""

    at: float


@dataclass(frozen=True, slots=True)
class Dismissed:
    """What sounded like speech was too short for it."""

    at: float


class Why(StrEnum):
    """What ended a turn."""

    FINISHED = "finished"
    """How it sounded, and what was said."""

    TIME_OUT = "time-out"
    """Silence alone."""

    TOO_LONG = "too-long"
    """Nobody talks that long without a pause: music, or a crowd."""

    STREAM_ENDED = "stream-ended"


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """It is decided at `at` that the turn that `began` is over, at `end_of_speech`."""

    at: float
    began: float
    end_of_speech: float
    why: Why


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn in writing, at `at`. `clipped` is the share of its samples at full scale."""

    at: float
    text: str
    confidence: float
    clipped: float
    turn: TurnEnded


@dataclass(frozen=True, slots=True)
class Composed:
    """All clauses of a reply have come; it ends when it has been heard."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A reply was stopped at `at`, by somebody who had begun to speak at `onset`.

    `because` is "words", "command", "length" or "key" (see `oona.voice.floor`).
    """

    at: float
    onset: float
    because: str


@dataclass(frozen=True, slots=True)
class Caption:
    """A piece of the reply, spoken from `began` to `ended`; `text` as it stands in the journal.

    It was ready to be spoken at `ready`, while something else may have been playing.
    """

    text: str
    began: float
    ended: float
    ready: float


@dataclass(slots=True)
class Exchange:
    """A turn of the person's and what was replied, filled in as it happens.

    It was taken up at `taken_at`, and the first clause of the reply had come at `clause_at`.
    `result` is what the turn loop told of it at its end.
    """

    heard: Heard
    taken_at: float
    clause_at: float | None = None
    captions: list[Caption] = field(default_factory=list)
    stopped: Stopped | None = None
    result: dict[str, object] = field(default_factory=dict)

    def stop(self, characters: int, stopped: Stopped) -> None:
        """The reply was stopped when so many characters of it had been heard."""
        self.stopped = stopped
        captions, self.captions = self.captions, []
        for caption in captions:
            if text := caption.text[:characters]:
                ended = min(caption.ended, stopped.at)
                self.captions.append(replace(caption, text=text, ended=ended))
            characters = max(0, characters - len(caption.text))

    @property
    def ends(self) -> float:
        """When the last of what was given to the speaker is to have been heard."""
        return self.captions[-1].ended if self.captions else self.taken_at

    @property
    def reply(self) -> str:
        """All that was heard."""
        return "".join(caption.text for caption in self.captions).strip()

    def timings_ms(self) -> dict[str, int]:
        """Where the time went from the end of speech to the first sound; the parts add up.

        `waiting` is for an earlier turn: while that was thought about, and while it was spoken.
        """
        turn = self.heard.turn
        moments = {
            "endpointing": turn.at,
            "transcription": self.heard.at,
            "waiting": self.taken_at,
        }
        if self.clause_at is not None:
            moments["first_clause"] = self.clause_at
        if self.captions:
            moments["first_audio"] = self.captions[0].ready
        found, before = {}, round(turn.end_of_speech * 1000)
        for name, moment in moments.items():
            found[name] = round(moment * 1000) - before
            before += found[name]
        if self.captions:
            found["waiting"] += round(self.captions[0].began * 1000) - before
            found["total"] = sum(found.values())
        return found


Event = SpeechBegan | Paused | LookAgain | Resumed | Dismissed | TurnEnded
"""What the endpointer tells."""
