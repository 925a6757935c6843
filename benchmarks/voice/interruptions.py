"""An utterance that falls into a reply: whether that is ducked, and whether it stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from benchmarks.voice.activity import STEP_S, Activity
from benchmarks.voice.labels import Label
from benchmarks.voice.turns import Outcome

SHORTEST_STOP_S, LONGEST_PAUSE_S = 0.5, 1.0
"""Of silence: a stop is longer than the pauses that this voice makes by itself."""

LATEST_S = 2.0
"""After the onset; what stops later stops for another reason, or is no use."""

LATEST_DUCK_S = 0.6

DUCK_DB = 6.0
"""What ducks is quieter by this than most of its own loud places."""

_DUCKED_S = 0.3
"""Speech without a duck is loud again within this."""

_MORE_S = 0.1
_ENOUGH = 5
_LOOK_BACK_S = 2.0
_BEFORE_S = 0.3


@dataclass(frozen=True, slots=True)
class Interruption:
    """`ducked` and `stopped` are seconds from the utterance's onset, None where it did not."""

    label: Label
    outcome: Outcome
    ducked: float | None = None
    stopped: float | None = None


def stop_silence(labels: Sequence[Label], speaker: Activity) -> float:
    """The silence, in seconds, that is a stop and no pause between two sentences.

    It is longer than the longest pause that this voice made where nobody had spoken for a while,
    and as long as any voice may pause where too few of its pauses are known.
    """
    pauses = [
        after - before
        for (_, before), (after, _) in pairwise(speaker.runs(_DUCKED_S))
        if after - before < LONGEST_PAUSE_S
        and not any(label.began < after and before < label.ended + LATEST_S for label in labels)
    ]
    if len(pauses) < _ENOUGH:
        return LONGEST_PAUSE_S
    return min(LONGEST_PAUSE_S, max(SHORTEST_STOP_S, max(pauses) + _MORE_S))


def interruption(label: Label, speaker: Activity, silence: float) -> Interruption:
    """What came of one utterance, whether it wanted a stop or not; see `stop_silence`."""
    began = label.began
    going = speaker.sounding(began - _BEFORE_S, began) and speaker.sounding(began, began + silence)
    if not going:
        return Interruption(label, Outcome.NOTHING_TO_STOP)
    stopped = stop(speaker, began, silence)
    outcome = Outcome.WENT_ON if stopped is None else Outcome.STOPPED
    return Interruption(label, outcome, duck(speaker, began, silence), stopped)


def stop(speaker: Activity, began: float, silence: float) -> float | None:
    """Seconds from `began` until the sound ends for a `silence`, if it soon does."""
    for _, ended in speaker.runs(silence):
        if ended > began:
            return ended - began if ended - began <= LATEST_S else None
    return None


def duck(speaker: Activity, began: float, silence: float) -> float | None:
    """Seconds from `began` until the sound is `DUCK_DB` quieter than before and stays so.

    The level of speech is that of its loud places, vowels, which are never far apart; between them
    it falls by itself, so that a duck is dated up to a syllable early where a soft place comes
    before it. Silence alone is no duck but a pause, unless it is the stop.
    """
    before = np.arange(max(0.0, began - _LOOK_BACK_S), began - _DUCKED_S, _DUCKED_S / 2)
    peaks = [speaker.loudest(moment, moment + _DUCKED_S) for moment in before]
    peaks = [peak for peak in peaks if peak > speaker.floor]
    if not peaks:
        return None
    limit = float(np.quantile(peaks, 0.4)) - DUCK_DB
    stopped = stop(speaker, began, silence)
    for step in range(round(LATEST_DUCK_S / STEP_S)):
        moment = began + step * STEP_S
        if stopped is not None and moment >= began + stopped:
            return stopped
        quiet = speaker.loudest(moment, moment + _DUCKED_S) <= limit
        if quiet and speaker.filled(moment + _DUCKED_S / 2, moment + _DUCKED_S) > 0.5:
            return moment - began
    return None
