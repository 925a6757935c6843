"""Cutting a turn into what an embedder can read at once, and how much of it is read."""

from __future__ import annotations

from oona.core.events import Actor, Event

WORDS = 80
"""About a hundred pieces, the length that small embedders were trained on."""

_MOST = 4
_MOST_OF_A_REPLY = 1
"""A reply answers in its first words; the rest costs ten times its use (BEAM: 566 words each)."""


def passages(event: Event) -> list[str]:
    """The passages of a turn, each led by its speaker's name where the turn brings one.

    With the name in the passage and out of the question, a turn that merely greets somebody is not
    taken for one of theirs.
    """
    words = event.text().split()
    most = _MOST_OF_A_REPLY if event.actor is Actor.COMPANION else _MOST
    size = WORDS if len(words) > WORDS * 3 // 2 else max(1, len(words))
    cut = [words[start : start + size] for start in range(0, len(words), size)][:most]
    name = event.word("speaker")
    return [f"{name}: {' '.join(part)}" if name else " ".join(part) for part in cut]
