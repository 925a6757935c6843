"""Prompts: data files with a version, and the messages made of them.

A prompt's beginning never changes and a conversation grows at its end, so that the model's cache of
both survives from turn to turn.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

from oona.core.language import Message
from oona.memory.fulltext import estimate_tokens
from oona.trust.lexicon import unaccented

CURRENT = "companion-3"


@dataclass(frozen=True)
class Note:
    """Something remembered, as a prompt shows it: when it was said, in words, and what was said."""

    when: str
    text: str


@dataclass(frozen=True)
class Prompt:
    """One version of the conversation's prompt; `prefix` is impersonal, the same for everyone."""

    version: str
    prefix: tuple[Message, ...]
    brackets: dict[str, str]
    ban: tuple[str, ...] = ()

    @property
    def tokens(self) -> int:
        """About how many tokens the prefix takes."""
        return sum(estimate_tokens(message.content) + 6 for message in self.prefix)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names in its examples, which a small model may repeat, in lower case."""
        inside = re.compile(r"(?<=[a-z,] )[A-Z][^\W\d_]+")
        first = re.compile(r"(?:^|[.!?] )([A-Z][^\W\d_]+)(?= (?:from|comes|lives)\b)")
        texts = [message.content for message in self.prefix if message.role != "system"]
        return frozenset(
            unaccented(name.lower())
            for text in texts
            for name in (*inside.findall(text), *first.findall(text))
        )

    def opening(self, person: str, day: str) -> str:
        """What the first turn of a conversation is preceded by.

        The companion's own name is not in it: small models give it to whoever is spoken of.
        """
        whom = self.brackets["person"].format(person=person) if person else ""
        return self.brackets["opening"].format(person=whom, day=day)

    def turn(
        self, text: str, notes: Sequence[Note], *, asks_life: bool, opening: str = "",
        asides: Sequence[tuple[str, str]] = (),
    ) -> str:  # fmt: skip
        """A turn of the person's, with what is remembered in front of it.

        `asides` are questions that code has answered since the last turn, with the answers.
        """
        lines = [opening] if opening else []
        lines += [self.brackets["aside"].format(asked=a, answer=b) for a, b in asides]
        lines += [
            self.brackets["note"].format(person="They", when=note.when, text=note.text)
            for note in notes
        ]
        if asks_life and not notes:
            lines.append(self.brackets["nothing"])
        return "\n".join([*lines, text])


@cache
def load(version: str = CURRENT) -> Prompt:
    """The prompt of that version, read once."""
    source = resources.files("oona.agent").joinpath(f"data/prompts/{version}.toml")
    return _build(tomllib.loads(source.read_text(encoding="utf-8")))


def _build(data: dict[str, Any]) -> Prompt:
    prefix = [Message("system", data["system"].strip())]
    for turn in data["turns"]:
        prefix.append(Message("user", turn["person"]))
        prefix.append(Message("assistant", turn["companion"]))
    return Prompt(data["version"], tuple(prefix), data["brackets"], tuple(data["ban"]))
