"""Gists: in two sentences at most, what a session was about; made in idle time, under a check.

A gist is an event that rests on the turns it was made from, so it is forgotten with any of them.
Only what the person said themselves goes into one. A sentence of it stays only if every name and
number in it, and nearly every other word, stands in those turns.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

from oona.core.events import Actor, Draft, Event, Kind
from oona.core.labels import COMPANION
from oona.core.language import BACKGROUND, ChatRequest, Message, ModelState
from oona.memory.facts.learning import is_own
from oona.memory.fulltext import estimate_tokens
from oona.memory.sessions import Session

MOST_TOKENS = 70
_MOST_SOURCE = 320
"""Tokens of a session that are read; a longer one is read from its beginning and its end."""

_LEAST_TURNS, _LEAST_WORDS = 2, 15
_MOST_SENTENCES = 2
_STANDING = 0.8
"""The share of a sentence's longer words that has to stand in what was said."""

_STEM = 4
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]")


class Gisting:
    """Makes gists in one language."""

    def __init__(self, language: str = "en") -> None:
        source = resources.files("oona.memory").joinpath(f"data/idle/gist-{language}.toml")
        data = tomllib.loads(source.read_text("utf-8"))
        self.version: str = data["version"]
        self._beginning = [Message("system", data["system"])]
        for shot in data["shots"]:
            self._beginning.append(Message("user", shot["say"]))
            self._beginning.append(Message("assistant", shot["note"]))
        self._glue = frozenset(data["glue"].split())
        self._numbers = frozenset(data["numbers"].split())

    def worth(self, turns: Sequence[Event]) -> bool:
        """Whether there is more in `turns` than their first words say."""
        words = sum(len(turn.text().split()) for turn in turns)
        return len(turns) >= _LEAST_TURNS and words >= _LEAST_WORDS

    def request(self, turns: Sequence[Event], seed: int) -> ChatRequest:
        """What the model is asked of `turns`."""
        lines = _within([f"- {' '.join(turn.text().split())}" for turn in turns], _MOST_SOURCE)
        return ChatRequest(
            [*self._beginning, Message("user", "\n".join(lines))],
            MOST_TOKENS,
            0.0,
            seed,
            stop=["\n"],
            slot=BACKGROUND,
            fixed=len(self._beginning),
        )

    def checked(self, answer: str, turns: Iterable[Event]) -> str:
        """What of the answer stands in `turns`; empty where nothing does."""
        said = [word for turn in turns for word in _WORD.findall(turn.text())]
        there = {word.lower() for word in said}
        stems = {word[:_STEM] for word in there}
        kept = [
            sentence.strip()
            for sentence in _SENTENCE.findall(answer)
            if self._holds(sentence, there, stems)
        ]
        return " ".join(dict.fromkeys(kept[:_MOST_SENTENCES]))

    def _holds(self, sentence: str, there: set[str], stems: set[str]) -> bool:
        words = _WORD.findall(sentence)
        if not words or words[0].lower() not in ("you", "your"):
            return False
        found = total = 0
        for place, word in enumerate(words):
            low = word.lower()
            bare = re.sub(r"['’]s$", "", low)
            named = place > 0 and word[:1].isupper() and low != "i"
            if named or any(sign.isdigit() for sign in word) or low in self._numbers:
                if low not in there and bare not in there:
                    return False
            elif len(low) >= _STEM and low not in self._glue:
                total += 1
                found += low[:_STEM] in stems
        return total > 0 and found >= _STANDING * total


@cache
def gisting(language: str = "en") -> Gisting:
    """The gisting in a language, made when first needed."""
    return Gisting(language)


def own_turns(turns: Iterable[Event]) -> list[Event]:
    """Those of `turns` that are the person's own word and have words."""
    return [turn for turn in turns if is_own(turn) and turn.text().strip()]


def gist_draft(
    text: str, session: Session, turns: Sequence[Event], version: str, model: ModelState, seed: int
) -> Draft:
    """The entry that holds a gist of `turns`, which belong to `session`."""
    body = {
        "text": text,
        "first": session.turns[0],
        "last": session.turns[-1],
        "model": made_by(model, version, seed),
    }
    return Draft(Kind.GIST, Actor.COMPANION, body, COMPANION, tuple(turn.id for turn in turns))


def made_by(model: ModelState, version: str, seed: int) -> dict[str, object]:
    """Where a model's work comes from, as its event holds it."""
    return {"name": model.name, "digest": model.digest, "prompt": version, "seed": seed}


def _within(lines: list[str], budget: int) -> list[str]:
    """As many of `lines` as fit: from the beginning and the end, the middle left out."""
    kept: dict[int, str] = {}
    front, back = 0, len(lines) - 1
    while front <= back:
        place = front if len(kept) % 2 == 0 else back
        price = estimate_tokens(lines[place])
        if price > budget:
            break
        budget -= price
        kept[place] = lines[place]
        front, back = (front + 1, back) if place == front else (front, back - 1)
    return [kept[place] for place in sorted(kept)]
