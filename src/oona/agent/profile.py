"""What the person has settled about themselves and their companion, as the journal says it now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from oona.core.errors import BadInput
from oona.core.events import Actor, Draft, Kind
from oona.core.labels import PERSON
from oona.journal import Journal

MOST_NAME = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to settle: its default, what it may be, and how it is called for people."""

    key: str
    default: str
    about: str
    options: tuple[str, ...] = ()


CHOICES: tuple[Choice, ...] = (
    Choice("person.name", "", "what I call you"),
    Choice("companion.name", "", "what you call me"),
    Choice("talk.length", "normal", "how much I say", ("brief", "normal", "chatty")),
    Choice("voice.style", "any", "the voice I will have", ("any", "lower", "brighter")),
    Choice(
        "memory.keep",
        "everything",
        "what I may remember: everything, only turns with 'remember', or nothing once we part",
        ("everything", "asked", "nothing"),
    ),
    Choice("first-run", "", "whether we have met", ("", "done")),
)
_BY_KEY = {choice.key: choice for choice in CHOICES}


@dataclass(frozen=True, slots=True)
class Profile:
    """The values in force, by key."""

    values: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> str:
        return self.values.get(key, _BY_KEY[key].default)

    @property
    def person(self) -> str:
        """The person's name, or an empty text."""
        return self["person.name"]

    @property
    def companion(self) -> str:
        """The companion's name, or the software's until it has one."""
        return self["companion.name"] or "Oona"

    @property
    def met(self) -> bool:
        """Whether the first run is over."""
        return self["first-run"] == "done"


def read_profile(journal: Journal) -> Profile:
    """The last value of every key."""
    values: dict[str, str] = {}
    for event in journal.read(kinds=[Kind.SETTING]):
        if event.body is not None and (key := event.word("key")) in _BY_KEY:
            values[key] = event.word("value")
    return Profile(values)


def settle(key: str, value: str, by: Actor = Actor.PERSON) -> Draft:
    """The event that settles `key`. Raises BadInput with what is possible instead."""
    choice = _BY_KEY.get(key)
    if choice is None:
        known = ", ".join(c.key for c in CHOICES if c.key != "first-run")
        raise BadInput(f"There is no setting {key!r}.", f"These exist: {known}.")
    value = " ".join(value.split())
    if choice.options and value not in choice.options:
        options = ", ".join(option for option in choice.options if option)
        raise BadInput(f"{key} cannot be {value!r}.", f"It may be {options}.")
    if len(value) > MOST_NAME or not all(c.isprintable() for c in value):
        raise BadInput(f"{value[:MOST_NAME]!r} is too long or has signs that cannot be shown.")
    return Draft(Kind.SETTING, by, {"key": key, "value": value}, PERSON)


ProfileSource = Callable[[], Profile]
