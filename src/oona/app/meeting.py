"""The first conversation, on the owner's side: its state machine, driven over the journal."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from oona.agent.profile import Profile, read_profile
from oona.app.wiring import Companion
from oona.core.events import Actor, Kind
from oona.journal import Journal

if TYPE_CHECKING:
    from oona.agent.firstrun import FirstRun, Prompt, Step
    from oona.agent.naming import Naming

_TEXTS = 500
"""How many of the person's last turns are looked through for names they have used."""


class Meeting:
    """One person's first conversation, from wherever the journal says it stopped."""

    def __init__(self, companion: Companion) -> None:
        self._companion = companion
        self._run: FirstRun | None = None
        self._turn = asyncio.Lock()

    async def begin(self) -> dict[str, object]:
        """What to say first, and the first prompt: none where they have met."""
        async with self._turn:
            run = self._run = await self._fresh()
            return {"say": run.intro(), "turn": "", "prompt": await self._prompt(run)}

    async def answer(self, text: str) -> dict[str, object]:
        """Take an answer, write down what it settles, and give what comes next.

        Words under "turn" are for a turn of the conversation.
        """
        async with self._turn:
            run = self._run = self._run or await self._fresh()
            step: Step = await asyncio.to_thread(run.answer, text)
            return await self._taken(run, step)

    async def take_defaults(self) -> dict[str, object]:
        """Settle everything that is left as it usually is."""
        async with self._turn:
            run = self._run = self._run or await self._fresh()
            return await self._taken(run, run.take_defaults())

    async def _taken(self, run: FirstRun, step: Step) -> dict[str, object]:
        if step.drafts:
            await self._companion.worker(self._companion.journal.append, *step.drafts)
        return {"say": step.say, "turn": step.turn, "prompt": await self._prompt(run)}

    async def _prompt(self, run: FirstRun) -> dict[str, object] | None:
        # The first proposal of a name takes about a second, and nobody else should wait for it.
        prompt: Prompt | None = await asyncio.to_thread(run.prompt)
        if prompt is None:
            return None
        return {
            "id": prompt.id,
            "text": prompt.text,
            "options": list(prompt.options),
            "default": prompt.default,
            "hint": prompt.hint,
        }

    async def _fresh(self) -> FirstRun:
        from oona.agent.firstrun import FirstRun, Script
        from oona.agent.naming import Naming
        from oona.agent.reflexes import Reflexes

        companion = self._companion
        profile, texts, declined, seed = await companion.worker(_known, companion.journal)

        def naming(spoken: Sequence[str]) -> Naming:
            return Naming([*texts, *spoken], seed, companion.clock, declined)

        return FirstRun(
            profile,
            Script.load(),
            naming,
            reflexes=Reflexes.load(),
            seed=seed,
            model_place=_place(companion.settings.text("model.url")),
        )


def _known(journal: Journal) -> tuple[Profile, list[str], list[str], int]:
    """What is settled, what the person has said, which names they declined, and a seed."""
    heard = journal.newest(Kind.HEARD, limit=_TEXTS)
    texts = [event.text() for event in heard if event.actor is Actor.PERSON]
    declined = [
        event.word("name")
        for event in journal.read(kinds=[Kind.NAMED])
        if event.word("answer") == "declined"
    ]
    # From the first event's random id: the same through every interruption, another for each life.
    first = next(journal.read(limit=1), None)
    return read_profile(journal), texts, declined, first.id.int % 10_007 if first else 0


def _place(url: str) -> str:
    """Where the model runs, for a sentence; empty where that is this machine."""
    host = urlsplit(url).hostname or ""
    try:
        local = host in ("", "localhost") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    return "" if local else host
