"""A turn taken apart: its sentences, and in each the places where a clause of its own begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from oona.memory.facts.templates import either, words_of

_SENTENCE = re.compile(
    r"(?:[^.!?\n]|[.!?](?=\w)|(?<=\bDr)\.|(?<=\bMr)\.|(?<=\bMrs)\.|(?<=\bMs)\.|(?<=\bSt)\.)+[.!?]*"
)
_QUOTED = re.compile(r"\"([^\"]*)\"")
_JOINT = re.compile(r"(?:[,;:] | [-–—] |\(| )(?:and |but |so |because |cause )?")
_FEW_WORDS = 2
"""What stands in quotation marks is somebody's words, but one or two of them may be a name."""

MOST = 4_000
"""Characters of a turn that are read: a page and a half of talk. More is a document."""

_LONG = 600
"""Characters of one sentence; a longer one is no way of telling a fact."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence. `quote` is as it stands in the turn, `text` as templates are matched with it.

    `serious` is False for a question: what it takes for granted may still name somebody.
    """

    quote: str
    text: str
    question: bool


class Clauses:
    """Takes turns apart by one language's words."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._contractions = [(re.compile(find), put) for find, put in data["contractions"]]
        self._unserious = re.compile("|".join(data["unserious"]), re.IGNORECASE)
        self._question = re.compile(data["questions"], re.IGNORECASE)
        self._announcing = re.compile(data["announcing"], re.IGNORECASE)
        fillers = either(words_of(data["fillers"]))
        self._fillers = re.compile(rf"(?: {fillers}[,:;!.]*)*")
        stops = either([*data["supposing"].split(), *data["reporting"].split()])
        self._supposing = re.compile(rf"\b{stops}\b")
        joints = either(["and", "but", "so", "because", "cause"])
        self._joint = re.compile(rf"(?:[,;:)]|\s[-–—]|\s\()? (?:{joints}(?= ))?")
        self._break = re.compile(rf"[,;:](?= )|\s[-–—](?= )|(?= {joints} )")

    def unserious(self, text: str) -> bool:
        """Whether `text` is a joke, a story or an errand with words, and not to be believed."""
        return self._unserious.search(text) is not None

    def sentences(self, text: str) -> Iterator[Sentence]:
        """The sentences of `text`; lines that quote somebody (">") are left out."""
        lines = [line for line in text[:MOST].split("\n") if not line.lstrip().startswith(">")]
        for line in lines:
            for match in _SENTENCE.finditer(line):
                quote = match.group().strip()
                if quote and len(quote) <= _LONG:
                    plain = self.plain(quote)
                    asks = plain.rstrip().endswith("?") or bool(self._question.match(plain))
                    yield Sentence(quote, plain.rstrip(" .!?"), asks)

    def plain(self, text: str) -> str:
        """`text` with straight quotation marks, single spaces, and contractions written out."""
        text = re.sub("[’‘`\u00b4]", "'", text)
        text = re.sub("[“”„«»]", '"', text)
        text = _QUOTED.sub(_unquoted, " ".join(text.split()))
        for find, put in self._contractions:
            text = find.sub(put, text)
        return text

    def starts(self, text: str) -> Iterator[int]:
        """Where in " text" a clause may begin: at a space, its joining words and fillers passed.

        Nothing begins after a supposition ("if …, I live in Rome"), somebody's telling, or what
        announces words that are not the person's own ("it goes: I live in Rome").
        """
        yield self._fillers.match(text, 0).end()  # type: ignore[union-attr] # matches nothing, too
        for match in self._break.finditer(text):
            if self._supposing.search(text, 0, match.start()):
                return
            if match.group() == ":" and not self._announces(text[: match.start()]):
                return
            place = match.end()
            joined = self._joint.match(text, place)
            if joined is not None and joined.end() > place + 1:
                place = joined.end()
            found = self._fillers.match(text, place)
            yield found.end() if found else place

    def _announces(self, before: str) -> bool:
        passed = self._fillers.match(before)
        whole = passed is not None and passed.end() == len(before)
        return whole or self._announcing.search(before) is not None


def _unquoted(match: re.Match[str]) -> str:
    return match[1] if len(match[1].split()) <= _FEW_WORDS else '""'
