"""`oona export` and `oona import`: everything, out and back in, without loss."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from oona.agent.words import visible
from oona.app.conversation import Conversation
from oona.app.paths import Paths, person_name
from oona.cli.context import with_companion
from oona.cli.options import ME, Person
from oona.core.errors import BadInput, OonaError

_STOPPED = 1


def export(
    file: Annotated[Path, typer.Argument(help="The file to write.", dir_okay=False)],
    person: Person = ME,
) -> None:
    """Write everything between you and your companion into one file. It is not encrypted."""
    _known(person)
    path = file.expanduser().absolute()
    _free(path)

    async def write(conversation: Conversation) -> None:
        done = await conversation.ask("export", path=str(path))
        print(f"{_events(done['events'])} written to {path}.")
        print("The file is not encrypted: keep it as you would a diary.")

    with_companion(person, write)


def import_(
    file: Annotated[Path, typer.Argument(help="A file that `oona export` wrote.")],
    person: Person = ME,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """Bring an export back: into an empty journal, or as the continuation of this one."""
    from oona.journal import read_header

    path = file.expanduser().absolute()
    try:
        header = read_header(path)
    except BadInput as fault:
        raise _of_another(path) or fault from None
    whose = f" from the journal of {visible(header.person)!r}" if header.person else ""
    print(f"An export of {_events(header.count)}{whose}. I will take its word for what you said.")
    if not yes and not _agreed():
        raise typer.Exit(_STOPPED)

    async def read(conversation: Conversation) -> None:
        done = await conversation.ask("import", path=str(path))
        added, whole = done["added"], _events(done["events"])
        if added:
            print(
                f"{_events(added)} added. The journal now holds all that is in the file: {whole}."
            )
        else:
            print(f"Nothing new: the journal already holds all that is in the file, {whole}.")

    with_companion(person, read)


def _of_another(path: Path) -> BadInput | None:
    """The way in for a file that another program wrote, if it is one that can be imported."""
    from oona.app.importing import choose

    try:
        [(_document, importer), *_] = choose([path])
    except OonaError:
        return None
    if (
        "{name}" in importer.origin
    ):  # a text or JSON of no one program: more likely a damaged export
        return None
    return BadInput(
        f"{path.name} is no export of Oona's: it is {importer.origin}.",
        f"`oona memory import {path.name}` brings it in, marked with where it is from.",
    )


def _events(count: object) -> str:
    return "1 event" if count == 1 else f"{count:,} events"


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise BadInput("There is nobody here to ask.", "Add --yes if the file is your own.")
    return typer.confirm("Is it yours, and shall I?")


def _free(path: Path) -> None:
    """Raise BadInput where writing to `path` would destroy anything but an older export."""
    from oona.journal import read_header

    if not path.is_file():
        return
    try:
        read_header(path)
    except BadInput:
        raise BadInput(
            f"{path} is there already, and is no export of Oona's. It was left as it is.",
            "Name another file, or remove that one first.",
        ) from None


def _known(person: str) -> None:
    people = Paths.find().people()
    if person_name(person) not in people:
        known = f"There are: {', '.join(people)}." if people else "Nobody has one yet."
        raise BadInput(f"{person!r} has no journal here.", known)
