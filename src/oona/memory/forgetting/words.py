"""Finding a name, a phrase or a quotation in whatever an event holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import snowballstemmer

from oona.core.events import Event
from oona.core.sentences import plain
from oona.memory.tombstones import FEWEST_IN_SENTENCE, long_sentences

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_QUOTED = re.compile(r"“([^”]*)”")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Scripts that write no spaces between words: there a name is looked for inside longer runs."""

_MOST_QUOTED = 8
"""A quotation may be cut short, so its first words decide."""

_MOST_HINTS = 300
_OURS = frozenset(
    {
        *("action", "at", "client", "code", "digest", "id", "key", "mode", "model", "prompt"),
        *("rule", "told"),
        *("sources", "timings", "via", "withheld"),
        *("by", "importer", "origin", "said"),
    }
)
"""Names in a body under which words of ours stand, never the person's."""

_stemmer = snowballstemmer.stemmer("porter")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem under which the index files `word` (Porter's, as the full-text index uses)."""
    return str(_stemmer.stemWord(plain(word).replace(" ", "")))


def content(event: Event) -> Iterator[str]:
    """Every text in the body of `event` that can hold words of a life."""
    yield from _texts(event.body)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in _OURS:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


class Phrase:
    """A name or a few words, found by their stems wherever they stand in this order.

    A single word that is also an everyday word ("Will", "May") is taken for a name when it was
    asked for with a capital, and is then only found with one.
    """

    def __init__(self, text: str, everyday: frozenset[str]) -> None:
        self._words = _WORD.findall(text)
        self._stems = [stem(word) for word in self._words]
        self._inside = plain(text) if _UNSPACED.search(text) else ""
        self._bare = "" if self._words else text.strip()
        first = self._words[0] if self._words else ""
        self._everyday = bool(self._words) and all(w.lower() in everyday for w in self._words)
        self._name = first if self._everyday and first[:1].isupper() else ""
        self._hint = self._stems[0][:-1] if self._stems and len(self._stems[0]) > 3 else ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self._words and not self._bare

    @property
    def too_common(self) -> bool:
        """Whether it is made of words that stand in nearly every turn, and is no name."""
        return self._everyday and not self._name and len(self._words) < 3

    def in_event(self, event: Event) -> bool:
        """Whether anything that `event` holds has it."""
        raw = event.raw
        if raw is None:
            return False
        if self._hint and not self._inside and raw.isascii() and b"'" not in raw:
            # Most events are told from their bytes, unparsed: a stem begins as its words do.
            return self._hint.encode() in raw.lower() and self._in_content(event)
        return self._in_content(event)

    def _in_content(self, event: Event) -> bool:
        return any(self.within(text) for text in content(event))

    def within(self, text: str) -> bool:
        """Whether it stands in `text`."""
        if self._bare:
            return self._bare in text
        if self._inside and self._inside in plain(text):
            return True
        words = _WORD.findall(text)
        if self._name:
            return self._name in words[1:] or words[:1] == [self._name]
        stems = [stem(word) for word in words]
        size = len(self._stems)
        return any(
            stems[start : start + size] == self._stems for start in range(len(stems) - size + 1)
        )


class Quotations:
    """Sentences that are to be forgotten, found again where others repeat them."""

    def __init__(self) -> None:
        self._openings: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        self._whole: set[str] = set()
        self._hints: set[bytes] = set()

    def add(self, text: str, *, sentences: bool = True) -> None:
        """From now on `text` in quotation marks is found, and any sentence of it anywhere."""
        if whole := plain(text):
            self._whole.add(whole)
        for words in long_sentences(text) if sentences else ():
            opening = tuple(words[:FEWEST_IN_SENTENCE])
            self._hints.add(max(opening, key=len).encode())
            self._openings.setdefault(opening, set()).add(tuple(words[:_MOST_QUOTED]))

    def in_event(self, event: Event) -> bool:
        """Whether anything that `event` holds repeats a sentence or quotes a whole text."""
        raw = event.raw
        if raw is None or not self._whole:
            return False
        if len(self._hints) <= _MOST_HINTS and raw.isascii() and b"'" not in raw:
            # Most events are told from their bytes, unparsed: not one long word of a sentence is
            # in them. (A quotation mark of ours is not ASCII.)
            low = raw.lower()
            if not any(hint in low for hint in self._hints):
                return False
        return self.within(content(event))

    def within(self, texts: Iterable[str]) -> bool:
        """Whether one of `texts` repeats a sentence, or holds a whole text in quotation marks."""
        return bool(self._whole) and any(self._in_one(text) for text in texts)

    def _in_one(self, text: str) -> bool:
        if any(plain(quoted) in self._whole for quoted in _QUOTED.findall(text)):
            return True
        words = plain(text).split()
        for start in range(len(words) - FEWEST_IN_SENTENCE + 1):
            for quoted in self._openings.get(tuple(words[start : start + FEWEST_IN_SENTENCE]), ()):
                if tuple(words[start : start + len(quoted)]) == quoted:
                    return True
        return False


def first_words(text: str, most: int = 72) -> str:
    """The beginning of `text` in one line, cut between words."""
    flat = " ".join(text.split())
    if len(flat) <= most:
        return flat
    return flat[: most - 1].rsplit(" ", 1)[0] + "…"
