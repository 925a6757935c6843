"""What a person said was coming: the dentist they dread, the exam they have."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from oona.agent.moments import PAST, Moment, Named, hours, named_moments
from oona.core.events import Event
from oona.core.sentences import plain

MOST_WORDS = 7
_BRIEF = 3
_LONGEST = 2_000
_TITLE = re.compile(r"\b(Dr|Mr|Mrs|Ms|Prof|St)\.")
_SENTENCE = re.compile(r"[^.!?;\n]+[.!?;\n]*")
_QUOTES = re.compile(r"[\"“”„«»]")
_CLAUSE = re.compile(r"[,:()–—]| - |\.\.\.|…")
_PERSONS = {
    "my": "your", "our": "your", "me": "you", "us": "you", "mine": "yours", "ours": "yours",
    "myself": "yourself", "ourselves": "yourselves",
}  # fmt: skip
_CLEAN = re.compile(r"[\w'’\- ]+")


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One thing that lay ahead when `event` was said.

    `thing`, `feeling` and `who` are the person's words, turned to the second person. `thing` is
    empty where they could not be turned safely; then only `sentence` may be quoted. `moment` is
    None where no day was named, or more than one; `is_day` tells that the day itself is the thing.
    """

    event: Event
    form: Mapping[str, Any]
    sentence: str
    feeling: str
    thing: str
    moment: Moment | None
    who: str = ""
    is_day: bool = False

    @property
    def is_event(self) -> bool:
        """Whether the thing is one that takes place, as an exam does and a mother does not."""
        doing = re.match(rf"(?:{texts()['doing']})\b", self.thing, re.IGNORECASE)
        return self.is_day or bool(doing or _events().search(self.thing))

    @property
    def head(self) -> frozenset[str]:
        """The plain words of the thing that say what it is."""
        return frozenset(w for w in plain(self.thing).split() if w not in _small_words())


@cache
def texts() -> Mapping[str, Any]:
    """The file of forms and texts."""
    file = resources.files("oona.agent").joinpath("data", "openings", "en.toml")
    return tomllib.loads(file.read_text("utf-8"))


def foreseen(event: Event) -> list[Foreseen]:
    """What `event`, a turn of the person's, says is coming."""
    found: list[Foreseen] = []
    text = _TITLE.sub(r"\1", event.text()[:_LONGEST].replace("’", "'"))
    for said in _SENTENCE.findall(text):
        sentence = " ".join(said.split())
        if "?" in sentence or _QUOTES.search(sentence) or PAST.search(sentence):
            continue
        if re.search(texts()["settled"], sentence, re.IGNORECASE):
            continue
        moments = named_moments(sentence, event.at, event.zone)
        tried = (_by_form(event, sentence, moments, *form) for form in _forms())
        found += next(([one] for one in tried if one), [])
    return found


def _by_form(
    event: Event,
    sentence: str,
    moments: Sequence[Named],
    form: Mapping[str, Any],
    pattern: re.Pattern[str],
) -> Foreseen | None:
    """What `sentence` foresees if it has this form."""
    match = pattern.search(sentence)
    if match is None:
        return None
    start, end = match.span("thing")
    raw, until = _extent(sentence, start, end, moments)
    if re.search(texts()["unsaid"], sentence[: start + len(raw)], re.IGNORECASE):
        return None
    here = [named.moment for named in moments if named.start == until]
    moment = here[0] if here else _moment_for(moments, match.start())
    thing, is_day = _turned(raw), False
    if not thing and here and until == start and here[0].exact:
        thing, is_day = f"{here[0].first:%A}", True
    parts = match.groupdict()
    lead = " ".join(_turn_word(word) for word in (parts.get("lead") or "").split())
    if not _fits(form, thing, raw, moment, until):
        return None
    if form.get("person"):
        # "Mum" and "my mum" become "your mum"; a name stays as it is.
        whose = lead if lead.lower() not in texts()["kin"] else f"your {lead.lower()}"
        return Foreseen(event, form, sentence, "", thing, moment, whose)
    if form.get("brief") and not lead:
        first = thing.split()[0]
        if "'" not in first:  # "Anna's exam" needs no article
            thing = thing[:1].lower() + thing[1:] if first.istitle() else thing
            lead = "the"
    thing = f"{lead} {thing}" if lead and thing else thing
    feeling = (parts.get("feeling") or "").lower()
    return Foreseen(event, form, sentence, feeling, thing, moment, is_day=is_day)


def _fits(form: Mapping[str, Any], thing: str, raw: str, moment: Moment | None, until: int) -> bool:
    """Whether what was found is enough for `form`."""
    if moment is None and ("undated" not in form or form.get("lead_in")):
        return False
    if form.get("event") and not _events().search(thing):
        return False
    if form.get("brief"):
        ends = re.search(rf"\b(?:{texts()['events']})$", thing, re.IGNORECASE)
        return bool(ends) and until >= 0 and len(thing.split()) <= _BRIEF
    return bool(thing) or not _is_nothing(raw)


def _extent(sentence: str, start: int, end: int, moments: Sequence[Named]) -> tuple[str, int]:
    """The words of the thing, up to the end of its clause or to a time; and whether to a time."""
    raw = sentence[start:end]
    cut = len(raw)
    if clause := _CLAUSE.search(raw):
        cut = min(cut, clause.start())
    if stop := _stops().search(raw):
        cut = min(cut, stop.start())
    times = [n.start - start for n in moments] + [a - start for a, _ in hours(sentence)]
    for named in moments:
        # "Friday's exam" is the exam; its day is told apart.
        if named.start == start and sentence[named.end : named.end + 2] == "'s":
            rest, until = _extent(sentence, named.end + 3, end, moments)
            return f"the {rest}", until if until >= 0 else named.start
    before = [at for at in times if 0 <= at < cut]
    if before:
        return raw[: min(before)], start + min(before)
    return raw[:cut], -1


def _moment_for(moments: Sequence[Named], start: int) -> Moment | None:
    """The one day that is named; where there are several, the one named after `start`."""
    if len(moments) == 1:
        return moments[0].moment
    after = [named for named in moments if named.start >= start]
    return after[0].moment if len(after) == 1 else None


def _turned(raw: str) -> str:
    """The thing in the second person, or an empty text where that is not safe."""
    words = raw.strip(" .!;,'").split()
    while words and re.fullmatch(texts()["trailing"], " ".join(words[-1:]).lower()):
        words.pop()
    joined = " ".join(words)
    if not words or len(words) > MOST_WORDS or not _CLEAN.fullmatch(joined) or _is_nothing(joined):
        return ""
    return " ".join(_turn_word(word) for word in words)


def _turn_word(word: str) -> str:
    return _PERSONS.get(word.lower(), word)


def _is_nothing(text: str) -> bool:
    return (
        re.fullmatch(f"(?:(?:{texts()['nothing']})\\s*)*", text.strip(" .!;,'").lower()) is not None
    )


@cache
def _forms() -> tuple[tuple[Mapping[str, Any], re.Pattern[str]], ...]:
    data = texts()
    forms = []
    for form in data["form"]:
        # The thing may end before the verb ("my exam is on Friday") or run on.
        thing = r"(?P<thing>[\w'’\- ]{1,60}?)" if form.get("lead_in") else r"(?P<thing>.+)"
        says = form["says"].replace("{adv}", data["adv"]).replace("{thing}", thing)
        forms.append((form, re.compile(says, re.IGNORECASE)))
    return tuple(forms)


@cache
def _events() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{texts()['events']})\b", re.IGNORECASE)


@cache
def _stops() -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<=\s)){texts()['ends']}(?!\w)", re.IGNORECASE)


@cache
def _small_words() -> frozenset[str]:
    return frozenset(plain(str(texts()["small"])).split())
