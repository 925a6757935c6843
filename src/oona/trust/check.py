"""The check: a clause of the model is shown only if what it claims can be accounted for.

Three kinds of claim are judged: claims about the person's life, which must rest on the person's own
words; claims of deeds, which must rest on a receipt; and claims about the companion itself, which
is software and says so. Stories, jokes and general knowledge are left alone. The check is code and
word lists: it is fast (well under a millisecond a clause), it never invents, and where it is wrong
it errs towards saying less. Misses and wrong cuts are counted by `make eval`.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from oona.trust.constraints import Constraint, violated
from oona.trust.evidence import Evidence, counts_in
from oona.trust.lexicon import Lexicon, any_of, plain, unaccented, words
from oona.trust.selfhood import own_life
from oona.trust.tellings import misplaced

_SECOND = frozenset({"you", "you're", "you've", "you'd", "you'll", "your", "yours", "yourself"})
_ALWAYS = ("self", "pull", "servile")
_UNLESS_FICTION = ("human-life", "deed")
_QUESTION_SUBJECT = frozenset(
    {"is", "was", "are", "were", "did", "does", "do", "has", "have", "how's"}
)

_LONG_NAME = 4
_NEARLY = 0.7
"""Similarity (0 to 1) of two spellings from which one is taken for a slip of the other."""

_POINTING = frozenset({"that's", "that", "it's", "it", "this", "there's", "there"})
_ASKING = _QUESTION_SUBJECT | {
    *("can", "could", "would", "will", "should"),
    *("what", "what's", "who", "who's", "where", "when", "why", "how", "which"),
}
"""A sentence that begins so asks, even where a comma has cut it off before its question mark."""


class Mode(StrEnum):
    """What kind of talk the reply belongs to, which decides what counts as a claim."""

    TALK = "talk"
    LOOKUP = "lookup"
    FICTION = "fiction"
    KNOWLEDGE = "knowledge"


@dataclass(frozen=True, slots=True)
class Situation:
    """What a clause is judged by. `asked` is what the person just said.

    `examples` are the names in our own prompt's examples: a small model repeats them. `telling`
    says that the person told something and asked for nothing; of what they told just now somebody
    cannot have (`cautions`) it may be spoken, but nothing of it suggested. `jars` names the
    pattern of a tone that would hurt now ("Great!" to a loss), and is empty where none would.
    """

    evidence: Evidence
    mode: Mode = Mode.TALK
    asked: str = ""
    constraints: tuple[Constraint, ...] = ()
    examples: frozenset[str] = frozenset()
    telling: bool = False
    cautions: tuple[Constraint, ...] = ()
    jars: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`rule` is empty for a clause that may be said; else it names why not, and `claim` what."""

    rule: str = ""
    claim: str = ""

    @property
    def passed(self) -> bool:
        return not self.rule


PASSED = Verdict()


def judge(clause: str, situation: Situation, before: str = "", said: str = "") -> Verdict:
    """Whether `clause` may be said.

    `before` are the words of its sentence that stand before it, `said` those of the whole reply.
    """
    lexicon = situation.evidence.lexicon
    for rule in _ALWAYS if situation.mode is Mode.FICTION else (*_ALWAYS, *_UNLESS_FICTION):
        if found := lexicon.patterns[rule].search(clause):
            return Verdict(rule, found.group())
    if situation.mode is not Mode.FICTION:
        for word in words(clause):
            name = unaccented(plain(word).removesuffix("'s"))
            if name in situation.examples and name not in situation.evidence.names:
                return Verdict("life", word)
    # "What is Bea allergic to?" is answered with eggs, and nobody is offered any.
    told_of = situation.mode is Mode.LOOKUP and lexicon.stems(situation.asked) & lexicon.constrained
    if not told_of and (bad := violated(clause, before, situation.constraints, lexicon)):
        return Verdict("constraint", bad)
    suggests = lexicon.patterns["suggests"].search(f"{before} {clause}")
    if suggests and (bad := violated(clause, before, situation.cautions, lexicon)):
        return Verdict("constraint", bad)
    if situation.mode in (Mode.TALK, Mode.LOOKUP) and (claim := own_life(clause, before, lexicon)):
        return Verdict("human-life", claim)
    if situation.jars and (found := lexicon.patterns[situation.jars].search(clause)):
        return Verdict("tone", found.group())
    if situation.telling:
        rule, claim = misplaced(f"{before} {clause}".strip(), situation.asked, lexicon)
        if rule:
            return Verdict(rule, claim)
    return _life(clause, before, said, situation)


def _life(clause: str, before: str, said: str, situation: Situation) -> Verdict:
    reader = _Reader(clause, before, situation)
    reader.follows_a_name = bool(set(map(plain, words(said))) & situation.evidence.names)
    if situation.mode is Mode.TALK and (claim := reader.misspelt_name() or reader.presumption()):
        return Verdict("life", claim)
    if not reader.about_life:
        return PASSED
    for test in (reader.unknown_relation, reader.unknown_subject):
        if claim := test():
            return Verdict("life", claim)
    if reader.question or situation.mode is Mode.FICTION:
        return PASSED
    if situation.evidence.lexicon.patterns["admits"].search(clause):
        return PASSED
    for test in (reader.unknown_specific, reader.unknown_content, reader.not_of_the_person):
        if claim := test():
            return Verdict("life", claim)
    return PASSED


class _Reader:
    """One clause, taken apart for the tests of a claim about the person's life."""

    def __init__(self, clause: str, before: str, situation: Situation) -> None:
        self._clause = clause
        self._lexicon: Lexicon = situation.evidence.lexicon
        self._evidence = situation.evidence
        self._mode = situation.mode
        self._words = words(clause)
        self._plain = [plain(word) for word in self._words]
        self._sentence = [plain(word) for word in words(before)] + self._plain
        self._opens = not words(before)
        self._known = self._evidence.stems
        self._asked = self._lexicon.stems(situation.asked)
        self._asks = self._lexicon.is_question(situation.asked)
        begins = (words(before) or self._words or [""])[0]
        self.question = clause.rstrip().endswith("?") or plain(begins) in _ASKING
        self.follows_a_name = False
        self._hedged = any_of(f"{before} {clause}", self._lexicon.hedges)

    @property
    def about_life(self) -> bool:
        there = set(self._sentence)
        if self._mode is Mode.LOOKUP or there & _SECOND:
            return True
        if self.follows_a_name and self._points:
            return self._mode is not Mode.KNOWLEDGE
        bare = {word.removesuffix("'s") for word in there}
        if bare & self._evidence.names:
            return self._mode is not Mode.KNOWLEDGE
        return self._mode is Mode.TALK and bool(there & self._lexicon.third)

    @property
    def _points(self) -> bool:
        """Whether it, or its sentence, begins with "that" or "it", for what was named before."""
        clause = next((word for word in self._plain if word not in {"and", "but"}), "")
        return not _POINTING.isdisjoint([clause, *self._sentence[:1]])

    @property
    def _lists_on(self) -> bool:
        """Whether the clause only adds to what stands before it: "…, a man who builds chairs"."""
        first = next((word for word in self._plain if word not in {"and", "but"}), "")
        return not self._opens and first not in _QUESTION_SUBJECT | {"lives", "works", "loves"}

    def misspelt_name(self) -> str:
        """A name that is nearly, but not, one that was told: "Reguald" for Regrald."""
        names = [name for name in self._evidence.names if len(name) >= _LONG_NAME]
        for word in self._words:
            if len(word) >= _LONG_NAME and self._unknown_name(word):
                bare = plain(word).removesuffix("'s")
                if difflib.get_close_matches(bare, names, n=1, cutoff=_NEARLY):
                    return word
        return ""

    def presumption(self) -> str:
        """What is taken for granted and was not told: "his new job", "good luck with your ride"."""
        text = " ".join(self._words)
        found = self._lexicon.patterns["presumes"].search(text)
        if found and not self._known & self._lexicon.stems(found["what"]):
            return found.group()
        wished = self._lexicon.patterns["wishes"].search(text)
        told = self._known | self._lexicon.soft | self._lexicon.weak
        if wished and self._lexicon.stem(wished["what"]) not in told:
            return wished.group()
        if other := self._another_number():
            return other
        if self.follows_a_name and self._points:
            appraised = self._lexicon.patterns["appraises"].search(text)
            return appraised.group() if appraised else ""
        return ""

    def _another_number(self) -> str:
        """A "fifteen" in reply to who just told of fourteen."""
        numbers = {self._lexicon.numbers.get(word, word) for word in self._asked}
        if self._asks or not any(number.isdigit() for number in numbers):
            return ""
        for place, bare in enumerate(self._plain):
            number = self._lexicon.numbers.get(bare, bare)
            if number.isdigit() and number not in self._known | self._lexicon.free_numbers:
                return self._words[place]
        return ""

    def unknown_relation(self) -> str:
        """A "your brother" that was never told of."""
        owners = {
            "your",
            *(self._lexicon.third - {"him", "them", "herself", "himself", "themselves"}),
        }
        for owner, *rest in zip(self._plain, self._plain[1:], [*self._plain[2:], ""], strict=False):
            if owner not in owners:
                continue
            for word in rest[:2]:
                relation = self._lexicon.relation(word) if word else None
                if relation is None:
                    continue
                told = {relation, self._lexicon.stem(word)} & self._known
                if not told or (owner == "your" and not any(map(self._evidence.is_own, told))):
                    return f"{owner} {word}"
        return ""

    def unknown_subject(self) -> str:
        """A question about someone who was never named: "How is Tom?"."""
        if not self.question:
            return ""
        for word, following in zip(self._plain, self._words[1:], strict=False):
            name = plain(following).removesuffix("'s")
            if word in _QUESTION_SUBJECT and self._unknown_name(following):
                return name
        return ""

    def unknown_specific(self) -> str:
        """A name, number or date that nobody gave."""
        for place, word in enumerate(self._words):
            bare = self._plain[place].removesuffix("'s")
            stem = self._lexicon.stem(word)
            number = self._lexicon.numbers.get(bare, bare)
            if number.isdigit() and bare not in self._lexicon.free_numbers:
                if number not in self._known or self._out_of_a_clock(number):
                    return word
            elif stem in self._lexicon.months | (
                self._lexicon.days - {self._lexicon.stem("today")}
            ):
                loose = self._mode is not Mode.LOOKUP and stem in self._lexicon.soft
                if not self._hedged and stem not in self._known and not loose:
                    return word
            elif (place or not self._opens) and self._unknown_name(word):
                return word
        return ""

    def _out_of_a_clock(self, number: str) -> bool:
        """Whether it was told only as part of a time: "10:40" does not make it 40 minutes."""
        of_times = self._mode is Mode.LOOKUP and number in counts_in(self._clause)
        return of_times and number.isdigit() and number not in self._evidence.counts

    def unknown_content(self) -> str:
        """A statement of fact with a word that nobody said."""
        if self._mode is Mode.TALK and self._hedged:
            return ""
        if self._mode is Mode.TALK and not self._states_fact():
            return ""
        for word in self._lexicon.content(" ".join(self._words)):
            stem = self._lexicon.stem(word)
            bare = plain(word)
            if bare.isdigit() or bare in self._lexicon.free_numbers:
                continue
            if stem in self._known or stem in self._lexicon.soft or stem in self._asked:
                continue
            relation = self._lexicon.relation(word)
            if relation and relation in self._known:
                continue
            if bare in self._lexicon.numbers and self._lexicon.numbers[bare] in self._known:
                continue
            return word
        return ""

    def not_of_the_person(self) -> str:
        """A "you live in Oslo", where it was Anna who lives there."""
        for place, word in enumerate(self._plain[:-1]):
            if word != "you":
                continue
            verb = self._plain[place + 1]
            stem = self._lexicon.stem(verb)
            if stem in self._lexicon.soft_verbs or self._hedged:
                continue
            if verb in self._lexicon.stop:
                continue
            holders = [s for s in self._evidence.sentences if stem in s.stems]
            if holders and not any(s.first_person_near(stem, self._lexicon) for s in holders):
                return f"you {verb}"
        return ""

    def _states_fact(self) -> bool:
        """Whether the clause says what someone is, has or did, rather than what they could do."""
        told = self._plain if self._lists_on else self._sentence
        for place, word in enumerate(told):
            after = told[place + 1] if place + 1 < len(told) else ""
            if word in {"you're", "you've"}:
                return True
            if word == "you" and after:
                stem = self._lexicon.stem(after)
                if stem not in self._lexicon.soft_verbs or after in {"are", "were", "have", "had"}:
                    return True
            if word == "your" and any(
                w in {"is", "was", "are", "were", "has", "had"} for w in told
            ):
                return True
            bare = word.removesuffix("'s")
            if bare in self._evidence.names or word in {"he", "she", "he's", "she's", "they're"}:
                return True
        return False

    def _unknown_name(self, word: str) -> bool:
        if not word[0].isupper() or plain(word) in {"i", "i'm", "i've", "i'd", "i'll", "ok"}:
            return False
        stem = self._lexicon.stem(word)
        bare = plain(word).removesuffix("'s")
        calendar = self._lexicon.months | self._lexicon.days
        return not (
            stem in self._known
            or bare in self._evidence.names
            or stem in self._lexicon.soft
            or stem in calendar
            or bare in self._lexicon.stop
        )


def rests_on(clause: str, evidence: Evidence) -> Sequence[str]:
    """The sources (event ids) of the sentences that hold what `clause` says, for its provenance."""
    lexicon = evidence.lexicon
    wanted = {lexicon.stem(w) for w in lexicon.content(clause)} - lexicon.soft
    scored = [(len(wanted & s.stems), s.source) for s in evidence.sentences if s.source]
    best = max((count for count, _ in scored), default=0)
    return sorted({source for count, source in scored if count == best and best > 0})
