"""What was answered, contested: "No, she lives in Bergen", "That's wrong", "I never said that".

It goes through the same door as `oona memory correct` and `dispute`: the fact stays in history, and
what is put in its place rests on the turn that said so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from oona.agent.answers import Answer
from oona.agent.knowing.answering import Open, Reply
from oona.agent.knowing.words import Words, causes, say
from oona.core.events import Event
from oona.core.labels import Integrity
from oona.memory.facts import Fact, Facts, Question, Status
from oona.memory.facts.questions import ways

MOST = 200
"""Characters; a longer turn tells something and does not only contest."""

_GROWS = frozenset({"age"})
_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:-[^\W\d_]+)*")
_FEW = 3
_BARE = frozenset(
    {"lives_in", "works_at", "from", "birthday", "age", "name", "kin", "born", "lives_with"}
)
"""Relations whose values are told from other words by their shape: a name, a day, a number."""


@dataclass(frozen=True)
class Contesting:
    """One turn's way of contesting; `before` is the person's turn before it."""

    facts: Facts
    words: Words
    variant: int
    before: str

    def answer(
        self, heard: Event, numbers: Sequence[int], question: Question | None
    ) -> Reply | None:
        """What to say to a turn that contests the facts of the last answer, or None."""
        text = _said(heard)
        standing = self._there(numbers)
        if not standing or not text:
            return None
        low = text.lower()
        for rule in ("never_said", "wrong"):
            if _forms()[rule].fullmatch(low):
                return self._doubted(rule, heard, standing, question)
        wrongly = _forms()["wrongly"].match(text)
        if naming := _forms()["naming"].fullmatch(text[wrongly.end() :] if wrongly else text):
            return self._renamed(heard, naming["name"], question, standing)
        # "He just turned seven" is news of him and no mending.
        there = [f.number for f in standing if wrongly or f.relation not in _GROWS]
        if mended := self.facts.mending.correct_as(heard, self.before, there):
            return self._mended(*mended[0])
        if wrongly is None:
            return None
        return self._by_value(heard, text[wrongly.end() :], standing)

    def reply(self, heard: Event, open_: Open) -> Reply | None:
        """What to say to the answer to a question of ours about facts in doubt, or None."""
        text = _said(heard)
        if not text or not (facts := self._there(open_.facts)):
            return None
        forms, low = _forms(), text.lower()
        if forms["neither"].fullmatch(low):
            return Reply(Answer(say("contest", "open", self.variant), "fact.open"))
        if forms["both"].fullmatch(low):
            return Reply(Answer(say("contest", "both", self.variant), "fact.open"))
        if mended := self.facts.mending.correct_as(heard, self.before, open_.facts):
            return self._mended(*mended[0])
        rest = forms["wrongly"].sub("", text)
        if named := _named(low, facts, self.words):
            return self._settled(heard, named)
        if mended_by := self._by_value(heard, rest, facts, asked=True):
            return mended_by
        chosen = _chosen(low, facts, self.words)
        return self._settled(heard, chosen) if chosen is not None else None

    def meant(self, heard: Event, open_: Open) -> Reply | None:
        """What to say to a yes or no about whom something was told of, or None."""
        low = _said(heard).lower()
        if _forms()["no"].fullmatch(low):
            return Reply(Answer(say("contest", "open", self.variant), "fact.open"))
        facts = self._there(open_.facts)
        if not facts or not _forms()["yes"].fullmatch(low):
            return None
        whom = open_.whom[0]
        settled = self.facts.mending.settle(heard, facts[0].number, whom)
        return self._said("settled_of", [settled], answer=self.words.value(settled))

    def amended(self, heard: Event) -> Reply | None:
        """What to say to a bare "actually it's on Tuesday" about what no fact holds, or None."""
        text = _said(heard)
        wrongly = _forms()["wrongly"].match(text)
        match = _forms()["value"].fullmatch(text[wrongly.end() :]) if wrongly else None
        value = match["value"].strip(" .!") if match else ""
        named = value[:1].isupper() or value[:1].isdigit()
        if not named or len(value.split()) > _FEW or value.split()[0] in ("I", "I'm"):
            return None
        return Reply(Answer(say("contest", "amended", self.variant, value=value), "amended"))

    def clash(self, written: Sequence[Event]) -> Reply | None:
        """What was just told and contradicts what was told before, put to the person."""
        for event in written:
            fact = self.facts.named(event.seq)
            if fact.status is Status.DISPUTED and fact.reason == "contradiction":
                other = self.facts.named(fact.instead)
                if other.sources[-1].event == fact.sources[-1].event:
                    continue
                numbers = (other.number, fact.number)
                text = say(
                    "said", "clash", self.variant,
                    when=self.words.when(other), before=self.words.value(other),
                )  # fmt: skip
                answer = Answer(text, "fact.disputed", causes([other, fact]))
                whom = self.facts.whom(fact.subject.removeprefix("your "))
                asked = Question(whom, fact.relation) if whom is not None else None
                waits = Open(asked, numbers) if asked is not None else None
                return Reply(answer, numbers, waits)
        return None

    def _settled(self, heard: Event, fact: Fact) -> Reply:
        settled = self.facts.mending.settle(heard, fact.number)
        return self._said("settled", [settled], answer=self.words.value(settled))

    def _there(self, numbers: Sequence[int]) -> list[Fact]:
        """Those facts that were not forgotten since."""
        known = {fact.number: fact for fact in self.facts.all()}
        return [known[number] for number in numbers if number in known]

    def _renamed(
        self, heard: Event, name: str, question: Question | None, standing: Sequence[Fact]
    ) -> Reply | None:
        """Somebody of whom something was answered is called otherwise."""
        named = self.facts.naming(question.subject) if question is not None else None
        for fact in [named] if named is not None else [f for f in standing if f.relation == "name"]:
            if both := self.facts.mending.correct_by(heard, fact.number, name):
                return self._mended(*both)
        return None

    def _by_value(
        self, heard: Event, rest: str, standing: Sequence[Fact], *, asked: bool = False
    ) -> Reply | None:
        """What is right, as no more than a value; `asked` says that we had asked for it."""
        match = _forms()["value"].fullmatch(rest.strip(" .!"))
        if match is None:
            return None
        value = match["value"].strip(' .!"“”')
        able = [fact for fact in standing if _bare(fact)]
        for fact in able[-1:]:
            shaped = fact.relation in ("birthday", "age", "born") or value[:1].isupper()
            if not (shaped or (asked and len(value.split()) <= _FEW)):
                continue  # "no, that's lovely" names no town
            if both := self.facts.mending.correct_by(heard, fact.number, value):
                return self._mended(*both)
        return None

    def _doubted(
        self, rule: str, heard: Event, standing: Sequence[Fact], question: Question | None
    ) -> Reply:
        fact = standing[-1]
        if fact.status is Status.CURRENT:
            fact = self.facts.mending.dispute(fact.number, heard)
        if rule == "never_said" and fact.label.integrity is not Integrity.PERSON:
            rule = "never_said_import"
        source = fact.sources[-1]
        when = self.words.of(source.at, source.zone)
        reply = self._said(rule, [fact], when=when, quote=source.quote)
        waits = Open(question, (fact.number,)) if question is not None else None
        return replace(reply, facts=(fact.number,), open=waits)

    def _mended(self, old: Fact, new: Fact) -> Reply:
        rule = "moved_on" if old.status is Status.SUPERSEDED else "mended"
        return self._said(rule, [new, old], answer=self.words.value(new), old=self.words.value(old))

    def _said(self, rule: str, found: Sequence[Fact], **words: str) -> Reply:
        text = say("contest", rule, self.variant, **words)
        answer = Answer(text, f"fact.{rule}", causes(found))
        return Reply(answer, tuple(fact.number for fact in found[:1]))


def contests(text: str) -> bool:
    """Whether `text` does nothing but contest what was said."""
    low = text.lower().replace("’", "'").strip(" .!")
    return any(_forms()[rule].fullmatch(low) for rule in ("never_said", "wrong"))


def timeless(text: str) -> bool:
    """Whether `text` may tell of what never changes, so that a second value is a contradiction."""
    return _forms()["timeless"].search(text) is not None


def _said(heard: Event) -> str:
    text = " ".join(heard.text().replace("’", "'").split()).strip(" .!")
    return text if len(text) <= MOST else ""


def _bare(fact: Fact) -> bool:
    """Whether a bare value can be told from other words: kin goes by its relation's own name."""
    return fact.relation in _BARE or fact.value[:1].isupper()


def _tokens(text: str) -> set[str]:
    bare = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text.lower())
    return set(_TOKEN.findall(bare)) - set(ways()["doubts"]["light"].split())


def _named(low: str, facts: Sequence[Fact], words: Words) -> Fact | None:
    """The one of `facts` whose whole value an answer names."""
    said = _tokens(low)
    able = [fact for fact in facts if _tokens(words.value(fact)) <= said]
    return able[0] if len(able) == 1 else None


def _chosen(low: str, facts: Sequence[Fact], words: Words) -> Fact | None:
    """The one of several `facts` that an answer like "the 5th" or "the second one" means."""
    forms = _forms()
    if len(facts) < 2:
        return None
    for name, place in (("first", 0), ("second", -1)):
        if forms[name].fullmatch(low):
            return facts[place]
    said = _tokens(low)
    values = [_tokens(words.value(fact)) for fact in facts]
    common = set.intersection(*values)
    telling = [fact for fact, value in zip(facts, values, strict=True) if said & (value - common)]
    return telling[0] if len(telling) == 1 else None


@cache
def _forms() -> dict[str, re.Pattern[str]]:
    data: dict[str, Any] = ways()["doubts"]
    return {name: re.compile(text, re.IGNORECASE) for name, text in data.items() if name != "light"}
