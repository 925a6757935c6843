"""Breaking the journal on purpose: a process killed, the power cut, again and again.

Each trial writes until it is struck, opens the journal again and asks three things: is everything
there that was acknowledged, does the chain verify, do the views still show it. The tests run a
hundred trials, `make bench` a thousand.
"""

from __future__ import annotations

import contextlib
import os
import random
import select
import signal
import struct
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from oona.core.clock import SystemClock
from oona.core.errors import OonaError, StorageFault
from oona.core.events import Actor, Draft, Event, Kind
from oona.core.labels import PERSON
from oona.journal import Journal, audit
from oona.journal.heads import Heads
from oona.memory import TurnTexts
from oona.store import SqliteStore
from oona.testing.lossy_disk import LossyDisk

KEY = bytes(range(32))
_TRIALS_PER_LIFE = 25
_LOG_ROOM = 256 * 1024  # bytes; less than the store reserves, so that logs outgrow it
_ACKNOWLEDGED = struct.Struct(">QQ32s")
_NEVER = (0, 0, b"")


@dataclass(slots=True)
class Outcome:
    """What came of the trials: how many events were acknowledged, and whatever went wrong.

    `reopen` lists the seconds that opening took after each strike; `struck_open` counts the trials
    that were struck before a first event of theirs was acknowledged.
    """

    trials: int = 0
    acknowledged: int = 0
    struck_open: int = 0
    problems: list[str] = field(default_factory=list)
    reopen: list[float] = field(default_factory=list)


class Writer:
    """Writes turns of all sizes, and erases some, telling what was acknowledged."""

    def __init__(self, journal: Journal, chance: random.Random, acknowledge: Acknowledge) -> None:
        self._journal = journal
        self._chance = chance
        self._acknowledge = acknowledge
        self._written: list[Event] = []

    def step(self) -> None:
        """One append, or now and then one erasure."""
        if self._written and self._chance.random() < 0.04:
            victim = self._written.pop(self._chance.randrange(len(self._written)))
            receipt = self._journal.erase([victim.id], "asked")
            self._acknowledge(receipt, 0)
            return
        words = self._chance.choice((5, 20, 20, 20, 400, 4_000))
        count = self._chance.choice((1, 1, 1, 2, 50)) if words < 1_000 else 1
        token = self._chance.getrandbits(40)
        events = self._journal.append(*(self._turn(words, token) for _ in range(count)))
        self._written += events
        self._acknowledge(events[-1], token)

    def _turn(self, words: int, token: int) -> Draft:
        text = " ".join(f"word{self._chance.getrandbits(9)}" for _ in range(words))
        return Draft(Kind.HEARD, Actor.PERSON, {"text": f"{_word(token)} {text}"}, PERSON)


Acknowledge = Callable[[Event, int], None]
"""Told of the last event of what was kept, and the number that its text can be found by, or 0."""


def power_cuts(folder: Path, trials: int, seed: int) -> Outcome:
    """Cut the power of a `LossyDisk` at a random write, `trials` times. Heads lie in `folder`."""
    outcome = Outcome()
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    for life in range(-(-trials // _TRIALS_PER_LIFE)):
        disk = LossyDisk(chance.getrandbits(32))
        heads = folder / f"heads-{life}"
        acknowledged = _NEVER
        for _ in range(min(_TRIALS_PER_LIFE, trials - outcome.trials)):
            acknowledged = _until_power_is_cut(disk, heads, chance, acknowledged, outcome)
            _tear(heads, chance)
            _reopen(partial(_open, Path("/life.db"), heads, disk.vfs), acknowledged, outcome)
    return outcome


def kills(folder: Path, trials: int, seed: int) -> Outcome:
    """Kill a writing process (SIGKILL) at a random moment, `trials` times.

    Raises StorageFault where processes cannot be forked (Windows).
    """
    if not hasattr(os, "fork"):
        raise StorageFault("Processes cannot be forked on this system, so none was killed.")
    outcome = Outcome()
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    for life in range(-(-trials // _TRIALS_PER_LIFE)):
        place = folder / f"life-{life}"
        place.mkdir()
        acknowledged = _NEVER
        for _ in range(min(_TRIALS_PER_LIFE, trials - outcome.trials)):
            acknowledged = _until_killed(place, chance, acknowledged, outcome)
            _reopen(partial(_open, place / "life.db", place / "heads"), acknowledged, outcome)
    return outcome


def _open(path: Path, heads: Path, vfs: str | None = None) -> tuple[SqliteStore, Journal]:
    store = SqliteStore(path, KEY, vfs)
    try:
        return store, Journal(store, Heads(heads), SystemClock(), "UTC", [TurnTexts()])
    except OonaError:
        with contextlib.suppress(StorageFault):
            store.close()
        raise


def _reopen(
    opened: Callable[[], tuple[SqliteStore, Journal]],
    acknowledged: tuple[int, int, bytes],
    outcome: Outcome,
) -> None:
    outcome.trials += 1
    started = time.perf_counter()
    try:
        store, journal = opened()
    except OonaError as fault:
        outcome.problems.append(f"trial {outcome.trials}: it does not open: {fault}")
        return
    outcome.reopen.append(time.perf_counter() - started)
    with contextlib.closing(journal):
        problems = list(audit(journal).faults)
        seq, token, digest = acknowledged
        found = journal.at_seq([seq])
        if seq and [event.hash for event in found] != [digest]:
            problems.append(f"event {seq} was acknowledged and is lost")
        # It may have been erased since, when the strike came before the receipt was acknowledged.
        elif token and found[0].raw and not _findable(store, seq, token):
            problems.append(f"event {seq} is kept and the text view does not show it")
        outcome.problems += [f"trial {outcome.trials}: {problem}" for problem in problems]


def _until_power_is_cut(
    disk: LossyDisk,
    heads: Path,
    chance: random.Random,
    acknowledged: tuple[int, int, bytes],
    outcome: Outcome,
) -> tuple[int, int, bytes]:
    latest, count = acknowledged, 0

    def note(event: Event, token: int) -> None:
        nonlocal latest, count
        latest = (event.seq, token, event.hash)
        count += 1

    journal = None
    disk.cut_after(chance.choice((chance.randrange(40), chance.randrange(4_000))))
    try:
        _store, journal = _open(Path("/life.db"), heads, disk.vfs)
        if chance.random() < 0.5:
            disk.reserve("/life.db-wal", _LOG_ROOM)
        writer = Writer(journal, chance, note)
        while True:
            writer.step()
    except StorageFault:
        disk.cut_power()
    except OonaError as fault:
        disk.cut_power()
        outcome.problems.append(f"trial {outcome.trials + 1}: writing ended with: {fault}")
    finally:
        if journal:
            with contextlib.suppress(StorageFault):
                journal.close()
    outcome.acknowledged += count
    outcome.struck_open += not count
    return latest


def _tear(heads: Path, chance: random.Random) -> None:
    """Do to the unsynced heads what a power cut may: lose, tear or keep what was written last."""
    image = heads.read_bytes() if heads.exists() else b""
    what = chance.randrange(4)
    if what == 0 and image:
        at = chance.randrange(len(image))
        heads.write_bytes(image[:at] + chance.randbytes(len(image) - at))
    elif what == 1 and image:
        heads.write_bytes(image[: chance.randrange(len(image))])
    elif what == 2:
        heads.unlink(missing_ok=True)


def _until_killed(
    place: Path, chance: random.Random, acknowledged: tuple[int, int, bytes], outcome: Outcome
) -> tuple[int, int, bytes]:
    seed = chance.getrandbits(32)
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # The child touches nothing that another thread of this process could hold.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _write_until_killed(place, seed, writing)
    os.close(writing)
    try:
        # Half of the kills come while the file is being opened or created, half while writing.
        if chance.random() < 0.5:
            select.select([reading], [], [], 5.0)
        time.sleep(chance.random() * 0.06)
        os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
        told = b"".join(iter(lambda: os.read(reading, 1 << 16), b""))
    finally:
        os.close(reading)
    if not os.WIFSIGNALED(status):
        outcome.problems.append(f"trial {outcome.trials + 1}: the writer ended by itself")
    # A kill may cut the last message short; what was not said whole was not acknowledged.
    whole = len(told) // _ACKNOWLEDGED.size
    outcome.acknowledged += whole
    outcome.struck_open += not whole
    if not whole:
        return acknowledged
    seq, token, digest = _ACKNOWLEDGED.unpack_from(told, (whole - 1) * _ACKNOWLEDGED.size)
    return seq, token, digest


def _write_until_killed(place: Path, seed: int, writing: int) -> None:
    def tell(event: Event, token: int) -> None:
        os.write(writing, _ACKNOWLEDGED.pack(event.seq, token, event.hash))

    try:
        _store, journal = _open(place / "life.db", place / "heads")
        writer = Writer(journal, random.Random(seed), tell)  # noqa: S311 - repeatable
        while True:
            writer.step()
    except BaseException:  # noqa: BLE001 - nothing may escape into the parent's code
        traceback.print_exc()
    finally:
        os._exit(1)


def _findable(store: SqliteStore, seq: int, token: int) -> bool:
    return seq in [hit.seq for hit in store.search_text([_word(token)], 100)]


def _word(token: int) -> str:
    return f"tok{token}"


@contextlib.contextmanager
def on_disk(folder: Path) -> Iterator[tuple[SqliteStore, Journal]]:
    """A journal with the text view in `folder`, closed at the end; for tests and measurements."""
    store, journal = _open(folder / "life.db", folder / "heads")
    with contextlib.closing(journal):
        yield store, journal
