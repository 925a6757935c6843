"""The templates of a language, compiled: one regular expression for each way to say a fact.

In the spirit of Hassil's sentence templates, as `core.sentences` is; unlike there, case and
punctuation count here, because names and verbatim quotations have to be told from what is said.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

from oona.core.errors import BadInput
from oona.memory.facts.fact import Mode

_TOKEN = re.compile(r"<(\w+)>|([()\[\]|])|([^\s()\[\]|<>]+)|(\s+)|(.)")
_WORDS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻŁŃŅŇŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽ"
_CAPITAL = rf"[{_UPPER}][\w'-]*\w|[{_UPPER}]"
_JOINS = "(?:-| | of | de | la | le | del | am | an der | upon | on | and the )"
_DATE = (
    r"(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?i:{m})|(?i:{m}) (?:the )?\d{{1,2}}(?:st|nd|rd|th)?"
    r"|(?i:{o}) of (?i:{m})|(?i:{m}) (?:the )?(?i:{o}))\b(?:,? (?:19|20)\d\d)?"
)


@dataclass(frozen=True)
class Template:
    """One way to say something.

    `lead` is the slot it begins with where that is <who> or <whose>; the pattern is of the rest,
    and compiled when first needed: all together take a second. `words` are those of which a
    sentence has at least one if the template fits it; none where that cannot be told.
    """

    relation: str
    lead: str
    mode: Mode
    past: bool
    expression: str
    rule: str
    words: frozenset[str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What the rest of a clause is matched with."""
        return re.compile(self.expression)

    def may_fit(self, words: frozenset[str]) -> bool:
        """Whether a sentence of these words, in lower case, may be of this kind."""
        return not self.words or not self.words.isdisjoint(words)


@dataclass(frozen=True, slots=True)
class Role:
    """A relation between people: its words, the pronoun, and whether there is only one at once."""

    name: str
    one: tuple[str, ...]
    several: tuple[str, ...]
    pronoun: str
    single: bool


def words_of(text: str) -> list[str]:
    """The entries of a list of words; an underscore stands for a space within one."""
    return [word.replace("_", " ") for word in text.split()]


def either(words: Iterable[str]) -> str:
    """An expression for any of `words`, the longest first, without regard to case."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?i:" + "|".join(map(re.escape, ordered)) + ")"


class Grammar:
    """The word classes of one language, and its slots."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.roles = _roles(data["roles"])
        self.role_of = {word: role.name for role in self.roles for word in role.one}
        self.roles_of = {word: role.name for role in self.roles for word in role.several}
        self.kind_of = {w: k for k, text in data["kinds"].items() for w in words_of(text)}
        self.circle_of = {w: k for k, text in data["circles"].items() for w in words_of(text)}
        self.pronoun_of = {w: p for p, text in data["pronouns"].items() for w in text.split()}
        self.months = data["months"].split()
        self.slots = self._slots = self._make_slots()
        mine = either([*data["possessive_first"].split(), *self.pronoun_of])
        self.theirs = f"(?:{mine})"
        inner = either(words_of(data["inner"]))
        self._auxiliaries = frozenset(data["auxiliaries"].split())
        self._inner = rf"(?: {inner}\b)?"
        self.who = rf"(?P<who>{self._slots['who']})(?:,? who)?(?P<how>{self._slots['adverbs']})"
        self.whose = rf"(?P<whose>{self._slots['whose']})"

    def slot(self, name: str) -> str:
        """The expression of a slot. Raises BadInput for one that is not defined."""
        if name in self._slots:
            return f"(?P<{name}>{self._slots[name]})"
        if name in self.data["slots"]:
            return f"(?P<{name}>{self.data['slots'][name]})"
        if name in self.data["parts"]:
            return self._verbs(self.data["parts"][name].split("|"))
        raise BadInput(f"A sentence template has an unknown part, <{name}>.")

    def word(self, text: str) -> str:
        """The expression of one word of a template; an adverb may follow an auxiliary."""
        inner = self._inner if text in self._auxiliaries else ""
        return f"(?i:{re.escape(text)}){inner}"

    def _verbs(self, forms: list[str]) -> str:
        """An expression for any of `forms`, the longest first."""
        ordered = sorted(set(forms), key=lambda form: (-len(form), form))
        return "(?:" + "|".join(" ".join(map(self.word, form.split())) for form in ordered) + ")"

    def _make_slots(self) -> dict[str, str]:
        data = self.data
        adverbs = either(words_of(data["adverbs"]))
        role, roles = either(self.role_of), either(self.roles_of)
        kinds = f"(?:{either(self.kind_of)} )"
        name = self._name()
        mine = either(data["possessive_first"].split())
        pronouns = either(self.pronoun_of)
        my_role = (
            rf"{mine} {kinds}{{0,3}}{role}(?:'s {kinds}{{0,2}}{role})?\b"
            rf"(?:,? (?:{name})(?:,(?= ))?)?"
        )
        name_role = rf"(?:{name})'s {kinds}{{0,3}}{role}\b(?:,? (?:{name})(?:,(?= ))?)?"
        beside = rf"(?:{name})(?:, | \(){mine} {kinds}{{0,3}}{role}\b[,)]?"
        circle = rf"(?:{name})(?: \(?{either(self.circle_of)}\)?)?"
        person = f"{my_role}|{name_role}|{beside}|{circle}"
        parents = either(w for r in ("mother", "father", "grandmother", "grandfather")
                         for w in self._role(r).one)  # fmt: skip
        first = either(data["first_person"].split())
        never = either(words_of(data["things"]["never_first"]))
        word = r"[\w'%-]+"
        thing = rf"(?!{never}\b){word}(?: (?!{never}\b|(?i:and|or|but|not)\b){word}){{0,3}}?"
        numbers = either([*data["numbers"].split(), *data["tens"].split()])
        ordinals = either(data["ordinals"].split())
        months = "|".join([*self.months, *data["months_short"].split()])
        return {
            "who": rf"{person}|{pronouns}\b|{first}\b|{parents}\b",
            "person": person,
            "whose": rf"(?:{my_role}|{name_role}|(?:{name})|{parents})(?:'s|')|{mine}|{pronouns}",
            "role": rf"{kinds}{{0,3}}{role}",
            "roles": rf"{kinds}{{0,2}}{roles}",
            "bare": name,
            "name": rf"[\"“']?(?:{name})[\"”']?",
            "names": rf"(?:{name})(?:, (?:{name}))*(?:,? and (?:{name}))?",
            "place": self._place(),
            "tongues": rf"(?:{_CAPITAL})(?:, (?:{_CAPITAL}))*(?:,? and (?:{_CAPITAL}))?",
            "org": self._org(),
            "job": rf"{word}(?: {word}){{0,2}}?",
            "any": rf"{word}(?: {word}){{0,2}}?",
            "thing": thing,
            "things": rf"{thing}(?:(?:, {thing})*,? (?:and|or) {thing})?",
            "number": rf"\d{{1,3}}|{numbers}(?:[- ]{numbers})?",
            "date": _DATE.format(m=months, o=ordinals),
            "diet": either(w for text in data["foods"].values() for w in words_of(text)),
            "adverbs": rf"(?: {adverbs})*",
        }

    def _role(self, name: str) -> Role:
        return next(role for role in self.roles if role.name == name)

    def _name(self) -> str:
        never = "|".join(map(re.escape, self.data["not_names"].split()))
        one = rf"(?!(?:{never})\b)(?:{_CAPITAL}(?<!'s))"
        return rf"{one}(?:[ -]{one}){{0,2}}"

    def _place(self) -> str:
        months = "|".join(month.capitalize() for month in self.months)
        return (
            rf"(?:the )?(?!(?:{months}|I|My|Our)\b)(?:{_CAPITAL})(?:{_JOINS}(?!I\b)(?:{_CAPITAL}))*"
            rf"(?:, (?!I\b)(?:{_CAPITAL})(?: (?:{_CAPITAL}))*)?"
        )

    def _org(self) -> str:
        article = r"(?:a|an|the) (?:[\w'&-]+)(?: (?!and\b|but\b)[\w'&-]+){0,3}?"
        never = "|".join([*(month.capitalize() for month in self.months), "I"])
        capital = rf"(?!(?:{never})\b)[{_UPPER}\d][\w'&.-]*"
        return rf"{capital}(?:(?: |-| of | & | and | for )(?!I\b)[{_UPPER}\d][\w'&.-]*)*|{article}"


def telling_words(template: str, grammar: Grammar) -> frozenset[str]:
    """The words by which `template` is told; none where it may be made of light ones alone."""
    light = frozenset(grammar.data["light"].split())
    required: list[frozenset[str]] = []
    bare = re.sub(r"\[[^\]]*\]", " ", template)
    for part in re.findall(r"\([^)]*\)|<\w+>|[^\s()<>]+", bare):
        texts = [part]
        if part.startswith("("):
            texts = part.strip("()").split("|")
        elif part.startswith("<"):
            texts = grammar.data["parts"].get(part.strip("<>"), "").split("|")
        choices = [frozenset(_WORDS.findall(text.lower())) - light for text in texts]
        if all(choices):
            required.append(frozenset().union(*choices))
    return max(required, key=len) if required else frozenset()


class _Compiler:
    """Turns one template into an expression; every piece brings the space before it."""

    def __init__(self, template: str, grammar: Grammar, *, whose_again: bool = False) -> None:
        self._template = template
        self._whose_again = whose_again
        self._grammar = grammar
        self._tokens = list(_TOKEN.finditer(template))
        self._at = 0

    def expression(self) -> str:
        found = self._choice("", space=not self._template.startswith(" "))
        if self._at < len(self._tokens):
            raise BadInput(f"A bracket closes too early in the template {self._template!r}.")
        return found

    def _choice(self, closing: str, *, space: bool) -> str:
        choices, pending = [""], space
        while self._at < len(self._tokens):
            slot, sign, word, blank, other = self._tokens[self._at].groups()
            if sign in (")", "]") or other:
                break
            self._at += 1
            if blank:
                pending = True
            elif sign == "|":
                choices.append("")
                pending = space
            elif sign:
                inner = self._choice(")" if sign == "(" else "]", space=pending)
                self._at += 1
                choices[-1] += f"(?:{inner})" + ("?" if sign == "[" else "")
                pending = False
            else:
                text = self._slot(slot) if slot else self._grammar.word(word)
                choices[-1] += (" " if pending else "") + text
                pending = False
        if closing and (self._at >= len(self._tokens) or self._tokens[self._at].group() != closing):
            raise BadInput(f"{closing!r} is missing in the template {self._template!r}.")
        return "|".join(choices)

    def _slot(self, name: str) -> str:
        if name == "who":
            return self._grammar.who
        if name == "whose" and self._whose_again:
            return self._grammar.theirs
        return self._grammar.slot(name)


def compiled(template: str, grammar: Grammar) -> tuple[str, str]:
    """The slot that `template` begins with, if that is <who> or <whose>, and the rest's expression.

    It is to be matched where a space stands before its first word. Who is spoken of is matched once
    for all templates: to compile it into each of them took ten seconds.
    """
    for lead in ("who", "whose"):
        if template.startswith(f"<{lead}> "):
            rest = template.removeprefix(f"<{lead}>")
            return lead, _Compiler(rest, grammar, whose_again=lead == "who").expression()
    return "", _Compiler(template, grammar).expression()


def _roles(table: dict[str, str]) -> tuple[Role, ...]:
    found = []
    for name, text in table.items():
        one, several, pronoun, count = (part.strip() for part in text.split("|"))
        found.append(
            Role(name, tuple(words_of(one)), tuple(words_of(several)), pronoun, count == "one")
        )
    return tuple(found)


@cache
def load(language: str) -> dict[str, Any]:
    """The file of a language, as it is written."""
    source = resources.files("oona.memory").joinpath(f"data/facts/{language}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
