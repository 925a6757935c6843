"""The processes that own the journals of a home: to measure them, to kill them, to end them."""

from __future__ import annotations

from oona.app.lock import OwnerLock
from oona.app.paths import Paths


def owners(paths: Paths) -> list[int]:
    """The process ids of the owners that live in `paths.home`, by the person's name.

    A lock that is free has a note of an owner that ended, whose number another process may bear by
    now. To see that, the lock is taken for a moment; an owner that starts just then waits for it.
    """
    found = []
    for file in sorted(paths.home.glob("people/*/owner.lock")):
        lock = OwnerLock(file)
        if lock.take():
            lock.release()
        elif (holder := lock.holder()) is not None:
            found.append(int(holder[0]))
    return found
