"""`oona memory timeline`: what was talked about, day by day."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from oona.agent.words import visible
from oona.app.conversation import Conversation
from oona.cli.context import with_companion
from oona.cli.options import ME, Json, Person
from oona.cli.text import Flow, style_for, width
from oona.core.clock import from_text, local

_INDENT = 9


def timeline(
    since: Annotated[
        str, typer.Option("--from", help="The first day, as 2026-11-03, or a time: last week.")
    ] = "",
    until: Annotated[str, typer.Option("--to", help="The last day, as 2026-11-09.")] = "",
    person: Person = ME,
    as_json: Json = False,
) -> None:
    """List what we talked about, day by day. JSON is one session a line."""

    async def read(conversation: Conversation) -> None:
        answer = await conversation.ask("timeline", since=since, until=until)
        found = answer.get("sessions")
        stretches: list[dict[str, Any]] = found if isinstance(found, list) else []
        if as_json:
            for stretch in stretches:
                print(json.dumps(stretch, ensure_ascii=False))
        elif stretches:
            _print(stretches)
        else:
            print("We did not talk then, or nothing of it is left.")

    with_companion(person, read)


def _print(stretches: list[dict[str, Any]]) -> None:
    style = style_for(sys.stdout, colour=True)
    day = ""
    for stretch in stretches:
        here = local(from_text(stretch["at"]), stretch["zone"])
        if (named := f"{here:%A} {here.day} {here:%B} {here.year}") != day:
            print(style.warm(named))
            day = named
        text = visible(stretch["text"])
        text = text if stretch["gist"] else f"“{text}”"
        turns = f"{stretch['turns']} turn{'' if stretch['turns'] == 1 else 's'}"
        print(style.quiet(f"  {here:%H:%M}  "), end="")
        flow = Flow(sys.stdout, width() if sys.stdout.isatty() else 1 << 30, _INDENT)
        flow.write(text)
        flow.end()
        print(style.quiet(f"{' ' * _INDENT}{turns}, from {stretch['first']} on"))
