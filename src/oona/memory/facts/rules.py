"""Facts by rules: what the sentences of a turn say outright, read with the templates of a language.

Precision before recall. A template has to fit a whole clause from its first word, so that what is
asked, supposed, wished, reported or quoted fits none; what is not recognised is left unsaid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from oona.memory.facts.capitals import Capitals
from oona.memory.facts.clauses import MOST, Clauses
from oona.memory.facts.fact import Mention, Mode, Statement
from oona.memory.facts.matcher import CASELESS, Matcher, Scene
from oona.memory.facts.templates import Grammar, load, words_of


@dataclass(frozen=True, slots=True)
class Reading:
    """What a turn says.

    `value` is set where it is nothing but a value that mends the last fact, `taken_back` where it
    says that the turn before was a joke; `quote` is that sentence.
    """

    statements: tuple[Statement, ...] = ()
    value: str = ""
    quote: str = ""
    taken_back: bool = False


class Rules:
    """Reads turns of the person's by the rules of one language."""

    def __init__(self, language: str = "en") -> None:
        data = load(language)
        self.clauses = Clauses(data)
        grammar = Grammar(data)
        self._matcher = Matcher(grammar)
        self.times = self._matcher.times
        self.capitals = Capitals(data, (*grammar.role_of, *grammar.roles_of))
        self._correcting = [re.compile(p, re.IGNORECASE) for p in data["correcting"]]
        self._news = re.compile(data["news"], re.IGNORECASE)
        self._only_value = [re.compile(p, re.IGNORECASE) for p in data["only_value"]]
        self._never_mind = [re.compile(p, re.IGNORECASE) for p in data["never_mind"]]
        self._common = frozenset(words_of(data["common"]))

    def read(
        self, text: str, today: date, before: str = "", known: frozenset[str] = frozenset()
    ) -> Reading:
        """What `text` says on the day `today`.

        `before` is the turn before it, for "she"; `known` are names that are known to be people's.
        """
        text = text[:MOST]
        whole = self.clauses.plain(text).strip(" .!?")
        if any(pattern.fullmatch(whole) for pattern in self._never_mind):
            return Reading(taken_back=True, quote=text.strip())
        if self.clauses.unserious(text):
            return Reading()
        matcher, small = self._matcher, self.capitals.missing(text)
        scene = Scene(today, known, matcher.people(self.clauses, self.with_capitals(before, known)))
        found: list[Statement] = []
        mends = False
        for plain in self.clauses.sentences(text):
            sentence = plain
            if small:
                shown = self.capitals.put_back(plain.text, known, new=not plain.question)
                sentence = replace(plain, text=shown)
            mends = mends or any(p.search(sentence.text) for p in self._correcting)
            told = matcher.statements(self.clauses, sentence, scene)
            wrong = mends and not self.is_news(sentence.text)
            if sentence.text != plain.text:
                told = [replace(one, confidence=min(CASELESS, one.confidence)) for one in told]
            found += [one.mending() for one in told] if wrong else told
            people = matcher.mentions.found(sentence.text)
            people += [Mention(role=one.value) for one in told if one.relation == "has"]
            if people:
                scene.people = people
        unique = {(s.subject, s.relation, s.value.lower(), s.mode): s for s in reversed(found)}
        kept = tuple(one for one in found if unique[_key(one)] is one and one.quote in text)
        if kept:
            return Reading(kept)
        return self._value_only(text, whole)

    def with_capitals(self, text: str, known: frozenset[str], *, new: bool = True) -> str:
        """`text` with capitals where names stand, if it was typed without any."""
        if not self.capitals.missing(text):
            return text
        return self.capitals.put_back(text, known, new=new)

    def is_news(self, text: str) -> bool:
        """Whether what `text` says holds from now on: what was told before was true till then."""
        return self._news.search(text) is not None

    def _value_only(self, text: str, whole: str) -> Reading:
        for pattern in self._only_value:
            if match := pattern.fullmatch(whole):
                value = match["value"].strip()
                first = value.split()[0].lower() if value else ""
                if value and first not in self._common and len(value.split()) <= 4:
                    return Reading(value=value, quote=text.strip())
                if value.lower() in self._matcher.numbers:
                    return Reading(value=value, quote=text.strip())
        return Reading()


def _key(one: Statement) -> tuple[Mention, str, str, Mode]:
    return (one.subject, one.relation, one.value.lower(), one.mode)


def asks(text: str, language: str = "en") -> bool:
    """Whether `text` does nothing but ask."""
    return all(sentence.question for sentence in rules(language).clauses.sentences(text))


@cache
def rules(language: str = "en") -> Rules:
    """The rules of a language, made once; each template is compiled when first needed."""
    return Rules(language)
