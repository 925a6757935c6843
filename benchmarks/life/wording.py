"""How things are said: the tables of wordings, and their blanks filled for whoever it is of."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.life.world import Someone

FOLDER = Path(__file__).parent


@cache
def table(name: str) -> dict[str, Any]:
    """The wordings in the file `name`, without its ending."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Wordings:
    """One file's ways of saying."""

    name: str

    def forms(self, relation: str, what: str, who: Someone) -> list[str]:
        """The ways in which `what` is said of `relation`; none where there are none."""
        found: list[str] = (
            table(self.name).get(relation, {}).get(what, {}).get("me" if who.is_me else "other", [])
        )
        return found

    def chatter(self) -> list[str]:
        """Lines that tell no fact."""
        lines: list[str] = table(self.name).get("chatter", {}).get("lines", [])
        return lines


def filled(form: str, who: Someone, value: str = "", *, said: str = "", **more: str) -> str:
    """A wording with its blanks filled; `said` is what somebody is called in it."""
    name = said or who.full or "me"
    whose = "my" if who.is_me else f"{name}'s"
    text = form.format(
        who=name,
        Who=_begun(name),
        whose=whose,
        Whose=_begun(whose),
        name=who.name,
        value=value,
        Value=_begun(value),
        **more,
    )
    return _begun(text)


def with_pronoun(form: str, who: Someone) -> str:
    """The same of somebody who was named just before; empty where that cannot be said."""
    if who.is_me or not form.startswith("{Who} ") or form.count("{") > 2:
        return ""
    return "I met {who} today. " + _begun(who.pronoun) + form.removeprefix("{Who}")


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
