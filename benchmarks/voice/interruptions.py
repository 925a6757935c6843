"""An utterance that falls into a reply: whether that is ducked, and whether it stops."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.voice.activity import STEP_S, Activity
from benchmarks.voice.labels import Label
from benchmarks.voice.turns import Outcome

STOP_S = 0.6
"""Of silence, at least, make a stop: people and voices pause for less between sentences."""

LATEST_S = 2.0
"""After the onset; what stops later stops for another reason, or is no use."""

LATEST_DUCK_S = 0.6

DUCK_DB = 6.0
"""What ducks is quieter by this than the quieter of its own loud places."""

_DUCKED_S = 0.3
"""Speech without a duck is loud again within this."""

_LOOK_BACK_S = 2.0
_BEFORE_S = 0.3


@dataclass(frozen=True, slots=True)
class Interruption:
    """`ducked` and `stopped` are seconds from the utterance's onset, None where it did not."""

    label: Label
    outcome: Outcome
    ducked: float | None = None
    stopped: float | None = None


def interruption(label: Label, speaker: Activity) -> Interruption:
    """What came of one utterance, whether it wanted a stop or not."""
    began = label.began
    going = speaker.sounding(began - _BEFORE_S, began) and speaker.sounding(began, began + STOP_S)
    if not going:
        return Interruption(label, Outcome.NOTHING_TO_STOP)
    stopped = stop(speaker, began)
    outcome = Outcome.WENT_ON if stopped is None else Outcome.STOPPED
    return Interruption(label, outcome, duck(speaker, began), stopped)


def stop(speaker: Activity, began: float) -> float | None:
    """Seconds from `began` until the sound ends for `STOP_S` at least, if it soon does."""
    for _, ended in speaker.runs(STOP_S):
        if ended > began:
            return ended - began if ended - began <= LATEST_S else None
    return None


def duck(speaker: Activity, began: float) -> float | None:
    """Seconds from `began` until the sound is `DUCK_DB` quieter than before and stays so.

    The level of speech is that of its loud places, vowels, which are never far apart; between them
    it falls by itself. Silence alone is no duck but a pause, unless it is the stop.
    """
    before = np.arange(max(0.0, began - _LOOK_BACK_S), began - _DUCKED_S, _DUCKED_S / 2)
    peaks = [speaker.loudest(moment, moment + _DUCKED_S) for moment in before]
    peaks = [peak for peak in peaks if peak > speaker.floor]
    if not peaks:
        return None
    limit = float(np.quantile(peaks, 0.25)) - DUCK_DB
    stopped = stop(speaker, began)
    for step in range(round(LATEST_DUCK_S / STEP_S)):
        moment = began + step * STEP_S
        if stopped is not None and moment >= began + stopped:
            return stopped
        quiet = speaker.loudest(moment, moment + _DUCKED_S) <= limit
        if quiet and speaker.filled(moment + _DUCKED_S / 2, moment + _DUCKED_S) > 0.5:
            return moment - began
    return None
