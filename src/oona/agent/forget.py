"""Forgetting in a conversation: "forget what I told you about Anna", shown first, then agreed to.

What it would touch is counted and quoted, and only a plain yes in the very next turn erases it. The
question quotes what is to go, and so goes with it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from oona.agent.knowing.words import joined
from oona.agent.phrases import phrase
from oona.core.errors import BadInput, NotFound
from oona.core.events import Event
from oona.core.sentences import plain

if TYPE_CHECKING:
    from oona.memory.forgetting import Plan, Receipt, Wish

LONGEST = 300
"""Characters; a longer turn tells something and does not only ask to forget it."""

MOST_QUOTED = 3


class Forgetter(Protocol):
    """`memory.forgetting.Forgetting`, or what stands for it in a test."""

    def plan(self, wishes: Sequence[Wish], before: int = 0) -> Plan: ...

    def carry_out(self, plan: Plan, asked_by: Sequence[UUID] = ()) -> Receipt: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What to say, the rule it goes by, and the events it rests on."""

    text: str
    rule: str
    causes: tuple[UUID, ...] = ()
    erased: bool = False


@dataclass(frozen=True, slots=True)
class _Shown:
    """A plan that was shown and waits for a yes."""

    wish: Wish
    asked: Event
    told: frozenset[UUID]


@dataclass
class Forget:
    """One conversation's way of forgetting. `io` runs blocking calls where the journal lives."""

    forgetter: Forgetter
    io: Callable[..., Awaitable[Any]]
    _shown: _Shown | None = field(default=None, init=False)

    async def answer(self, heard: Event, today: date) -> Asked | None:
        """The reply to a wish to forget, or to a yes or no after one; None for anything else."""
        text = heard.text()
        shown, self._shown = self._shown, None
        if len(text) > LONGEST:
            return None
        if shown is not None and (agreed := _agreed(text)) is not None:
            if agreed:
                return await self._erase(shown, heard)
            return Asked(phrase("forget_no", heard.seq), "forget.no")
        what = _what(text)
        return None if what is None else await self._show(what, heard, today)

    async def _show(self, what: str, heard: Event, today: date) -> Asked:
        from oona.memory.forgetting import read_wish  # needed by few conversations

        try:
            wish = read_wish(what, today)
            plan: Plan = await self.io(self.forgetter.plan, [wish], heard.seq)
        except (BadInput, NotFound) as fault:
            return Asked(f"{fault.message} {fault.hint}".strip(), "forget.which")
        told = [item for item in plan.items if item.id != heard.id and _was_told(item.part)]
        others = [item for item in plan.items if item.part == "replies"]
        if not told and not others:
            return Asked(phrase("forget_nothing", heard.seq), "forget.nothing")
        self._shown = _Shown(wish, heard, frozenset(item.id for item in told))
        quoted = " ".join(f"“{item.words}”" for item in told[:MOST_QUOTED])
        if len(told) > MOST_QUOTED:
            quoted += f" {phrase('forget_more', 0, count=str(len(told) - MOST_QUOTED))}"
        counts = _counted(len(told), plan.counts.get("facts", 0), len(others))
        text = phrase("forget_preview", heard.seq, counts=counts, quoted=quoted)
        # Resting on what it quotes, the question is erased along with it.
        return Asked(text, "forget.preview", tuple(item.id for item in (*told, *others)))

    async def _erase(self, shown: _Shown, heard: Event) -> Asked:
        plan: Plan = await self.io(self.forgetter.plan, [shown.wish], shown.asked.seq)
        told = {item.id for item in plan.items if _was_told(item.part)} - {shown.asked.id}
        if told != shown.told:
            return Asked(phrase("forget_changed", heard.seq), "forget.changed")
        receipt: Receipt = await self.io(self.forgetter.carry_out, plan, [heard.id])
        facts, replies = (receipt.counts.get(part, 0) for part in ("facts", "replies"))
        text = phrase("forget_done", heard.seq, counts=_counted(len(told), facts, replies))
        return Asked(text, "forget.done", (receipt.event.id,), erased=True)


def _was_told(part: str) -> bool:
    return part in ("told", "outside")


def _counted(told: int, facts: int, replies: int) -> str:
    """The counts in words: "2 things you told me and one reply of mine"."""
    counts = (("forget_told", told), ("forget_facts", facts), ("forget_replies", replies))
    parts = [phrase(name, min(count, 2) - 1, count=str(count)) for name, count in counts if count]
    return joined(parts)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    source = resources.files("oona.agent").joinpath("data/forgetting/en.toml")
    table: dict[str, list[str]] = tomllib.loads(source.read_text(encoding="utf-8"))
    return {
        name: re.compile("|".join(f"(?:{one})" for one in alternatives), re.IGNORECASE)
        for name, alternatives in table.items()
    }


def _what(text: str) -> str | None:
    """What is to be forgotten ("that" for the last thing said), or None if nothing is."""
    said = " ".join(text.replace("’", "'").split()).rstrip(" .!?")
    if _patterns()["last"].fullmatch(said):
        return "that"
    found = _patterns()["named"].fullmatch(said)
    return (found["what"] or found["about"]).strip() if found else None


def _agreed(text: str) -> bool | None:
    said = plain(text)
    if _patterns()["yes"].fullmatch(said):
        return True
    return False if _patterns()["no"].fullmatch(said) else None
