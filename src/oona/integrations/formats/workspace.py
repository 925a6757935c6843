"""A workspace as OpenClaw keeps one: USER.md and MEMORY.md, and memory/*.md, a file for each day.

An agent wrote these files, mostly, so that all in them are notes and none the person's own words.
The day of a daily note is in its name: `memory/2026-02-20.md`, `memory/2026-02-20-a-plan.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from oona.core.importing import Document, Fit, Found
from oona.integrations.notes import read_writing

_NAMES = re.compile(r"USER\.md|MEMORY\.md|memory/[^/]+\.md")


class Workspace:
    """The importer of workspaces."""

    name = "workspace"
    origin = "{name} in your workspace"

    def fits(self, document: Document, head: str) -> Fit:  # noqa: ARG002 - told by its place
        found = document.folder and _NAMES.fullmatch(document.name)
        return Fit.BY_CONTENT if found else Fit.NO

    def read(self, document: Document) -> Iterator[Found]:
        return read_writing(document)


IMPORTER = Workspace()
