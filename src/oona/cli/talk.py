"""`oona talk`: the conversation, at a terminal or through a pipe."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from typing import Any

from oona.app.conversation import Conversation
from oona.app.paths import DEFAULT_PERSON, Paths, person_name
from oona.app.protocol import Message
from oona.app.settings import Settings
from oona.cli.arrival import NO_MEANING, Arrival
from oona.cli.context import settings, tell_other_settings
from oona.cli.meeting import meet
from oona.cli.terminal import Keyboard, PlainKeyboard, Typed, interruptible, keyboard
from oona.cli.text import style_for
from oona.cli.voice import Reply, Voice
from oona.core.errors import OonaError

_READY_S = 600
_LOOKING = "looking for my language model"


def talk(person: str = DEFAULT_PERSON) -> None:
    """Talk, until one of you says goodbye (or Ctrl-D). Ctrl-C stops a reply."""
    paths = Paths.find()
    chosen = settings(paths)
    name = person_name(person)
    if sys.stdin.isatty() and sys.stdout.isatty():
        asyncio.run(_at_terminal(paths, chosen, name))
    else:
        from oona.cli.piped import talk_piped

        asyncio.run(talk_piped(paths, chosen, name))


async def _at_terminal(paths: Paths, chosen: Settings, person: str) -> None:
    conversation = Conversation(paths, person)
    try:
        opening = await conversation.open("talk")
        tell_other_settings(conversation, chosen)
        session = TerminalTalk(conversation, paths, chosen)
        try:
            with session.keys_held():
                await session.run(opening)
        finally:
            session.end()
    finally:
        await conversation.close()


class TerminalTalk:
    """One conversation at a terminal."""

    def __init__(self, conversation: Conversation, paths: Paths, chosen: Settings) -> None:
        self._conversation = conversation
        self._style = style_for(sys.stdout, chosen.colour)
        self._voice = Voice(self._style, "Oona")
        self._keyboard: Keyboard | PlainKeyboard = keyboard(self._style, self._status)
        self._model_line = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._arrival = Arrival(
            paths,
            chosen,
            self._from_thread(self._keyboard.redraw),
            self._from_thread(self._arrived),
            self._from_thread(self._recall_arrived),
        )

    async def run(self, opening: Message) -> None:
        """From the greeting to the goodbye."""
        self._voice.name = str(opening.get("name") or self._voice.name)
        sys.stdout.write("\n")
        self._look_after_model(opening.get("model"))
        if not opening.get("met"):
            if not await self._meet():
                return
        elif text := str(opening.get("text", "")):
            self._voice.say(text)
        while True:
            try:
                typed = await self._keyboard.next()
            except KeyboardInterrupt:
                self._voice.quiet("Ctrl-D leaves; so does a goodbye.")
                continue
            if typed is None:
                self._voice.say("Goodbye.")
                return
            if typed.text.strip() and await self._turn(typed) == "goodbye":
                return

    async def _meet(self) -> bool:
        """The first conversation; False when the person has left it."""
        met = await meet(self._conversation, self._keyboard, self._voice, self._turn)
        name = (await self._conversation.ask("status")).get("name")
        self._voice.name = str(name or self._voice.name)
        if met.later is not None:
            if not met.left:
                await self._ready()
            await self._turn(met.later)
        elif met.left:
            self._voice.say("Goodbye.")
        return not met.left

    async def _ready(self) -> None:
        """Wait for the model, showing how far it is; Ctrl-C ends the waiting."""
        waiting = asyncio.create_task(self._conversation.ask("model", wait=_READY_S))

        def give_up() -> None:
            waiting.cancel()

        with interruptible(give_up), Reply(self._voice, self._style, self._status):
            await asyncio.gather(waiting, return_exceptions=True)

    def keys_held(self) -> AbstractContextManager[None]:
        """A block in which no key is lost while a reply is shown."""
        return self._keyboard.held()

    def end(self) -> None:
        """Leave nothing running."""
        for task in self._tasks:
            task.cancel()
        if left := self._arrival.leave():
            self._voice.quiet(left)

    async def _turn(self, typed: Typed) -> str:
        action, stopped = "", False
        sys.stdout.write("\n")
        try:
            with (
                interruptible(self._stop),
                Reply(self._voice, self._style, self._status) as reply,
            ):
                async for message in self._conversation.say(typed.text, pasted=typed.pasted):
                    if message["type"] == "clause":
                        reply.write(str(message["text"]))
                    else:
                        action = str(message.get("action", ""))
                        stopped = bool(message.get("stopped"))
        except OonaError as error:
            self._voice.quiet(str(error))
        if stopped:
            self._voice.quiet("(stopped)")
        return action

    def _stop(self) -> None:
        self._task(self._conversation.stop())

    # The model on its way.

    def _status(self) -> str:
        return self._arrival.line or self._model_line

    def _look_after_model(self, model: object) -> None:
        if not isinstance(model, dict):
            return
        if not model.get("name"):
            self._model_line = _LOOKING
        elif not model.get("ready"):
            self._model_line = "my language model is still loading; go ahead"
            self._task(self._await_model())
        self._arrival.start()

    async def _await_model(self) -> None:
        with contextlib.suppress(OonaError):
            state = await self._conversation.ask("model", wait=_READY_S)
            self._model_line = "" if state.get("ready") else f"no model: {state.get('detail')}"
        self._keyboard.redraw()

    def _arrived(self) -> None:
        if self._arrival.fault is not None:
            self._model_line = "my model could not be fetched: `oona models fetch` says why"
        elif self._model_line == _LOOKING:
            self._model_line = "my language model is here and loading; go ahead"
            self._task(self._await_model())
        self._keyboard.redraw()

    def _recall_arrived(self) -> None:
        if self._arrival.recall_fault is None:
            self._task(self._await_model())  # the owner looks again at what there is
        elif not self._model_line:
            self._model_line = NO_MEANING
        self._keyboard.redraw()

    def _from_thread(self, call: Callable[[], None]) -> Callable[[], None]:
        def safely() -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: we are leaving
                self._loop.call_soon_threadsafe(call)

        return safely

    def _task(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
