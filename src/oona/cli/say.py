"""`oona say`: one turn, from the command line or a pipe."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from oona.agent.words import MOST_CHARACTERS
from oona.cli.oneshot import say_once
from oona.cli.options import ME, Json, Person
from oona.core.errors import BadInput


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
    say_once(words, pasted=pasted, person=person, as_json=as_json)


def remember(
    text: Annotated[
        str | None,
        typer.Argument(help="What to remember; - or nothing reads it from standard input."),
    ] = None,
    person: Person = ME,
    as_json: Json = False,
) -> None:
    """Have one thing remembered, without talking about it."""
    if text is None and sys.stdin.isatty():
        raise BadInput("Remember what?", 'For instance: oona remember "Walnuts make me ill."')
    words, pasted = _words(text)
    say_once(words, pasted=pasted, keep=True, person=person, as_json=as_json)


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
