"""Texts that are made up and yet have the statistics that full-text search cares about.

Word frequencies follow Zipf and Mandelbrot's law with the constants of English (exponent 1.07,
shift 2.7); the commonest words are English function words, all others are invented.
"""

from __future__ import annotations

import random
from itertools import accumulate, product

_ONSETS = ("b", "br", "d", "f", "g", "gr", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v")
_MIDDLES = ("a", "e", "i", "o", "u", "ai", "ea", "oo")
_ENDS = ("n", "r", "l", "st", "nd", "m", "ck")
_VOCABULARY = 30_000


class Speaker:
    """Says things. `function_words` are the commonest words of its language, commonest first."""

    def __init__(self, seed: int, function_words: list[str]) -> None:
        self._chance = random.Random(seed)
        invented = ["".join(parts) for parts in product(_ONSETS, _MIDDLES, _ENDS)]
        invented += ["".join(parts) for parts in product(invented, _MIDDLES, _ENDS)]
        self._chance.shuffle(invented)
        self.words = [*function_words, *invented][:_VOCABULARY]
        self._content = self.words[len(function_words) :]
        weights = [1 / (rank + 2.7) ** 1.07 for rank in range(1, len(self.words) + 1)]
        self._cumulated = list(accumulate(weights))
        self._content_cumulated = list(accumulate(weights[len(function_words) :]))

    def turn(self) -> str:
        """A turn of 4 to 40 words, 14 on average."""
        count = min(40, 4 + int(self._chance.expovariate(1 / 10)))
        return " ".join(self._chance.choices(self.words, cum_weights=self._cumulated, k=count))

    def question(self) -> str:
        """A question with two to four words that carry its meaning."""
        count = self._chance.randint(2, 4)
        asked = self._chance.choices(self._content, cum_weights=self._content_cumulated, k=count)
        return f"What did I say about {' and the '.join(asked)}?"
