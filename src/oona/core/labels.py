"""Labels: where information comes from (integrity) and how far it may go (confidentiality).

The lattice of FIDES (Costa et al., 2025) and CaMeL (Debenedetti et al., 2025): whatever is derived
takes the weakest integrity and the strongest confidentiality of everything it was derived from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache


class Integrity(IntEnum):
    """How far a text may be trusted to be the person's own word; higher is stronger."""

    OUTSIDE = 0
    COMPANION = 1
    PERSON = 2


class Confidentiality(IntEnum):
    """How closely a text is kept; higher is stronger."""

    PUBLIC = 0
    SHARED = 1
    PRIVATE = 2


_TEXTS = tuple(
    tuple(f"{integrity.name.lower()}/{kept.name.lower()}" for kept in Confidentiality)
    for integrity in Integrity
)
"""Each label's text, by both of its sides: every event is sealed and stored under it."""


@dataclass(frozen=True, slots=True)
class Label:
    """Both sides of the lattice for one event."""

    integrity: Integrity
    confidentiality: Confidentiality

    def join(self, other: Label) -> Label:
        """The label of something derived from both."""
        return Label(
            min(self.integrity, other.integrity),
            max(self.confidentiality, other.confidentiality),
        )

    def __str__(self) -> str:
        return _TEXTS[self.integrity][self.confidentiality]

    @classmethod
    @cache
    def parse(cls, text: str) -> Label:
        """The label that `str()` wrote. Raises ValueError for anything else."""
        integrity, _, confidentiality = text.partition("/")
        try:
            return cls(Integrity[integrity.upper()], Confidentiality[confidentiality.upper()])
        except KeyError:
            raise ValueError(f"{text!r} is not a label") from None


PERSON = Label(Integrity.PERSON, Confidentiality.PRIVATE)
COMPANION = Label(Integrity.COMPANION, Confidentiality.PRIVATE)
OUTSIDE = Label(Integrity.OUTSIDE, Confidentiality.PRIVATE)


def derived(own: Label, causes: Iterable[Label]) -> Label:
    """The label of what an actor labelled `own` derived from `causes`."""
    label = own
    for cause in causes:
        label = label.join(cause)
    return label
