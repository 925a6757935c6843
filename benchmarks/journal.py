"""The journal: durable appends against the disk's own pace, batches, audits, recall, strikes."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.figures import Figure, Options, at_least, at_most, note, quantile
from benchmarks.words import Speaker
from oona.core.events import Actor, Draft, Kind
from oona.core.labels import PERSON
from oona.journal import Journal, audit, export_journal, import_journal
from oona.memory import FullTextRecall
from oona.testing.faults import Outcome, kills, on_disk, power_cuts
from oona.trust.lexicon import STOP_WORDS

_BATCH = 1_000
_BLOCK = 4_096
_ROUNDS = 60
_SYNCS_A_ROUND = 15
_QUESTIONS = 500
_BUDGET = 100  # tokens, as for a typed turn


def run(options: Options) -> list[Figure]:
    """Every figure of the journal."""
    speaker = Speaker(options.seed, sorted(STOP_WORDS, key=lambda word: (len(word), word)))
    return [
        *_durable(options.folder, speaker),
        *_large(options.folder, options.events, speaker),
        *_struck(options),
    ]


def _heard(speaker: Speaker) -> Draft:
    return Draft(Kind.HEARD, Actor.PERSON, {"text": speaker.turn(), "via": "typed"}, PERSON)


def _durable(folder: Path, speaker: Speaker) -> list[Figure]:
    """One turn, one transaction, on the disk before it is acknowledged.

    Compared with what a bare log pays, a block at the end of a file and an fsync, and with the
    least that a disk can do, a block written over and an fsync. All three are interleaved; making
    up the texts does not count.
    """
    note("durable appends, beside the disk's own pace")
    place = folder / "durable"
    place.mkdir()
    block = os.urandom(_BLOCK)
    shares: list[float] = []
    logged: list[float] = []
    written_over: list[float] = []
    appends: list[float] = []
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    blocks = os.open(folder / "blocks", os.O_RDWR | os.O_CREAT)
    try:
        _sync(blocks, bytes(64 * _BLOCK))
        with on_disk(place) as (_store, journal):
            journal.append(_heard(speaker))
            for _ in range(_ROUNDS):
                logged += _timed(lambda: _sync(log, block), _SYNCS_A_ROUND)
                written_over += _timed(lambda: _sync(blocks, block, at=0), _SYNCS_A_ROUND)
                drafts = iter([_heard(speaker) for _ in range(_SYNCS_A_ROUND)])
                appends += _timed(lambda: journal.append(next(drafts)), _SYNCS_A_ROUND)  # noqa: B023
                shares.append(100 * sum(logged[-_SYNCS_A_ROUND:]) / sum(appends[-_SYNCS_A_ROUND:]))
    finally:
        os.close(log)
        os.close(blocks)
    return [
        Figure("fsync of a growing file", len(logged) / sum(logged), "/s", spread=_spread(logged)),
        Figure(
            "fsync of a block written over",
            len(written_over) / sum(written_over),
            "/s",
            spread=_spread(written_over),
        ),
        Figure("durable appends", len(appends) / sum(appends), "/s", spread=_spread(appends)),
        at_least(
            "of the growing file's rate", 100 * sum(logged) / sum(appends), 50, "%", _spread(shares)
        ),
        Figure("of it, in the median round", statistics.median(shares), "%"),
        Figure("of the written-over block's rate", 100 * sum(written_over) / sum(appends), "%"),
    ]


def _sync(handle: int, data: bytes, at: int | None = None) -> None:
    if at is not None:
        os.lseek(handle, at, os.SEEK_SET)
    os.write(handle, data)
    os.fsync(handle)


def _large(folder: Path, events: int, speaker: Speaker) -> list[Figure]:
    """A journal of many events: how fast it is filled, verified, searched, exported, rewritten."""
    note(f"a journal of {events:,} events: written, verified, searched, exported")
    place = folder / "large"
    place.mkdir()
    with on_disk(place) as (_store, journal):
        rates = [_fill(journal, speaker) for _ in range(max(1, events // _BATCH))]
        [first] = journal.at_seq([1])
    started = time.perf_counter()
    with on_disk(place) as (store, journal):
        reopened = time.perf_counter() - started
        checks = _timed(lambda: _verify(journal), 3)
        recall = FullTextRecall(store, STOP_WORDS)
        recall.find(speaker.question(), _BUDGET)
        asked = [
            seconds * 1_000
            for question in [speaker.question() for _ in range(_QUESTIONS)]
            for seconds in _timed(lambda: recall.find(question, _BUDGET), 1)  # noqa: B023
        ]
        [exported] = _timed(lambda: export_journal(journal, folder / "export"), 1)
        [erased] = _timed(lambda: journal.erase([first.id], "asked"), 1)
    (folder / "copy").mkdir()
    with on_disk(folder / "copy") as (_store, copy):
        [imported] = _timed(lambda: import_journal(folder / "export", copy), 1)
    count = f"{events:,} events"
    return [
        at_least(
            f"appends in batches of {_BATCH:,}",
            statistics.median(rates),
            20_000,
            "/s",
            [quantile(rates, q) for q in (0.05, 0.5, 0.95)],
        ),
        at_most(f"verify {count}", statistics.median(checks), 3, "s", checks),
        at_most(f"recall in {count}, median", quantile(asked, 0.5), 10, "ms"),
        at_most(f"recall in {count}, 95 of 100", quantile(asked, 0.95), 10, "ms", _spread(asked)),
        at_most(f"open {count}", reopened, 1, "s"),
        Figure(f"export {count}", exported, "s"),
        Figure(f"import {count}", imported, "s"),
        Figure(f"erase one of {count}", erased, "s"),
        Figure("size of an event", _size(place) / events, "bytes"),
    ]


def _fill(journal: Journal, speaker: Speaker) -> float:
    """Events a second for one batch; making up the texts does not count."""
    drafts = [_heard(speaker) for _ in range(_BATCH)]
    [seconds] = _timed(lambda: journal.append(*drafts), 1)
    return _BATCH / seconds


def _verify(journal: Journal) -> None:
    found = audit(journal)
    if not found.sound:
        raise AssertionError(found.faults)


def _struck(options: Options) -> list[Figure]:
    """Kills and power cuts; what is lost should be nothing."""
    figures: list[Figure] = []
    for name, strike in (("kill -9", kills), ("power cut", power_cuts)):
        if strike is kills and not hasattr(os, "fork"):
            continue
        place = options.folder / name.replace(" ", "")
        place.mkdir()
        note(f"{name}, {options.kills:,} times")
        outcome = strike(place, options.kills, options.seed)
        for problem in outcome.problems[:10]:
            print(f"  {name}: {problem}")
        figures += _outcome(name, outcome)
    return figures


def _outcome(name: str, outcome: Outcome) -> list[Figure]:
    problems = len(outcome.problems)
    return [
        Figure(f"{name}: times", outcome.trials, ""),
        Figure(f"{name}: events acknowledged", outcome.acknowledged, ""),
        Figure(f"{name}: lost, unsound or alarmed", problems, "", "0", not problems),
        at_most(
            f"{name}: slowest opening after", max(outcome.reopen), 1, "s", _spread(outcome.reopen)
        ),
    ]


def _timed(work: Callable[[], object], times: int) -> list[float]:
    """The seconds that each of `times` runs took."""
    taken: list[float] = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return taken


def _spread(values: list[float]) -> tuple[float, ...]:
    """The quantiles 5, 50, 95 and 100 of 100."""
    return tuple(quantile(values, q) for q in (0.05, 0.5, 0.95, 1.0))


def _size(place: Path) -> int:
    return sum(path.stat().st_size for path in place.iterdir())
