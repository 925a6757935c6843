"""What a person can ask of their memories: to find, list, show, count and forget them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from oona.app.protocol import Message
from oona.app.views import event_view, origin_view, source_view
from oona.app.wiring import Companion
from oona.core.clock import local, to_text
from oona.core.errors import BadInput
from oona.core.events import Actor, Event, Kind
from oona.core.origin import said_at
from oona.core.storage import Head
from oona.memory.consolidated import totals
from oona.trust.lexicon import STOP_WORDS

if TYPE_CHECKING:
    from oona.memory.dates import Period
    from oona.memory.forgetting import Forgetting, Item, Plan, Walk
    from oona.memory.timeline import Stretch

SEARCH_TOKENS = 1_500
MOST_LISTED = 500
MOST_SHOWN = 400
"""Items of a plan that are told in full; its counts are of all of them."""

_PAGE = 200
_COPIES = "Exports and backups made before may still hold it; those are yours to remove."


class Memories:
    """The memories of one companion's person. Its methods give what a client is told."""

    def __init__(self, companion: Companion) -> None:
        self._companion = companion
        self._planned: tuple[object, Plan] | None = None

    async def search(self, text: str, limit: int) -> Message:
        """The turns that bear on `text`, best first, as a conversation would recall them."""
        companion = self._companion
        found = await companion.worker(companion.recall.find, text, SEARCH_TOKENS)
        return {"memories": [_found_view(source_view(t), t.event) for t in found.turns[:limit]]}

    async def told(self, days: int, limit: int) -> Message:
        """What the person told, oldest first: the newest `limit` of the last `days` (0: of all)."""
        events = await self._companion.worker(self._told, days, limit)
        return {"memories": [_memory_view(event) for event in events]}

    async def show(self, event: Event) -> Message:
        """One event, with what it rests on, what rests on it, and the facts noted from it."""
        worker, facts = self._companion.worker, self._companion.facts
        causes, effects = await worker(self._around, event)
        noted = await worker(
            lambda: [
                {"fact": fact.number, "status": fact.status.value, "text": facts.sentence(fact)}
                for fact in facts.all()
                if event.id in (source.event for source in fact.sources)
            ]
        )
        return {
            "event": event_view(event) | {"said": origin_view(event)},
            "rests_on": [_memory_view(cause) for cause in causes],
            "basis_of": [_memory_view(effect) for effect in effects],
            "facts": noted,
        }

    async def plan(self, whats: Sequence[str]) -> Message:
        """What forgetting `whats` would erase. Nothing is erased."""
        return _plan_view(await self._plan(whats))

    async def forget(self, whats: Sequence[str], agreed: str) -> Message:
        """Erase it, if it is still what the person agreed to: the plan whose digest is `agreed`.

        Else the plan as it is now, with "changed". No turn may run meanwhile: the running
        conversation and the model are made to forget, too.
        """
        companion = self._companion
        plan = await self._plan(whats)
        if agreed != plan.digest:
            return {**_plan_view(plan), "changed": True}
        if not plan.items:
            return _plan_view(plan)
        try:
            receipt = await companion.worker(self._forgetting().carry_out, plan)
        finally:  # where the file could not be rewritten, it is erased all the same
            self._planned = None
            await companion.turns.forget()
            restarted = await companion.model.forget()
        event = receipt.event
        return {
            "done": True,
            "counts": receipt.counts,
            "indexed": plan.indexed,
            "receipt": {"event": event.seq, "id": str(event.id), "at": to_text(event.at)},
            "model": restarted,
            "notes": self._notes(),
        }

    async def timeline(self, since: str, until: str) -> Message:
        """The sessions from `since` to `until`: days, or times such as "last week"."""
        from oona.memory.timeline import Timeline

        companion = self._companion
        today = local(companion.clock.now(), companion.journal.zone).date()
        begun, ended = _period(since, today), _period(until, today)
        first = begun.first if begun else None
        last = ended.last if ended else begun.last if begun and not _is_day(since) else None
        timeline = Timeline(companion.store, companion.journal)
        found = await companion.worker(timeline.between, first, last)
        return {"sessions": [_stretch_view(stretch) for stretch in found]}

    async def stats(self) -> Message:
        """How much there is, since when, and how much was erased."""
        return await self._companion.worker(self._stats)

    def _forgetting(self) -> Forgetting:
        from oona.memory.forgetting import Forgetting

        return Forgetting(self._companion.store, self._companion.journal, STOP_WORDS)

    async def _plan(self, whats: Sequence[str]) -> Plan:
        """The plan for `whats`. Turns may be taken while it is made, and are part of it then."""
        from oona.memory.forgetting import read_wish

        worker, journal = self._companion.worker, self._companion.journal
        today = local(self._companion.clock.now(), journal.zone).date()
        # What was shown is asked for again when it is agreed to. It takes a walk over the whole
        # journal, and is the same until something is written there.
        asked = (tuple(whats), today, await worker(journal.head))
        if self._planned is None or self._planned[0] != asked:
            forgetting, after = self._forgetting(), 0
            wishes = [read_wish(what, today) for what in whats]
            walk = await worker(forgetting.begin, wishes)
            while after >= 0:
                after, head = await worker(self._step, forgetting, walk, after)
                asked = (*asked[:2], head)
            self._planned = (asked, walk.plan())
        return self._planned[1]

    def _step(self, forgetting: Forgetting, walk: Walk, after: int) -> tuple[int, Head]:
        """One step, and where the journal ended when it was taken."""
        return forgetting.step(walk, after), self._companion.journal.head()

    def _told(self, days: int, limit: int) -> list[Event]:
        journal = self._companion.journal
        since = self._companion.clock.now() - timedelta(days=days) if days else None
        # In the order in which it was said: an import of today may be of years ago.
        rows = sorted(self._companion.store.turns(), key=lambda row: (row.at, row.seq))
        found: list[Event] = []
        while rows and len(found) < limit:
            page, rows = rows[-_PAGE:], rows[:-_PAGE]
            place = {row.seq: number for number, row in enumerate(page)}
            events = sorted(journal.at_seq(list(place)), key=lambda e: place[e.seq], reverse=True)
            told = [e for e in events if e.kind in (Kind.HEARD, Kind.IMPORTED) and e.text()]
            found += [e for e in told if since is None or said_at(e) >= since]
            if since is not None and events and said_at(events[-1]) < since:
                break
        return found[:limit][::-1]

    def _around(self, event: Event) -> tuple[list[Event], list[Event]]:
        journal = self._companion.journal
        effects = self._companion.store.effects_of(event.id)
        shown = {Kind.HEARD, Kind.SAID, Kind.IMPORTED}
        return (
            [cause for cause in journal.get(event.causes) if cause.kind in shown],
            [effect for effect in journal.get(effects) if effect.kind in shown],
        )

    def _stats(self) -> Message:
        counts: Counter[str] = Counter(told=0, outside=0, replies=0, erased=0)
        first = last = ""
        for event in self._companion.journal.read():
            if event.raw is None:
                counts["erased"] += 1
            elif event.kind in (Kind.HEARD, Kind.IMPORTED) and event.text():
                own = event.actor is Actor.PERSON
                counts["told" if own else "outside"] += 1
                if own:
                    last = to_text(event.at)
                    first = first or last
            elif event.kind is Kind.SAID:
                counts["replies"] += 1
        return {
            **counts,
            "first": first,
            "last": last,
            "zone": self._companion.journal.zone,
            "facts": Counter(fact.status.value for fact in self._companion.facts.all()),
            "idle": totals(self._companion.journal),
            "kept_out": self._forgetting().tombstones(),
        }

    def _notes(self) -> list[str]:
        notes = [_COPIES]
        if url := self._companion.settings.text("model.url"):
            notes.append(f"What the model at {url} keeps of our talk is beyond my reach.")
        return notes


def _period(text: str, today: date) -> Period | None:
    """The time that `text` names, None for none. Raises BadInput for what is no time."""
    from oona.memory.dates import periods

    found = periods(text, today)
    if text.strip() and not found:
        raise BadInput(
            f"I know no time called {text[:40]!r}.", "Write a day as in 2026-11-09, or: last week."
        )
    return found[0] if found else None


def _is_day(text: str) -> bool:
    """Whether it is a day, from which on everything is meant, and not a stretch of its own."""
    return text.strip()[:1].isdigit()


def _stretch_view(stretch: Stretch) -> dict[str, object]:
    return {
        "at": to_text(stretch.at),
        "zone": stretch.zone,
        "turns": stretch.turns,
        "text": stretch.text,
        "gist": stretch.gist,
        "first": stretch.first,
        "last": stretch.last,
        "sources": [str(source) for source in stretch.sources],
    }


def _memory_view(event: Event) -> dict[str, object]:
    return {
        "event": event.seq,
        "id": str(event.id),
        **origin_view(event),
        "actor": event.actor.value,
        "label": str(event.label),
        "text": event.text(),
    }


def _found_view(source: dict[str, object], event: Event) -> dict[str, object]:
    return {**_memory_view(event), "score": source["score"]}


def _item_view(item: Item) -> dict[str, object]:
    return {
        "event": item.seq,
        "id": str(item.id),
        "at": to_text(item.at),
        "zone": item.zone,
        "part": item.part.value,
        "reason": item.reason.value,
        "on": item.on,
        "text": item.words,
    }


def _plan_view(plan: Plan) -> Message:
    return {
        "done": False,
        "plan": plan.digest,
        "counts": plan.counts,
        "items": [_item_view(item) for item in plan.items[:MOST_SHOWN]],
        "nearby": [_item_view(item) for item in plan.nearby],
        "settings": list(plan.settings),
        "indexed": plan.indexed,
        "told": plan.told,
    }
