"""The one who talks: says what a script holds, when the reply lets them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.voice.activity import FLOOR_DB
from benchmarks.voice.device import BLOCK, BLOCK_S, Device, Pace
from benchmarks.voice.labels import AWAITING, Label
from benchmarks.voice.sound import RATE
from benchmarks.voice.told import KEPT
from oona.core.speech import Samples

_AT_ONCE_S = 1.0
"""Of silence before the first word."""

_QUIET_S = 1.2
"""Of silence after a reply that is known to be over, before the next is said."""

_SURELY_OVER_S = 5.0
"""Of silence after which a reply is over, told or not."""

_GIVEN_UP_S = 12.0
_LONGEST_REPLY_S = 60.0
"""It may never fall silent, say because it answers its own echo."""

_PAUSE_S = 1.0
"""Of silence that a voice makes between sentences, and goes on."""

_NOW_S = 0.1


@dataclass(frozen=True, slots=True)
class Cue:
    """`sound` at `RATE` is said; `label` tells of it, its moments counted from the sound's start.

    One that does not await a reply falls into one, `into_s` seconds after that began.
    """

    label: Label
    sound: Samples = field(repr=False)
    into_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A conversation for one recording; `bed` is noise, that lasts through it all."""

    file: str
    cues: Sequence[Cue]
    bed: Samples | None = field(default=None, repr=False)


class Player:
    """Gives the microphone's blocks, one after the other, by what the speaker plays meanwhile."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._cues = list(scene.cues)
        self._saying: Samples | None = None
        self._place = 0
        self._ended = 0.0
        self._began_sounding = self._last_sound = -1.0
        self._awaiting = False
        self._replies = 0
        self._complete, self._complete_at = 0, 0.0
        self.labels: list[Label] = []
        self.skipped = 0
        """Cues that had no reply to fall into."""

    def block(self, now: float, playing: Samples, replies: int) -> Samples | None:
        """The block that begins at `now`, or None when all is over.

        `playing` is the speaker's, `replies` how many are known to be complete.
        """
        self._listen(now, playing)
        if replies > self._complete:  # its last words may still be on their way
            self._complete, self._complete_at = replies, now
        if self._saying is None and self._due(now, replies):
            if not self._cues:
                return None
            self._start(now, replies)
        return self._sound() + self._noise(now)

    def _listen(self, now: float, playing: Samples) -> None:
        level = float(np.square(playing).mean()) if len(playing) else 0.0
        if level > 10 ** (FLOOR_DB / 10):
            if now - self._last_sound > _PAUSE_S:
                self._began_sounding = now
            self._last_sound = now

    def _due(self, now: float, replies: int) -> bool:
        if not self.labels:
            return now >= _AT_ONCE_S
        since = now - max(self._ended, self._last_sound, self._complete_at)
        if now - self._ended > _LONGEST_REPLY_S:
            return True
        answered = self._last_sound > self._ended
        if not self._cues or self._cues[0].label.kind in AWAITING:
            over = replies > self._replies and answered
            waited = _QUIET_S if over or not self._awaiting else _SURELY_OVER_S
            return since >= (waited if answered or not self._awaiting else _GIVEN_UP_S)
        sounding = now - self._last_sound < _NOW_S and answered
        if sounding and now - self._began_sounding >= self._cues[0].into_s:
            return True
        if since >= (_SURELY_OVER_S if answered else _GIVEN_UP_S):
            self._cues.pop(0)
            self.skipped += 1
        return False

    def _start(self, now: float, replies: int) -> None:
        cue = self._cues.pop(0)
        self.labels.append(dataclasses.replace(cue.label.moved(now), file=self._scene.file))
        self._ended = now + cue.label.ended
        self._saying, self._place = cue.sound, 0
        if cue.label.kind in AWAITING:
            self._awaiting, self._replies = True, replies

    def _sound(self) -> Samples:
        block = np.zeros(BLOCK, np.float32)
        if self._saying is not None:
            piece = self._saying[self._place : self._place + BLOCK]
            block[: len(piece)] = piece
            self._place += BLOCK
            if self._place >= len(self._saying):
                self._saying = None
        return block

    def _noise(self, now: float) -> Samples:
        if self._scene.bed is None:
            return np.zeros(BLOCK, np.float32)
        places = (round(now * RATE) + np.arange(BLOCK)) % len(self._scene.bed)
        return self._scene.bed[places]


def play(scene: Scene, device: Device, pace: Pace) -> Player:
    """Hold a conversation through `device`; gives who held it, with the labels of what was said."""
    player = Player(scene)
    while True:
        replies = sum(told.get("kind") == KEPT for told in device.told)
        now = device.seconds
        block = player.block(now, device.playing, replies)
        if block is None:
            return player
        pace.wait(now + BLOCK_S)
        device.step(block)
