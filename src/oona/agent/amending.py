"""Words that amend what was said just before, or answer it: "Actually it's on Tuesday"."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from oona.core.events import Event, Kind
from oona.core.labels import Integrity
from oona.journal import Journal
from oona.trust.lexicon import Lexicon

_WITHIN = timedelta(minutes=10)
"""Later than this, "no, on Tuesday" answers something else."""

_MOST = 200
"""Characters; a longer turn tells a thing of its own."""


def amends(event: Event, before: Event, lexicon: Lexicon) -> bool:
    """Whether `event` amends, or answers, what was said or asked with `before`, the turn before."""
    text = event.text()
    return (
        event.label.integrity is Integrity.PERSON
        and len(text) <= _MOST
        and timedelta(0) <= event.at - before.at <= _WITHIN
        and not lexicon.is_question(text)
        and lexicon.patterns["amends"].search(text) is not None
    )


def amendments(
    journal: Journal, events: Iterable[Event], before: int, lexicon: Lexicon
) -> dict[str, Event]:
    """The turns that amend one of `events`, by the id of the one that they amend.

    `before` is the number of the turn that is being answered.
    """
    found: dict[str, Event] = {}
    for event in events:
        if event.kind is not Kind.HEARD:
            continue
        for after in journal.read(after=event.seq, kinds=[Kind.HEARD], limit=1):
            if after.seq < before and amends(after, event, lexicon):
                found[str(event.id)] = after
    return found
