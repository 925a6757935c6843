"""A case: what a person says, in one or more sessions, and what the replies must and must not hold.

`cases/*.toml` holds those written by hand. A file names its `kind`; each `[[case]]` has an `id` and
`turns`, a list of tables:
    say      what the person says
    later    before it, the session is closed and this many days pass; "0" only closes and reopens
    any      regular expressions, one of which must be found in the reply (case does not count)
    none     regular expressions of which none may be found
    rule     the rule of ours that must have spoken, as a regular expression; "model" for the model
`cut_ok = true` says that something in the model's likely reply should indeed be cut.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oona.core.errors import BadInput

HERE = Path(__file__).parent / "cases"
MODEL = "model"


class BadCase(BadInput):
    """A file of cases says something that cannot be run."""


@dataclass(frozen=True, slots=True)
class CaseTurn:
    """One thing said, and what its reply is judged by. `later` is in days, None in mid-session."""

    say: str
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    rule: str = ""
    later: int | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of a generated case: `strange` words must not be in a reply.

    With `unknown` the last question has no answer, and that must be admitted.
    """

    strange: tuple[str, ...] = ()
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One situation. `truth` stands only where the case was generated."""

    id: str
    kind: str
    turns: tuple[CaseTurn, ...]
    cut_ok: bool = False
    truth: Truth | None = None


def load(folder: Path = HERE) -> list[Case]:
    """The cases written by hand. Raises BadCase naming the file and what is wrong with it."""
    found = [case for file in sorted(folder.glob("*.toml")) for case in _file(file)]
    ids = [case.id for case in found]
    if twice := {name for name in ids if ids.count(name) > 1}:
        raise BadCase(f"two cases have one id: {', '.join(sorted(twice))}")
    return found


def _file(file: Path) -> list[Case]:
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    try:
        return [parse(entry, data["kind"]) for entry in data["case"]]
    except (KeyError, TypeError, re.error) as fault:
        raise BadCase(f"{file.name}: {fault}") from fault


def parse(entry: Mapping[str, object], kind: str) -> Case:
    """The case of one table. Raises KeyError, TypeError or re.error for what makes no case."""
    turns = entry["turns"]
    if not isinstance(turns, list) or not turns:
        raise TypeError(f"{entry['id']}: 'turns' is a list of tables")
    known = {"id", "turns", "cut_ok"}
    if wrong := set(entry) - known:
        raise TypeError(f"{entry['id']}: nothing is called {', '.join(sorted(wrong))}")
    return Case(
        str(entry["id"]), kind, tuple(_turn(turn) for turn in turns), bool(entry.get("cut_ok"))
    )


def _turn(table: Mapping[str, object]) -> CaseTurn:
    if wrong := set(table) - {"say", "any", "none", "rule", "later"}:
        raise TypeError(f"{table.get('say')!r}: nothing is called {', '.join(sorted(wrong))}")
    later = table.get("later")
    if later is not None and not isinstance(later, int):
        raise TypeError(f"{table['say']!r}: 'later' is a number of days")
    rule = str(table.get("rule", ""))
    patterns = (*_patterns(table.get("any", [])), *_patterns(table.get("none", [])), rule)
    for pattern in patterns:
        re.compile(pattern)
    return CaseTurn(
        str(table["say"]),
        _patterns(table.get("any", [])),
        _patterns(table.get("none", [])),
        rule,
        later,
    )


def _patterns(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("'any' and 'none' are lists of regular expressions")
    return tuple(str(pattern) for pattern in value)
