"""The first conversation at a terminal: shows questions, passes answers on; the owner thinks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from oona.app.conversation import Conversation
from oona.cli.terminal import Keyboard, PlainKeyboard, Typed
from oona.cli.voice import Voice

Turn = Callable[[Typed], Awaitable[str]]
"""Says words to the companion and gives what the reply asks for, "goodbye" say."""


@dataclass(frozen=True, slots=True)
class Met:
    """How it ended. `later` are words that still want a reply, once there is a model."""

    left: bool = False
    later: Typed | None = None


async def meet(
    conversation: Conversation, keyboard: Keyboard | PlainKeyboard, voice: Voice, turn: Turn
) -> Met:
    """Ask what is still to be asked, and return when all is answered or the person has left."""
    step: dict[str, Any] = await conversation.ask("meet")
    later: Typed | None = None
    while True:
        if step.get("say"):
            voice.say(str(step["say"]))
        prompt = step.get("prompt")
        if not isinstance(prompt, dict):
            return Met(later=later)
        typed = await _asked(prompt, keyboard, voice)
        if typed is None:
            return Met(left=True, later=later)
        step = await conversation.ask("meet", text=typed.text)
        if not step.get("turn"):
            continue
        if prompt["id"] == "open" and not (await conversation.ask("model"))["ready"]:
            later = typed
            voice.quiet("I'll come back to that as soon as my language model is here.")
        elif await turn(typed) == "goodbye":
            return Met(left=True, later=later)


async def _asked(
    prompt: dict[str, Any], keyboard: Keyboard | PlainKeyboard, voice: Voice
) -> Typed | None:
    voice.say(str(prompt["text"]))
    options = " · ".join(f"{n} {label}" for n, label in enumerate(prompt["options"], start=1))
    voice.quiet("\n".join(part for part in (options, str(prompt["hint"])) if part))
    while True:
        try:
            return await keyboard.next()
        except KeyboardInterrupt:
            voice.quiet("Ctrl-D leaves; what you have answered is kept.")
