"""What the companion may say of itself: it is software, and has no life to tell of.

A small model says "I had eggs", "I'll see you tomorrow", "my sponsor". What it can truly say of
itself is little, so that little is listed (`[self]` in the lexicon) and the rest is kept back. A
list of what must not be said would never end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from oona.trust.lexicon import Lexicon, plain, words

_NOT = frozenset({"not", "never", "no", "cannot"})
_BEING = frozenset({"am", "was"})
_ARTICLES = frozenset({"a", "an", "the", "your"})
_TOGETHER = frozenset({"we", "we'll", "we've", "we're", "let's"})
_SUPPOSING = frozenset({"if", "whether", "unless", "what", "how", "why"})
_QUOTE = re.compile(r"[\"“”«»]")


def own_life(clause: str, before: str, lexicon: Lexicon) -> str:
    """The words with which `clause` claims a life for the companion, or an empty text.

    `before` are the words of its sentence before it. What stands in quotation marks is somebody
    else's to say, and a question claims nothing.
    """
    if clause.rstrip().endswith("?") or _QUOTE.search(before) or _QUOTE.search(clause):
        return ""
    tokens = [plain(word) for word in words(clause)]
    for place, spoken in enumerate(tokens):
        after = tokens[place + 1 :]
        if spoken == "my":
            if after and not _owns(after, lexicon):
                return f"my {after[0]}"
        elif spoken == "me":
            if place and lexicon.stem(tokens[place - 1]) not in lexicon.self_says["before_me"]:
                return f"{tokens[place - 1]} me"
        elif spoken in _TOGETHER:
            if verb := _beyond(after, lexicon.self_says["together"], lexicon):
                return f"{spoken} {verb}"
        elif spoken == "i" or spoken.startswith("i'"):
            supposed = place and tokens[place - 1] in _SUPPOSING
            if not supposed and (claim := _first(spoken, after, lexicon)):
                return claim
    return ""


def _first(spoken: str, after: Sequence[str], lexicon: Lexicon) -> str:
    """What is claimed after an "I", if more than may be."""
    allowed = lexicon.self_says
    if spoken == "i'm" or (after and after[0] in _BEING):
        rest = after if spoken == "i'm" else after[1:]
        if rest[:2] == ["going", "to"]:
            claim = _beyond(rest[2:], allowed["promises"], lexicon)
        else:
            claim = _beyond(
                [word for word in rest if word not in _ARTICLES], allowed["states"], lexicon
            )
        return f"{spoken} {claim}" if claim else ""
    if spoken == "i'd":
        return ""  # "I'd start with the letter" is advice
    if spoken == "i'll" or (after and after[0] == "will"):
        claim = _beyond(after, allowed["promises"], lexicon)
    elif spoken == "i've" or (after and after[0] in {"have", "had"}):
        claim = _beyond(after[spoken == "i" :], allowed["has"], lexicon)
    elif after and after[0] in {"would", "could", "should", "might"}:
        return ""
    else:
        claim = _beyond(after, allowed["verbs"], lexicon)
    return f"{spoken} {claim}" if claim else ""


def _beyond(after: Sequence[str], allowed: frozenset[str], lexicon: Lexicon) -> str:
    """The first telling word of `after` if it is not `allowed`; what is denied is no claim."""
    for word in after:
        stem = lexicon.stem(word)
        if stem in allowed or word in _NOT or word.endswith("n't"):
            return ""
        if stem not in lexicon.self_says["passed_over"]:
            return word
    return ""


def _owns(after: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether one of the next two words is a thing that the companion has."""
    return any(lexicon.stem(word) in lexicon.self_says["owns"] for word in after[:2])
