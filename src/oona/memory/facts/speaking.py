"""Whether a sentence that no rule could read speaks of some relation of somebody.

It does by a word of the matter ("home"), or by its grammar: it says that something is so by now
("now", "no longer", "has become"), and holds a word of the shape that the relation's values have (a
name for a home, a date for a birthday). What is asked, supposed, wished or thought by others says
nothing of what is so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from oona.memory.facts.clauses import MOST, Clauses
from oona.memory.facts.people import PERSON, Entity
from oona.memory.facts.templates import Grammar, either, words_of

_CAPITAL = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w'&-]*\w")


@dataclass(frozen=True)
class Matter:
    """One relation of somebody, as sentences may speak of it.

    `whom` names them, `pronoun` stands for them where they were named just before; `cue` is a word
    of the matter, `becoming` says that something is so by now, `shape` is that of a value, `value`
    one that would be answered, `that` begins a clause of its own.
    """

    clauses: Clauses
    whom: re.Pattern[str]
    pronoun: re.Pattern[str] | None
    cue: re.Pattern[str] | None
    becoming: re.Pattern[str]
    shape: re.Pattern[str] | None
    unreal: re.Pattern[str]
    reporting: re.Pattern[str]
    names: frozenset[str]
    value: re.Pattern[str] | None
    that: re.Pattern[str]

    def spoken_of_in(self, text: str) -> list[str]:
        """The sentences of `text` that speak of it, verbatim; of a document its first page."""
        text = text[:MOST]
        if self.clauses.unserious(text):
            return []
        found = []
        named = False
        for sentence in self.clauses.sentences(text):
            speaks = False
            plain = sentence.text
            report = self.reporting.search(plain)
            for part in self.that.split(plain):
                whom = self.whom.search(part) is not None
                pointed = named and self.pronoun is not None and self.pronoun.search(part)
                # "Kari thinks I live in Ghent" is Kari's; "Anna says she has moved" is her own.
                others = report and not named and not self.whom.search(plain, 0, report.start())
                named = named or whom
                if (whom or pointed) and not others:
                    speaks = speaks or self._by_word(part) or self._has_become(part)
            if speaks and not sentence.question and not self.unreal.search(plain):
                found.append(sentence.quote)
        return found

    def _by_word(self, plain: str) -> bool:
        return any(word.search(plain) for word in (self.cue, self.value) if word is not None)

    def _has_become(self, plain: str) -> bool:
        if self.shape is None or not self.becoming.search(plain):
            return False
        return any(match.group() not in self.names for match in self.shape.finditer(plain))


class Speaking:
    """Makes matters, by one language's words."""

    def __init__(self, grammar: Grammar) -> None:
        data: dict[str, Any] = grammar.data
        self._data = data
        self._grammar = grammar
        self._clauses = Clauses(data)
        later = data["later"]
        self._becoming_words = words_of(later["becoming"])
        self._becoming = re.compile(
            rf"\b{either(self._becoming_words)}\b|{later['perfect']}", re.IGNORECASE
        )
        self._unreal = re.compile(
            rf"\b{either([*data['supposing'].split(), *words_of(later['unreal'])])}\b"
        )
        self._reporting = re.compile(rf"\b{either(data['reporting'].split())}\b")
        self._correcting = [re.compile(p, re.IGNORECASE) for p in data["correcting"]]
        self._that = re.compile(rf"\b{either(later['that'].split())}\b")
        self._named: frozenset[str] = frozenset(later["named"].split())
        months = "|".join([*grammar.months, *data["months_short"].split()])
        self._date = re.compile(rf"\b(?:{months})\b", re.IGNORECASE)
        self._not_names = frozenset(data["not_names"].split())

    def matter(self, entity: Entity, relation: str, values: Iterable[str] = ()) -> Matter | None:
        """How sentences may speak of `relation` of `entity`; None where nothing would show it.

        `values` are those that would be answered.
        """
        cues = self._data["cues"].get(relation, "").split()
        shape = _CAPITAL if relation in self._named else None
        shape = self._date if relation == "birthday" else shape
        if not cues and shape is None:
            return None
        return Matter(
            clauses=self._clauses,
            whom=re.compile(self._whom(entity)),
            pronoun=self._pronoun(entity),
            cue=re.compile(rf"\b{either(cues)}\w*") if cues else None,
            becoming=self._becoming,
            shape=shape,
            unreal=self._unreal,
            reporting=self._reporting,
            names=frozenset([*self._not_names, *entity.name.split()]),
            value=self._value(entity, relation, values),
            that=self._that,
        )

    def words(self, entity: Entity, relation: str, values: Iterable[str] = ()) -> list[list[str]]:
        """Lists of words of which a turn that speaks of it has at least one."""
        if entity.number != PERSON:
            return [[*entity.name.split(), *self._words_of(entity.role)]]
        cues = self._data["cues"].get(relation, "").split()
        becoming = {word for words in self._becoming_words for word in words.split()}
        auxiliaries = self._data["later"]["auxiliaries"].split()
        return [cues, sorted({*becoming, *auxiliaries}), [w for v in values for w in v.split()]]

    def _value(
        self, entity: Entity, relation: str, values: Iterable[str]
    ) -> re.Pattern[str] | None:
        """A value that would be answered, where it is not named for many other reasons."""
        found = [value for value in values if value]
        everyday = self._data["later"]["everyday"]
        if not found or relation in everyday["anybody"]:
            return None
        if entity.number == PERSON and relation in everyday["person"]:
            return None
        return re.compile(rf"\b{either(found)}\b")

    def takes_back(self, text: str) -> bool:
        """Whether `text` says that what was told before is not so."""
        plain = self._clauses.plain(text[:MOST])
        return any(pattern.search(plain) for pattern in self._correcting)

    def _words_of(self, role: str) -> tuple[str, ...]:
        return next((one.one for one in self._grammar.roles if one.name == role), ())

    def _whom(self, entity: Entity) -> str:
        data, kinds = self._data, either(self._grammar.kind_of)
        roles = either(self._grammar.role_of)
        mine = either(data["possessive_first"].split())
        if entity.number == PERSON:
            first = either(data["first_person"].split())
            return rf"\b{first}\b|\b{mine} (?!(?:{kinds} )*{roles}\b)"
        own = self._words_of(entity.role)
        # "A new boss" is nobody of mine: a relation is meant with "my", or as a name ("Mum").
        words = [either([entity.name])] if entity.name else []
        words += [rf"{mine} (?:{kinds} )*{either(own)}"] if own else []
        words += [word.title() for word in own]
        found = [rf"\b{word}\b(?!'s (?:{kinds} )*{roles}\b)" for word in words]
        circles = [words for words, kind in self._grammar.circle_of.items() if kind != entity.kind]
        others = [word for word in self._grammar.role_of if word not in own]
        if entity.name and entity.role:  # "Daniel from work" is not my brother Daniel
            found[0] += rf"(?! \(?{either(circles)})"
        elif entity.name and entity.kind:  # and my brother Daniel is not Daniel from work
            found[0] = "".join(f"(?<!{re.escape(word)} )" for word in others) + found[0]
        return "|".join(found)

    def _pronoun(self, entity: Entity) -> re.Pattern[str] | None:
        if entity.number == PERSON:
            return None
        role = next((one for one in self._grammar.roles if one.name == entity.role), None)
        wanted = role.pronoun if role and role.pronoun not in ("they", "it") else ""
        forms = [w for w, p in self._grammar.pronoun_of.items() if p == wanted or not wanted]
        return re.compile(rf"\b{either(forms)}\b")
