"""Projections: views of the journal, kept up with it and rebuilt from it without a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from oona.core.events import Event
from oona.core.storage import UnitOfWork


class Projection(Protocol):
    """A view that is written in the same unit of work as the events it shows.

    `version` is raised when `apply` changes what it writes; the journal then replays everything.
    """

    name: str
    version: int

    def reset(self, work: UnitOfWork) -> None:
        """Empty the view."""
        ...

    def apply(self, work: UnitOfWork, events: Sequence[Event]) -> None:
        """Take in events, oldest first; bodies already erased come as None."""
        ...

    def forget(self, work: UnitOfWork, event: Event) -> None:
        """Remove every trace of `event`, whose body still stands and is about to be erased."""
        ...
