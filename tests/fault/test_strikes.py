"""Kills and power cuts at random moments: nothing acknowledged is ever lost."""

from __future__ import annotations

import os
import random
from pathlib import Path

import apsw
import pytest

from oona.testing import lossy_disk
from oona.testing.faults import kills, power_cuts
from oona.testing.lossy_disk import LossyDisk

pytestmark = [pytest.mark.fault, pytest.mark.slow]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where processes can be forked")
def test_a_killed_process_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """After each of 100 kills: every acknowledged event is there, chain and views hold."""
    outcome = kills(tmp_path, trials=100, seed=random.randrange(2**32))
    assert outcome.problems == []
    assert (outcome.trials, len(outcome.reopen)) == (100, 100)
    assert outcome.acknowledged > 100


@pytest.mark.parametrize("seed", [1, None])
def test_a_power_cut_loses_nothing_acknowledged(tmp_path: Path, seed: int | None) -> None:
    """After each power cut, with unsynced writes lost and torn, the same holds; no false alarm."""
    chosen = random.randrange(2**32) if seed is None else seed
    outcome = power_cuts(tmp_path, trials=50, seed=chosen)
    assert outcome.problems == [], f"seed {chosen}"
    assert outcome.acknowledged > 50


def test_the_trials_would_notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a disk that lies about syncing, the very same trials find losses."""
    monkeypatch.setattr(lossy_disk._File, "sync", lambda self: None)
    assert power_cuts(tmp_path, trials=50, seed=3).problems


def test_the_disk_forgets_what_was_not_synced() -> None:
    """Unsynced writes are kept, lost or torn, in every mixture; synced ones are always kept."""
    seen: set[bytes] = set()
    for seed in range(200):
        disk = LossyDisk(seed)
        handle = disk.xOpen("/x", [apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_WAL, 0])
        handle.xWrite(b"safe", 0)
        handle.xSync(0)
        handle.xWrite(b"lost", 4)
        handle.xWrite(b"torn" * 300, 1_000)
        disk.cut_power()
        kept = bytes(disk.files["/x"].seen)
        assert kept[:4] == b"safe"
        seen.add(kept)
        with pytest.raises(apsw.IOError):
            handle.xRead(4, 0)
    assert b"safe" in seen
    assert any(image.startswith(b"safelost") for image in seen)
    assert any(image[4:8] in (b"", bytes(4)) and b"torn" in image for image in seen)
    assert len(seen) > 20


def test_the_very_first_write_can_be_struck() -> None:
    """A disk told to fail at once fails at once, also when nothing was written before."""
    disk = LossyDisk(1)
    disk.cut_after(0)
    handle = disk.xOpen("/x", [apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_WAL, 0])
    with pytest.raises(apsw.IOError):
        handle.xWrite(b"lost", 0)
