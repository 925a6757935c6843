"""Facts by rules: what the sentences of a turn say outright, read with the templates of a language.

Precision before recall. A template has to fit a whole clause from its first word, so that what is
asked, supposed, wished, reported or quoted fits none; what is not recognised is left unsaid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from oona.memory.facts.clauses import MOST, Clauses
from oona.memory.facts.fact import Mention, Mode, Statement
from oona.memory.facts.matcher import Matcher, Scene
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
        self._data = data
        self._cased = Matcher(Grammar(data, cased=True))
        self.times = self._cased.times
        self._correcting = [re.compile(p, re.IGNORECASE) for p in data["correcting"]]
        self._news = re.compile(data["news"], re.IGNORECASE)
        self._only_value = [re.compile(p, re.IGNORECASE) for p in data["only_value"]]
        self._never_mind = [re.compile(p, re.IGNORECASE) for p in data["never_mind"]]
        self._common = frozenset(words_of(data["common"]))

    @cached_property
    def _caseless(self) -> Matcher:
        """Most people write capitals, so this is made when first needed."""
        return Matcher(Grammar(self._data, cased=False))

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
        matcher = self._matcher(text)
        scene = Scene(today, known, matcher.people(self.clauses, before))
        found: list[Statement] = []
        mends = False
        for sentence in self.clauses.sentences(text):
            mends = mends or any(p.search(sentence.text) for p in self._correcting)
            told = matcher.statements(self.clauses, sentence, scene)
            wrong = mends and not self.is_news(sentence.text)
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
                if value.lower() in self._cased.numbers:
                    return Reading(value=value, quote=text.strip())
        return Reading()

    def _matcher(self, text: str) -> Matcher:
        """The matcher for texts with capitals, or for those of people who type none."""
        capitals = re.findall(r"[^\W\d_a-zß-öø-ÿ]\w*", text)
        return self._cased if any(c not in ("I", "OK") for c in capitals) else self._caseless


def _key(one: Statement) -> tuple[Mention, str, str, Mode]:
    return (one.subject, one.relation, one.value.lower(), one.mode)


@cache
def rules(language: str = "en") -> Rules:
    """The rules of a language, made once; each template is compiled when first needed."""
    return Rules(language)
