"""The machine that a figure was taken on, named so that figures can be compared."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path


def machine() -> dict[str, object]:
    """Processor, cores, memory in bytes, system, Python, load and the moment of asking."""
    load = os.getloadavg() if hasattr(os, "getloadavg") else ()
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load": [round(value, 2) for value in load],
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def in_words(found: dict[str, object]) -> str:
    """The machine in a line."""
    memory = found.get("memory")
    gib = f", {memory / 2**30:.0f} GiB" if isinstance(memory, int) and memory else ""
    return f"{found.get('processor')}, {found.get('cores')} cores{gib}, {found.get('system')}"


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0
