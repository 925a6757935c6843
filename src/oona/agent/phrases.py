"""What is said by rule: sentences as data, in several wordings, with the words to be filled in."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources


@cache
def _table(language: str) -> dict[str, list[str]]:
    source = resources.files("oona.agent").joinpath(f"data/phrases/{language}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def phrase(rule: str, variant: int, language: str = "en", **words: str) -> str:
    """The wording of `rule` that `variant` picks. `{When}` is `{when}` with a capital letter."""
    wordings = _table(language)[rule]
    if "when" in words:
        words["When"] = words["when"][:1].upper() + words["when"][1:]
    return wordings[variant % len(wordings)].format(**words)
