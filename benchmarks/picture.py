"""Drawings written to files: as SVG, or as PNG by librsvg's tool, which no package need bring."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ZOOM = 2
"""Pixels of a PNG for each unit of the drawing, so that it is sharp on dense screens."""

_TOOL = "rsvg-convert"


def save(drawing: str, picture: Path) -> None:
    """Write an SVG `drawing` to `picture`; where that is a PNG, beside it as SVG, too.

    Exits with a sentence where this machine has no tool that makes a PNG.
    """
    picture.parent.mkdir(parents=True, exist_ok=True)
    source = picture.with_suffix(".svg")
    source.write_text(drawing, encoding="utf-8")
    if picture.suffix == source.suffix:
        return
    tool = shutil.which(_TOOL)
    if tool is None:
        raise SystemExit(
            f"{source} is drawn, but nothing here makes a PNG of it. Install {_TOOL} (on Debian: "
            "apt install librsvg2-bin) and run this again."
        )
    subprocess.run([tool, "-z", str(ZOOM), "-o", str(picture), str(source)], check=True)
