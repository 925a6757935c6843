"""What a person can ask of the facts noted about their life: to see, correct and dispute them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from oona.agent.profile import read_profile
from oona.app.protocol import Message
from oona.app.wiring import Companion
from oona.core.clock import to_text
from oona.memory.facts.questions import ALL, Question

if TYPE_CHECKING:
    from oona.memory.facts import Fact

_STEP = 16
"""Turns that are read at once: some hundredths of a second, for which a word may have to wait."""

_SETTLE_S = 10.0
_LOOK_S = 0.5


class Noting:
    """The facts of one companion's person. Its methods give what a client is told."""

    def __init__(self, companion: Companion) -> None:
        self._companion = companion

    async def facts(self, whom: str) -> Message:
        """The facts about `whom` ("me", "Anna", "my sister"), or all; turns not yet read are."""
        await self._catch_up()
        return await self._companion.worker(self._facts, whom)

    async def correct(self, number: int, text: str) -> Message:
        """Put `text` in a fact's place."""
        await self._catch_up()
        return await self._companion.worker(self._correct, number, text)

    async def dispute(self, number: int) -> Message:
        """Mark a fact as doubtful."""
        await self._catch_up()
        return await self._companion.worker(self._dispute, number)

    async def grow(self, busy: Callable[[], bool]) -> None:
        """Read for facts, while not `busy`, what was told before there were any; then it ends.

        Raises StorageFault when the disk refuses; what is left is read another time.
        """
        await asyncio.sleep(_SETTLE_S)
        await self._catch_up(busy)

    async def _catch_up(self, busy: Callable[[], bool] = lambda: False) -> None:
        """Read what was not read yet, a few turns at a time: others use the journal, too.

        Where a conversation is not to be kept, its own turns alone note facts: it knows of those
        and takes them along when it ends.
        """
        worker, facts = self._companion.worker, self._companion.facts
        profile = await worker(read_profile, self._companion.journal)
        before = -1
        while profile["memory.keep"] == "everything":
            if busy():
                await asyncio.sleep(_LOOK_S)
                continue
            reached = await worker(facts.read_to)
            if reached == before:
                break
            before = reached
            await worker(facts.catch_up, _STEP)
            await asyncio.sleep(0)

    def _facts(self, whom: str) -> Message:
        facts = self._companion.facts
        if not whom:
            return {"facts": [self._view(fact) for fact in facts.all()], "whom": "", "which": []}
        known = facts.about(whom)
        asked = [known, *(facts.ask_this(Question(one, ALL)) for one in known.whom)]
        found = {
            fact.number: fact
            for one in asked
            for fact in (*one.current, *one.disputed, *one.earlier, *one.mended)
        }
        return {
            "facts": [self._view(found[number]) for number in sorted(found)],
            "whom": known.subject,
            "which": list(known.which),
        }

    def _correct(self, number: int, text: str) -> Message:
        before = self._companion.facts.named(number)
        old, new = self._companion.facts.correct(number, text)
        return {"before": self._view(before), "after": self._view(old), "now": self._view(new)}

    def _dispute(self, number: int) -> Message:
        before = self._companion.facts.named(number)
        after = self._companion.facts.dispute(number)
        return {"before": self._view(before), "after": self._view(after)}

    def _view(self, fact: Fact) -> Message:
        facts = self._companion.facts
        return {
            "fact": fact.number,
            "id": str(fact.id),
            "subject": fact.subject,
            "relation": fact.relation,
            "value": fact.value,
            "text": facts.sentence(fact),
            "status": fact.status.value,
            "reason": fact.reason,
            "instead": fact.instead,
            "from": fact.valid_from,
            "to": fact.valid_to,
            "when": facts.span(fact),
            "learned": to_text(fact.learned_at),
            "confidence": fact.confidence,
            "label": str(fact.label),
            "sources": [
                {
                    "event": str(source.event),
                    "at": to_text(source.at),
                    "zone": source.zone,
                    "quote": source.quote,
                }
                for source in fact.sources
            ],
        }
