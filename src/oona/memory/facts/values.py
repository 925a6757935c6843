"""What a template caught, as the values of a relation: a job is a known job, a birthday a day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from oona.memory.facts.mentions import Mentions
from oona.memory.facts.templates import either, words_of
from oona.memory.facts.when import Times

_ITEMS = re.compile(r",? (?:and|or) |, ")
_SLOTS = (
    "place", "dwelling", "names", "tongues", "org", "business", "school", "jobless", "job", "any",
    "field", "things", "foods", "thing", "diet", "year", "number", "date", "name",
)  # fmt: skip

Groups = Mapping[str, str | None]
"""The slots of a template with the words that stand in them."""


class Values:
    """Reads values by one language's words."""

    def __init__(self, data: dict[str, Any], times: Times, mentions: Mentions) -> None:
        self._times = times
        self._mentions = mentions
        skipped = either(words_of(data["things"]["skipped"]))
        self._skipped = re.compile(rf"^(?:{skipped} )+")
        never = either(words_of(data["things"]["never_first"]))
        self._never_first = re.compile(rf"^{never}\b")
        self._no_org = re.compile(rf"\b{either(words_of(data['not_orgs']))}$")
        self._jobs = frozenset(data["jobs"]["words"].split())
        self._diets: dict[str, str] = {
            word: name for name, text in data["foods"].items() for word in words_of(text)
        }

    def read(self, relation: str, groups: Groups, today: date) -> Iterator[tuple[str, str]]:
        """Each relation and value that `groups`, caught on the day `today`, come to."""
        if groups.get("job") and not self._clean("job", groups["job"] or "", relation):
            return
        if relation == "has":
            yield relation, self._mentions.role(groups["role"] or "").role
            return
        if relation == "birthday":
            if value := self._birthday(groups, today):
                yield relation, value
            return
        if relation == "favourite":
            relation = f"favourite {(groups['any'] or '').lower()}"
        slots = [slot for slot in _SLOTS if groups.get(slot)]
        if relation == "studies":
            slots = [slot for slot in slots if slot == "field"]
        elif relation in ("works_at", "studies_at"):
            slots = [slot for slot in slots if slot not in ("job", "field", "any")]
        elif relation == "works_as":
            slots = [slot for slot in slots if slot in ("job", "jobless", "any")]
        elif relation.startswith("favourite"):
            slots = [slot for slot in slots if slot != "any"]
        for slot in slots[:1]:
            text = groups[slot] or ""
            for value in items(text) if slot in ("things", "foods", "names", "tongues") else [text]:
                if clean := self._clean(slot, value, relation):
                    yield relation, clean

    def _clean(self, slot: str, value: str, relation: str) -> str:
        value = value.strip(" \"'")
        if slot == "number":
            number = self._times.number(value)
            return str(number) if number and 0 < number <= 120 else ""
        if slot == "job" and value.lower().split()[-1] not in self._jobs:
            return ""
        if slot == "org" and self._no_org.search(value):
            return ""
        if slot == "diet":
            return self._diets.get(value.lower(), value.lower())
        if slot in ("thing", "things", "foods"):
            value = self._skipped.sub("", value)
            if not value or self._never_first.match(value):
                return ""
            return f"no {value}" if relation == "diet" else value
        return value

    def _birthday(self, groups: Groups, today: date) -> str:
        if groups.get("date"):
            return self._times.birthday(groups["date"] or "")
        low = (groups.get("day") or "").lower()
        day = self._times.day_of(low, today)
        return f"--{day.month:02}-{day.day:02}" if day else ""


def items(text: str) -> list[str]:
    """The parts of a list in words, without their quotation marks."""
    return [item.strip(" \"'“”") for item in _ITEMS.split(text) if item.strip(" \"'")]
