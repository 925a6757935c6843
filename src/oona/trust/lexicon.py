"""Word lists, as data: what names a relation, what is a soft word, what holds an ingredient."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import snowballstemmer

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True)
class Lexicon:
    """The word lists of one language. All sets hold stems, but `stop`, which holds words."""

    stop: frozenset[str]
    soft: frozenset[str]
    soft_verbs: frozenset[str]
    hedges: frozenset[str]
    negations: frozenset[str]
    avoiding: frozenset[str]
    third: frozenset[str]
    weak: frozenset[str]
    constrained: frozenset[str]
    months: frozenset[str]
    days: frozenset[str]
    free_numbers: frozenset[str]
    numbers: dict[str, str]
    relations: dict[str, str]
    implied: dict[str, str]
    attributes: dict[str, frozenset[str]]
    same: dict[str, frozenset[str]]
    self_says: dict[str, frozenset[str]]
    contains: dict[str, frozenset[str]]
    patterns: dict[str, re.Pattern[str]]
    asks: dict[str, str]
    stemmer: Stemmer

    def stem(self, word: str) -> str:
        """The stem under which `word` is compared: lower case, possessive and ending gone."""
        return self.stemmer(word)

    def stems(self, text: str) -> frozenset[str]:
        """The stems of all words of `text`."""
        return frozenset(self.stem(word) for word in words(text))

    def content(self, text: str) -> list[str]:
        """The words of `text`, in order and as written, that say what it is about."""
        return [word for word in words(text) if plain(word) not in self.stop]

    def is_question(self, sentence: str) -> bool:
        """Whether `sentence` asks, with a question mark or by the way it begins."""
        return re.search(self.asks["interrogative"], plain(sentence)) is not None

    def holds(self, stems: frozenset[str], wanted: Iterable[str]) -> bool:
        """Whether `stems` hold each of `wanted`, or a word that answers for it."""
        return all(not stems.isdisjoint(self.same.get(one, {one})) for one in wanted)

    def relation(self, word: str) -> str | None:
        """The relation that `word` names ("mum" and "mother" name one), or None."""
        return self.relations.get(self.stem(word))


class Stemmer:
    """Snowball's stemmer (Porter 2001) with irregular forms brought together first."""

    def __init__(self, language: str, irregular: dict[str, str]) -> None:
        self._stem = snowballstemmer.stemmer(language).stemWord
        self._irregular = irregular
        self._known: dict[str, str] = {}

    def __call__(self, word: str) -> str:
        found = self._known.get(word)
        if found is None:
            bare = plain(word).removesuffix("'s").removesuffix("'")
            found = self._stem(self._irregular.get(bare, bare))
            if len(self._known) < 20_000:  # a life's vocabulary; a paste must not grow it for ever
                self._known[word] = found
        return found


def words(text: str) -> list[str]:
    """The words of `text` as written; apostrophes and hyphens inside a word belong to it."""
    return _WORD.findall(text)


def plain(word: str) -> str:
    """`word` in lower case with a straight apostrophe."""
    return word.lower().replace("’", "'")


def unaccented(word: str) -> str:
    """`word` without accents, as a careless writer spells it."""
    parts = unicodedata.normalize("NFKD", word)
    return "".join(part for part in parts if not unicodedata.combining(part))


@cache
def load(language: str = "en") -> Lexicon:
    """The lexicon of `language`, read once."""
    source = resources.files("oona.trust").joinpath(f"data/lexicon/{language}.toml")
    return _build(tomllib.loads(source.read_text(encoding="utf-8")))


def _build(data: dict[str, Any]) -> Lexicon:
    stemmer = Stemmer(data["language"], data["irregular"])

    def stems(text: str) -> frozenset[str]:
        return frozenset(map(stemmer, text.split()))

    return Lexicon(
        stop=frozenset(data["stop"].split()),
        soft=stems(data["soft"]),
        soft_verbs=stems(data["soft_verbs"]),
        hedges=frozenset(data["hedges"].split()),
        negations=frozenset(data["negations"].split()),
        avoiding=frozenset(data["avoiding"].split()),
        third=frozenset(data["third"].split()),
        weak=stems(data["weak"]),
        constrained=stems(data["constrained"]),
        months=stems(data["months"]),
        days=stems(data["days"]),
        free_numbers=frozenset(data["free_numbers"].split()),
        numbers=data["numbers"],
        patterns={
            rule: re.compile("|".join(alternatives), re.IGNORECASE)
            for rule, alternatives in data["patterns"].items()
        },
        asks={kind: "|".join(alternatives) for kind, alternatives in data["asks"].items()},
        relations=_turned(data["relations"], stemmer),
        implied=data["implied"],
        attributes={stemmer(k): stems(v) for k, v in data["attributes"].items()},
        same={stemmer(k): stems(f"{k} {v}") for k, v in data["same"].items()},
        self_says={kind: stems(text) for kind, text in data["self"].items()},
        contains={stemmer(k): stems(v) for k, v in data["contains"].items()},
        stemmer=stemmer,
    )


def _turned(relations: dict[str, str], stemmer: Stemmer) -> dict[str, str]:
    return {stemmer(word): name for name, names in relations.items() for word in names.split()}


def any_of(text: str, listed: Iterable[str]) -> bool:
    """Whether one of the `listed` words stands in `text`."""
    there = {plain(word) for word in words(text)}
    return not there.isdisjoint(listed)


STOP_WORDS = load().stop
"""The words that recall leaves out of a search."""
