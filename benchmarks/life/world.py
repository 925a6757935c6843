"""Who there is in a made life, what may be true of them, and what is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Someone:
    """One of the people of a life; the person themselves has no name.

    `full` is what they are called at length ("my sister Anna"), `short` what they are called where
    that can mean nobody else ("Anna", "my sister"), `pronoun` is theirs.
    """

    full: str
    short: tuple[str, ...] = ()
    pronoun: str = "she"

    @property
    def is_me(self) -> bool:
        """Whether it is the person."""
        return not self.full

    @property
    def name(self) -> str:
        """The name alone, as it stands under a letter."""
        return next((word for word in self.full.split() if word[:1].isupper()), "Me")


ME = Someone("")
PEOPLE = (
    ME,
    Someone("my sister Anna", ("Anna", "my sister")),
    Someone("my brother Daniel", ("my brother",), "he"),
    Someone("Daniel from work", (), "he"),
    Someone("my wife Eva", ("Eva", "my wife")),
    Someone("my mother", ("Mum",)),
    Someone("my friend Kari", ("Kari",)),
    Someone("my boss Ingrid", ("Ingrid", "my boss")),
    Someone("my neighbour Tom", ("Tom",), "he"),
    Someone("my daughter Mia", ("Mia", "my daughter")),
    Someone("my cousin Per", ("Per", "my cousin"), "he"),
    Someone("my uncle Olav", ("Olav", "my uncle"), "he"),
)
NAMESAKES = tuple(one for one in PEOPLE if one.name == "Daniel")
STRANGERS = (Someone("my aunt Olga"), Someone("my son Emil", (), "he"))
"""Who is never spoken of, and asked for all the same."""

VALUES: dict[str, tuple[str, ...]] = {
    "lives_in": (
        "Oslo",
        "Bergen",
        "Molde",
        "Narvik",
        "Lisbon",
        "Paris",
        "Hamburg",
        "Kraków",
        "Turin",
        "Leeds",
        "Porto",
        "Ghent",
    ),
    "works_at": (
        "Equinor",
        "Telenor",
        "Statkraft",
        "Airbus",
        "Siemens",
        "Yara",
        "Hydro",
        "Volvo",
        "Nokia",
        "Philips",
        "Bosch",
    ),
    "allergic_to": (
        "walnuts",
        "peanuts",
        "shellfish",
        "eggs",
        "celery",
        "mustard",
        "strawberries",
        "lupin",
        "sesame",
    ),
    "birthday": (
        "3 May",
        "9 June",
        "12 July",
        "24 August",
        "30 March",
        "17 April",
        "5 October",
        "21 January",
    ),
    "likes": (
        "jazz",
        "opera",
        "chess",
        "sailing",
        "gardening",
        "pottery",
        "skiing",
        "cycling",
        "poetry",
        "swimming",
    ),
}
SINGLE = frozenset({"lives_in", "works_at", "birthday"})
"""Relations of which one value holds at a time."""

CHANGING = ("lives_in", "works_at")


class How(StrEnum):
    """How it was last told; the class that a question is counted under."""

    SAME = "told once"
    CHANGED = "changed"
    ENDED = "ended"
    CONTRADICTED = "contradicted"
    MENDED = "corrected"
    FORGOTTEN = "forgotten"


@dataclass
class Truth:
    """What is so of one relation of somebody, as the person told it.

    `told` are all its values in the order of telling, and `ended` says that the last is over;
    `taken_back` was said by mistake; `others` is what mail and calendar say; `otherwise` whether
    the last telling was in words that no rule was written against.
    """

    told: list[str] = field(default_factory=list)
    how: How = How.SAME
    taken_back: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    otherwise: bool = False

    @property
    def current(self) -> list[str]:
        """The value that holds, if one does (of one that holds at a time)."""
        return [] if self.how in (How.ENDED, How.CONTRADICTED) else self.told[-1:]
