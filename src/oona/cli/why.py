"""`oona why`: where a reply came from."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from oona.app.conversation import Conversation
from oona.cli.context import with_companion
from oona.cli.options import ME, Json, Person
from oona.cli.text import Flow, width


def why(
    event: Annotated[
        str, typer.Argument(help="The reply: last, its id, or its number in the journal.")
    ] = "last",
    person: Person = ME,
    as_json: Json = False,
) -> None:
    """Say where a reply came from: what was remembered, which rule or prompt, what was cut."""

    async def ask(conversation: Conversation) -> None:
        answer = await conversation.ask("why", event=event)
        if as_json:
            print(json.dumps(answer["data"], ensure_ascii=False, indent=2))
            return
        flow = Flow(sys.stdout, width() if sys.stdout.isatty() else 1 << 30)
        flow.write(str(answer["text"]))
        flow.end()

    with_companion(person, ask)
