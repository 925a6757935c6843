"""A made-up life of any length: what is said in it, and what is asked of it.

Words are English, from the vocabulary of MiniLM, which is sorted by how often each is written, and
are drawn by Zipf and Mandelbrot's law with the constants of English (exponent 1.07, shift 2.7). A
sitting has one of 400 themes, some far commoner than others, from whose 60 words two fifths of what
is said in it are drawn. Turns have 4 to 40 words, 14 on average; the person and the companion take
turns, 33 on average in a sitting, with some sittings a day. Without that vocabulary words are
invented (`benchmarks.words`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from benchmarks.words import Speaker
from oona.trust.lexicon import STOP_WORDS

BORN = datetime(1990, 1, 1, 7, 0, tzinfo=UTC)
_WORDS = 14_000
_THEMES = 400
_THEME_WORDS = 60
_OF_THEME = 0.4
_SITTING = 33
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Sitting:
    """Turns that follow each other, the person's first, and when they were said."""

    at: datetime
    texts: tuple[str, ...]


def spoken_words(vocabulary: Sequence[str], seed: int = 1) -> list[str]:
    """The words of a made-up life, the commonest first.

    `vocabulary` is that of MiniLM, one piece a line, or empty.
    """
    known = [word for word in vocabulary if word.isascii() and word.isalpha() and len(word) > 1]
    if not known:
        common = sorted(STOP_WORDS, key=lambda word: (len(word), word))
        return Speaker(seed, common).words[:_WORDS]
    return known[:_WORDS]


class World:
    """Makes sittings and questions; the same for the same `seed`."""

    def __init__(self, words: Sequence[str], seed: int = 1) -> None:
        self.words = tuple(words)
        self._words = np.array(words, object)
        self._chance = np.random.default_rng(seed)
        shares = 1 / (np.arange(1, len(words) + 1) + 2.7) ** 1.07
        self._upto = np.cumsum(shares / shares.sum())
        content = np.array([n for n, word in enumerate(words) if word not in STOP_WORDS])
        self._content = frozenset(self._words[content])
        # Themes use rarer words than chance would, or they would hardly differ.
        wanted = shares[content] ** 0.6
        self.themes: NDArray[np.int64] = self._chance.choice(
            content, (_THEMES, _THEME_WORDS), p=wanted / wanted.sum()
        )
        liked = 1 / np.arange(1, _THEMES + 1) ** 0.7
        self._liked = np.cumsum(liked / liked.sum())

    def sittings(self, turns: int) -> Iterator[Sitting]:
        """Sittings of `turns` turns in all, in the order of time."""
        at, left = BORN, turns
        while left > 0:
            sizes = self._chance.geometric(1 / _SITTING, _AT_ONCE)
            themes = np.searchsorted(self._liked, self._chance.random(_AT_ONCE))
            for size, theme in zip(sizes, themes, strict=True):
                if left <= 0:
                    return
                texts = self._texts(min(int(size), left), self.themes[theme])
                left -= len(texts)
                at += timedelta(hours=float(2 + self._chance.exponential(4)))
                yield Sitting(at, texts)

    def question(self, text: str) -> str:
        """A question that asks for `text` with two to four of its words, half of them rare."""
        words = sorted(
            {word for word in text.split() if word in self._content} or {"nothing"},
            key=lambda word: -int(np.flatnonzero(self._words == word)[0]),
        )
        count = min(len(words), int(self._chance.integers(2, 5)))
        rare = words[: count // 2]
        rest = [word for word in words if word not in rare]
        asked = [*rare, *self._chance.permutation(rest)[: count - len(rare)]]
        return f"What did I say about {' and the '.join(asked)}?"

    def _texts(self, turns: int, theme: NDArray[np.int64]) -> tuple[str, ...]:
        sizes = np.minimum(40, 4 + self._chance.exponential(10, turns).astype(np.int64))
        drawn = np.searchsorted(self._upto, self._chance.random(int(sizes.sum())))
        themed = self._chance.random(len(drawn)) < _OF_THEME
        # Of a theme, too, some words are said far more often than others.
        place = (_THEME_WORDS * self._chance.random(int(themed.sum())) ** 2).astype(np.int64)
        drawn[themed] = theme[place]
        said = self._words[drawn]
        ends = np.cumsum(sizes)
        return tuple(
            " ".join(said[end - size : end]) for size, end in zip(sizes, ends, strict=True)
        )
