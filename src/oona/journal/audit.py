"""The audit: is every event what was written, and is every gap accounted for?"""

from __future__ import annotations

from dataclasses import dataclass, field

from oona.core.errors import JournalDamaged
from oona.core.events import Event, Kind
from oona.core.storage import Head
from oona.journal import chain
from oona.journal.journal import Journal, link_of, receipted


@dataclass(slots=True)
class Audit:
    """What an audit found.

    `faults` say in plain words what is not as it was written, and are empty when all is well.
    `notes` say what the audit could not see, with nothing being wrong that it knows of.
    """

    events: int = 0
    erased: int = 0
    head: str = ""
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def audit(journal: Journal, most_faults: int = 20) -> Audit:
    """Walk the whole journal and compare it with itself and with the heads kept outside.

    A part of the file that cannot be read is a fault that says how far the journal is sound.
    """
    found = Audit()
    if journal.end_unwatched:
        found.notes.append(
            "No note of where the journal ends was found outside its file, so that a cut-off end "
            "could not be seen. The next event writes a new one."
        )
    walk = _Walk(found, [head for head in journal.noted_heads() if head.seq])
    try:
        for event in journal.read():
            walk.visit(event)
            if len(found.faults) >= most_faults:
                found.faults.append("There may be more; the check stopped here.")
                return found
    except JournalDamaged as fault:
        found.faults.append(f"After event {walk.previous.seq}: {fault.message}")
        return found
    walk.finish()
    return found


class _Walk:
    """What an audit remembers on its way."""

    def __init__(self, found: Audit, noted: list[Head]) -> None:
        self.found = found
        self.previous = Head(0, chain.GENESIS)
        self._noted = {head.seq: head.hash for head in noted}
        self._gaps: dict[int, bytes] = {}
        self._receipts: dict[int, bytes] = {}

    def visit(self, event: Event) -> None:
        """Check one event against the one before it."""
        self.found.events += 1
        self._check_place(event)
        self._check_body(event)
        noted = self._noted.pop(event.seq, None)
        if noted is not None and noted != event.hash:
            self._fault(f"Event {event.seq} is not the one that was noted outside the file.")
        self.previous = Head(event.seq, event.hash)

    def finish(self) -> None:
        """Check what only the end can show."""
        for seq in self._noted:
            self._fault(
                f"The journal ends at event {self.previous.seq}, but event {seq} was written: "
                "its end was cut off, or an older copy was put back."
            )
        for seq, commitment in self._gaps.items():
            if self._receipts.get(seq) != commitment:
                self._fault(f"The content of event {seq} is gone and no receipt says why.")
        self.found.erased = len(self._gaps)
        self.found.head = self.previous.hash.hex()

    def _check_place(self, event: Event) -> None:
        if event.seq != self.previous.seq + 1:
            self._fault(f"Between events {self.previous.seq} and {event.seq} something is missing.")
        elif event.hash != link_of(self.previous.hash, event):
            self._fault(f"Event {event.seq} was changed, or the one before it.")

    def _check_body(self, event: Event) -> None:
        if event.raw is None or event.salt is None:
            self._gaps[event.seq] = event.commitment
            if event.raw is not event.salt:
                self._fault(f"Half of the content of event {event.seq} is gone.")
        elif chain.commit(event.salt, event.raw) != event.commitment:
            self._fault(f"The content of event {event.seq} was changed.")
        elif event.kind is Kind.ERASED:
            self._receipts |= receipted(event)

    def _fault(self, words: str) -> None:
        self.found.faults.append(words)
