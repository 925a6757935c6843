"""The harness on trial: recordings altered in known ways, in which it has to find just that.

It runs on the very recordings that were measured, so that what is proved is the measuring that was
done, with its floor and its noise.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.voice.activity import FLOOR_DB, Activity
from benchmarks.voice.interruptions import duck, stop, stop_silence
from benchmarks.voice.labels import Label
from benchmarks.voice.measure import timing
from benchmarks.voice.sound import Recording
from benchmarks.voice.turns import Outcome, Turn

INSERTED_S = 0.2
_WITHIN_S = 0.01
_BLIP_S = 0.4
"""Of its own voice, put where it has to be found."""

_PAUSE_S = 0.3
"""A voice that pauses just then is quiet so much earlier than it is made to be."""

_LED_IN_S, _DUCKED_S, _STOPPED_S = 1.5, 0.15, 0.5
_TO_GO_S, _APART_S = 3.0, 1.37
_DUCK = 0.2
"""14 dB."""

_CHANCE = 0.1


@dataclass(frozen=True, slots=True)
class Proof:
    """What had to be found, and what was: seconds, or the share of places."""

    what: str
    expected: float
    found: float
    held: bool
    places: int

    def joined(self, other: Proof) -> Proof:
        """Both as one, of all their places: what was found is the worse of the two."""
        worse = max(self, other, key=lambda one: abs(one.found - one.expected))
        held, places = self.held and other.held, self.places + other.places
        return dataclasses.replace(worse, held=held, places=places)


def prove(recording: Recording, labels: Sequence[Label], floor: float = FLOOR_DB) -> list[Proof]:
    """All trials that a recording has room for: none without a reply."""
    answered = [
        one for one in timing(recording, labels, floor).turns if one.outcome is Outcome.ANSWERED
    ]
    speaker = Activity.of(recording.speaker, recording.rate, floor)
    silence = stop_silence(labels, speaker)
    trials: tuple[Callable[[], Proof | None], ...] = (
        lambda: _delay(recording, labels, floor, answered),
        lambda: _cut_offs(recording, labels, floor, answered),
        lambda: _falling_in(recording, floor, silence, "duck"),
        lambda: _falling_in(recording, floor, silence, "stop"),
        lambda: _left_alone(recording, floor, silence),
    )
    return [proof for trial in trials if (proof := trial()) is not None]


def _delay(
    recording: Recording, labels: Sequence[Label], floor: float, answered: Sequence[Turn]
) -> Proof | None:
    """Every reply comes later: every delay has to grow by that."""
    if not answered:
        return None
    samples = round(INSERTED_S * recording.rate)
    late = np.concatenate([np.zeros(samples, np.float32), recording.speaker])
    altered = dataclasses.replace(recording, speaker=late[: len(recording.speaker)])
    after = {one.label: one.delay for one in timing(altered, labels, floor).turns}
    grown = [(after[one.label] or 0.0) - (one.delay or 0.0) for one in answered]
    worst = max(grown, key=lambda by: abs(by - INSERTED_S))
    held = abs(worst - INSERTED_S) <= _WITHIN_S
    return Proof("a delay of 200 ms inserted", INSERTED_S, worst, held, len(grown))


def _cut_offs(
    recording: Recording, labels: Sequence[Label], floor: float, answered: Sequence[Turn]
) -> Proof | None:
    """It speaks in the middle of what was said: each has to be found, where it was put."""
    if not answered:
        return None
    found = 0
    for one in answered:
        middle = (one.label.began + one.label.ended) / 2
        altered = _with_blip(recording, (one.sounded or 0.0), middle)
        after = {other.label: other for other in timing(altered, labels, floor).turns}[one.label]
        exact = after.sounded is not None and abs(after.sounded - middle) <= _WITHIN_S
        found += after.outcome is Outcome.CUT_OFF and exact
    share = found / len(answered)
    return Proof("a cut-off forced", 1.0, share, found == len(answered), len(answered))


def _falling_in(recording: Recording, floor: float, silence: float, what: str) -> Proof | None:
    """Long replies are made quieter, or cut: the moment has to be found."""
    places = _places(Activity.of(recording.speaker, recording.rate, floor), silence)
    if not places:
        return None
    expected = _DUCKED_S if what == "duck" else _STOPPED_S
    found = []
    for began in places:
        after = recording.speaker.copy()
        start = round((began + expected) * recording.rate)
        after[start : start + round(3.0 * recording.rate)] *= _DUCK if what == "duck" else 0.0
        altered = Activity.of(after, recording.rate, floor)
        measure = duck if what == "duck" else stop
        found.append(measure(altered, began, silence))
    early = [one for one in found if one is not None]
    worst = max(early, key=lambda one: abs(one - expected), default=-1.0)
    held = len(early) == len(found) and -_PAUSE_S <= worst - expected <= _WITHIN_S
    return Proof(f"a {what} after {expected * 1000:.0f} ms", expected, worst, held, len(found))


def _left_alone(recording: Recording, floor: float, silence: float) -> Proof | None:
    """Nothing is done to long replies: the share in which a duck or a stop is found all the same.

    That much of what is found elsewhere is chance, pauses and soft words; some is allowed for.
    """
    speaker = Activity.of(recording.speaker, recording.rate, floor)
    if not (places := _places(speaker, silence)):
        return None
    found = sum(
        duck(speaker, place, silence) is not None or stop(speaker, place, silence) is not None
        for place in places
    )
    share = found / len(places)
    return Proof("nothing done", 0.0, share, share <= _CHANCE, len(places))


def _places(speaker: Activity, silence: float) -> list[float]:
    """Moments in long replies, away from their ends, in whose next second there is no pause:

    where nothing sounds, nothing can be made quieter.
    """
    return [
        place
        for a, b in speaker.runs(silence)
        for place in np.arange(a + _LED_IN_S, b - _TO_GO_S, _APART_S).tolist()
        if any(c <= place and place + 1.0 < d for c, d in speaker.runs(_PAUSE_S / 2))
    ]


def _with_blip(recording: Recording, taken: float, put: float) -> Recording:
    rate, length = recording.rate, round(_BLIP_S * recording.rate)
    start, target = round(taken * rate), round(put * rate)
    blip = recording.speaker[start : start + length]
    speaker = recording.speaker.copy()
    speaker[target : target + len(blip)] = blip[: len(speaker) - target]
    return dataclasses.replace(recording, speaker=speaker)
