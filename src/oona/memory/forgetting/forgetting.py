"""Forgetting: a wish becomes a plan that can be shown; an agreed plan is carried out for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from oona.core.errors import BadInput, NotFound
from oona.core.events import Actor, Event, Kind
from oona.core.storage import Store
from oona.journal import Journal
from oona.journal.journal import NEVER_ERASED
from oona.memory.forgetting.plan import Plan, Walk
from oona.memory.forgetting.wish import LastSaid, OneEvent, Saying, Wish
from oona.memory.forgetting.words import Phrase, stem
from oona.memory.tombstones import forgotten_ids, is_forgotten, keep_out

ASKED = "asked"
"""The reason in a receipt: the person asked in a turn, which is among the receipt's causes."""

ASKED_BY_COMMAND = "asked by command"
"""The reason in a receipt where no turn asked: the person used a command."""

_LOOKED_BACK = 50
_STEP = 1_000


@dataclass(frozen=True, slots=True)
class Receipt:
    """That something was erased: the event that says so, and how many of each part it was."""

    event: Event
    counts: dict[str, int]


class Forgetting:
    """Finds what a wish touches in one person's journal, and erases it.

    `everyday` are words that stand in nearly every turn, and are no names unless capitalised.
    """

    def __init__(self, store: Store, journal: Journal, everyday: frozenset[str]) -> None:
        self._store = store
        self._journal = journal
        self._everyday = everyday

    def plan(self, wishes: Sequence[Wish], before: int = 0) -> Plan:
        """What `wishes` together would erase; an empty plan where that is nothing.

        With `before`, "the last thing said" is the last one with a smaller seq: the words that ask
        for the forgetting are not what they mean. Takes seconds for a hundred thousand events.
        Raises NotFound for an event that does not exist, BadInput for one that has to stay and for
        words that would fit nearly everything.
        """
        walk, after = self.begin(wishes, before), 0
        while after >= 0:
            after = self.step(walk, after)
        return walk.plan()

    def begin(self, wishes: Sequence[Wish], before: int = 0) -> Walk:
        """The beginning of what `plan` does at once, for whoever has other things to do between.

        Call `step` until it gives -1, then ask the walk for its plan.
        """
        return Walk([self._settled(wish, before) for wish in wishes], self._everyday)

    def step(self, walk: Walk, after: int) -> int:
        """Take `walk` a thousand events further; gives the seq it came to, or -1 at the end."""
        reached = -1
        for event in self._journal.read(after=after, limit=_STEP):
            walk.visit(event)
            reached = event.seq
        return reached

    def carry_out(self, plan: Plan, asked_by: Sequence[UUID] = ()) -> Receipt:
        """Erase what is in `plan` for good: bodies, salts, index, log and free pages; receipted.

        `asked_by` are the turns in which the person asked for it. What the running model and the
        conversation still hold is for whoever owns them to drop. Raises StorageFault.
        """
        ids = [item.id for item in plan.items]
        for start in range(0, len(ids), _STEP):
            # Before the erasure, which is one transaction of its own: a text that is kept out
            # though it still stands does no harm, one that is gone and not known again does.
            events = self._journal.get(ids[start : start + _STEP])
            with self._store.begin() as work:
                keep_out(work, events)
        reason = ASKED if asked_by else ASKED_BY_COMMAND
        stem.cache_clear()  # it holds words
        return Receipt(self._journal.erase(ids, reason, asked_by), plan.counts)

    def forgotten(self, ids: Sequence[UUID]) -> set[UUID]:
        """Those of `ids` whose events were erased here."""
        with self._store.begin() as work:
            return forgotten_ids(work, ids)

    def is_forgotten(self, text: str) -> bool:
        """Whether `text`, or a longer sentence of it, was erased here: importers leave it out."""
        with self._store.begin() as work:
            return is_forgotten(work, text)

    def tombstones(self) -> int:
        """How many keyed hashes keep the erased from coming back."""
        with self._store.begin() as work:
            return work.tombstones.count()

    def _settled(self, wish: Wish, before: int) -> Wish:
        """`wish` after it was seen that it can be carried out."""
        match wish:
            case LastSaid():
                return self._last_said(before)
            case OneEvent():
                return self._named(wish)
            case Saying():
                self._check(Phrase(wish.text, self._everyday), wish.text)
        return wish

    def _last_said(self, before: int) -> OneEvent:
        heard = self._journal.newest(Kind.HEARD, limit=_LOOKED_BACK, before=before)
        for event in heard:
            if event.actor is Actor.PERSON and event.raw is not None:
                return OneEvent(event.id, event.seq)
        raise NotFound("There is nothing you said lately that I still have.")

    def _named(self, wish: OneEvent) -> OneEvent:
        named = self._journal.get([wish.id]) if wish.id else self._journal.at_seq([wish.seq])
        if not named:
            raise NotFound(
                f"There is no event {wish.id or wish.seq} in the journal.",
                "`oona memory list` shows what you told me, with numbers. "
                "A number you said can be put in quotation marks: \"'12'\".",
            )
        [event] = named
        if event.kind in NEVER_ERASED:
            raise BadInput(
                f"Event {event.seq} holds up the journal itself, and nothing you told me; it stays."
            )
        if event.kind is Kind.SETTING:
            raise BadInput(
                f"Event {event.seq} is a setting.", "`oona settings` shows and changes them."
            )
        return OneEvent(event.id, event.seq)

    @staticmethod
    def _check(phrase: Phrase, text: str) -> None:
        if phrase.empty:
            raise BadInput("Forget what?", "Name a person, a thing or some words of it.")
        if phrase.too_common:
            raise BadInput(
                f"“{text.strip()[:40]}” is made of words that stand in nearly everything we say.",
                "Add a word that is special to it; a name is known by its capital.",
            )
