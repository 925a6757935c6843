"""Conversations of ten turns, once with Oona and once with the bare model, written blind."""

from __future__ import annotations

import json
import math
import random
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.companion import Bare, companion
from evaluation.running import Progress
from evaluation.scoring import percentile
from evaluation.transcripts import write_lines
from oona.agent.turn import REPLY_TOKENS, TEMPERATURE
from oona.core.language import LanguageModel

HERE = Path(__file__).parent / "conversations"
TURNS = 10
CRITERIA = ("warm", "true", "answers", "brief", "no_invention", "again")


@dataclass(frozen=True, slots=True)
class Talk:
    """The person's side. `truth` says what a judge should know of what was told."""

    id: str
    who: str
    truth: str
    say: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn with both replies. `oona_by` is the rule that spoke, or "model"."""

    say: str
    oona: str
    bare: str
    oona_by: str
    oona_cuts: tuple[str, ...]
    oona_ms: int
    bare_ms: int


def load(folder: Path = HERE) -> list[Talk]:
    """The conversations written by us. Raises ValueError for one that has not ten turns."""
    found = []
    for file in sorted(folder.glob("*.toml")):
        for entry in tomllib.loads(file.read_text(encoding="utf-8"))["conversation"]:
            talk = Talk(entry["id"], entry["who"], entry["truth"], tuple(entry["say"]))
            if len(talk.say) != TURNS:
                raise ValueError(f"{file.name}: {talk.id} has {len(talk.say)} turns, not {TURNS}")
            found.append(talk)
    return found


async def run(
    talks: Sequence[Talk],
    language: LanguageModel,
    seed: int,
    out: Path,
    show: Callable[[str], None],
    until: float = math.inf,
) -> dict[str, object]:
    """Hold them, write blind.md, judgements.jsonl (to be filled in), key.json and the raw lines.

    None is begun after `until` on the monotonic clock; how many were left out is said.
    """
    progress = Progress("conversation", len(talks), show)
    held: list[tuple[Talk, list[Exchange]]] = []
    began = time.monotonic()
    for talk in talks:
        if time.monotonic() > until:
            show(f"no time left: {len(talks) - len(held)} conversations are left out")
            break
        held.append((talk, await hold(talk, language, seed)))
        progress.step(talk.id)
        write(out, held, seed)
    exchanges = [exchange for _, found in held for exchange in found]
    return {
        "held": len(held),
        "left_out": len(talks) - len(held),
        "turns": len(exchanges),
        "by_rule": sum(e.oona_by != "model" for e in exchanges),
        "cuts": sum(len(e.oona_cuts) for e in exchanges),
        "oona_words": _mean([len(e.oona.split()) for e in exchanges]),
        "bare_words": _mean([len(e.bare.split()) for e in exchanges]),
        "oona_turn_ms_p50": percentile([e.oona_ms for e in exchanges], 0.5),
        "bare_turn_ms_p50": percentile([e.bare_ms for e in exchanges], 0.5),
        "took_s": round(time.monotonic() - began),
    }


async def hold(talk: Talk, language: LanguageModel, seed: int) -> list[Exchange]:
    """Hold one conversation with both; each hears the same words and its own replies."""
    bare = Bare(language, REPLY_TOKENS["normal"], TEMPERATURE, seed)
    found = []
    async with companion(language) as oona:
        replies = [await oona.say(text) for text in talk.say]
    for text, said in zip(talk.say, replies, strict=True):
        reply, milliseconds = await bare.say(text)
        cuts = tuple(f"{cut.rule}: {cut.text}" for cut in said.done.cuts)
        rule = said.done.rule or "model"
        found.append(Exchange(text, said.done.text, reply, rule, cuts, said.total_ms, milliseconds))
    return found


def write(out: Path, held: Sequence[tuple[Talk, list[Exchange]]], seed: int) -> None:
    """The files that judging needs. Which of A and B is Oona stands in key.json alone."""
    key = {talk.id: oona_is(talk.id, seed) for talk, _ in held}
    (out / "key.json").write_text(json.dumps(key, indent=1) + "\n", encoding="utf-8")
    write_lines(
        out / "conversations.jsonl",
        (
            {"id": talk.id, "exchanges": [_fields(exchange) for exchange in found]}
            for talk, found in held
        ),
    )
    blank = {side: dict.fromkeys(CRITERIA) for side in "AB"}
    write_lines(
        out / "judgements.jsonl",
        ({"id": talk.id, **blank, "prefer": None, "why": ""} for talk, _ in held),
    )
    parts = [
        "# Conversations, blind",
        "",
        "Judge by evaluation/rubric.md. Fill in judgements.jsonl.",
    ]
    for talk, found in held:
        parts += ["", *blind(talk, found, key[talk.id])]
    (out / "blind.md").write_text("\n".join(parts) + "\n", encoding="utf-8")


def oona_is(talk_id: str, seed: int) -> str:
    """Which letter Oona has in this conversation: a coin for each, thrown by the seed."""
    return random.Random(f"{seed} {talk_id}").choice("AB")


def blind(talk: Talk, found: Sequence[Exchange], oona: str) -> list[str]:
    """One conversation, both sides under their letters, with nothing that tells them apart."""
    shown = [f"## {talk.id}", "", f"*{talk.who}* What is true: {talk.truth}"]
    for number, exchange in enumerate(found, 1):
        first, second = exchange.oona, exchange.bare
        if oona == "B":
            first, second = second, first
        shown += ["", f"{number}. **{exchange.say}**", ""]
        shown += [f"   - A: {_one_line(first)}", f"   - B: {_one_line(second)}"]
    return shown


def _one_line(text: str) -> str:
    return " / ".join(line.strip() for line in text.splitlines() if line.strip()) or "(nothing)"


def _fields(exchange: Exchange) -> dict[str, object]:
    return {name: getattr(exchange, name) for name in Exchange.__slots__}


def _mean(values: Sequence[int]) -> float:
    return round(sum(values) / len(values), 1) if values else 0.0
