"""Questions about facts: whom they are about, and what of them is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from oona.memory.facts.clauses import Clauses
from oona.memory.facts.fact import ME, Mention
from oona.memory.facts.mentions import Mentions
from oona.memory.facts.templates import Grammar, compiled, either, telling_words, words_of

_WORD = re.compile(r"[^\W_]+")

ALL = "*"
"""Stands for every relation: "what do you know about Anna?"."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of whom, and which relation."""

    subject: Mention
    relation: str


@dataclass(frozen=True)
class _Asked:
    """One way to ask, compiled when first needed; `words` as a template's."""

    relation: str
    expression: str
    words: frozenset[str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.expression)


class Questions:
    """Reads questions by one language's templates."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._clauses = Clauses(data)
        self._readers = []
        for cased in (True, False):
            grammar = Grammar(data, cased=cased)
            asked = [
                _Asked(
                    relation,
                    f"(?:{_expression(say, grammar)})[ ?.!]*",
                    telling_words(say, grammar),
                )
                for relation, texts in data["asked"].items()
                for say in texts
            ]
            self._readers.append((Mentions(grammar), asked))
        fillers = either([*words_of(data["fillers"]), "can you tell me", "please"])
        self._fillers = re.compile(rf"(?: {fillers}[,:;]*)+(?= )")
        self._grammar = Grammar(data, cased=True)

    def read(self, text: str) -> Question | None:
        """What `text` asks of facts, or None where it asks nothing that they could answer.

        A question about "she" is None, too: whom it means is for the conversation to know.
        """
        plain = " " + self._clauses.plain(text).strip()
        starts = [0]
        if filler := self._fillers.match(plain):
            starts.append(filler.end())
        there = frozenset(_WORD.findall(plain.lower()))
        for mentions, asked in self._readers:
            able = [one for one in asked if not one.words or one.words & there]
            for start in starts:
                for one in able:
                    if match := one.pattern.fullmatch(plain, start):
                        groups = match.groupdict()
                        whom = mentions.read(groups.get("who") or groups.get("whose") or "I")
                        if isinstance(whom, Mention):
                            return Question(whom, one.relation)
        return None

    def whom(self, text: str) -> Mention | None:
        """The one whom `text` names: "me", "Anna", "my sister", "sister", "Daniel from work"."""
        plain = self._clauses.plain(text).strip(" ?.!\"'")
        if plain.lower() in ("you", ""):
            return ME
        for said in (plain, plain[:1].upper() + plain[1:], plain.title(), f"my {plain}"):
            for mentions, _asked in self._readers[:1]:
                found = mentions.read(said)
                if isinstance(found, Mention):
                    return found
        return None


def _expression(say: str, grammar: Grammar) -> str:
    lead, expression = compiled(say, grammar)
    if lead:
        expression = (grammar.who if lead == "who" else grammar.whose) + expression
    return expression
