"""Conversations with questions and the turns that answer them: LoCoMo and BEAM, read from files.

LoCoMo: Maharana et al., 2024. Two people talk over months; a question names its gold turns.
BEAM: Tavakoli et al., 2025. A person and an assistant; here a question is answered by *exchanges*,
a person's turn with the reply to it, so that a turn stands for its exchange.
"""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

_CATEGORIES = {
    1: "multi-hop",
    2: "temporal",
    3: "inference",
    4: "single-hop",
    5: "adversarial",
}
_GOLD = re.compile(r"D:?(\d+):(\d+)")
_PACE = timedelta(seconds=30)
"""Between two turns: LoCoMo dates sessions, BEAM some turns, neither every one."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn. `unit` is what counts as found with it: itself, or its exchange."""

    unit: str
    session: str
    at: datetime
    text: str
    speaker: str = ""
    """The name, where two people talk; empty for the person and the companion."""
    own: bool = False
    """Whether it is the person's own word to the companion."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the units that answer it."""

    text: str
    category: str
    gold: frozenset[str]


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns in order, and questions asked after the last of them."""

    name: str
    corpus: str
    turns: tuple[Turn, ...]
    questions: tuple[Question, ...]


def locomo(path: Path) -> list[Conversation]:
    """The conversations of a LoCoMo file. A shared picture is read as its caption."""
    return [_locomo(entry) for entry in _load(path)]


def beam(path: Path) -> Conversation:
    """The conversation of one BEAM file; questions without gold turns are left out."""
    data = _load(path)
    turns: list[Turn] = []
    units: dict[int, str] = {}
    at, exchange = datetime(2024, 1, 1, 12, tzinfo=UTC), ""
    for entry in data["turns"]:
        if entry["date"]:
            day = datetime.strptime(entry["date"], "%B-%d-%Y").replace(hour=12, tzinfo=UTC)
            at = max(at, day) if turns else day
        own = entry["role"] == "user"
        if own or not exchange:
            exchange = str(entry["id"])
        units[entry["id"]] = exchange
        session = str(entry["batch"])
        turns.append(Turn(exchange, session, at, entry["text"], own=own))
        at += _PACE
    questions = [
        Question(q["q"], q["cat"], frozenset(units[e] for e in q["ev"] if e in units))
        for q in data["questions"]
    ]
    name = path.name.removesuffix(".gz").removesuffix(".json")
    corpus = f"beam {data['size']}"
    return Conversation(name, corpus, tuple(turns), tuple(q for q in questions if q.gold))


def _locomo(entry: dict[str, Any]) -> Conversation:
    said = entry["conversation"]
    turns: list[Turn] = []
    numbers = sorted(int(k[8:]) for k in said if re.fullmatch(r"session_\d+", k))
    for number in numbers:
        dated = said[f"session_{number}_date_time"]
        at = datetime.strptime(dated, "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC)
        for turn in said[f"session_{number}"]:
            caption = turn.get("blip_caption")
            text = f"{turn['text']} [shares {caption}]" if caption else turn["text"]
            turns.append(Turn(turn["dia_id"], str(number), at, text, turn["speaker"]))
            at += _PACE
    known = {turn.unit for turn in turns}
    questions = []
    for asked in entry["qa"]:
        named = _GOLD.findall(" ".join(asked["evidence"]))
        gold = {f"D{int(session)}:{int(number)}" for session, number in named} & known
        if gold:
            category = _CATEGORIES[asked["category"]]
            questions.append(Question(asked["question"], category, frozenset(gold)))
    return Conversation(entry["sample_id"], "locomo", tuple(turns), tuple(questions))


def _load(path: Path) -> Any:
    packed = path.read_bytes()
    return json.loads(gzip.decompress(packed) if path.suffix == ".gz" else packed)
