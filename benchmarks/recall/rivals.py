"""What recall is compared with, written straight from its definition and over the same turns.

`baseline` is the best published row for small models that we know of: the sum of z-scores of BM25
over each turn, of BM25 over it with its neighbours and the date, and of two embedders smoothed over
neighbours, with a boost for the speaker that is named and what the best turn of a session adds.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from itertools import pairwise

import numpy as np
import snowballstemmer
from numpy.typing import NDArray

from benchmarks.recall.lives import Life
from oona.core.embedding import Embedder
from oona.trust.lexicon import STOP_WORDS

Scores = NDArray[np.float64]
Rival = Callable[[str], Scores]

_WORD = re.compile(r"[^\W_]+")
_ASKED = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_K1, _B = 1.2, 0.75
_RANK_DAMPING = 60  # reciprocal rank fusion: Cormack, Clarke and Büttcher, 2009
_NEIGHBOURS = 0.5
_SPEAKER = 0.5
_SESSION = 0.3

_stemmer = snowballstemmer.stemmer("porter")


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    return str(_stemmer.stemWord(word))


def _stems(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [_stem(word) for word in _WORD.findall(bare)]


class Rivals:
    """Every rival for one life. Each gives a score for each turn, larger is better."""

    def __init__(self, life: Life, embedders: Sequence[Embedder]) -> None:
        turns = life.conversation.turns
        self._embedders = embedders
        self._speakers = [turn.speaker for turn in turns]
        sessions = [turn.session for turn in turns]
        self._follows = np.array([False] + [a == b for a, b in pairwise(sessions)])
        self._sessions = np.unique(sessions, return_inverse=True)[1]
        plain = [_stems(turn.text) for turn in turns]
        named = [
            _stems(f"{turn.speaker} ") + words for turn, words in zip(turns, plain, strict=True)
        ]
        dated = [_stems(f"{turn.at.day} {turn.at:%B %Y}") for turn in turns]
        around = []
        for place, own in enumerate(named):
            before = named[place - 1] if self._follows[place] else []
            last = place + 1 == len(turns) or not self._follows[place + 1]
            around.append(dated[place] + before + own + ([] if last else named[place + 1]))
        self._plain, self._around = _Index(plain), _Index(around)
        place_of = {seq: place for place, seq in enumerate(life.units)}
        self._vectors = {}
        for embedder in embedders:
            rows = life.store.vectors(embedder.name)
            packed = np.frombuffer(b"".join(row.data for row in rows), np.int8)
            matrix = packed.reshape(len(rows), -1).astype(np.float64)
            matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
            self._vectors[embedder.name] = (matrix, [place_of[row.seq] for row in rows])

    def named(self) -> dict[str, Rival]:
        """The rivals by the names that the table shows."""
        rivals: dict[str, Rival] = {
            "BM25": self.bm25,
            "BM25, turn ±1 with date": self._around.scores,
        }
        for embedder in self._embedders:
            rivals[f"{embedder.name} alone"] = partial(self.dense, embedder)
        if self._embedders:
            rivals["rank fusion"] = self.rank_fusion
            rivals["baseline"] = self.baseline
        return rivals

    def bm25(self, question: str) -> Scores:
        """BM25 over stems, without stop words."""
        return self._plain.scores(question)

    def dense(self, embedder: Embedder, question: str) -> Scores:
        """The cosine with the best passage of each turn."""
        matrix, places = self._vectors[embedder.name]
        found = np.full(len(self._speakers), -1.0)
        asked = embedder.embed([question], question=True)[0]
        np.maximum.at(found, places, matrix @ asked)
        return found

    def rank_fusion(self, question: str) -> Scores:
        """Reciprocal ranks of BM25 and the last embedder."""
        fused = np.zeros(len(self._speakers))
        for scores in (self.bm25(question), self.dense(self._embedders[-1], question)):
            ranks = np.empty(len(scores))
            ranks[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
            fused += 1 / (_RANK_DAMPING + 1 + ranks)
        return fused

    def baseline(self, question: str) -> Scores:
        """The row described above."""
        total = _z(self.bm25(question)) + _z(self._around.scores(question))
        for embedder in self._embedders:
            meant = _z(self.dense(embedder, question))
            near = np.zeros_like(meant)
            near[1:] += np.where(self._follows[1:], meant[:-1], 0)
            near[:-1] += np.where(self._follows[1:], meant[1:], 0)
            total += _z(meant + _NEIGHBOURS * near)
        total = _z(total)
        asked = set(_stems(question))
        named = [name for name in set(self._speakers) if name and set(_stems(name)) & asked]
        if len(named) == 1:
            total += _SPEAKER * np.array([speaker == named[0] for speaker in self._speakers])
        best = np.full(int(np.max(self._sessions)) + 1, -np.inf)
        np.maximum.at(best, self._sessions, total)
        return total + _SESSION * best[self._sessions]


class _Index:
    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self._count = len(documents)
        self._postings: dict[str, list[tuple[int, int]]] = {}
        for place, words in enumerate(documents):
            for stem, times in Counter(words).items():
                self._postings.setdefault(stem, []).append((place, times))
        lengths = np.array([len(words) for words in documents], np.float64)
        self._lengths = lengths / lengths.mean()

    def scores(self, question: str) -> Scores:
        words = {word.lower() for word in _ASKED.findall(question)} - STOP_WORDS
        found = np.zeros(self._count)
        for stem in {stem for word in words for stem in _stems(word)}:
            postings = self._postings.get(stem, [])
            rarity = math.log1p((self._count - len(postings) + 0.5) / (len(postings) + 0.5))
            for place, times in postings:
                length = 1 - _B + _B * self._lengths[place]
                found[place] += rarity * times * (_K1 + 1) / (times + _K1 * length)
        return found


def _z(values: Scores) -> Scores:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 1e-9 else np.zeros_like(values)
