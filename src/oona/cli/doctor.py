"""`oona doctor`: is every part well, and if not, what mends it?"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from oona.agent.words import visible
from oona.app.conversation import Conversation
from oona.app.doctor import Finding, State, examine
from oona.app.paths import Paths, person_name
from oona.cli.context import with_companion
from oona.cli.options import ME, Json, Person
from oona.cli.text import Style, style_for
from oona.core.errors import OonaError

_MODEL_S = 60
_SIGNS = {State.WELL: "ok", State.NOTE: "--", State.ILL: "!!"}


def doctor(
    person: Person = ME,
    quick: Annotated[
        bool, typer.Option("--quick", help="Don't open the journal or start the model.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check every part, and say how to mend what is not well."""
    style = style_for(sys.stdout, colour=True)
    found = []
    for finding in _all(person_name(person), quick=quick):
        found.append(finding)
        if not as_json:
            print(_line(finding, style), flush=True)
    if as_json:
        print(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))
    ill = sum(finding.state is State.ILL for finding in found)
    if not as_json:
        print("All is well." if not ill else f"To mend: {ill}.")
    if ill:
        raise typer.Exit(1)


def _all(person: str, *, quick: bool) -> Iterator[Finding]:
    paths = Paths.find()
    yield from examine(paths, person)
    if quick or not paths.journal(person).exists():
        return
    try:
        yield from with_companion(person, _owner)
    except OonaError as error:
        yield Finding("journal", State.ILL, error.message, error.hint)


async def _owner(conversation: Conversation) -> list[Finding]:
    found = [Finding("socket", State.WELL, "the owner of the journal answers")]
    verdict = await conversation.ask("verify")
    if verdict["sound"]:
        found.append(Finding("journal", State.WELL, f"{verdict['events']:,} events, all sound"))
    else:
        found.append(Finding("journal", State.ILL, "it is damaged", "oona journal verify"))
    model = await conversation.ask("model", wait=_MODEL_S)
    if model["ready"]:
        found.append(Finding("mind", State.WELL, f"{model['name']} answers"))
    elif model["name"]:
        found.append(_silent(model))
    return found


def _silent(model: dict[str, object]) -> Finding:
    """A model that does not answer. What is wrong with an endpoint was found before."""
    if not model["digest"]:
        return Finding("mind", State.ILL, f"{model['name']} does not answer")
    return Finding("mind", State.ILL, f"{model['name']}: {model['detail']}", "oona models verify")


def _line(finding: Finding, style: Style) -> str:
    sign = _SIGNS[finding.state]
    line = f"{sign if finding.state is State.WELL else style.name(sign)}  {finding.part:<9} "
    line += visible(finding.text)
    return line + (f"\n              {style.quiet(visible(finding.mend))}" if finding.mend else "")
