"""Builds one person's companion out of paths and settings: journal, recall, model, turn loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oona.app.paths import Paths, person_name, private_folder
from oona.app.recalling import PersonRecall
from oona.app.seat import Seat
from oona.app.settings import Settings
from oona.app.worker import Worker
from oona.core.clock import Clock
from oona.core.errors import WrongKey
from oona.core.events import Actor, Draft, Kind
from oona.core.labels import COMPANION
from oona.core.storage import Store
from oona.journal import Journal, Projection

if TYPE_CHECKING:
    from oona.agent.turn import TurnLoop
    from oona.memory import SpokenTurns
    from oona.memory.facts import FactBook, Facts
    from oona.store import SqliteStore


@dataclass(frozen=True, slots=True)
class Companion:
    """The live parts of one person's companion. What touches `journal` goes through `worker`."""

    person: str
    paths: Paths
    settings: Settings
    clock: Clock
    worker: Worker
    journal: Journal
    model: Seat
    turns: TurnLoop
    inode: int
    store: Store
    recall: PersonRecall
    facts: Facts

    def astray(self) -> bool:
        """Whether the open file is no longer the one that stands where the journal lies."""
        try:
            return self.paths.journal(self.person).stat().st_ino != self.inode
        except OSError:
            return True

    async def close(self) -> None:
        """End the model, close the journal."""
        await self.model.stop()
        await self.worker(self.journal.close)
        self.worker.close()


async def open_companion(person: str, paths: Paths, settings: Settings, model: Seat) -> Companion:
    """Open the person's journal, making a fresh one if there is none, and set everything around it.

    The model may be loading already, or wait for `Companion.model.refresh`. Raises WrongKey,
    JournalDamaged, StorageFault.
    """
    from oona.memory.facts import Facts

    worker = Worker()
    clock = settings.clock()
    try:
        store, journal, spoken, book = await worker(_open_journal, person, paths, settings, clock)
        recall = PersonRecall(store, spoken, paths.models)
        facts = Facts(store, journal, book, clock)
        turns = _turn_loop(paths, store, journal, model, clock, worker, recall, facts)
    except BaseException:
        worker.close()
        raise
    inode = (await worker(paths.journal(person).stat)).st_ino
    return Companion(
        person, paths, settings, clock, worker, journal, model, turns, inode, store, recall, facts
    )


def _turn_loop(
    paths: Paths,
    store: Store,
    journal: Journal,
    model: Seat,
    clock: Clock,
    worker: Worker,
    recall: PersonRecall,
    facts: Facts,
) -> TurnLoop:
    from oona.agent.moods import Moods
    from oona.agent.reflexes import Reflexes
    from oona.agent.turn import Parts, TurnLoop
    from oona.app.watch import DangerWatch
    from oona.memory.forgetting import Forgetting
    from oona.memory.timeline import Timeline
    from oona.trust.lexicon import STOP_WORDS, load

    lexicon = load()
    return TurnLoop(
        Parts(
            journal=journal,
            recall=recall,
            model=model,
            clock=clock,
            lexicon=lexicon,
            reflexes=Reflexes.load(),
            watch=DangerWatch(paths.contacts, journal.zone),
            io=worker,
            forgetter=Forgetting(store, journal, STOP_WORDS),
            caches=model,
            facts=facts,
            timeline=Timeline(store, journal),
            moods=Moods(lexicon, recall.sense),
        )
    )


def _open_journal(
    person: str, paths: Paths, settings: Settings, clock: Clock
) -> tuple[SqliteStore, Journal, SpokenTurns, FactBook]:
    from oona.journal.heads import Heads
    from oona.memory import ImportedTexts, SpokenTurns, Tombstones, TurnTexts
    from oona.memory.facts import FactBook
    from oona.store import KeyRing, SqliteStore

    person = person_name(person)
    keys = KeyRing(paths.keys, use_system=not paths.own_keys)
    file = paths.journal(person)
    private_folder(paths.person(person))
    private_folder(paths.keys)
    key = keys.get(person)
    if key is None:
        if file.exists():
            raise WrongKey(
                f"The key that opens {file} is gone from {keys.where(person)}.",
                f"Put {person}.key back into {paths.keys}, or name its folder with OONA_KEYS.",
            )
        key = keys.create(person)
    store = SqliteStore(file, key)
    try:
        heads = Heads(paths.head(person))
        spoken, book = SpokenTurns(), FactBook()
        views: Sequence[Projection] = (TurnTexts(), spoken, Tombstones(), ImportedTexts(), book)
        journal = Journal(store, heads, clock, settings.zone, views)
    except BaseException:
        store.close()
        raise
    return store, journal, spoken, book


def created(journal: Journal, person: str, version: str) -> None:
    """Write whose journal this is, as the first event of an empty one."""
    if journal.head().seq == 0:
        body = {"person": person, "version": version}
        journal.append(Draft(Kind.CREATED, Actor.SYSTEM, body, COMPANION))
