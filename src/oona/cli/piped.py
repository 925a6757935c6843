"""Talking without a terminal: turns from standard input, replies to standard output."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from collections.abc import AsyncIterator

from oona.app.conversation import Conversation
from oona.app.paths import Paths
from oona.app.settings import Settings
from oona.cli.arrival import NO_MEANING, Arrival
from oona.cli.lines import Lines
from oona.cli.text import Flow, note
from oona.core.errors import OonaError

READY_S = 90
_UNWRAPPED = 1 << 30


async def talk_piped(paths: Paths, chosen: Settings, person: str) -> None:
    """Answer each line of standard input until it ends; the model is awaited first."""
    note("There is no terminal: I read a turn from each line, and end with the last of them.")
    conversation = Conversation(paths, person)
    try:
        opening = await conversation.open("talk")
        if not opening.get("met"):
            _print(str((await conversation.ask("meet"))["say"]))
            _print(str((await conversation.ask("meet", defaults=True))["say"]))
        elif text := str(opening.get("text", "")):
            _print(text)
        async with _fetched(paths, chosen) as arrived:
            state = await conversation.ask("model", wait=READY_S)
            if not state.get("ready"):
                note(f"My language model is not there yet: {state.get('detail') or 'not ready'}.")
            lines = Lines()
            while (line := await lines.next()) is not None:
                if arrived.is_set():
                    arrived.clear()
                    await conversation.ask("model")  # has the owner look at what there is
                if await _answer(conversation, line) == "goodbye":
                    break
    finally:
        await conversation.close()


async def _answer(conversation: Conversation, line: str) -> str:
    flow = Flow(sys.stdout, _UNWRAPPED)
    action = ""
    try:
        async for message in conversation.say(line):
            if message["type"] == "clause":
                flow.write(str(message["text"]))
                flow.pause()
            else:
                action = str(message.get("action", ""))
                flow.end()
    except OonaError as error:
        note(str(error))
    return action


@contextlib.asynccontextmanager
async def _fetched(paths: Paths, chosen: Settings) -> AsyncIterator[threading.Event]:
    """A block in which the language model is here, or was not to be had.

    What recall needs is fetched meanwhile; the event is set when it is here.
    """
    loop = asyncio.get_running_loop()
    ended, arrived = asyncio.Event(), threading.Event()

    def tell() -> None:
        note(arrival.line[:1].upper() + arrival.line[1:] + ".")

    def end() -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
            loop.call_soon_threadsafe(ended.set)

    def recall() -> None:
        if arrival.recall_fault is None:
            arrived.set()
        else:
            note(f"{NO_MEANING}.")

    arrival = Arrival(paths, chosen, tell, end, recall, sparing=True)
    arrival.start()
    try:
        await ended.wait()
        if arrival.fault is not None:
            note(str(arrival.fault))
        elif arrival.model is not None:
            note("My language model is here.")
        yield arrived
    finally:
        arrival.leave()


def _print(text: str) -> None:
    flow = Flow(sys.stdout, _UNWRAPPED)
    flow.write(text)
    flow.end()
