"""Facts by a small model, from sentences that the rules made nothing of.

Precision before recall, as with the rules, and by the same means: code decides. A sentence is asked
about only if it is of a kind that may tell a fact; the model copies whom and what from it; and what
it says is noted only if it says the same when asked with other examples, every part of it stands in
the sentence, and a word of the relation does, too. The sentence itself is the quotation.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib import resources

from oona.core.events import Event
from oona.core.language import BACKGROUND, ChatRequest, Message
from oona.memory.facts.clauses import Sentence
from oona.memory.facts.fact import BY_MODEL, Mention, Statement
from oona.memory.facts.learning import fitting
from oona.memory.facts.mentions import Mentions
from oona.memory.facts.rules import rules
from oona.memory.facts.templates import Grammar, either, load, words_of

SURE, POINTED = 600, 450
"""Confidence in thousandths, below that of any rule: of someone named, and by a pronoun."""

MOST_FACTS = 2
MOST_TOKENS = 48
_LEAST_WORDS, _MOST_WORDS = 4, 40
_MOST_VALUE = 4
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SPEAKER = frozenset({"i", "me", "my", "we", "us", "our", "mine", "myself"})
_NAMES = "capital"


@dataclass(frozen=True, slots=True)
class Unread:
    """A sentence that may tell something no rule could read, and who "she" may be in it.

    `before` is the turn before, where the sentence points back at it.
    """

    turn: Event
    sentence: Sentence
    people: tuple[Mention, ...] = ()
    before: Event | None = None


class Extraction:
    """Asks a model in one language, and judges what it answers."""

    def __init__(self, language: str = "en") -> None:
        source = resources.files("oona.memory").joinpath(f"data/idle/facts-{language}.toml")
        data = tomllib.loads(source.read_text("utf-8"))
        self.version: str = data["version"]
        self._language = language
        self._beginnings = [_beginning(data["system"], data[name]) for name in ("shots", "again")]
        self._forms: dict[str, frozenset[str]] = {
            relation: frozenset(text.split()) for relation, text in data["forms"].items()
        }
        self._cues = {relation: frozenset(text.split()) for relation, text in data["cues"].items()}
        words = load(language)
        self._stops = re.compile(
            rf"\b(?:{either([*words['supposing'].split(), *words['reporting'].split()])}"
            rf"|{either(words_of(data['never']))})\b"
        )
        self._born = re.compile(rf"\b{either(words_of(data['born']))}\b")
        self._nobody = re.compile(rf"\b{either(words_of(data['nobody']))}\b")
        self._pronouns = frozenset(w for text in words["pronouns"].values() for w in text.split())
        self.schema = _schema(list(self._forms))

    def unread(
        self, turn: Event, quotes: Iterable[str], before: Event | None, known: frozenset[str]
    ) -> list[Unread]:
        """The sentences of `turn` to ask about.

        `quotes` are those that the rules read, `known` the names of people told of.
        """
        clauses = rules(self._language).clauses
        if clauses.unserious(turn.text()):
            return []
        read = set(quotes)
        people = self._last_named(before.text()) if before else ()
        pointing = before
        found = []
        for sentence in clauses.sentences(turn.text()):
            named = tuple(self._mentions.found(sentence.text))
            if sentence.quote not in read and self._worth(sentence, known):
                points = not named and bool(self._pronouns & _words(sentence.text))
                found.append(Unread(turn, sentence, named or people, pointing if points else None))
            if named:
                people, pointing = named, None
        return found

    def request(self, unread: Unread, attempt: int, seed: int) -> ChatRequest:
        """What the model is asked, the first time (0) or with other examples (1)."""
        beginning = self._beginnings[attempt]
        return ChatRequest(
            [*beginning, Message("user", unread.sentence.quote)],
            MOST_TOKENS,
            0.0,
            seed,
            slot=BACKGROUND,
            schema=self.schema,
            fixed=len(beginning),
        )

    def read(self, answer: str) -> set[tuple[str, str, str]]:
        """The (who, relation, value) of an answer; nothing where it was cut off."""
        try:
            rows = json.loads(answer)
        except ValueError:
            return set()
        if not isinstance(rows, list):
            return set()
        return {
            (row[0].strip(), row[1], row[2].strip(" .,!"))
            for row in rows
            if isinstance(row, list) and len(row) == 3 and all(isinstance(x, str) for x in row)
        }

    def agreed(
        self, unread: Unread, answers: Sequence[str], known: frozenset[str]
    ) -> list[Statement]:
        """What all `answers` say alike of a sentence, as far as it may be believed."""
        first, *others = [self.read(answer) for answer in answers]
        keys = [{_key(row) for row in rows} for rows in others]
        rows = [row for row in sorted(first) if all(_key(row) in them for them in keys)]
        told = (self._statement(unread, *row, known) for row in rows)
        return [one for one in told if one is not None]

    def _worth(self, sentence: Sentence, known: frozenset[str]) -> bool:
        words = _words(sentence.text)
        count = len(sentence.text.split())
        if sentence.question or not _LEAST_WORDS <= count <= _MOST_WORDS:
            return False
        if self._stops.search(self._born.sub("", sentence.text.lower())) or '"' in sentence.text:
            return False
        if not any(words & cues for cues in self._cues.values()):
            return False
        people = {part.lower() for name in known for part in name.split()}
        return bool(words & (_SPEAKER | self._pronouns | people)) or bool(
            self._mentions.found(sentence.text)
        )

    def _statement(
        self, unread: Unread, who: str, relation: str, value: str, known: frozenset[str]
    ) -> Statement | None:
        text, words = unread.sentence.text, _words(unread.sentence.text)
        if relation not in self._forms or not words & self._cues[relation]:
            return None
        if not _stands(value, text) or len(value.split()) > _MOST_VALUE:
            return None
        if _words(value) & (_SPEAKER | self._pronouns):
            return None
        subject, pointed = self._subject(unread, who, known)
        if subject is None or (subject.name and _stands(value, subject.name)):
            return None
        if not self._placed(relation, value, text):
            return None
        clean = self._fitting(relation, value, text)
        if not clean:
            return None
        if relation == "called":
            if not subject.role or subject.name:
                return None
            subject, relation = replace(subject, name=clean), "kin"
        return Statement(
            subject,
            relation,
            clean,
            unread.sentence.quote,
            f"{BY_MODEL}{self.version}",
            confidence=POINTED if pointed else SURE,
            pointed=pointed,
        )

    def _placed(self, relation: str, value: str, text: str) -> bool:
        """Whether `value` stands where it can be what the relation is about.

        "At work in Lyon" names no employer, and who loves "the idea of Spain" need not love Spain.
        """
        before = _WORD.findall(text[: text.lower().find(value.lower())].lower())
        last, last_but_one = ["", "", *before][-1], ["", "", *before][-2]
        if last == "of":
            return relation in ("works_at", "studies") or last_but_one in self._cues[relation]
        return not (relation == "works_at" and last == "in")

    def _subject(
        self, unread: Unread, who: str, known: frozenset[str]
    ) -> tuple[Mention | None, bool]:
        text = self._nobody.sub("", unread.sentence.text)
        low = who.lower()
        if low in _SPEAKER:
            return (Mention(), False) if _words(text) & _SPEAKER else (None, False)
        if not _stands(who, text):
            return None, False
        found = self._mentions.read(who)
        if isinstance(found, str):
            able = [one for one in unread.people if self._mentions.fits(one, found)]
            return (able[0], True) if len(unread.people) == 1 and able else (None, True)
        if found is None or found.is_person:
            return found, False
        if found.role or found.name in known:
            return found, False
        return None, False

    def _fitting(self, relation: str, value: str, text: str) -> str:
        forms = self._forms[relation]
        if "date" in forms or "number" in forms:
            return fitting(relation, value, rules(self._language).times)
        capital = value[:1].isupper() and not text.startswith(value)
        if "job" in forms:
            return value.removeprefix("a ").removeprefix("an ") if value.islower() else ""
        if _NAMES in forms:
            article = "article" in forms and value.lower().startswith(("a ", "an ", "the "))
            capital = capital or (value[:1].isupper() and len(value.split()) == 1)
            return value if capital or article else ""
        return value if fitting("likes", value, rules(self._language).times) else ""

    def _last_named(self, text: str) -> tuple[Mention, ...]:
        named: tuple[Mention, ...] = ()
        for sentence in rules(self._language).clauses.sentences(text):
            named = tuple(self._mentions.found(sentence.text)) or named
        return named

    @cached_property
    def _mentions(self) -> Mentions:
        return Mentions(Grammar(load(self._language)))


@cache
def extraction(language: str = "en") -> Extraction:
    """The extraction in a language, made when first needed."""
    return Extraction(language)


def _beginning(system: str, shots: list[dict[str, str]]) -> list[Message]:
    messages = [Message("system", system)]
    for shot in shots:
        messages += [Message("user", shot["say"]), Message("assistant", shot["note"])]
    return messages


def _schema(relations: list[str]) -> dict[str, object]:
    short = {"type": "string", "maxLength": 40}
    row = {
        "type": "array",
        "prefixItems": [short, {"enum": relations}, short],
        "minItems": 3,
        "maxItems": 3,
    }
    return {"type": "array", "items": row, "maxItems": MOST_FACTS}


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text))


def _stands(part: str, text: str) -> bool:
    """Whether `part` stands in `text` as whole words."""
    if not part:
        return False
    return re.search(rf"(?<!\w){re.escape(part.lower())}(?!\w)", text.lower()) is not None


def _key(row: tuple[str, str, str]) -> tuple[str, str, str]:
    who, relation, value = (part.lower() for part in row)
    who = "i" if who in _SPEAKER else who
    return who, relation, re.sub(r"^(?:a|an|the|my|our) ", "", value)
