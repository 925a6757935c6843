"""`oona say`: one turn, from the command line or a pipe."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Annotated

import typer

from oona.agent.words import MOST_CHARACTERS
from oona.app.conversation import Conversation
from oona.cli.context import ME, Json, Person, with_companion
from oona.cli.text import Flow, note, width
from oona.core.errors import BadInput

_PATIENCE_S = 5.0
_STILL = "Still thinking. A model that has just been started takes a while; Ctrl-C leaves."


def say(
    text: Annotated[
        str | None,
        typer.Argument(help="What to say; - or nothing reads it from standard input."),
    ] = None,
    person: Person = ME,
    as_json: Json = False,
) -> None:
    """Say one thing, print the reply, and leave."""
    words, pasted = _words(text)

    async def turn(conversation: Conversation) -> None:
        waiting = asyncio.get_running_loop().call_later(_PATIENCE_S, note, _STILL)
        flow = Flow(sys.stdout, width() if sys.stdout.isatty() else 1 << 30)
        async for message in conversation.say(words, pasted=pasted):
            waiting.cancel()
            if message["type"] == "clause":
                if not as_json:
                    flow.write(str(message["text"]))
                    flow.pause()
            elif as_json:
                print(json.dumps(_result(message), ensure_ascii=False, indent=2))
            else:
                flow.end()

    with_companion(person, turn)


def _words(text: str | None) -> tuple[str, bool]:
    """The words, and whether they came as a whole from elsewhere: a pipe may carry anyone's."""
    if text is not None and text != "-":
        return text, False
    if text is None and sys.stdin.isatty():
        raise BadInput("Say what?", 'For instance: oona say "Good morning." Or talk: oona')
    # Bytes past the most a turn can hold are not read; it is refused for its length then.
    data = sys.stdin.buffer.read(4 * MOST_CHARACTERS + 4)
    words = data.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
    return words, "\n" in words


def _result(done: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in done.items() if name not in ("id", "type")}
