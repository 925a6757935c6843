"""Comparing the names, and proposing one that is hard to mistake for anything."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from oona.agent.naming.sounds import Lexicon, sounds, syllables
from oona.core.clock import Clock
from oona.core.errors import BadInput
from oona.core.events import Actor, Draft, Kind
from oona.core.labels import COMPANION
from oona.core.sentences import plain

FROM_WORDS = 1.0
FROM_COMMANDS = 1.2
FROM_PEOPLE = 0.8
FROM_NEVER = 1.0
"""How far a name must be from an everyday word, a word of command, a name the person has said, and
a name that is never used; in the units of `sounds.distance`."""

_FAR = 1.2
"""Beyond this, farther is not better."""

_WELL_SCORED = 90
_LONGEST = 7
_CLEAR_START = frozenset("bdgklmnprtzJjv")
_CAPITAL = re.compile(r"(?<!\w)[^\W\d_a-z][\w'’-]*")


@dataclass(frozen=True, slots=True)
class Proposal:
    """One name, and what was found about it.

    `compared` names were held against `words` everyday words in `ms` milliseconds. `nearest` is the
    word that sounds most like it and `gap` how far that is, in hundredths. `unused` tells that no
    text of the person's holds the name, False also where there was no text to look in.
    """

    name: str
    compared: int
    words: int
    ms: int
    nearest: str
    gap: int
    unused: bool

    def facts(self) -> dict[str, str]:
        """What a text about the proposal may say."""
        return {
            "name": self.name,
            "compared": f"{self.compared:,}",
            "words": f"{self.words:,}",
            "ms": f"{self.ms:,}" if self.ms else "less than 1",
            "nearest": self.nearest,
            "unused": "yes" if self.unused else "",
        }

    def draft(self, answer: str) -> Draft:
        """The event that keeps it and its `answer`: accepted, declined, replaced or open."""
        body = {
            "name": self.name,
            "answer": answer,
            "compared": self.compared,
            "words": self.words,
            "ms": self.ms,
            "nearest": self.nearest,
            "gap": self.gap,
            "unused": self.unused,
        }
        return Draft(Kind.NAMED, Actor.COMPANION, body, COMPANION)


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: str
    score: float


class Naming:
    """The names in the order of choice, for one person."""

    def __init__(
        self, spoken: Iterable[str], seed: int, clock: Clock, declined: Sequence[str] = ()
    ) -> None:
        """`spoken` are the person's texts, `seed` varies the order, `declined` are left out."""
        self._spoken = [text for text in spoken if text.strip()]
        self._seed = seed
        self._clock = clock
        self._declined = {plain(name) for name in declined}
        self._ranked: list[_Candidate] | None = None
        self._compared = 0
        self._words = 0
        self._ms = 0

    def propose(self, shorter_than: str = "") -> Proposal | None:
        """The next name, if one is left (of fewer letters than `shorter_than`, if that is given).

        The comparison is made at the first call; it takes about a second of
        work, so that a caller with other things to do should ask for it in a thread.
        """
        if self._ranked is None:
            self._ranked = self._rank()
        for candidate in self._ranked:
            if plain(candidate.name) in self._declined:
                continue
            if shorter_than and len(candidate.name) >= len(shorter_than):
                continue
            gap, nearest = _everyday().nearest(sounds(candidate.name))
            return Proposal(
                name=candidate.name,
                compared=self._compared,
                words=self._words,
                ms=self._ms,
                nearest=nearest,
                gap=round(gap * 100),
                unused=bool(self._spoken),
            )
        return None

    def decline(self, name: str) -> None:
        """Leave `name` out from now on."""
        self._declined.add(plain(name))

    def _rank(self) -> list[_Candidate]:
        begun = self._clock.monotonic()
        names, people = _names(), Lexicon(_people(self._spoken))
        used = {word for text in self._spoken for word in plain(text).split()}
        right = [name for name in names if plain(name) not in used and _right_size(name)]
        fit = [candidate for name in right if (candidate := _judge(name, people))]
        best = sorted(fit, key=lambda one: (-one.score, one.name))[:_WELL_SCORED]
        ranked = sorted(best, key=lambda one: _shuffled(one.name, self._seed))
        self._compared, self._words = len(right), _everyday().size
        self._ms = round((self._clock.monotonic() - begun) * 1000)
        return ranked


def is_command(name: str) -> bool:
    """Whether `name` is a word that already means something to the companion."""
    return plain(name) in {plain(word) for word in _data("commands", "words")}


def is_everyday(word: str) -> bool:
    """Whether `word` is one of the everyday words."""
    return plain(word) in _written()


def _right_size(name: str) -> bool:
    return 2 <= syllables(sounds(name)) <= 3 and len(name) <= _LONGEST


def _judge(name: str, people: Lexicon) -> _Candidate | None:
    """`name` with its score, or None where it could be mistaken for something."""
    heard = sounds(name)
    from_words, _ = _everyday().nearest(heard, _FAR, FROM_WORDS)
    if from_words < FROM_WORDS:
        return None
    others = ((_commands(), FROM_COMMANDS), (_never(), FROM_NEVER), (people, FROM_PEOPLE))
    if any(lexicon.nearest(heard, least, least)[1] for lexicon, least in others):
        return None
    score = from_words + 0.4 * (syllables(heard) == 2) + 0.3 * (heard[0] in _CLEAR_START)
    return _Candidate(name, score - 0.1 * max(0, len(name) - 5))


def _people(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Every capitalised word in `texts` with its sounds: whoever is named is among them."""
    words = {word for text in texts for word in _CAPITAL.findall(text) if len(word) > 1}
    return [(word, sounds(word)) for word in sorted(words) if not is_everyday(word)]


def _shuffled(name: str, seed: int) -> bytes:
    return hashlib.sha256(f"{seed}:{name}".encode()).digest()


@cache
def _file() -> Mapping[str, Mapping[str, list[str]]]:
    text = resources.files("oona.agent").joinpath("data", "naming", "names.toml").read_text("utf-8")
    return {k: v for k, v in tomllib.loads(text).items() if isinstance(v, dict)}


def _data(table: str, key: str) -> list[str]:
    return _file()[table][key]


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted({name for names in _file()["names"].values() for name in names}))


@cache
def _never() -> Lexicon:
    return Lexicon((name, sounds(name)) for name in _data("never", "sounds"))


@cache
def _commands() -> Lexicon:
    return Lexicon((word, sounds(word)) for ws in _data("commands", "words") for word in ws.split())


@cache
def _written() -> Mapping[str, str]:
    """The everyday words with their sounds."""
    text = resources.files("oona.agent").joinpath("data", "naming", "words.txt").read_text("utf-8")
    found: dict[str, str] = {}
    for line in text.splitlines():
        for entry in [] if line.startswith("#") else line.split():
            word, _, heard = entry.partition("=")
            if not (heard := heard or sounds(word)):
                raise BadInput(f"The word {entry!r} has no sound.")
            found.setdefault(word, heard)
    return found


@cache
def _everyday() -> Lexicon:
    return Lexicon(_written().items())
