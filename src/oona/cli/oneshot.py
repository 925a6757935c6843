"""One turn and no more: what `oona say` does once it knows the words.

Somebody waits for the reply, so nothing is imported here that it does not need.
"""

from __future__ import annotations

import asyncio
import json
import sys

from oona.app.conversation import Conversation
from oona.app.paths import DEFAULT_PERSON
from oona.cli.context import with_companion
from oona.cli.text import Flow, note, width

_PATIENCE_S = 5.0
_STILL = "Still thinking. A model that has just been started takes a while; Ctrl-C leaves."


def say_once(
    words: str,
    *,
    pasted: bool = False,
    keep: bool = False,
    person: str = DEFAULT_PERSON,
    as_json: bool = False,
) -> None:
    """Say `words`, or have them kept, and print the reply. Raises what the conversation raises."""

    async def turn(conversation: Conversation) -> None:
        waiting = asyncio.get_running_loop().call_later(_PATIENCE_S, note, _STILL)
        flow = Flow(sys.stdout, width() if sys.stdout.isatty() else 1 << 30)
        async for message in conversation.say(words, pasted=pasted, keep=keep):
            waiting.cancel()
            if message["type"] == "clause":
                if not as_json:
                    flow.write(str(message["text"]))
                    flow.pause()
            elif as_json:
                print(json.dumps(_result(message), ensure_ascii=False, indent=2))
            else:
                flow.end()

    with_companion(person, turn, model_first=not keep)


def _result(done: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in done.items() if name not in ("id", "type")}
