"""Reflexes: sentences that are answered at once, by code, from a file of texts for each language.

`data/reflexes/LANGUAGE.toml` holds patterns and replies; one such file adds a language. A pattern
fits whole sentences only: "what time is it" is answered, "what time is Anna's flight" is not.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import resources
from string import Formatter

from oona.core.clock import local
from oona.core.errors import BadInput, NotFound
from oona.core.sentences import any_of, plain

LONGEST = 160
"""Characters; no reflex is longer, and a long paste need not be looked at."""

_NAME = "\x01"
_ASIDE = re.compile(r"\[\[(.*?)\]\]")
_HERE = "oona.agent"


@dataclass(frozen=True, slots=True)
class Reflex:
    """What was understood. `action` is for the one who shows the reply, empty for most.

    Actions: stop, pause, resume, goodbye, why.
    """

    id: str
    action: str
    lang: str


@dataclass(frozen=True, slots=True)
class _Texts:
    """What may be said to one reflex."""

    action: str
    replies: tuple[str, ...]
    without: tuple[str, ...] = ()
    instead: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Calendar:
    """How a language writes days and hours."""

    hours: str
    date: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]


class Reflexes:
    """The reflexes of one language."""

    def __init__(
        self,
        lang: str,
        texts: Mapping[str, _Texts],
        always: re.Pattern[str],
        paused: re.Pattern[str],
        calendar: _Calendar,
    ) -> None:
        self.lang = lang
        self._texts = texts
        self._ids = list(texts)
        self._always = always
        self._paused = paused
        self._calendar = calendar

    @classmethod
    def load(cls, lang: str = "en") -> Reflexes:
        """The reflexes of `lang` ("de" or "de-AT"). Raises NotFound where nobody wrote them yet."""
        lang = lang.replace("_", "-").split("-")[0].lower()
        if lang not in languages():
            known = ", ".join(languages())
            raise NotFound(
                f"There are no reflexes in {lang!r} yet.", f"There are some in: {known}."
            )
        text = (
            resources.files(_HERE).joinpath("data", "reflexes", f"{lang}.toml").read_text("utf-8")
        )
        return cls.parse(lang, text)

    @classmethod
    def parse(cls, lang: str, text: str) -> Reflexes:
        """The reflexes that the TOML `text` describes. Raises BadInput where it cannot be read."""
        try:
            data = tomllib.loads(text)
            entries = {entry["id"]: entry for entry in data["reflex"]}
            calendar = _Calendar(
                data["hours"], data["date"], tuple(data["weekdays"]), tuple(data["months"])
            )
            texts = {key: _texts(entry) for key, entry in entries.items()}
            always = _matcher(data, [entry["patterns"] for entry in entries.values()])
            paused = _matcher(data, [entry.get("paused", []) for entry in entries.values()])
        except (tomllib.TOMLDecodeError, KeyError, TypeError) as fault:
            raise BadInput(f"The reflexes in {lang!r} cannot be read: {fault}.") from fault
        return cls(lang, texts, always, paused, calendar)

    def match(self, text: str, *, names: Sequence[str] = (), paused: bool = False) -> Reflex | None:
        """What `text` asks for, if all of it is one known sentence.

        `names` are the companion's, by which it may be addressed. `paused` adds sentences that
        mean a reflex only after a pause, such as "go on".
        """
        if len(text) > LONGEST:
            return None
        words = plain(text) + " "
        called = _with_name(words, [plain(name) for name in (*names, "Oona")])
        matchers = [self._always, self._paused] if paused else [self._always]
        tries = (m.fullmatch(w) for m in matchers for w in dict.fromkeys((words, called)))
        found = next((match for match in tries if match), None)
        if found is None or found.lastgroup is None:
            return None
        key = self._ids[int(found.lastgroup.removeprefix("r"))]
        return Reflex(key, self._texts[key].action, self.lang)

    def reply(self, reflex: Reflex, facts: Mapping[str, str], variant: int = 0) -> str:
        """One of the wordings for `reflex`, chosen by `variant`, any integer.

        Raises BadInput when no wording can do without a fact that is not in `facts`.
        """
        texts = self._texts[reflex.id]
        for fact, replies in texts.instead.items():
            if facts.get(fact):
                return _fill(replies[variant % len(replies)], facts)
        able = [reply for reply in texts.replies if _needs(reply) <= _present(facts)]
        able = able or list(texts.without)
        if not able:
            raise BadInput(f"The reflex {reflex.id!r} lacks facts to answer with.")
        return _fill(able[variant % len(able)], facts)

    def moment(self, now: datetime, zone: str) -> dict[str, str]:
        """The facts about `now` in the IANA `zone` that replies may use, in this language."""
        there = local(now, zone)
        place = zone.rpartition("/")[2].replace("_", " ") if "/" in zone else zone
        return {
            "time": there.strftime(self._calendar.hours),
            "place": place,
            "date": self._date(there),
            "tomorrow": self._date(there + timedelta(days=1)),
            "yesterday": self._date(there - timedelta(days=1)),
        }

    def wordings(self) -> dict[str, list[str]]:
        """Every text that may be said, by reflex: for whoever checks or translates them."""
        return {
            key: [*texts.replies, *texts.without, *(t for ts in texts.instead.values() for t in ts)]
            for key, texts in self._texts.items()
        }

    def _date(self, day: datetime) -> str:
        return self._calendar.date.format(
            weekday=self._calendar.weekdays[day.weekday()],
            day=day.day,
            month=self._calendar.months[day.month - 1],
            year=day.year,
        )


def languages() -> list[str]:
    """The languages that reflexes are written in."""
    folder = resources.files(_HERE).joinpath("data", "reflexes")
    return sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".toml"))


def _texts(entry: Mapping[str, object]) -> _Texts:
    instead = entry.get("instead", {})
    if not isinstance(instead, dict):
        raise TypeError("'instead' names a fact and its replies")
    return _Texts(
        action=str(entry.get("action", "")),
        replies=_strings(entry["replies"]),
        without=_strings(entry.get("without", [])),
        instead={fact: _strings(replies) for fact, replies in instead.items()},
    )


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError("a list of texts is needed")
    return tuple(value)


def _matcher(data: Mapping[str, object], patterns: Sequence[object]) -> re.Pattern[str]:
    parts = data.get("parts", {})
    if not isinstance(parts, dict):
        raise TypeError("'parts' names templates")
    before, after = any_of(_strings(data["before"])), any_of(_strings(data["after"]))
    groups = (f"(?P<r{at}>{any_of(_strings(ps), parts)})" for at, ps in enumerate(patterns))
    return re.compile(f"(?:{_NAME} |{before})*(?:{'|'.join(groups)})(?:{_NAME} |{after})*")


def _with_name(words: str, names: Sequence[str]) -> str:
    """`words` with one of `names`, the companion's, replaced by a sign that patterns allow."""
    for name in names:
        if name and (match := re.search(rf"(?:^|(?<= )){re.escape(name)}(?= )", words)):
            words = words[: match.start()] + _NAME + words[match.end() :]
    return words


def _needs(reply: str) -> set[str]:
    """The facts that `reply` cannot do without."""
    return {name for _, name, _, _ in Formatter().parse(_ASIDE.sub("", reply)) if name}


def _present(facts: Mapping[str, str]) -> set[str]:
    return {fact for fact, value in facts.items() if value}


def _fill(reply: str, facts: Mapping[str, str]) -> str:
    def aside(match: re.Match[str]) -> str:
        names = {name for _, name, _, _ in Formatter().parse(match[1]) if name}
        return match[1] if names <= _present(facts) else ""

    return _ASIDE.sub(aside, reply).format_map(facts)
