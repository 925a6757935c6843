"""The machine that the figures are of."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import apsw

import oona


def describe(folder: Path) -> dict[str, object]:
    """What the machine is, and how busy it is; `folder` lies on the disk that is measured."""
    return {
        "cpu": _cpu(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 0,
        "memory_gib": _memory(),
        "os": platform.platform(),
        "file_system": _file_system(folder),
        "python": platform.python_version(),
        "sqlite": apsw.sqlite_lib_version(),
        "oona": oona.__version__,
        "load_before": load(),
    }


def load() -> float | None:
    """How many processes wanted a core over the last minute, or None where that is not told."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def sentence(described: dict[str, object]) -> str:
    """The same for people, in two lines."""
    return (
        f"{described['cpu']}, {described['cores']} cores, {described['memory_gib']} GiB, "
        f"{described['os']}\n"
        f"Python {described['python']}, SQLite {described['sqlite']}, files on "
        f"{described['file_system']}, load {described['load_before']}"
    )


def _cpu() -> str:
    model = _field(Path("/proc/cpuinfo"), "model name")
    return model or platform.processor() or platform.machine()


def _memory() -> float | None:
    if "SC_PHYS_PAGES" not in getattr(os, "sysconf_names", {}):
        return None
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1)


def _file_system(folder: Path) -> str:
    """The kind of file system that `folder` lies on, where Linux tells it."""
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return "an unnamed file system"
    place = folder.resolve()
    best = ("", "an unnamed file system")
    for line in mounts.read_text(encoding="utf-8").splitlines():
        _device, point, kind, *_rest = line.split(" ")
        if place.is_relative_to(point) and len(point) >= len(best[0]):
            best = (point, kind)
    return best[1]


def _field(path: Path, name: str) -> str:
    if not path.exists():
        return ""
    for line in path.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""
