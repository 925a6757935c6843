"""The audit: is every event what was written, and is every gap accounted for?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from oona.core.events import Event, Kind
from oona.core.storage import Head
from oona.journal import chain
from oona.journal.journal import Journal, link_of


@dataclass(slots=True)
class Audit:
    """What an audit found; `faults` in plain words, empty when all is well."""

    events: int = 0
    erased: int = 0
    head: str = ""
    faults: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def audit(journal: Journal, most_faults: int = 20) -> Audit:
    """Walk the whole journal and compare it with itself and with the head kept outside.

    Raises JournalDamaged when the file itself cannot be read.
    """
    found = Audit()
    previous = Head(0, chain.GENESIS)
    noted = journal.noted_head()
    gaps: dict[int, bytes] = {}
    receipts: dict[int, str] = {}
    seen_noted = noted is None or noted.seq == 0
    for event in journal.read():
        found.events += 1
        _check_place(event, previous, found.faults)
        _check_body(event, gaps, receipts, found.faults)
        if noted is not None and event.seq == noted.seq:
            seen_noted = True
            if event.hash != noted.hash:
                found.faults.append(
                    f"Event {event.seq} is not the one that was noted outside the file."
                )
        previous = Head(event.seq, event.hash)
        if len(found.faults) >= most_faults:
            found.faults.append("There may be more; the check stopped here.")
            return found
    if not seen_noted and noted is not None:
        found.faults.append(
            f"The journal ends at event {previous.seq}, but event {noted.seq} was written: "
            "its end was cut off."
        )
    found.faults.extend(_unaccounted(gaps, receipts))
    found.erased = len(gaps)
    found.head = previous.hash.hex()
    return found


def _check_place(event: Event, previous: Head, faults: list[str]) -> None:
    if event.seq != previous.seq + 1:
        faults.append(f"Between events {previous.seq} and {event.seq} something is missing.")
    elif event.hash != link_of(previous.hash, event):
        faults.append(f"Event {event.seq} was changed, or the one before it.")


def _check_body(
    event: Event, gaps: dict[int, bytes], receipts: dict[int, str], faults: list[str]
) -> None:
    if event.raw is None or event.salt is None:
        gaps[event.seq] = event.commitment
        return
    if chain.commit(event.salt, event.raw) != event.commitment:
        faults.append(f"The content of event {event.seq} was changed.")
    elif event.kind is Kind.ERASED and event.body is not None:
        entries = event.body.get("events", [])
        for entry in entries if isinstance(entries, Sequence) else []:
            receipts[int(entry["seq"])] = str(entry["commitment"])


def _unaccounted(gaps: dict[int, bytes], receipts: dict[int, str]) -> list[str]:
    return [
        f"The content of event {seq} is gone and no receipt says why."
        for seq, commitment in gaps.items()
        if receipts.get(seq) != commitment.hex()
    ]
