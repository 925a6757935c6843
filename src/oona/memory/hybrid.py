"""Recall by words and by meaning together, over every turn of a life."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

import numpy as np

from oona.core.embedding import Embedder
from oona.core.storage import Store
from oona.memory import shortlist, sparse
from oona.memory.fusion import Channels, Weights, fuse
from oona.memory.meaning import MOST, Vectors
from oona.memory.pieces import within
from oona.memory.question import Question, read_question
from oona.memory.recall import Recalled, RecalledTurn
from oona.memory.shortlist import Asked
from oona.memory.spoken import SpokenTurns
from oona.memory.table import Floats, Table

CANDIDATES = 64
_UNLIKE = 0.5
"""What a candidate loses that says what a chosen one says, in deviations (Carbonell and Goldstein,
1998)."""

_WEIGHTS = Weights()

Coming = Mapping[str, Future[Floats]]
"""A question as embedders have it, or will have it, by their names."""


class HybridRecall:
    """The Recall of a house; without `embedders` it goes by words alone.

    `spoken` is the view of the same journal: it tells when something was forgotten. Reads the
    store at the first question (a million turns: about a second), then only what is new. Above
    50,000 turns it weighs a shortlist (`shortlist.py`). Not for several threads at once.
    """

    def __init__(
        self,
        store: Store,
        spoken: SpokenTurns,
        stop_words: frozenset[str],
        embedders: Sequence[Embedder] = (),
        weights: Weights = _WEIGHTS,
    ) -> None:
        self._store = store
        self._spoken = spoken
        self._stop_words = stop_words
        self._weights = weights
        self.embedders = tuple(embedders)
        self._embedding = ThreadPoolExecutor(1, "question")  # beside the search by words
        self._expected: tuple[str, Coming] = "", {}
        self._forget()

    def find(self, question: str, budget: int, before: int = 0, imported: int = 0) -> Recalled:
        table = self._refreshed()
        if before:
            table = table.upto(before)
        if not len(table) or not question.strip():
            return Recalled((), ())
        table, channels, stems, asks = self._channels(table, question)
        if not asks:
            return Recalled((), ())
        scores = fuse(table, channels, self._weights)
        by = ("words", *(found.name for found in channels.meant))
        if not imported:
            return Recalled(self._ranked(table, scores, stems, budget), stems, by)
        ours = self._ranked(table, np.where(table.imported, -np.inf, scores), stems, budget)
        theirs = self._ranked(table, np.where(table.imported, scores, -np.inf), stems, imported)
        return Recalled(ours, stems, by, theirs)

    def expect(self, question: str) -> None:
        if self._vectors and question.strip():
            bare = self._question(question, tuple(self._table.speakers)).bare
            self._expected = bare, {one.embedder.name: to for one, to in self._embedded(bare, {})}

    def _ranked(
        self, table: Table, scores: Floats, stems: Sequence[str], budget: int
    ) -> tuple[RecalledTurn, ...]:
        """The turns with the best `scores`, or what bears of them, that fit into `budget`."""
        ranked = self._varied(table, _best(scores, CANDIDATES), scores)
        found = ((int(table.seq[place]), float(scores[place])) for place in ranked)
        return tuple(within(self._store, found, stems, budget))

    def warm(self) -> None:
        """Read what the first question would else wait for."""
        self._refreshed()

    def understand(self, embedders: Sequence[Embedder]) -> None:
        """Go by these embedders from now on."""
        self.embedders = tuple(embedders)
        self._forget()

    def channels(self, question: str) -> tuple[Table, Channels]:
        """What each way of looking finds for `question`: for fitting weights, and for telling."""
        return self._channels(self._refreshed(), question)[:2]

    def _refreshed(self) -> Table:
        if self._erased != self._spoken.erased:
            self._forget()
        self._table.refresh(self._store)
        for vectors in self._vectors:
            vectors.refresh(self._store)
        return self._table

    def _forget(self) -> None:
        self._erased = self._spoken.erased
        self._table = Table()
        self._vectors = [Vectors(embedder) for embedder in self.embedders]
        self._expected = "", {}

    def _question(self, text: str, speakers: Iterable[str], now: int = 0) -> Question:
        today = datetime.fromtimestamp(now, UTC).date()
        return read_question(text, self._stop_words, speakers, today)

    def _embedded(self, bare: str, coming: Coming) -> list[Asked]:
        """The question by each embedder, in the making if it is not `coming`."""
        return [
            (one, coming.get(one.embedder.name) or self._embedding.submit(one.asked, bare))
            for one in self._vectors
            if one
        ]

    def _channels(self, table: Table, text: str) -> tuple[Table, Channels, tuple[str, ...], bool]:
        """What was found of which turns, by which stems, and whether anything is asked at all.

        "How are you?" asks for nothing. In a long life those turns are a shortlist.
        """
        question = self._question(text, table.speakers, table.newest)
        asks = bool(question.words or question.speaker or question.periods)
        (expected, coming), self._expected = self._expected, ("", {})  # kept for one question alone
        coming = coming if expected == question.bare else {}
        asked = self._embedded(question.bare, coming) if asks else []
        counts = self._store.document_frequency(question.words)
        if len(table) > MOST:
            stems = sparse.rarest(counts, shortlist.MOST_POSTINGS)
            matches = self._matches(table, counts, stems, shortlist.MOST_POSTINGS)
            part, found = shortlist.shortlisted(
                self._store, table, question, matches, asked, self._weights
            )
            return part, found, tuple(stems), asks
        stems = sparse.rarest(counts)
        alone, around = self._matches(table, counts, stems).over(len(table))
        near = (vectors.near(table, one.result()) for vectors, one in asked)
        meant = tuple(found for found in near if found is not None)
        speaker = table.speakers.get(question.speaker, -1) if question.speaker else -1
        found = Channels(alone, around, meant, speaker, question.periods, question.when)
        return table, found, tuple(stems), asks

    def _matches(
        self, table: Table, counts: Mapping[str, int], stems: Iterable[str], *most: int
    ) -> sparse.Matches:
        return sparse.bm25(self._store, table, {stem: counts[stem] for stem in stems}, *most)

    def _varied(self, table: Table, ranked: Sequence[int], scores: Floats) -> Iterator[int]:
        """`ranked` so that what was said already comes later; worked out as far as it is read."""
        if not self._vectors or len(ranked) < 2:
            yield from ranked
            return
        vectors = self._vectors[0]
        seqs = table.seq[ranked].tolist()
        known = vectors.of(seqs)
        nothing = np.zeros(vectors.embedder.dimension, np.float32)
        rows = np.stack([known.get(seq, nothing) for seq in seqs])
        alike = rows @ rows.T
        left = scores[ranked].astype(float)
        heard = np.zeros(len(ranked), np.float32)
        for _ in ranked:
            best = int(np.argmax(left - _UNLIKE * heard))
            yield ranked[best]
            left[best] = -np.inf
            np.maximum(heard, alike[best], out=heard)


def _best(scores: Floats, most: int) -> list[int]:
    """The places of the largest scores, best first, those of minus infinity left out."""
    places = np.flatnonzero(np.isfinite(scores))
    if len(places) > most:
        places = places[np.argpartition(-scores[places], most)[:most]]
    return [int(place) for place in places[np.lexsort((places, -scores[places]))]]
