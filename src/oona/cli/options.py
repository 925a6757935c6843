"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

from oona.app.paths import DEFAULT_PERSON, Paths


def _people(incomplete: str) -> list[str]:
    return [name for name in Paths.find().people() if name.startswith(incomplete)]


Person = Annotated[
    str,
    typer.Option("--person", "-p", help="Whose companion.", autocompletion=_people),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
ME = DEFAULT_PERSON
