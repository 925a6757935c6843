"""Reading the mood of a telling: from its words, and from the point that an embedder gives it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from oona.trust.lexicon import Lexicon

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from oona.core.embedding import Embedder

    Floats = NDArray[np.float32]

Sense = Callable[[str], "tuple[str, Floats] | None"]
"""Gives the name of an embedder and its point (one row, length 1) for a text; None without one."""

PLAIN, HARD = "plain", "hard"
JOY, LOSS = "joy", "loss"
CHEERFUL = "cheerful"

STILL = 0.9
"""What `Sure.hard` is multiplied by for who told something hard a moment ago."""

WORD = 0.3
"""What a word weighs beside a point of length 1."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Mood:
    """How a telling feels, and what a reply to it may begin with.

    `jars` names the pattern of the lexicon that such a reply must not match. `opens` are first
    words, `begins` what is put in the model's mouth after them, and `then` stands where nothing of
    the model's own could stay.
    """

    name: str
    jars: str
    opens: tuple[str, ...]
    begins: tuple[str, ...]
    then: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sure:
    """Probabilities from which a mood may be acted on; `training/moods/README.md` has their price.

    `mood` is that of one heavy mood, `loss` that of a loss, which hurts most where it is missed,
    `joy` that of joy, which costs more where it is wrong, and `hard` that of all the heavy ones
    together.
    """

    mood: float
    loss: float
    joy: float
    hard: float

    def decide(self, likely: dict[str, float], before: str = "") -> str:
        """The name of the mood; `before` is what would have jarred a moment ago."""
        best = max(likely, key=lambda name: likely[name])
        needed = {JOY: self.joy, LOSS: self.loss}.get(best, self.mood)
        if best != PLAIN and likely[best] >= needed:
            return best
        heavy = 1.0 - likely[PLAIN] - likely[JOY]
        return HARD if heavy >= self.hard * (STILL if before == CHEERFUL else 1.0) else PLAIN


BY_WORDS = Sure(mood=0.65, loss=0.55, joy=0.8, hard=0.9)
BY_POINTS = Sure(mood=0.6, loss=0.5, joy=0.75, hard=0.8)


@dataclass(frozen=True)
class Fitted:
    """A linear reader (multinomial logistic regression) of words and, for one embedder, points.

    `weights` has a row for each of `names`; its columns are the point's dimensions, if it takes
    one, then one for each of `stems`, then the bias.
    """

    names: tuple[str, ...]
    stems: tuple[str, ...]
    weights: Floats

    def likely(self, stems: frozenset[str], point: Floats | None) -> dict[str, float]:
        """The probability of each mood for a text with these word stems, and its point."""
        said = [WORD if stem in stems else 0.0 for stem in self.stems]
        parts = [np.array([*said, 1.0], np.float32)]
        if point is not None:
            parts.insert(0, point)
        scores = self.weights @ np.concatenate(parts)
        likely = np.exp(scores - scores.max())
        return dict(zip(self.names, (likely / likely.sum()).tolist(), strict=True))


def by(embedder: Embedder) -> Sense:
    """What `embedder` makes of a text."""
    return lambda text: (embedder.name, embedder.embed([text], question=True)[0])


def stems_of(text: str, lexicon: Lexicon) -> frozenset[str]:
    """The stems of all its words, the small ones, too: "not" and "without" tell of moods."""
    return frozenset(lexicon.stem(word) for word in _WORD.findall(text))


class Moods:
    """Reads moods from words, and better where `sense` has an embedder that a fit was made for."""

    def __init__(self, lexicon: Lexicon, sense: Sense) -> None:
        self._lexicon = lexicon
        self._sense = sense

    def read(self, text: str, before: str = "") -> Mood | None:
        """The mood of `text`, or None where it has none, or none that is sure.

        `before` is what would have jarred a moment ago (see Mood.jars).
        """
        found = self._sense(text)
        fitted = _fitted(found[0]) if found is not None else None
        point = found[1] if found is not None and fitted is not None else None
        fitted = fitted or _fitted("words")
        assert fitted is not None  # noqa: S101 - it comes with the package
        likely = fitted.likely(stems_of(text, self._lexicon), point)
        sure = BY_WORDS if point is None else BY_POINTS
        return moods().get(sure.decide(likely, before))


@cache
def moods(language: str = "en") -> dict[str, Mood]:
    """The moods by name, but for the plain one."""
    source = resources.files("oona.agent").joinpath(f"data/moods/{language}.toml")
    table: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))
    return {
        name: Mood(name, one["jars"], *(tuple(one[key]) for key in ("opens", "begins", "then")))
        for name, one in table.items()
    }


@cache
def _fitted(name: str) -> Fitted | None:
    source = resources.files("oona.agent").joinpath(f"data/moods/{name}.json")
    if not source.is_file():
        return None
    data = json.loads(source.read_text(encoding="utf-8"))
    rows = [mood["weights_milli"] for mood in data["moods"]]
    names = tuple(mood["name"] for mood in data["moods"])
    return Fitted(names, tuple(data["stems"]), np.array(rows, np.float32) / np.float32(1000))
