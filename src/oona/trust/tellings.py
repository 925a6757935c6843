"""Replies to what was told: what nobody wants to hear who has just told of their life.

A small model doubts it ("Are you sure?"), passes a verdict on it ("That's unusual."), asks for what
was said a second ago, or says it back. All that is cut, and where nothing else is left, whoever
draws replies is told, so that another is drawn.
"""

from __future__ import annotations

from oona.trust.evidence import names_in
from oona.trust.lexicon import Lexicon, plain, words

_SENTENCE = 4
"""Words; "Bergen!" takes something in, "Anna lives in Bergen." only says it back."""

_SUBJECTS = frozenset({"your", "you", "you're", "the", "he", "she", "it", "they", "his", "her"})
_BACK = frozenset({"i", "i'll", "i'd", "me"})
_QUOTING = frozenset({"said", "say", "told"})
_RULES = ("doubt", "remark")


def misplaced(clause: str, asked: str, lexicon: Lexicon) -> tuple[str, str]:
    """The rule by which `clause` is no reply to the telling `asked`, and its words; else empty."""
    for rule in _RULES:
        if found := lexicon.patterns[rule].search(clause):
            return rule, found.group()
    if says_back(clause, asked, lexicon):
        return "echo", clause
    if asks_again(clause, asked, lexicon):
        return "told-already", clause
    return "", ""


def says_back(clause: str, asked: str, lexicon: Lexicon) -> bool:
    """Whether a whole sentence of `clause` is what `asked` said, and nothing else."""
    if clause.rstrip().endswith("?") or len(words(clause)) < _SENTENCE:
        return False
    if not _QUOTING.isdisjoint(plain(word) for word in words(clause)):
        return False  # whoever quotes says that they do
    first = plain(words(clause)[0]).removesuffix("'s")
    names = {plain(word).removesuffix("'s") for word in words(asked) if word[:1].isupper()}
    if first not in names | _SUBJECTS:
        return False  # "Thursday at half past nine; kept."
    said = {lexicon.stem(word) for word in lexicon.content(clause)}
    return len(said) > 1 and said <= lexicon.stems(asked) | lexicon.weak


def asks_again(clause: str, asked: str, lexicon: Lexicon) -> bool:
    """Whether `clause` asks for what `asked` has just said: where she lives, what she can't eat."""
    if not clause.rstrip().endswith("?") or not lexicon.patterns["asks-again"].search(clause):
        return False
    named = {lexicon.stem(name) for name in (*names_in(clause), *names_in(asked))}
    kin = lexicon.relations.keys()
    about = {lexicon.stem(word) for word in lexicon.content(clause)} - named - kin
    return bool(about) and about <= lexicon.stems(asked)


def adds(clause: str, asked: str, lexicon: Lexicon) -> bool:
    """Whether `clause` says or asks anything beyond `asked` said back and a "great!"."""
    there = [plain(word) for word in words(clause)]
    told = {lexicon.stem(word) for word in lexicon.content(clause)}
    asks = clause.rstrip().endswith("?") and len(there) >= _SENTENCE - 1
    if asks and told and told <= lexicon.stems(asked) and lexicon.content(there[0]):
        return False  # "Allergic to walnuts?" asks nothing: no question begins with its matter
    if asks or len(there) >= _SENTENCE or not _BACK.isdisjoint(there):
        return not says_back(clause, asked, lexicon)
    return bool(told - lexicon.stems(asked) - lexicon.soft)
