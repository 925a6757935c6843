"""What a question takes in a life of some size, and whether it finds what a full search finds."""

from __future__ import annotations

import contextlib
import os
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.figures import quantile
from benchmarks.scale.embedder import Floats, WordSums
from benchmarks.scale.lives import Told, opened
from benchmarks.scale.world import World
from oona.core.storage import Store
from oona.memory import SpokenTurns, sparse
from oona.memory.cells import directions
from oona.memory.fusion import Channels, Meant, Weights, fuse
from oona.memory.hybrid import HybridRecall
from oona.memory.meaning import Vectors
from oona.memory.question import read_question
from oona.memory.table import Places, Table
from oona.trust.lexicon import STOP_WORDS

_QUESTIONS = 200
_COMPARED = 100
_BUDGET = 100  # tokens, as for a typed turn
_TOP = 10
_ALL = 1 << 40


class Known:
    """An Embedder that knows the questions already: what embedding takes is measured apart."""

    def __init__(self, inner: WordSums, questions: Sequence[str]) -> None:
        self._inner = inner
        self.name, self.dimension, self.floor = inner.name, inner.dimension, inner.floor
        self._known = {text: inner.embed([text], question=True) for text in questions}

    def embed(self, texts: Sequence[str], *, question: bool = False) -> Floats:
        if question and len(texts) == 1 and texts[0] in self._known:
            return self._known[texts[0]]
        return self._inner.embed(texts, question=question)


def asked(folder: Path, world: World, inner: WordSums) -> Told:
    """Figures of questions to the life in `folder`. Times are milliseconds."""
    chance = random.Random(7)
    told: Told = {}
    before = _resident()
    with opened(folder) as store:
        head = store.head().seq
        seqs = sorted(chance.sample(range(1, head), min(_QUESTIONS, head - 1)))
        questions = [world.question(event.text()) for event in store.by_seq(seqs)]
        chance.shuffle(questions)
        embedder = Known(inner, questions)
        for name, embedders in (("words", []), ("meaning", [embedder])):
            recall = HybridRecall(store, SpokenTurns(), STOP_WORDS, embedders)
            started, burnt = time.perf_counter(), time.process_time()
            recall.find(questions[0], _BUDGET)
            told[f"{name}: first question"] = 1e3 * (time.perf_counter() - started)
            told[f"{name}: first question, of a core"] = 1e3 * (time.process_time() - burnt)
            told |= _timed(name, recall, questions, head)
            told[f"{name}: MB of memory"] = (_resident() - before) / 1e6
            told |= _compared(name, store, recall, inner, questions[:_COMPARED])
            before = _resident()
    return told


def _timed(name: str, recall: HybridRecall, questions: Sequence[str], head: int) -> Told:
    taken: list[float] = []
    burnt: list[float] = []
    for question in questions:
        started, before = time.perf_counter(), time.process_time()
        recall.find(question, _BUDGET, before=head)
        burnt.append(1e3 * (time.process_time() - before))
        taken.append(1e3 * (time.perf_counter() - started))
    return {
        f"{name}: p50": quantile(taken, 0.5),
        f"{name}: p95": quantile(taken, 0.95),
        f"{name}: p50, of a core": quantile(burnt, 0.5),
        f"{name}: p95, of a core": quantile(burnt, 0.95),
    }


def _compared(
    name: str, store: Store, recall: HybridRecall, inner: WordSums, questions: Sequence[str]
) -> Told:
    """The share of the first ten of a full search that recall has among its first ten.

    The full search scores every turn by all its words and by its vector, in 32 bits.
    """
    with_meaning = bool(recall.embedders)
    seqs, rows = _all_vectors(store, inner) if with_meaning else (None, None)
    table = Table()
    table.refresh(store)
    vectors = Vectors(inner)
    vectors.refresh(store)
    shared: list[float] = []
    dense: list[float] = []
    for text in questions:
        part, channels = recall.channels(text)
        found = _first(part, fuse(part, channels, Weights()))
        today = datetime.fromtimestamp(int(table.at.max()), UTC).date()
        question = read_question(text, STOP_WORDS, table.speakers, today)
        counts = store.document_frequency(question.words)
        words = sparse.bm25(store, table, counts, _ALL).over(len(table))
        meant: tuple[Meant, ...] = ()
        if seqs is not None and rows is not None:
            to = vectors.asked(question.bare)
            cosines = rows @ to
            meant = (Meant(table.places(seqs), cosines, inner.floor),)
            near = set(vectors.candidates(store, to, 256).tolist())
            best = seqs[np.argsort(-cosines)[:_TOP]].tolist()
            dense.append(len(near & set(best)) / len(best))
        everything = Channels(*words, meant, -1, question.periods, question.when)
        wanted = _first(table, fuse(table, everything, Weights()))
        shared.append(len(found & wanted) / max(1, len(wanted)))
    told = {f"{name}: overlap@10": float(np.mean(shared))}
    return told | ({"dense: recall@10": float(np.mean(dense))} if dense else {})


def _first(table: Table, scores: Floats) -> set[int]:
    places = np.argsort(-scores, kind="stable")[:_TOP]
    return set(table.seq[places[np.isfinite(scores[places])]].tolist())


def _all_vectors(store: Store, inner: WordSums) -> tuple[Places, Floats]:
    """Every vector. The one that the file keeps in bytes was made of is 0.9999 like it."""
    seqs: list[int] = []
    parts: list[Floats] = []
    while rows := store.next_vectors(inner.name, seqs[-1] if seqs else 0, 20_000):
        seqs += [row.seq for row in rows]
        parts.append(directions(b"".join(row.data for row in rows), inner.dimension))
    return np.array(seqs, np.int64), np.concatenate(parts)


def _resident() -> int:
    """Bytes that this process holds, or 0 where that is not told."""
    with contextlib.suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0
