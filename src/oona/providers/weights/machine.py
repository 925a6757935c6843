"""Which model suits this machine."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Collection
from pathlib import Path

from oona.core.errors import WeightsFault
from oona.providers.weights.catalogue import Catalogue, Model


def free_memory(proc: Path = Path("/proc"), cgroup: Path = Path("/sys/fs/cgroup")) -> int:
    """Bytes of memory that a new program could have, 0 where the system does not say.

    Linux: what the kernel calls available, or less where a container allows less. Windows: what is
    available. Elsewhere: half of what is built in, since macOS gives no such figure.
    """
    available = _meminfo(proc / "meminfo")
    if available:
        allowed = _cgroup_room(cgroup)
        return available if allowed is None else min(available, allowed)
    return _without_proc()


def _meminfo(path: Path) -> int:
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    for line in lines:
        words = line.split()
        if words and words[0] == "MemAvailable:":
            return int(words[1]) * 1024
    return 0


def _cgroup_room(folder: Path) -> int | None:
    try:
        limit = (folder / "memory.max").read_text(encoding="ascii").strip()
        used = (folder / "memory.current").read_text(encoding="ascii").strip()
    except OSError:
        return None
    if not (limit.isdecimal() and used.isdecimal()):
        return None  # "max": no limit
    return max(0, int(limit) - int(used))


if sys.platform == "win32":

    class _MemoryStatus(ctypes.Structure):
        """MEMORYSTATUSEX of the Windows API."""

        _fields_ = [
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            ("total", ctypes.c_ulonglong),
            ("available", ctypes.c_ulonglong),
            ("rest", ctypes.c_ulonglong * 5),
        ]

    def _without_proc() -> int:
        status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
        if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
            return 0
        return int(status.available)

else:

    def _without_proc() -> int:
        try:
            return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
        except (ValueError, OSError):
            return 0


def default_for(
    catalogue: Catalogue,
    memory: int,
    reachable: Callable[[Model], bool],
    installed: Collection[str] = (),
) -> Model:
    """The largest chat model that this machine can carry and can have.

    `memory` is in bytes, 0 for unknown. A model that no package brings is asked for at its
    publisher, by `reachable`, unless it is among the `installed`.
    """
    chat = sorted(
        (model for model in catalogue if "chat" in model.roles),
        key=lambda model: model.parameters,
        reverse=True,
    )
    if not chat:
        raise WeightsFault("The catalogue names no model to talk with.")
    for model in chat:
        enough = memory >= model.wants_free or (not memory and model.in_packages)
        if enough and (model.in_packages or model.name in installed or reachable(model)):
            return model
    return chat[-1]
