"""Danger and despair: recognised by code, answered with a fixed, kind text and people to call.

Clear statements are to be found and figures of speech left alone; where the two cannot be told
apart a needless question is the smaller harm. The patterns and answers of a language are one file,
`data/danger/LANGUAGE.toml`; all of them are tried, since despair chooses its own language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from oona.core.sentences import any_of, plain
from oona.trust.contacts import Contacts

LONGEST = 20_000
"""Characters that are looked at; what follows is no sentence somebody just said."""

_SENTENCE = re.compile(r"[.!?;…\n]+")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|„[^“]*“|(?<!\w)['‘][^'’]*['’](?!\w)")
_APOSTROPHE = str.maketrans("’‘`", "'''")


class DangerKind(StrEnum):
    """What kind of danger, and to whom."""

    SELF_HARM = "self-harm"
    VIOLENCE = "violence"
    EMERGENCY = "emergency"
    SOMEONE_ELSE = "someone-else"


@dataclass(frozen=True, slots=True)
class Danger:
    """What was recognised, and nothing of the words: this much may be recorded."""

    kind: DangerKind
    urgent: bool
    lang: str

    @property
    def rule(self) -> str:
        """The name under which the journal keeps it."""
        return f"danger.{self.kind}" + (".urgent" if self.urgent else "")


def prepare() -> None:
    """Read the patterns ahead of the first turn, which would else wait a third of a second."""
    _languages()


def danger(text: str) -> Danger | None:
    """The most pressing danger that `text` speaks of, if it clearly does."""
    for language in _languages():
        if found := language.find(text[:LONGEST]):
            return found
    return None


def reply(found: Danger, zone: str, contacts: Contacts) -> str:
    """The fixed answer, with whom to call in the country of the IANA `zone`."""
    language = next(one for one in _languages() if one.lang == found.lang)
    return language.answer(found, zone, contacts)


@dataclass(frozen=True, slots=True)
class _Sign:
    """One entry of a language's file, ready to be searched for."""

    kind: DangerKind
    urgent: bool
    pattern: re.Pattern[str]
    unless: re.Pattern[str]


class _Language:
    """The signs and answers of one language."""

    def __init__(self, lang: str, data: Mapping[str, object]) -> None:
        self.lang = lang
        self._endings = _words(data["endings"])
        self._spelled_out = _words(data["spelled_out"])
        self._fiction = {plain(word) for word in _list(data["fiction"])}
        self._answers = _words(data["answers"])
        self._translated = _words(data.get("translated", {}))
        self._parts = {k: self._spell(part) for k, part in _words(data["parts"]).items()}
        self._reported = re.compile(f" {self._expression(_list(data['reported']))}$")
        entries = data["danger"]
        self._signs = [self._sign(e) for e in entries] if isinstance(entries, list) else []

    def find(self, text: str) -> Danger | None:
        sentences = [self._seen(part) for part in _SENTENCE.split(text)]
        for sign in self._signs:
            for sentence in sentences:
                for start in _hits(sign, sentence):
                    others = self._reported.search(sentence[: start + 1])
                    kind = DangerKind.SOMEONE_ELSE if others else sign.kind
                    return Danger(kind, sign.urgent and not others, self.lang)
        return None

    def answer(self, found: Danger, zone: str, contacts: Contacts) -> str:
        country = contacts.at(zone)
        wanted = country.violence if found.kind is DangerKind.VIOLENCE else country.lines
        lines = self._answers["joined"].join(wanted or contacts.anywhere.lines)
        form = "lines_at" if wanted and country.place else "lines_anywhere"
        lines = self._answers[form].format(place=country.place, lines=self._translate(lines))
        text = self._answers[f"{found.kind}-urgent" if found.urgent else str(found.kind)]
        return text.format(
            emergency=self._translate(country.emergency), lines=lines[:1].upper() + lines[1:]
        )

    def _translate(self, contact: str) -> str:
        """A text of the contacts, which are written in English, in this language."""
        for english, own in self._translated.items():
            contact = contact.replace(english, own)
        return contact

    def _sign(self, entry: Mapping[str, object]) -> _Sign:
        return _Sign(
            kind=DangerKind(str(entry["kind"])),
            urgent=bool(entry.get("urgent", False)),
            pattern=re.compile(f" {self._expression(_list(entry['patterns']))}"),
            unless=re.compile(f" {self._expression(_list(entry.get('unless', [])))}"),
        )

    def _expression(self, templates: Sequence[str]) -> str:
        return any_of([self._spell(template) for template in templates], self._parts)

    def _seen(self, sentence: str) -> str:
        """`sentence` as patterns see it: between spaces, spelled out, quoted fiction left away."""
        if _QUOTED.search(sentence) and self._fiction & set(plain(sentence).split()):
            sentence = _QUOTED.sub(" ", sentence)
        return f" {plain(self._spell(sentence))} "

    def _spell(self, text: str) -> str:
        text = text.casefold().translate(_APOSTROPHE)
        for ending, whole in self._endings.items():
            text = re.sub(rf"(?<=\w){re.escape(ending)}\b", whole, text)
        return re.sub(r"\w+", lambda word: self._spelled_out.get(word[0], word[0]), text)


def _hits(sign: _Sign, sentence: str) -> Iterator[int]:
    """Where in `sentence` the sign stands that no exception touches."""
    found = list(sign.pattern.finditer(sentence))
    excused = [match.span() for match in sign.unless.finditer(sentence)] if found else []
    for match in found:
        start, end = match.span()
        if not any(a < end and start < b for a, b in excused):
            yield start


@cache
def _languages() -> tuple[_Language, ...]:
    folder = resources.files("oona.trust").joinpath("data", "danger")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(_Language(f.name[:-5], tomllib.loads(f.read_text("utf-8"))) for f in files)


def _words(value: object) -> dict[str, str]:
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}


def _list(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
