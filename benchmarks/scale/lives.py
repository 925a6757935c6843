"""Writes a made-up life into an encrypted file, with vectors and cells, and says how fast."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.figures import note
from benchmarks.scale.embedder import WordSums
from benchmarks.scale.world import BORN, World
from oona.core.clock import VirtualClock
from oona.core.events import Actor, Draft, Kind
from oona.core.labels import COMPANION, PERSON
from oona.journal import Journal, Projection
from oona.journal.heads import Heads
from oona.memory import SpokenTurns, Tombstones, TurnTexts
from oona.memory.filing import Filing
from oona.memory.meaning import MOST, Meanings
from oona.store import SqliteStore

_KEY = bytes(range(32))
_FILE = "life.db"
_FIGURES = "figures.json"
_AT_ONCE = 1_000

Told = dict[str, float]


def opened(folder: Path) -> contextlib.closing[SqliteStore]:
    """The life in `folder`."""
    return contextlib.closing(SqliteStore(folder / _FILE, _KEY))


def made(folder: Path, turns: int, world: World, embedder: WordSums) -> Told:
    """A life of `turns` turns in `folder`; one that stands there, finished, is left as it is."""
    figures = folder / _FIGURES
    if figures.exists():
        return dict(json.loads(figures.read_text(encoding="utf-8")))
    folder.mkdir(parents=True)
    note(f"{turns:,} turns: written")
    told: Told = {}
    sittings = iter(list(world.sittings(turns)))
    with _journal(folder) as (store, journal, clock):
        started = time.perf_counter()
        for sitting in sittings:
            clock.advance(sitting.at - clock.now())
            journal.append(*_drafts(sitting.texts))
        told["turns a second"] = turns / (time.perf_counter() - started)
        written = _size(store)
        told["bytes a turn: journal and words"] = written / turns
        note(f"{turns:,} turns: vectors")
        told["vectors a second, without a model"] = _rate(Meanings(store, embedder), turns)
        bytes_before = _size(store)
        told["bytes a turn: vectors"] = (
            bytes_before / turns - told["bytes a turn: journal and words"]
        )
        if turns > MOST:
            note(f"{turns:,} turns: cells")
            told |= _filed(Filing(store, embedder.name, embedder.dimension, MOST))
            told["bytes a turn: cells"] = (_size(store) - bytes_before) / turns
    figures.write_text(json.dumps(told), encoding="utf-8")
    return told


def _filed(filing: Filing) -> Told:
    """Make the index of cells, as idle time does."""
    steps: list[tuple[float, float]] = []
    started, burnt = time.perf_counter(), time.process_time()
    while (portion := filing.take()) is not None:
        thought = time.perf_counter()
        filed = filing.made(portion)
        writing = time.perf_counter()
        filing.keep(portion, filed)
        steps.append((writing - thought, time.perf_counter() - writing))
    return {
        "cells made, seconds": time.perf_counter() - started,
        "cells made, seconds of a core": time.process_time() - burnt,
        "longest portion of thought, ms": 1e3 * max(thought for thought, _ in steps),
        "longest portion of writing, ms": 1e3 * max(writing for _, writing in steps),
    }


def _rate(meanings: Meanings, turns: int) -> float:
    started = time.perf_counter()
    while meanings.advance(_AT_ONCE):
        pass
    return turns / (time.perf_counter() - started)


def _drafts(texts: tuple[str, ...]) -> list[Draft]:
    return [
        Draft(Kind.SAID, Actor.COMPANION, {"text": text}, COMPANION)
        if number % 2
        else Draft(Kind.HEARD, Actor.PERSON, {"text": text, "via": "typed"}, PERSON)
        for number, text in enumerate(texts)
    ]


def durable_rate(folder: Path, world: World) -> float:
    """Turns a second, each on the disk before the next; in a life of its own."""
    texts = [text for sitting in islice(world.sittings(600), 100) for text in sitting.texts]
    folder.mkdir()
    with _journal(folder, durable=True) as (_store, journal, _clock):
        started = time.perf_counter()
        for draft in _drafts(tuple(texts)):
            journal.append(draft)
        return len(texts) / (time.perf_counter() - started)


@contextlib.contextmanager
def _journal(
    folder: Path, *, durable: bool = False
) -> Iterator[tuple[SqliteStore, Journal, VirtualClock]]:
    clock = VirtualClock(BORN)
    store = SqliteStore(folder / _FILE, _KEY)
    if not durable:  # how fast the disk syncs is measured elsewhere (`benchmarks.journal`)
        store._db.pragma("synchronous", "OFF")  # noqa: SLF001
    views: list[Projection] = [TurnTexts(), SpokenTurns(), Tombstones()]
    journal = Journal(store, Heads(folder / "heads"), clock, "UTC", views)
    with contextlib.closing(journal):
        yield store, journal, clock


def _size(store: SqliteStore) -> int:
    pages, size = (store._db.pragma(name) for name in ("page_count", "page_size"))  # noqa: SLF001
    return int(pages) * int(size)
