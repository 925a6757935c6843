"""Questions about facts: whom they are about, and what of them is asked for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from importlib import resources
from typing import Any

from oona.memory.facts.clauses import Clauses
from oona.memory.facts.fact import ME, Mention
from oona.memory.facts.mentions import Mentions
from oona.memory.facts.templates import Grammar, compiled, either, telling_words, words_of

_WORD = re.compile(r"[^\W_]+")

ALL = "*"
"""Stands for every relation: "what do you know about Anna?"."""

_WHO = "who"

_EXACT = frozenset({"number", "diet"})
"""Slots that are matched by their own words; any other is whatever stands there."""

Meant = Callable[[str], Mention | None]
"""Gives whom a pronoun means, as far as the conversation tells."""


class Asks(StrEnum):
    """What of a relation is asked for."""

    NOW = "now"
    WHETHER = "whether"
    BEFORE = "before"
    SINCE = "since"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of whom, which relation, and what of it.

    `value` is that of which it is asked whether it is so. `topic` is the matter ("work") of which
    all is asked for, and `relations` those in which it is told.
    """

    subject: Mention
    relation: str
    asks: Asks = Asks.NOW
    value: str = ""
    topic: str = ""
    relations: frozenset[str] = frozenset()


class _Loose(Grammar):
    """A grammar in which a slot is any words: read afterwards, it compiles in no time."""

    def __init__(self, data: dict[str, Any], exact: Grammar, topics: str) -> None:
        self.data, self._exact, self._topics = data, exact, topics
        self.who = r"(?P<who>[^?.!]+?)"
        self.whose = r"(?P<whose>[^?.!]+?)"
        self.theirs = r"[^?.!]+?"
        self._values = 0

    def word(self, text: str) -> str:
        return f"(?i:{re.escape(text)})"

    def slot(self, name: str) -> str:
        if name == "whose":
            return self.whose
        if name == "topic":
            return f"(?P<topic>{self._topics})"
        if name == "roles":
            return f"(?P<roles>{either([*self._exact.roles_of, *self._exact.role_of])})"
        if name in self.data["parts"]:
            return either(self.data["parts"][name].split("|"))
        self._values += 1  # one template may hold several, in what it may say either way
        words = self._exact.slots[name] if name in _EXACT else "[^?.!]+?"
        return f"(?P<value{self._values}>{words})"


@dataclass(frozen=True)
class _Asked:
    """One way to ask, compiled when first needed; `words` as a template's."""

    relation: str
    asks: Asks
    expression: str
    words: frozenset[str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.expression)


class Questions:
    """Reads questions by one language's templates."""

    def __init__(self, data: dict[str, Any], language: str = "en") -> None:
        self._clauses = Clauses(data)
        asking = ways(language)
        self._grammar = Grammar(data)
        self._mentions = Mentions(self._grammar)
        self._topics = {
            word: (name, topic["relations"])
            for name, topic in asking["topics"].items()
            for word in words_of(topic["words"])
        }
        loose = _Loose(data, self._grammar, either(self._topics))
        self._tail = rf"(?: {either(words_of(asking['frames']['tails']))})*[ ?.!]*"
        self._asked = [
            self._way(say, relation, asks, loose)
            for asks, table in (
                (Asks.NOW, {ALL: asking["frames"]["topic"]}),
                (Asks.NOW, asking["several"]),
                (Asks.BEFORE, asking["before"]),
                (Asks.SINCE, asking["since"]),
                (Asks.NOW, data["asked"]),
                (Asks.WHETHER, asking["whether"]),
            )
            for relation, texts in table.items()
            for say in texts
        ]
        self._attributes: list[str] = asking["frames"]["attribute"]
        fillers = either([*words_of(data["fillers"]), "can you tell me", "please"])
        self._fillers = re.compile(rf"(?: {fillers}[,:;]*)+(?= )")

    def read(self, text: str, meant: Meant | None = None) -> Question | None:
        """What `text` asks of facts, or None where it asks nothing that they could answer.

        Whom "she" means, `meant` tells; a question about somebody it does not know is None, too.
        """
        plain = " " + self._clauses.plain(text).strip()
        starts = [0]
        if filler := self._fillers.match(plain):
            starts.append(filler.end())
        there = frozenset(_WORD.findall(plain.lower()))
        able = [one for one in self._asked if not one.words or one.words & there]
        for start in starts:
            for one in able:
                match = one.pattern.fullmatch(plain, start)
                if match and (found := self._question(one, match, meant)):
                    return found
        return None

    def attribute(self, text: str, meant: Meant | None = None) -> tuple[str, Question] | None:
        """What "her birthday" asks for, as a whole question and as it is read."""
        for frame in self._attributes:
            whole = frame.format(text) + "?"
            if (found := self.read(whole, meant)) and found.relation != ALL:
                return whole[:1].upper() + whole[1:], found
        return None

    def whom(self, text: str) -> Mention | None:
        """The one whom `text` names: "me", "Anna", "my sister", "sister", "Daniel from work"."""
        plain = self._clauses.plain(text).strip(" ?.!\"'")
        if plain.lower() in ("you", ""):
            return ME
        for said in (plain, plain[:1].upper() + plain[1:], plain.title(), f"my {plain}"):
            found = self._mentions.read(said)
            if isinstance(found, Mention):
                return found
        return None

    def pronoun(self, word: str) -> str:
        """The pronoun, in its first form, that `word` is one of ("her" is "she"), or nothing."""
        return str(self._grammar.pronoun_of.get(word.lower(), ""))

    def people(self, text: str) -> list[Mention]:
        """The people that are named in `text`, in order."""
        found: list[Mention] = []
        for sentence in self._clauses.sentences(text):
            for one in self._mentions.found(sentence.text):
                if one not in found:
                    found.append(one)
        return found

    def fits(self, mention: Mention, pronoun: str) -> bool:
        """Whether `pronoun` can stand for it."""
        return self._mentions.fits(mention, pronoun)

    def _way(self, say: str, relation: str, asks: Asks, loose: Grammar) -> _Asked:
        lead, expression = compiled(say, loose)
        if lead:
            expression = " " + (loose.who if lead == "who" else loose.whose) + expression
        words = telling_words(say.replace("<topic>", ""), self._grammar)
        return _Asked(relation, asks, f"(?:{expression}){self._tail}", words)

    def _question(self, one: _Asked, match: re.Match[str], meant: Meant | None) -> Question | None:
        groups = match.groupdict()
        text = groups.get("who") or groups.get("whose") or "I"
        if re.search(r"\bthe\b", text.lower()) and one.relation in (ALL, _WHO):
            return None  # "tell me about the war"
        found = self._mentions.read(text)
        if isinstance(found, str) and meant is not None:
            found = meant(found)
        if not isinstance(found, Mention):
            return None
        values = [text for name, text in groups.items() if name.startswith("value") and text]
        asked = Question(found, one.relation, one.asks, values[0].strip() if values else "")
        if (roles := groups.get("roles")) is not None:
            low = roles.lower()
            role = self._grammar.roles_of.get(low) or self._grammar.role_of[low]
            return replace(asked, relation=role)
        if groups.get("topic"):
            name, relations = self._topics[groups["topic"].lower()]
            return replace(asked, topic=name, relations=frozenset(relations.split()))
        if asked.relation == _WHO:  # who my boss is asks for a name, and who Anna is for all of her
            by_role = found.role and not found.name
            return replace(asked, relation="name" if by_role else ALL)
        return asked


def ways(language: str = "en") -> dict[str, Any]:
    """How people of a language ask, and doubt: `data/questions`."""
    source = resources.files("oona.memory").joinpath(f"data/questions/{language}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
