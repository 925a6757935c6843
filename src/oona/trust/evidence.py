"""Evidence: what a person said themselves, in the form that claims are compared with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from oona.trust.lexicon import Lexicon, any_of, plain, words

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_NOT_NAMES = frozenset({"i", "i'm", "i've", "i'd", "i'll", "ok", "tv", "english"})
_ADDRESSING = frozenset({"you", "you're", "you've", "you'd", "you'll", "your"})
_FIRST_PERSON = frozenset({"i", "i'm", "i've", "i'd", "i'll", "we", "we're", "we've", "my", "our"})


@dataclass(frozen=True)
class Sentence:
    """One sentence of the person's. `source` is the id of its event, as text."""

    text: str
    source: str
    stems: frozenset[str]
    negated: bool
    question: bool

    @cached_property
    def tokens(self) -> list[str]:
        """Its words in lower case."""
        return [plain(word) for word in words(self.text)]

    def first_person_near(self, stem: str, lexicon: Lexicon, reach: int = 4) -> bool:
        """Whether "I" or "we" stands within `reach` words before a word with this stem."""
        for place, token in enumerate(self.tokens):
            if lexicon.stem(token) == stem:
                if not place:  # "Headed for Denver."
                    return True
                before = self.tokens[max(0, place - reach) : place]
                if any(word in _FIRST_PERSON - {"my", "our"} for word in before):
                    return True
        return False

    @property
    def addressed(self) -> bool:
        """Whether it is about the one it is said to: "you're kinder than my editor"."""
        first, second = [*self.tokens[:2], "", ""][:2]
        return first in _ADDRESSING and not (first == "you" and second == "know")

    @property
    def first_person(self) -> bool:
        """Whether the person speaks of themselves in it."""
        return any(token in _FIRST_PERSON for token in self.tokens)


_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}\b")


def counts_in(text: str) -> set[str]:
    """The numbers in `text`, in digits, but for the times of day: the 40 of "10:40" is none."""
    return set(re.findall(r"\d+", _CLOCK.sub(" ", text)))


@dataclass
class Evidence:
    """The sentences a claim may rest on, and words that need no sentence (names, dates shown).

    `granted` stems are true by our own reckoning: the companion's name, the day a turn was said on.
    """

    lexicon: Lexicon
    sentences: list[Sentence] = field(default_factory=list)
    granted: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    counts: set[str] = field(default_factory=set)
    """The numbers in them that are no part of a time of day."""
    _last: frozenset[str] = frozenset()

    def add(
        self,
        text: str,
        source: str = "",
        *,
        follows: bool = True,
        amends: frozenset[str] = frozenset(),
    ) -> None:
        """Take in what the person said; with `follows`, right after what was added before it.

        `amends` are the stems of what it amends: "actually it's on Tuesday" is of the dentist, too.
        """
        if not follows:
            self._last = frozenset()
        for sentence in sentences(text):
            stems = self.lexicon.stems(sentence) | _numbers(sentence, self.lexicon)
            stems |= self._meant(sentence) | amends
            relations = {
                self.lexicon.relations[stem] for stem in stems & self.lexicon.relations.keys()
            }
            relations |= {
                self.lexicon.implied[relation]
                for relation in relations & self.lexicon.implied.keys()
            }
            self.sentences.append(
                Sentence(
                    sentence,
                    source,
                    stems | relations,
                    any_of(sentence, self.lexicon.negations),
                    self.lexicon.is_question(sentence),
                )
            )
            self.names |= self.names_of(sentence)
            self.counts |= counts_in(sentence)

    def names_of(self, sentence: str) -> set[str]:
        """The names in it. A first word is capitalised anyway, and counts if it is no usual one."""
        first = words(sentence)[0]
        lexicon = self.lexicon
        usual = plain(first) in lexicon.stop | lexicon.numbers.keys() or lexicon.stem(first) in (
            lexicon.soft | lexicon.weak | lexicon.days | lexicon.months | lexicon.relations.keys()
        )
        return set(names_in(sentence.removeprefix(first) if usual else sentence))

    def _meant(self, sentence: str) -> frozenset[str]:
        """The names that "she" or "it" stands for: those named last, as far as that can be told."""
        names = (name for name in self._named(sentence) if name not in self.lexicon.stop)
        named = frozenset(map(self.lexicon.stem, names)) - self.lexicon.soft
        relations = self.lexicon.stems(sentence) & self.lexicon.relations.keys()
        if named or relations:
            self._last = named | relations
            return frozenset()
        return self._last if any_of(sentence, self.lexicon.third) else frozenset()

    def _named(self, sentence: str) -> list[str]:
        """The names in it; where it was typed without capitals, those that are known."""
        if not sentence.islower():
            return names_in(sentence)
        tokens = (plain(word).removesuffix("'s") for word in words(sentence))
        return [token for token in tokens if token in self.names]

    def is_own(self, relation: str) -> bool:
        """Whether the person told of a `relation` (a stem or its name) of their own.

        "Mum called me Ruth; Ruth was her sister" tells of no sister of theirs.
        """
        for sentence in self.sentences:
            if relation not in sentence.stems:
                continue
            for place, token in enumerate(sentence.tokens):
                stem = self.lexicon.stem(token)
                named = self.lexicon.relations.get(stem)
                if relation in {stem, named, self.lexicon.implied.get(named or "")}:
                    before = sentence.tokens[max(0, place - 3) : place]
                    theirs = any(w in self.lexicon.third or w.endswith("'s") for w in before)
                    if not theirs or any(w in _FIRST_PERSON for w in before):
                        return True
        return False

    def grant(self, text: str) -> None:
        """Words that are true without having been said."""
        self.granted |= self.lexicon.stems(text) | _numbers(text, self.lexicon)
        self.names |= {plain(word) for word in words(text) if word[:1].isupper()}

    @property
    def stems(self) -> frozenset[str]:
        """Every stem that may be said."""
        return frozenset(self.granted).union(*(sentence.stems for sentence in self.sentences))

    def holding(self, wanted: Iterable[str]) -> list[Sentence]:
        """The sentences that hold every one of the `wanted` stems."""
        needed = set(wanted) - self.granted
        return [sentence for sentence in self.sentences if needed <= sentence.stems]


def sentences(text: str) -> list[str]:
    """`text` cut into sentences, without the blank ones."""
    return [found.strip() for found in _SENTENCE.findall(text) if words(found)]


def names_in(sentence: str) -> list[str]:
    """Words written as names are, in lower case: capitalised, and not only because they begin it.

    The first word counts when it is no ordinary one; `Anna lives here` names Anna.
    """
    found: list[str] = []
    for word in words(sentence):
        bare = plain(word).removesuffix("'s")
        if word[0].isupper() and bare not in _NOT_NAMES:
            found.append(bare)
    return found


def _numbers(text: str, lexicon: Lexicon) -> set[str]:
    """Numbers in `text` as digits, whether they were written as digits or as words."""
    found = set(re.findall(r"\d+", text))
    found |= {lexicon.numbers[plain(w)] for w in words(text) if plain(w) in lexicon.numbers}
    return found
