"""A turn that waits for its reply: how long it waited, or whether it was cut off."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from benchmarks.voice.activity import Activity
from benchmarks.voice.labels import Label

LONGEST_WAIT_S = 15.0

_BEFORE_S = 0.3
"""A reply that sounds so shortly before or after they began is not one to what they say."""


class Outcome(StrEnum):
    """What came of a turn, or of an utterance that fell into a reply."""

    ANSWERED = "answered"
    CUT_OFF = "cut off"
    """It spoke before they had finished."""

    UNANSWERED = "unanswered"
    OVERLAPPED = "overlapped"
    """It was still speaking when they began: nothing can be said about either."""

    STOPPED = "stopped"
    WENT_ON = "went on"
    NOTHING_TO_STOP = "nothing to stop"


@dataclass(frozen=True, slots=True)
class Turn:
    """`delay` is from the end of speech to the first sound, in seconds, of one that was answered.

    `sounded` is when the first sound came, for one that was answered or cut off.
    """

    label: Label
    outcome: Outcome
    delay: float | None = None
    sounded: float | None = None


def turn(label: Label, speaker: Activity, until: float) -> Turn:
    """What came of one turn; a reply after `until`, when the next begins, is not one to it."""
    if speaker.sounding(label.began - _BEFORE_S, label.began + _BEFORE_S):
        return Turn(label, Outcome.OVERLAPPED)
    early = speaker.onset(label.began, label.ended)
    if early is not None:
        return Turn(label, Outcome.CUT_OFF, sounded=early)
    first = speaker.onset(label.ended, min(until, label.ended + LONGEST_WAIT_S))
    if first is None:
        return Turn(label, Outcome.UNANSWERED)
    return Turn(label, Outcome.ANSWERED, first - label.ended, first)
