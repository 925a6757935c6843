"""Facts in words: who they are of, and a sentence that says them to the person."""

from __future__ import annotations

import re
from typing import Any

from oona.memory.facts.fact import Fact, Status
from oona.memory.facts.people import PERSON, Entity, People

_FORMS = 4
_BIRTHDAY = re.compile(r"(-|\d{4})-(\d\d)-(\d\d)")


class Told:
    """Says facts in one language."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._forms: dict[str, list[str]] = {
            relation: [form.strip() for form in text.split("|")]
            for relation, text in data["told"].items()
        }
        self._articles: dict[str, str] = data["articles"]
        self._spans: dict[str, str] = data["spans"]
        self._subjects: dict[str, str] = data["subjects"]
        self._months = [month.capitalize() for month in data["months"].split()]

    def subject(self, entity: Entity, people: People) -> str:
        """How somebody is named to the person: "your sister Anna"."""
        if entity.number == PERSON:
            return self._subjects["person"]
        if not entity.role:
            form = self._subjects["named"]
        elif entity.owner == PERSON:
            form = self._subjects["owned"]
        else:
            form = self._subjects["of"]
        owner = ""
        if "{owner}" in form:
            owner = self.subject(people.entities[entity.owner], people)
        text = form.format(owner=owner, kind=entity.kind, role=entity.role, name=entity.name)
        return " ".join(text.split())

    def sentence(self, fact: Fact, who: str = "") -> str:
        """The fact as a sentence, without its time: "Your sister Anna lives in Oslo.".

        `who` stands in place of how whoever it is of is named.
        """
        relation = fact.relation
        known = relation if relation in self._forms else "kin"
        known = "favourite" if relation.startswith("favourite ") else known
        forms = self._forms[known]
        over = fact.status is Status.SUPERSEDED
        place = (2 if over else 0) + (0 if fact.entity == PERSON else 1)
        text = forms[place % _FORMS].format(
            who=who or fact.subject,
            value=self.value(fact),
            relation=relation,
            a=self.article(fact.value),
        )
        return text[:1].upper() + text[1:] + "."

    def value(self, fact: Fact) -> str:
        """The value as a person would write it: a birthday as "3 May 1990"."""
        if fact.relation == "birthday" and (match := _BIRTHDAY.fullmatch(fact.value)):
            day = f"{int(match[3])} {self._months[int(match[2]) - 1]}"
            return day if match[1] == "-" else f"{day} {match[1]}"
        return fact.value

    def article(self, noun: str) -> str:
        """The article, "a" or "an", as the noun sounds."""
        low = noun.lower()
        plain = re.search(self._articles["a"], low) or not re.search(self._articles["an"], low)
        return "a" if plain else "an"

    def span(self, fact: Fact) -> str:
        """From when to when it holds: "since March 2019", "until 2019", "2015 to 2019"."""
        since, until = fact.valid_from, fact.valid_to
        form = self._spans["between" if since and until else "since" if since else "until"]
        if not (since or until):
            return ""
        return form.format(since=self.day(since), until=self.day(until))

    def day(self, text: str) -> str:
        """A date cut short in words: "2019-03" is "March 2019"."""
        parts = text.split("-") if text else [""]
        if len(parts) == 1:
            return text
        month = self._months[int(parts[1]) - 1]
        return f"{month} {parts[0]}" if len(parts) == 2 else f"{int(parts[2])} {month} {parts[0]}"
