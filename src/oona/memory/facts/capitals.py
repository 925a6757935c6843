"""Capitals put back where none were typed: "my sister ruth lives in cardiff" names two things.

Many people type without capitals, and names are told from other words by them. So names are looked
for where a name would stand ("called …", "lives in …", "my sister …"), among words that are not
common ones, and wherever one that is known already stands. What is left small is read as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from oona.memory.facts.templates import either, words_of

_CAPITAL = re.compile(r"[^\W\d_a-zß-öø-ÿ]\w*")
_WORD = r"[^\W\d_][\w'-]*"


class Capitals:
    """Puts capitals back by one language's words; `roles` are those for relations of people."""

    def __init__(self, data: dict[str, Any], roles: Iterable[str]) -> None:
        put: dict[str, Any] = data["capitals"]
        self._roles = frozenset(roles)
        self._common = frozenset({*words_of(data["common"]), *words_of(put["common"])})
        self._common |= self._roles
        self._generic = frozenset(words_of(put["generic"]))
        self._leads = frozenset(words_of(put["leads"]))
        role = either(self._roles - frozenset(words_of(put["compounds"])))
        mine = either(data["possessive_first"].split())
        kinds = f"(?:{either(w for text in data['kinds'].values() for w in words_of(text))} )*"
        after = either(words_of(put["after_name"]))
        name = rf"(?P<name>{_WORD})"
        there = rf"(?=$|[,;:.!?()]| {after}\b| [\w']+(?:s|ed)\b|'s\b)"
        self._beside = re.compile(rf"\b{mine} {kinds}{role} {name}{there}")
        self._named = [
            re.compile(rf"(?:^|[,;:] |\band ){name}'s {kinds}{role}\b"),
            re.compile(rf"\b{mine} {kinds}{role} is {name}(?=$|[,;:.!?]| and\b)"),
            *(
                re.compile(text.format(name=name, role=role), re.IGNORECASE)
                for text in put["names"]
            ),
        ]
        self._places = [re.compile(text, re.IGNORECASE) for text in put["places"]]
        self._run = re.compile(rf"{_WORD}(?: {_WORD}){{0,2}}")

    def missing(self, text: str) -> bool:
        """Whether `text` was typed without capitals, "I" aside."""
        return all(found in ("I", "OK") for found in _CAPITAL.findall(text))

    def put_back(self, text: str, known: Iterable[str] = (), *, new: bool = True) -> str:
        """`text` with capitals where names stand; `known` are names of people told of.

        Without `new` it is these alone: a question introduces nobody.
        """
        found: list[tuple[int, int]] = []
        names = {part for name in known for part in name.split()}
        if able := [name for name in names if name.lower() not in self._common]:
            found += [match.span() for match in re.finditer(rf"\b{either(able)}\b", text)]
        if new:
            found += [
                match.span("name")
                for match in self._beside.finditer(text)
                if self._is_name(match["name"]) and not _is_verb(match, text)
            ]
        for pattern in self._named if new else ():
            found += [m.span("name") for m in pattern.finditer(text) if self._is_name(m["name"])]
        for pattern in self._places if new else ():
            for match in pattern.finditer(text):
                found += self._place(text, match.end())
        letters = list(text)
        for start, end in found:
            for at in (m.start() for m in re.finditer(r"(?<![\w'])\w", text[start:end])):
                letters[start + at] = letters[start + at].upper()
        return "".join(letters)

    def _is_name(self, word: str) -> bool:
        return word.removesuffix("'s") not in self._common and not word.endswith("ly")

    def _place(self, text: str, at: int) -> list[tuple[int, int]]:
        """Where the name of a place or a house of work begins and ends that may stand at `at`."""
        run = self._run.match(text, at)
        if run is None:
            return []
        words = run.group().split()
        size = 0
        for number, word in enumerate(words):
            lead = word in self._leads and len(words) > number + 1
            if (word in self._common and not lead) or word.endswith("ly"):
                break
            last = number + 1 == len(words) and not text[run.end() :].startswith(" ")
            ends = last or (number + 1 < len(words) and words[number + 1] in self._common)
            # Of a second word nobody knows whether it belongs: "tesco part time".
            if number and not (ends or word in self._generic or words[number - 1] in self._leads):
                break
            size = number + 1
        if not size or words[size - 1] in self._leads:
            return []
        return [(at, at + len(" ".join(words[:size])))]


def _is_verb(match: re.Match[str], text: str) -> bool:
    """Whether a verb stands where a name might: "my sister called", "my mum works"."""
    word = match["name"]
    if word.endswith(("ed", "ing")):
        return True
    # "James lives" has a verb to follow.
    rest = text[match.end("name") :]
    return word.endswith("s") and re.match(r" (?:[\w']+s|\w+ed)\b", rest) is None
