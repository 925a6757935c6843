"""Questions that name only half of what they ask: "And Leon?", "What about her birthday?"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from oona.memory.facts import ALL, Asks, Facts, Mention, Question
from oona.memory.facts.fact import ME
from oona.memory.facts.questions import ways

_MOST = 60
"""Characters of such a question."""

_KEPT = 3
"""People asked about that "she" may still mean."""

_WORDS = re.compile(r"[\w'’-]+")
_DETERMINED = r"(?:the|my|our|his|her|their|its|your) (?:[\w'’-]+ ){0,2}?"


@dataclass
class Thread:
    """What the conversation is at: the last question, as it was meant, and those spoken of.

    `subject` are the words in `question` for what it is about, `asked` is how facts read it where
    they did. `people` were asked about, the last one first, `texts` are the person's turns since,
    newest first: whom "she" means is looked for in them.
    """

    question: str = ""
    subject: str = ""
    asked: Question | None = None
    texts: tuple[str, ...] = ()
    people: tuple[Mention, ...] = ()

    def met(self, whom: Mention) -> None:
        """Somebody was asked about: from now on "she" is the last of those whom it fits."""
        self.people = (whom, *(one for one in self.people if one != whom))[:_KEPT]
        self.texts = ()

    def meant(self, facts: Facts, pronoun: str) -> Mention | None:
        """Whom a pronoun means: the last one spoken of whom it fits, where that is one."""
        tried = [*(facts.people(text) for text in self.texts), *([one] for one in self.people)]
        for named in tried:
            able = [one for one in named if facts.may_be(one, pronoun)]
            if able:
                return able[0] if len(able) == 1 else None
        return None


def of_another(text: str, thread: Thread, facts: Facts) -> Question | None:
    """The last question asked of somebody else who was told of, or of another time: "And Leon?"."""
    low = " ".join(text.lower().replace("’", "'").split()).strip(" ?.!")
    if thread.asked is not None and thread.asked.relation != ALL:
        for asks in (Asks.BEFORE, Asks.SINCE):
            if _forms()[asks.value].fullmatch(low):
                return replace(thread.asked, asks=asks)
    asked_of = thread.asked.subject if thread.asked is not None else ME
    if thread.asked is not None and not asked_of.is_person and _forms()["me"].fullmatch(low):
        return replace(thread.asked, subject=ME)
    np = _other(text)
    if thread.asked is None or not np:
        return None
    pronoun = facts.pronoun(np.split()[0].removesuffix("'s")) if " " not in np else ""
    whom = thread.meant(facts, pronoun) if pronoun else facts.whom(np.removesuffix("'s"))
    if whom is None or whom == thread.asked.subject:
        return None
    asked = replace(thread.asked, subject=whom)
    return asked if facts.ask_this(asked).found else None


def completed(text: str, thread: Thread, facts: Facts) -> str:
    """`text` as a whole question, or as it is where it is one already or nothing to go by."""
    said = " ".join(text.replace("’", "'").split()).strip(" ?.!")
    if len(said) > _MOST:
        return text
    if not (np := _other(text)):
        return text
    if facts.pronoun(np):
        return text  # "what about him?" asks for nothing in particular
    whole = facts.attribute(np, lambda pronoun: thread.meant(facts, pronoun))
    if whole and not whole.endswith("'s name?"):
        return whole
    # "And my brother?" asks the last question of him before it asks for his name.
    swapped = "" if facts.pronoun(np.split()[0]) else _swapped(thread, np, facts)
    if not swapped and np[:1].isupper() and whole:
        return f"What do you know about {np}?"  # "And Leon?", with nothing asked before
    return swapped or whole or text


def named(text: str, thread: Thread, facts: Facts) -> str:
    """`text` with the one whom its "she" means by name, as far as that is known."""
    for match in _WORDS.finditer(text):
        word = match.group().lower().removesuffix("'s")
        pronoun = facts.pronoun(word)
        if pronoun not in ("she", "he") or word.endswith("self"):
            continue
        who = thread.meant(facts, pronoun)
        if who is None:
            return text
        name = spoken(who)
        after = text[match.end() :]
        if word in ("her", "his") and re.match(r" [a-z]", after):
            name += "'s"
        elif match.group().lower().endswith("'s"):
            name += " is"
        return text[: match.start()] + name + after
    return text


def spoken(who: Mention, *, wholly: bool = False) -> str:
    """Somebody as the person would name them: "Anna", "my older sister", "Leon's wife".

    With `wholly` by relation and name, as where two are called Anna.
    """
    if wholly and who.name and who.role:
        return f"{spoken(replace(who, name=''))} {who.name}"
    if who.name:
        return f"{who.name} {who.kind}" if not who.role and who.kind else who.name
    owner = f"{spoken(who.of)}'s" if who.of is not None and not who.of.is_person else "my"
    return " ".join(part for part in (owner, who.kind, who.role) if part)


def _other(text: str) -> str:
    """What "And …?" names, or nothing where it names nothing that another could stand for."""
    said = " ".join(text.replace("’", "'").split()).strip(" ?.!")
    forms = _forms()
    match = forms["other"].fullmatch(said) if text.rstrip().endswith("?") else None
    if match is None or len(said) > _MOST or not forms["lead"].match(said):
        return ""
    np = match["np"]
    return "" if forms["not_nouns"].fullmatch(np.split()[0].lower()) else str(np)


def _swapped(thread: Thread, np: str, facts: Facts) -> str:
    """The last question with `np` in place of what it was about; empty where that fails."""
    question, subject = thread.question, thread.subject
    if question and not subject and thread.asked is not None:
        return _of_them(question, np)
    if not question or not subject:
        return ""
    if re.match(rf"{_DETERMINED}", subject, re.IGNORECASE):
        pattern = re.escape(subject)
    else:
        pattern = rf"(?:{_DETERMINED})?\b{re.escape(subject)}\b"
    match = re.search(pattern, question, re.IGNORECASE)
    if match is None:
        return ""
    bare = not re.match(_DETERMINED, match.group() + " ", re.IGNORECASE)
    if bare and not match.group()[:1].isupper() and facts.pronoun(match.group()) == "":
        return ""  # "live" of "where does she live": no noun that another could stand for
    low = np.lower()
    possessive = question[match.end() :].startswith(("'s", "’s"))
    if possessive and low.endswith("'s"):
        np = np[:-2]
    elif not possessive and facts.pronoun(match.group().lower()) and match.group().lower() in (
        "her", "his", "their",
    ):  # fmt: skip
        np = np if low.endswith("'s") else f"{np}'s"
    return question[: match.start()] + np + question[match.end() :]


def _of_them(question: str, np: str) -> str:
    """A question of the person's about themselves, asked of somebody else."""
    for find, put in ((r"\bdo I\b", f"does {np}"), (r"\bam I\b", f"is {np}"), (r"\bI\b", np)):
        if re.search(find, question):
            return re.sub(find, put, question, count=1)
    return re.sub(r"\bmy\b", f"{np}'s", question, count=1)


@cache
def _forms() -> dict[str, re.Pattern[str]]:
    data: dict[str, Any] = ways()["ellipsis"]
    forms = {
        name: re.compile(data[name], re.IGNORECASE)
        for name in ("other", "lead", "before", "since", "me")
    }
    forms["not_nouns"] = re.compile("|".join(data["not_nouns"].split()), re.IGNORECASE)
    return forms
