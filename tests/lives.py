"""Journals for tests: on a disk in memory, or in a folder, with a clock that stands still."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from oona.core.clock import VirtualClock
from oona.core.errors import StorageFault
from oona.core.events import Actor, Draft, Kind
from oona.core.labels import COMPANION, PERSON
from oona.journal import Journal, Projection
from oona.journal.heads import Heads
from oona.memory import TurnTexts
from oona.store import SqliteStore
from oona.testing.lossy_disk import LossyDisk

KEY = b"k" * 32
START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
FILE = Path("/life.db")


def heard(text: str, **more: object) -> Draft:
    """What the person typed."""
    return Draft(Kind.HEARD, Actor.PERSON, {"text": text, **more}, PERSON)


def said(text: str, **more: object) -> Draft:
    """What the companion answered."""
    return Draft(Kind.SAID, Actor.COMPANION, {"text": text, **more}, COMPANION)


CREATED = Draft(Kind.CREATED, Actor.SYSTEM, {"person": "ada"}, COMPANION)


@dataclass
class Life:
    """A person's store and journal. With `disk` they lie in memory, else in `folder`."""

    folder: Path
    disk: LossyDisk | None = field(default_factory=lambda: LossyDisk(0))
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(START))
    projections: Sequence[Projection] = (TurnTexts(),)

    def __post_init__(self) -> None:
        self.open()

    @property
    def path(self) -> Path:
        return FILE if self.disk else self.folder / "life.db"

    @property
    def heads_path(self) -> Path:
        return self.folder / "heads"

    def open(self) -> None:
        """Open the file, creating it where there is none."""
        self.store = SqliteStore(self.path, KEY, self.disk.vfs if self.disk else None)
        try:
            self.journal = Journal(
                self.store, Heads(self.heads_path), self.clock, "Europe/Oslo", self.projections
            )
        except BaseException:
            self.store.close()
            raise

    def reopen(self) -> None:
        """Close the file as a good end does, and open it again."""
        self.journal.close()
        self.open()

    def cut_power(self) -> None:
        """Lose what was not synced, and open the file again."""
        assert self.disk
        self.disk.cut_power()
        with contextlib.suppress(StorageFault):
            self.journal.close()
        self.open()

    def pages(self) -> bytes:
        """Every page of the file, decrypted."""
        return self.store._db.serialize("main")

    def sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Run a statement behind the journal's back."""
        return cast(
            "list[tuple[object, ...]]",
            self.store._db.execute(statement, cast("tuple[bytes, ...]", values)).fetchall(),
        )
