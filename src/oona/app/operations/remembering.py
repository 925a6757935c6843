"""Memories and facts: found, listed, shown, forgotten, put right, and read again when asked to."""

from __future__ import annotations

from oona.app.consolidating import Consolidation
from oona.app.memories import Memories
from oona.app.noting import Noting
from oona.app.operations.request import MOST_PAGE, Answers, Request
from oona.app.operations.shared import Shared
from oona.memory.consolidated import totals

MODEL_S = 90.0
"""How long the model is waited for, which may just have been started."""


class Remembering:
    """What clients may do with one companion's memories."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._companion = shared.companion
        self._memories = Memories(shared.companion)
        self.noting = Noting(shared.companion)
        self.consolidation = Consolidation(shared.companion, shared.idle)

    async def op_search(self, request: Request) -> Answers:
        """Turns that bear on a text, best first."""
        limit = request.number("limit", 10)
        yield await self._memories.search(request.text("text"), min(limit, MOST_PAGE))

    async def op_memories(self, request: Request) -> Answers:
        """What the person told lately, oldest first."""
        days, limit = request.number("days", 0), request.number("limit", 50)
        yield await self._memories.told(max(0, days), min(limit, MOST_PAGE))

    async def op_memory(self, request: Request) -> Answers:
        """One event, with what it rests on and what rests on it."""
        name = request.text("event")
        event = await self._shared.event(name)
        yield await self._memories.show(event)

    async def op_forget(self, request: Request) -> Answers:
        """What forgetting the things in `whats` would erase; with `agreed`, erase just that."""
        whats = request.texts("whats")
        if "agreed" not in request.args:
            yield await self._memories.plan(whats)
            return
        async with self._shared.turn:  # what is being said would be forgotten half
            yield await self._memories.forget(whats, request.text("agreed"))

    async def op_stats(self, _request: Request) -> Answers:
        """How much there is to remember, and how much was erased."""
        yield await self._memories.stats()

    async def op_timeline(self, request: Request) -> Answers:
        """The sessions from one day to another, oldest first."""
        since = request.text("since", default="", most=100)
        until = request.text("until", default="", most=100)
        yield await self._memories.timeline(since, until)

    async def op_facts(self, request: Request) -> Answers:
        """The facts about somebody, or all."""
        yield await self.noting.facts(request.text("whom", default="", most=200))

    async def op_correct(self, request: Request) -> Answers:
        """Put a text in the place of a fact."""
        async with self._shared.turn:  # its number in the journal has to be the next
            number = request.number("fact", 0)
            yield await self.noting.correct(number, request.text("text", most=2_000))

    async def op_dispute(self, request: Request) -> Answers:
        """Mark a fact as doubtful."""
        yield await self.noting.dispute(request.number("fact", 0))

    async def op_reread(self, request: Request) -> Answers:
        """Do now what idle work would do, telling how far it is; with `beyond` past its minutes."""
        work, beyond = self.consolidation, request.says("beyond")
        journal = self._companion.journal
        refused = await self._no_model() or await work.hindered(beyond=beyond)
        before = await self._companion.worker(totals, journal)
        while not (refused or request.client.gone) and await work.step(beyond=beyond):
            turns, sessions = await work.left()
            yield {"type": "progress", "turns": turns, "sessions": sessions}
            refused = await work.hindered(beyond=beyond)
        await work.write_down()
        after = await self._companion.worker(totals, journal)
        turns, sessions = await work.left()
        yield {
            "done": {name: after[name] - before[name] for name in after},
            "left": {"turns": turns, "sessions": sessions},
            "refused": refused,
        }

    async def _no_model(self) -> str:
        """Why no model can read now; empty where one can."""
        companion = self._companion
        if companion.settings.llm or companion.settings.text("model.url"):
            return "Only the embedded model is asked for this, and another one answers you."
        companion.model.refresh()
        if await companion.model.wait_ready(MODEL_S):
            return ""
        return f"My language model is not there: {companion.model.state().detail or 'not ready'}."
