"""What an answer to one of the first questions means, found by code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from oona.agent.firstrun.script import NameWords, Option
from oona.agent.naming.choice import is_everyday
from oona.agent.profile import MOST_NAME
from oona.core.sentences import plain

_WORD = re.compile(r"\w+(?:['’\-.]\w+)*")
_MOST_NAME_WORDS = 3
_CALL_ME = "call me "
_ORDINALS = (
    ("1", "one", "first", "a"),
    ("2", "two", "second", "b"),
    ("3", "three", "third", "c"),
    ("4", "four", "fourth", "d"),
)
_COUNTED = re.compile(r"(?:the |number |option |answer |no )*(\w+)(?: one| option| please)*")


def choose(text: str, options: Sequence[Option]) -> Option | None:
    """The option that `text` names by number or by words; None where it names none, or two.

    A wording inside a longer one does not count: "not much" is not "much".
    """
    words = plain(text)
    if counted := _COUNTED.fullmatch(words):
        for option, names in zip(options, _ORDINALS, strict=False):
            if counted[1] in names:
                return option
    named: list[tuple[int, int, Option]] = []
    for option in options:
        named += ((*span, option) for span in _spans(option, f" {words} "))
    lasting = [
        option
        for start, end, option in named
        if not any(a <= start and end <= b and (a, b) != (start, end) for a, b, _ in named)
    ]
    return lasting[0] if len({option.value for option in lasting}) == 1 else None


def _spans(option: Option, words: str) -> list[tuple[int, int]]:
    """Where in `words` the option's wordings stand, the longest at each place."""
    places = (at for at, sign in enumerate(words) if sign == " ")
    return [match.span() for at in places if (match := option.says.match(words, at))]


def person_name(text: str, known: NameWords) -> str | None:
    """The name that `text` gives; empty where it refuses one, None where it is no such answer.

    Where the whole is none, the last "call me …" in it may be, or what stands before its comma.
    """
    before, _, called = text.rpartition(_CALL_ME)
    parts = [text, _CALL_ME + called if before else "", called.partition(",")[0]]
    return next((name for part in parts if (name := _name(part, known)) is not None), None)


def _name(text: str, known: NameWords) -> str | None:
    words = plain(text)
    if words in known.none:
        return ""
    found = list(_WORD.finditer(text))
    seen = [plain(match[0]) for match in found]
    first, last, led = 0, len(found), False
    while phrase := _at_start(seen[first:last], known.before):
        first += len(phrase)
        led = True
    while phrase := _at_end(seen[first:last], known.after):
        last -= len(phrase)
        led = True
    rest = seen[first:last]
    if " ".join(rest) in known.none:
        return ""
    if not rest or len(rest) > _MOST_NAME_WORDS or (text.strip().endswith("?") and not led):
        return None
    if any(word in known.not_names or not any(c.isalpha() for c in word) for word in rest):
        return None
    name = text[found[first].start() : found[last - 1].end()]
    if len(rest) > 1 and not led and name == name.lower():
        return None  # "not sure yet" is no name
    if len(rest) > 1 and name == name.lower() and any(is_everyday(word) for word in rest):
        return None  # nor is "just go ahead"
    if len(name) > MOST_NAME or not name.isprintable():
        return None
    return _capital(name) if name == name.lower() else name


def _at_start(words: Sequence[str], phrases: Sequence[str]) -> list[str]:
    """The phrase that `words` begin with, if something follows it."""
    for phrase in phrases:
        parts = phrase.split()
        if len(parts) < len(words) and list(words[: len(parts)]) == parts:
            return parts
    return []


def _at_end(words: Sequence[str], phrases: Sequence[str]) -> list[str]:
    for phrase in phrases:
        parts = phrase.split()
        if len(parts) < len(words) and list(words[-len(parts) :]) == parts:
            return parts
    return []


def _capital(name: str) -> str:
    return re.sub(r"(?:^|(?<=[ \-]))\w", lambda first: first[0].upper(), name)
