"""Vectors for a made-up life, in the time that there is.

MiniLM reads a few hundred turns a second, so a million would take hours. Here MiniLM reads each
*word* of the made-up language once. Words of one theme are then brought nearer to each other, as a
model would that had learned from such talk, and a turn is the sum of its words, the rare ones
counting more (as in Arora, Liang and Ma, 2017).

How alike that is to real talk was measured on either side of the `_NEARER` that is used, at 0.4 and
0.7, by 12,000 turns beside 12,000 sentences of BEAM read by MiniLM. The cosine to the nearest
neighbour is 0.63 and 0.70 in the median (BEAM 0.68), cosines deviate by 0.10 and 0.10 (0.10), the
variance is spread as over 115 and 97 dimensions (110), and of a question's best ten 88, 92 and 96 %
or 95, 96 and 98 % (88, 94 and 98 %) lie in those of 438 cells that are nearest to it and hold 4, 8
and 16 % of all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale.world import World
from oona.trust.lexicon import STOP_WORDS

Floats = NDArray[np.float32]

_NEARER = 0.5


class WordSums:
    """An Embedder whose texts are sums of words; `known` is what a model says of each.

    Without it each word gets a direction by chance.
    """

    name = "word-sums"
    floor = 0.25

    def __init__(self, world: World, known: Floats | None) -> None:
        words = world.words
        self._place = {word: place for place, word in enumerate(words)}
        if known is None:
            self._known: Floats = (
                np.random.default_rng(1).standard_normal((len(words), 384)).astype(np.float32)
            )
        else:
            self._known = known.copy()
        self._known /= np.linalg.norm(self._known, axis=1, keepdims=True)
        self._known -= self._known.mean(axis=0)
        self._known += _NEARER * _of_themes(self._known, world.themes)
        self._known /= np.linalg.norm(self._known, axis=1, keepdims=True)
        # Rank stands for frequency: the weight of the word at rank r is about its surprise in bits.
        self._known *= np.log2(np.arange(len(words)) + 8)[:, None].astype(np.float32)
        for word in STOP_WORDS & self._place.keys():
            self._known[self._place[word]] *= 0.05
        self.dimension = self._known.shape[1]

    def embed(self, texts: Sequence[str], *, question: bool = False) -> Floats:  # noqa: ARG002
        if not texts or not all(text.strip() for text in texts):
            raise ValueError("there is no text to embed, or a blank one among them")
        found = np.empty((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            words = text.lower().replace("?", "").split()
            places = [self._place[word] for word in words if word in self._place]
            found[row] = self._known[places or [0]].sum(axis=0)
        found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        return found


def _of_themes(words: Floats, themes: NDArray[np.int64]) -> Floats:
    """For each word the direction of the themes that it belongs to."""
    middles = words[themes].mean(axis=1)
    middles -= middles.mean(axis=0)
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    found = np.zeros_like(words)
    np.add.at(found, themes.ravel(), np.repeat(middles, themes.shape[1], axis=0))
    found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1)
    return found
