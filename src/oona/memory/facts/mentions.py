"""Who is spoken of: mentions of people (and animals) in a text, read into their parts."""

from __future__ import annotations

import re
from dataclasses import replace

from oona.memory.facts.fact import ME, Mention
from oona.memory.facts.templates import Grammar, either

_POSSESSIVE = re.compile(r"'s?$")


class Mentions:
    """Reads mentions by one language's words."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        slots = grammar.slots
        self._person = re.compile(rf"(?<![\w'])(?:{slots['person']})(?![\w])")
        mine = either(grammar.data["possessive_first"].split())
        name = rf"(?P<name>{slots['bare']})"
        circles = either(grammar.circle_of)
        kinds = f"(?:{either(grammar.kind_of)} )*"
        role = either(grammar.role_of)
        self._mine = re.compile(
            rf"{mine} (?P<kinds>{kinds})(?P<role>{role})"
            rf"(?:'s (?P<kinds2>{kinds})(?P<role2>{role}))?(?:,? {name})?,?"
        )
        self._of = re.compile(
            rf"(?P<owner>[^\W\d_][\w' -]*?)'s (?P<kinds>{kinds})(?P<role>{role})(?:,? {name})?,?"
        )
        self._beside = re.compile(
            rf"{name}(?:, | \(){mine} (?P<kinds>{kinds})(?P<role>{role})[,)]?"
        )
        self._circle = re.compile(rf"{name}(?: \(?(?P<circle>{circles})\)?)?")
        self._first = frozenset(
            [*grammar.data["first_person"].split(), *grammar.data["possessive_first"].split()]
        )
        self._pronouns = {role.name: role.pronoun for role in grammar.roles}

    def read(self, text: str) -> Mention | str | None:
        """Who `text` names; a pronoun is given back as it is, None stands for nobody."""
        said = text.strip().rstrip(",")
        low = said.lower()
        if low in self._first:
            return ME
        if low in self._grammar.pronoun_of:
            return str(self._grammar.pronoun_of[low])
        bare = _POSSESSIVE.sub("", said) if said.endswith(("'s", "'")) else said
        if bare.lower() in self._first:
            return ME
        if bare.lower() in self._grammar.role_of:
            return Mention(role=self._grammar.role_of[bare.lower()])
        return self._named(bare)

    def role(self, text: str) -> Mention:
        """The relation that "older sister" names, as a mention of whoever it is."""
        words = text.lower().split()
        for cut in range(len(words)):
            role = self._role(" ".join(words[cut:]))
            if role:
                return Mention(role=role, kind=self._kind(" ".join(words[:cut])))
        return Mention(role=text.lower())

    def found(self, text: str) -> list[Mention]:
        """The people that are named in `text`, in order, each once."""
        people: list[Mention] = []
        for match in self._person.finditer(text):
            if self._ordinary(text, match):
                continue
            mention = self.read(match.group())
            if isinstance(mention, Mention) and not mention.is_person and mention not in people:
                people.append(mention)
        return people

    def fits(self, mention: Mention, pronoun: str) -> bool:
        """Whether `pronoun` can stand for it; of a bare name nothing is known."""
        if not mention.role:
            return pronoun in ("he", "she")
        own = self._pronouns.get(mention.role, "they")
        if own == "it":  # an animal may be any of them
            return pronoun in ("he", "she", "it")
        return pronoun == own or (own == "they" and pronoun in ("he", "she"))

    def _named(self, text: str) -> Mention | None:
        if match := self._mine.fullmatch(text):
            mention = self._mention(match)
            if not match["role2"]:
                return mention
            owner = replace(mention, name="")
            role = self._role(match["role2"])
            return Mention(match["name"] or "", role, self._kind(match["kinds2"]), owner)
        if match := self._beside.fullmatch(text):
            return self._mention(match)
        if match := self._of.fullmatch(text):
            owned = self.read(match["owner"])
            of = owned if isinstance(owned, Mention) else None
            return replace(self._mention(match), of=of) if of is not None else None
        if match := self._circle.fullmatch(text):
            circle = match["circle"]
            kind = self._grammar.circle_of[circle.lower()] if circle else ""
            return Mention(match["name"], "", kind)
        return None

    def _mention(self, match: re.Match[str]) -> Mention:
        found = match.groupdict()
        return Mention(
            found.get("name") or "", self._role(match["role"]), self._kind(match["kinds"])
        )

    def _role(self, word: str) -> str:
        low = word.lower().strip()
        return self._grammar.role_of.get(low) or self._grammar.roles_of.get(low, "")

    def _kind(self, words: str | None) -> str:
        kinds = (self._grammar.kind_of.get(word, "") for word in (words or "").lower().split())
        return next((kind for kind in kinds if kind), "")

    def _ordinary(self, text: str, match: re.Match[str]) -> bool:
        """Whether it is a capital that names nobody: a place after "in", a first word."""
        said = match.group()
        if " " in said or said[:1].islower():
            return False
        before = text[: match.start()].rstrip()
        if not before or before[-1] in ".!?:;":
            after = text[match.end() :].split(maxsplit=1)
            verb = after[0].strip(",.") if after else ""
            return not (verb.endswith(("s", "ed")) or verb in ("and", "came", "got", "told"))
        word = before.split()[-1].lower()
        return word in ("in", "at", "to", "from", "near", "into", "of", "on", "around", "like")
