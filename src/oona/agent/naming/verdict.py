"""What the person says to a proposed name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from oona.agent.naming.choice import is_everyday
from oona.core.sentences import any_of, plain

LONGEST_NAME = 40
_MOST_WORDS = 3
_WORD = re.compile(r"\w+(?:['’\-.]\w+)*")
_THANKS = re.compile(r" (?:thanks|thank you|please)$")
_NAMED = "\x01"


class VerdictKind(StrEnum):
    """What an answer amounts to."""

    YES = "yes"
    ANOTHER = "another"
    SHORTER = "shorter"
    OWN = "own"
    SKIP = "skip"
    WHY = "why"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer; `name` is the person's own choice where they made one."""

    kind: VerdictKind
    name: str = ""


def understand(text: str, proposed: str) -> Verdict:
    """What `text` says to the name `proposed`."""
    words = f" {_THANKS.sub('', plain(text))} "
    words = words.replace(f" {plain(proposed)} ", f" {_NAMED} ").lstrip()
    if not text.strip():
        return Verdict(VerdictKind.SKIP)
    for kind, pattern in _patterns().items():
        if pattern.fullmatch(words):
            return Verdict(kind)
    name = _own_name(text)
    if name and plain(name) == plain(proposed):
        return Verdict(VerdictKind.YES)
    return Verdict(VerdictKind.OWN, name) if name else Verdict(VerdictKind.UNCLEAR)


def _own_name(text: str) -> str:
    """The name that `text` gives, or an empty text."""
    if len(text) > 2 * LONGEST_NAME or "?" in text.strip()[:-1]:
        return ""
    found = list(_WORD.finditer(text))
    first, last = 0, len(found)
    seen = [plain(match[0]) for match in found]
    own = _data()["own"]
    while first < last and f"{seen[first]} " in _refusals():
        first += 1
    led, strict = _lead(seen[first:])
    for phrase in own["after"]:
        tokens = phrase.split()
        if seen[-len(tokens) :] == tokens and last - len(tokens) > first + led:
            last -= len(tokens)
            break
    first += led
    if not 0 < last - first <= (_MOST_WORDS if led else 2):
        return ""
    name = text[found[first].start() : found[last - 1].end()]
    if not all(_like_a_name(match[0], strict=strict) for match in found[first:last]):
        return ""
    if not led and last - first > 1 and name == name.lower():
        return ""  # two small words that no phrase introduces are a remark
    name = name if name != name.lower() else name.title()
    return name if len(name) <= LONGEST_NAME else ""


def _lead(words: Sequence[str]) -> tuple[int, bool]:
    """How many of `words` introduce a name, and whether that leaves some doubt that it is one."""
    own = _data()["own"]
    for phrases, strict in ((own["before"], False), (own["perhaps"], True)):
        for phrase in sorted(phrases, key=len, reverse=True):
            tokens = [plain(word) for word in phrase.split()]
            if list(words[: len(tokens)]) == tokens:
                return len(tokens), strict
    return 0, True


def _like_a_name(word: str, *, strict: bool) -> bool:
    """Whether `word` may be (part of) a name; `strict` where nothing introduced it as one."""
    if not any(c.isalpha() for c in word) or plain(word) in _data()["own"]["not_names"]:
        return False
    return word != word.lower() or not (strict or len(word) < 3) or not is_everyday(word)


@cache
def _data() -> Mapping[str, Any]:
    file = resources.files("oona.agent").joinpath("data", "naming", "en.toml")
    return tomllib.loads(file.read_text("utf-8"))


@cache
def _refusals() -> frozenset[str]:
    return frozenset({"no ", "nope ", "nah ", "hmm ", "please ", "yes ", "ok ", "okay ", "and "})


@cache
def _patterns() -> Mapping[VerdictKind, re.Pattern[str]]:
    verdicts = dict(_data()["verdicts"])
    parts = verdicts.pop("parts")
    order = ("skip", "shorter", "why", "another", "yes")
    return {VerdictKind(kind): re.compile(_expression(verdicts[kind], parts)) for kind in order}


def _expression(templates: list[str], parts: Mapping[str, str]) -> str:
    found = any_of([template.replace("{name}", "proposedname") for template in templates], parts)
    return found.replace("proposedname", _NAMED)
