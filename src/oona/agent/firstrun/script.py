"""The questions and texts of the first conversation, read from a file for each language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from oona.core.sentences import any_of, plain


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a closed question. `label` is how it is shown."""

    value: str
    label: str
    says: re.Pattern[str]
    heard: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A closed question: the setting it settles, and every text about it.

    `skipped` is said where it was skipped, `missed` where two answers were not understood; both
    name the default. `usual` names it as well, and `listed` does so in a list of several.
    """

    key: str
    ask: str
    why: str
    skipped: str
    missed: str
    usual: str
    listed: str
    heard: tuple[str, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class NameWords:
    """Words around a person's name, and answers that give none; all plain."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    none: frozenset[str]
    not_names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Script:
    """Everything that may be said in a first conversation, apart from the naming.

    `counts` say how many closed questions are to come, from none on.
    """

    texts: Mapping[str, str]
    counts: tuple[str, ...]
    questions: tuple[Question, ...]
    open_question: Mapping[str, str]
    skip: re.Pattern[str]
    skip_all: re.Pattern[str]
    why: re.Pattern[str]
    name: NameWords

    @classmethod
    def load(cls, lang: str = "en") -> Script:
        """The script of `lang`, or the English one where nobody wrote it yet."""
        folder = resources.files("oona.agent").joinpath("data", "firstrun")
        file = folder.joinpath(f"{lang}.toml")
        file = file if file.is_file() else folder.joinpath("en.toml")
        return cls.parse(file.read_text("utf-8"))

    @classmethod
    def parse(cls, text: str) -> Script:
        """The script that the TOML `text` describes."""
        data = tomllib.loads(text)
        parts = data["parts"]
        name = {key: [plain(word) for word in words] for key, words in data["name"].items()}
        return cls(
            texts={key: value for key, value in data.items() if isinstance(value, str)},
            counts=tuple(data["questions"]),
            questions=tuple(_question(entry) for entry in data["question"]),
            open_question=data["open"],
            skip=_whole(data["skip"], parts),
            skip_all=_whole(data["skip_all"], parts),
            why=_whole(data["why"], parts),
            name=NameWords(
                before=tuple(sorted(name["before"], key=len, reverse=True)),
                after=tuple(sorted(name["after"], key=len, reverse=True)),
                none=frozenset(name["none"]),
                not_names=frozenset(name["not_names"]),
            ),
        )


def _question(entry: Mapping[str, Any]) -> Question:
    options = tuple(
        Option(
            value=option["value"],
            label=option.get("label", option["value"]),
            says=re.compile(f" {any_of(sorted(option['says'], key=len, reverse=True))}"),
            heard=tuple(option["heard"]),
        )
        for option in entry.get("option", [])
    )
    return Question(
        key=entry["key"],
        ask=entry["ask"],
        why=entry["why"],
        skipped=entry["skipped"],
        missed=entry["missed"],
        usual=entry["usual"],
        listed=entry["listed"],
        heard=tuple(entry.get("heard", [])),
        options=options,
    )


def _whole(templates: list[str], parts: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile(f"(?:{any_of(['<polite>'], parts)}){any_of(templates, parts)}(?:please )?")
