"""What is written down of a defect: where it arose, and not a word of what was being said."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import TextIO

from oona.app.paths import private_folder
from oona.core.clock import Clock, to_text
from oona.core.errors import OonaError

MOST_LOG = 128 << 10
"""Bytes of a log; past that its older half is dropped."""


def outline(error: BaseException) -> str:
    """The types and places of an error and of those behind it.

    Messages may quote a conversation, so none is in it.
    """
    lines: list[str] = []
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        lines.append(f"{type(link).__module__}.{type(link).__qualname__}")
        lines.extend(
            f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(link.__traceback__)
        )
        link = link.__cause__ or link.__context__
    return "\n".join(lines)


def write_trace(folder: Path, error: BaseException, clock: Clock) -> Path | None:
    """Add the outline of `error` to the log in `folder`; where it stands, or None if nowhere."""
    path = folder / "defects.log"
    text = f"{to_text(clock.now())} Python {sys.version.split()[0]}\n{outline(error)}\n\n"
    try:
        private_folder(folder)
        with open_log(path) as log:
            log.write(text)
    except (OSError, OonaError):
        return None
    return path


def open_log(path: Path) -> TextIO:
    """The log at `path`, opened to be added to, cut to its newer half when it is too long."""
    if path.exists() and path.stat().st_size > MOST_LOG:
        path.write_bytes(path.read_bytes()[-MOST_LOG // 2 :])
    return path.open("a", encoding="utf-8")
