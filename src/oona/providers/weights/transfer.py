"""What every way of getting bytes shares: limits, progress, cancelling, and being passed over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from oona.core.clock import Clock
from oona.core.errors import OonaError

BLOCK = 1 << 20
"""Bytes read, hashed or copied at a time."""

Phase = Literal["waiting", "checking", "fetching"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a model has come.

    `done` and `total` are bytes of the finished file: while "fetching" those that have arrived, in
    this run or an earlier one; while "checking" those hashed so far; while "waiting" those that
    the other process has. `source` says in words where they come from or who is waited for. `notes`
    are the sources passed over so far, each with the reason.
    """

    phase: Phase
    done: int
    total: int
    source: str
    notes: tuple[str, ...] = ()


Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait for others (seconds) and how much disk to leave free (bytes)."""

    answer_seconds: float = 5.0
    silence_seconds: float = 45.0
    report_every: float = 0.1
    spare_disk: int = 256 << 20


class Cancelled(OonaError):
    """The person stopped a fetch. What has arrived is kept."""

    code = "cancelled"


class PassedOver(Exception):
    """A source did not bring the bytes; the reason is for the person to read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Job:
    """One fetch on its way: who is told of it, and whether it should stop."""

    def __init__(
        self,
        total: int,
        limits: Limits,
        clock: Clock,
        progress: Report | None,
        cancel: threading.Event | None,
    ) -> None:
        self.total = total
        self.limits = limits
        self.clock = clock
        self.notes: list[str] = []
        self._progress = progress
        self._cancel = cancel or threading.Event()
        self._reported_at = float("-inf")
        self._last: tuple[Phase, str] | None = None

    def check(self) -> None:
        """Raise Cancelled if the person asked to stop."""
        if self._cancel.is_set():
            raise Cancelled("The fetch was stopped.", "What has arrived is kept for the next one.")

    def pause(self, seconds: float) -> None:
        """Wait, but not past a request to stop, which raises Cancelled."""
        self._cancel.wait(seconds)
        self.check()

    def report(self, phase: Phase, done: int, source: str) -> None:
        """Tell how far it is: at every change of phase or source, else once in a while."""
        if self._progress is None:
            return
        now = self.clock.monotonic()
        news = (phase, source) != self._last or done >= self.total
        if news or now - self._reported_at >= self.limits.report_every:
            self._reported_at, self._last = now, (phase, source)
            self._progress(Progress(phase, done, self.total, source, tuple(self.notes)))
