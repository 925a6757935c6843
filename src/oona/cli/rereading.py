"""`oona memory reread`: what quiet moments are for, now."""

from __future__ import annotations

import json
import sys
from contextlib import aclosing
from typing import Annotated, Any

import typer
from rich.console import Console

from oona.app.conversation import Conversation
from oona.cli.context import with_companion
from oona.cli.options import ME, Json, Person

_NOTHING_DONE = 1


def reread(
    beyond: Annotated[
        bool, typer.Option("--all", "-a", help="Go on when today's minutes are used up.")
    ] = False,
    person: Person = ME,
    as_json: Json = False,
) -> None:
    """Read again now what you told, as I do in quiet moments: for facts, and what talks were about.

    It takes the minutes of the day that idle.minutes allows; Ctrl-C keeps what was done.
    """

    async def read(conversation: Conversation) -> Any:
        last: Any = {}
        with Console(stderr=True).status("Reading…") as status:
            async with aclosing(conversation.follow("reread", beyond=beyond)) as messages:
                async for last in messages:
                    if last.get("type") == "progress":
                        left = _counted((last["turns"], "turn"), (last["sessions"], "talk"))
                        status.update(f"Reading… {left or 'nothing'} left")
        return last

    found = with_companion(person, read, model_first=True)
    if as_json:
        names = ("done", "left", "refused")
        print(json.dumps({name: found[name] for name in names}, ensure_ascii=False, indent=2))
    else:
        _tell(found, beyond=beyond)
    if found["refused"] and not any(found["done"].values()):
        raise typer.Exit(_NOTHING_DONE)


def _tell(found: dict[str, Any], *, beyond: bool) -> None:
    done, left = found["done"], found["left"]
    learned = _counted((done["facts"], "fact"), (done["gists"], "gist"))
    if any(done.values()):
        seconds = round(done["milliseconds"] / 1000)
        read = _counted((done["turns"], "turn")) or "no turn"
        print(f"Read {read} again, {seconds} s of the model's time: {learned or 'nothing new'}.")
    elif not found["refused"]:
        print("There is nothing that I have not read again.")
    if found["refused"]:
        rest = _counted((left["turns"], "turn"), (left["sessions"], "talk"))
        tail = f" {rest} left." if rest else ""
        more = " --all goes on." if "minutes" in found["refused"] and not beyond else ""
        print(f"{found['refused']}{tail}{more}", file=sys.stderr)


def _counted(*counts: tuple[int, str]) -> str:
    return " and ".join(f"{n:,} {word}{'' if n == 1 else 's'}" for n, word in counts if n)
