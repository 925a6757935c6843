"""What every command needs: where things lie, what is set, and a way to the companion."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from oona.app import settings as settings_file
from oona.app.conversation import Conversation
from oona.app.paths import Paths, person_name
from oona.app.settings import Settings
from oona.cli.text import note

T = TypeVar("T")


def settings(paths: Paths) -> Settings:
    """The settings in force."""
    return settings_file.load(paths.config)


def tell_other_settings(conversation: Conversation, chosen: Settings) -> None:
    """Say so when the owner that runs has settings from another time."""
    if not conversation.runs_with(chosen):
        note("Oona is running with the settings it was started with, until its windows are closed.")


def with_companion(
    person: str, work: Callable[[Conversation], Awaitable[T]], *, model_first: bool = False
) -> T:
    """Run `work` with a conversation that is closed afterwards.

    `model_first` is for work that waits for the language model, see `attach`.
    """

    async def run() -> T:
        paths = Paths.find()
        chosen = settings(paths)  # a fault in them is told here, by whoever made it
        conversation = Conversation(paths, person_name(person), model_first=model_first)
        try:
            await conversation.attach()
            tell_other_settings(conversation, chosen)
            return await work(conversation)
        finally:
            await conversation.close()

    return asyncio.run(run())
