"""What idle work has done so far, read from its own entries in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from oona.core.clock import Clock, local
from oona.core.events import Actor, Draft, Event, Kind
from oona.core.labels import COMPANION
from oona.core.storage import Store
from oona.journal import Journal
from oona.memory.sessions import Session

_PAGE = 200
_UNWRITTEN = "idle-unwritten"


@dataclass(frozen=True, slots=True)
class Reached:
    """How far idle work came: the last turn read for facts, the last turn of a session gisted."""

    read: int = 0
    gisted: int = 0


@dataclass
class Done:
    """What was done and is not written down yet; `milliseconds` are of the model's time."""

    reached: Reached
    turns: int = 0
    sessions: int = 0
    milliseconds: int = 0
    facts: list[Draft] = field(default_factory=list)
    gists: list[Draft] = field(default_factory=list)

    def drafts(self, standing: set[UUID]) -> list[Draft]:
        """The facts and gists all of whose causes are `standing`, and the entry that tells of them.

        They are to be written together: what was learned and how far it was read are one step.
        """
        facts = [draft for draft in self.facts if standing.issuperset(draft.causes)]
        gists = [draft for draft in self.gists if standing.issuperset(draft.causes)]
        body = {
            "text": summary(self.turns, len(facts), len(gists), self.sessions),
            "turns": self.turns,
            "sessions": self.sessions,
            "facts": len(facts),
            "gists": len(gists),
            "read": self.reached.read,
            "gisted": self.reached.gisted,
            "milliseconds": self.milliseconds,
        }
        return [*facts, *gists, Draft(Kind.CONSOLIDATED, Actor.COMPANION, body, COMPANION)]


def summary(turns: int, facts: int, gists: int, sessions: int = 0) -> str:
    """What was done, in words: "Read 14 turns: 2 facts, 1 gist."."""
    read = _counted((turns, "turn"), (sessions, "session"))
    if not read:
        return "Gave way before anything was read."
    learned = _counted((facts, "fact"), (gists, "gist"))
    return f"Read {' and '.join(read)}: {', '.join(learned) or 'nothing new'}."


def _counted(*counts: tuple[int, str]) -> list[str]:
    return [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count]


def reached(journal: Journal) -> Reached:
    """How far idle work came, by what it wrote down."""
    for event in journal.newest(Kind.CONSOLIDATED, limit=_PAGE):
        if event.raw is not None:
            return Reached(_count(event, "read"), _count(event, "gisted"))
    return Reached()


def spent_today(journal: Journal, clock: Clock) -> int:
    """Milliseconds of the model's time that idle work took today, in the journal's zone."""
    today = local(clock.now(), journal.zone).date()
    spent, before = 0, 0
    while page := journal.newest(Kind.CONSOLIDATED, limit=_PAGE, before=before):
        for event in page:
            if local(event.at, journal.zone).date() != today:
                return spent
            spent += _count(event, "milliseconds")
        before = page[-1].seq
    return spent


def note_unwritten(store: Store, journal: Journal, clock: Clock, milliseconds: int) -> None:
    """Keep the model's time that no entry tells of yet, beside the journal.

    It counts while the last entry is still the last: a process that is killed loses no account, and
    what was written down meanwhile is not counted twice.
    """
    today = local(clock.now(), journal.zone).date()
    with store.begin() as work:
        work.set_mark(_UNWRITTEN, f"{_last(journal)} {today} {milliseconds}")


def unwritten(store: Store, journal: Journal, clock: Clock) -> int:
    """Milliseconds of today that a process kept and did not live to write down."""
    with store.begin() as work:
        kept = work.get_mark(_UNWRITTEN).split()
    today = local(clock.now(), journal.zone).date()
    if kept[:2] != [str(_last(journal)), str(today)]:
        return 0
    return int(kept[2])


def totals(journal: Journal) -> dict[str, int]:
    """What idle work did in all: turns read, facts and gists, milliseconds of the model's time."""
    names = ("turns", "facts", "gists", "milliseconds")
    found = dict.fromkeys(names, 0)
    for event in journal.read(kinds=[Kind.CONSOLIDATED]):
        for name in names:
            found[name] += _count(event, name)
    return found


def next_session(sessions: Sequence[Session], after: int) -> Session | None:
    """The first session after turn `after`."""
    return next((one for one in sessions if one.turns[-1] > after), None)


def _last(journal: Journal) -> int:
    """The number of the last entry of idle work; 0 where there is none."""
    newest = journal.newest(Kind.CONSOLIDATED, limit=1)
    return newest[0].seq if newest else 0


def _count(event: Event, name: str) -> int:
    value = (event.body or {}).get(name, 0)
    return value if isinstance(value, int) else 0
