"""Constraints: what someone cannot have, and whether a clause offers it all the same.

A small model notes an allergy and proposes the walnut cake in the same breath; so this is code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from oona.trust.evidence import sentences
from oona.trust.lexicon import Lexicon, plain, words

_ALLERGIC = re.compile(
    r"\b(?:allerg(?:ic|y|ies) (?:to|against)|intoleran(?:t|ce) (?:to|of)|"
    r"can(?:'t|not|’t) (?:eat|have|drink|stand|tolerate)|"
    r"(?:must|should)(?:n't|n’t| not) (?:eat|have|drink)|do(?:es)?(?:n't|n’t| not) (?:eat|drink)|"
    r"never (?:eats?|drinks?)|stay(?:s|ing)? (?:off|away from)|hates?) "
    r"(?P<what>[\w' -]+?)(?=$|[,.;!?]| any ?more|"
    r" (?:but|because|since|so|as|at|right|for|these|when|until|while) )",
    re.IGNORECASE,
)
_AFRAID = re.compile(
    r"\b(?:(?:scared|afraid|terrified|frightened|petrified) of|(?:fear|phobia) of|"
    r"can(?:'t|not|’t) (?=(?:run|jog|climb|swim|dive|lift|jump|fly)\b)) ?"
    r"(?P<what>[\w' -]+?)(?=$|[,.;!?]| any ?more|"
    r" (?:but|because|since|so|as|at|right|for|these|when|until|while) )",
    re.IGNORECASE,
)
_REVERSED = re.compile(
    r"\b(?P<what>\w+)(?: |-)(?:allergy|allergies|intolerance|intolerant|allergic)\b", re.IGNORECASE
)
_DIET = re.compile(
    r"\b(?P<what>vegetarian|vegan|pescatarian|diabetic|diabetes|coeliac|celiac|teetotal|pregnant|sober)\b",
    re.IGNORECASE,
)
_DIETS = {
    "coeliac": "gluten",
    "celiac": "gluten",
    "teetotal": "alcohol",
    "pregnant": "alcohol",
    "sober": "alcohol",
    "pescatarian": "meat",
    "diabetic": "sugar",
    "diabetes": "sugar",
}
_DIET_MEANS = {
    **_DIETS,
    "pescatarian": "meat",
    "vegetarian": "meat or fish",
    "vegan": "anything from animals",
}
_REACH_BACK = 8
_REACH_ON = 5
"""Words before and after a forbidden one within which a "without" or a "free" concerns it."""

_IGNORED = frozenset(
    {"it", "that", "this", "them", "him", "her", "me", "you", "anything", "much", "all", "any"}
)


@dataclass(frozen=True, slots=True)
class Constraint:
    """What is not to be offered (`stems`), the sentence that says so, and its event (`source`).

    `food` tells what is eaten or drunk from what is done: a hill, a swim.
    """

    stems: frozenset[str]
    said: str
    source: str
    what: str
    food: bool = True


def constraints_in(text: str, source: str, lexicon: Lexicon) -> list[Constraint]:
    """The constraints that a person's words name."""
    found: list[Constraint] = []
    for sentence in sentences(text):
        if sentence.rstrip().endswith("?"):
            continue
        for pattern in (_ALLERGIC, _AFRAID, _REVERSED, _DIET):
            for match in pattern.finditer(sentence):
                what = match["what"].strip()
                stems = _ruled_out(what, lexicon)
                food = pattern is not _AFRAID
                if not food and stems.isdisjoint(lexicon.contains):
                    continue  # a fear of what no outing holds: of losing a job
                if stems:
                    named = _DIET_MEANS.get(what.lower(), what)
                    found.append(Constraint(stems, sentence, source, named, food))
    return found


def _ruled_out(what: str, lexicon: Lexicon) -> frozenset[str]:
    stems: set[str] = set()
    for part in re.split(r"\band\b|\bor\b|,", what)[:4]:
        content = [w for w in words(part) if w.lower() not in lexicon.stop | _IGNORED]
        if not content or len(content) > 3:
            continue
        stem = lexicon.stem(_DIETS.get(content[-1].lower(), content[-1]))
        stems |= {stem} - {lexicon.stem("vegetarian"), lexicon.stem("vegan")}
        stems |= lexicon.contains.get(stem, frozenset())
    return frozenset(stems)


def violated(
    clause: str, before: str, constraints: tuple[Constraint, ...], lexicon: Lexicon
) -> str:
    """The forbidden word that `clause` offers, or an empty text.

    Naming it in order to leave it out ("walnut-free", "without nuts") is no offer.
    """
    if not constraints:
        return ""
    earlier = [part for word in words(before) for part in plain(word).split("-")]
    here = [part for word in words(clause) for part in plain(word).split("-")]
    for place, word in enumerate(here):
        if any(lexicon.stem(word) in constraint.stems for constraint in constraints):
            until = len(earlier) + place
            around = (earlier + here)[max(0, until - _REACH_BACK) : until + _REACH_ON]
            if lexicon.avoiding.isdisjoint(around):
                return word
    return ""
