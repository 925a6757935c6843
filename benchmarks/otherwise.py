"""`python -m benchmarks.otherwise`: what a model reads out of sentences no rule was written for.

Each line of `otherwise.txt` is put to the embedded model as idle work would put it, and what is
noted is compared with what it tells: right, wrong, or dropped, and what one asking alone would have
noted. JSON with every sentence comes last.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from benchmarks import machine
from benchmarks.figures import MODEL
from benchmarks.listed import listed
from oona.agent import prompts
from oona.app.paths import models_dir
from oona.core.events import Actor, Event, Kind
from oona.core.labels import PERSON
from oona.core.language import ChatRequest, Piece
from oona.memory.facts.extraction import Unread, extraction
from oona.memory.facts.fact import Mention, Statement
from oona.providers.llama.embedded import EmbeddedModel
from oona.providers.llama.embedded import Weights as Running
from oona.providers.llama.process import ChildConfig, machine_threads
from oona.providers.weights import Weights

SENTENCES = Path(__file__).with_suffix(".txt")
KNOWN = frozenset({"Anna", "Jon"})
_ARTICLE = re.compile(r"\b(?:the|a|an) ", re.IGNORECASE)


@dataclass
class Score:
    """What became of the facts and sentences of one part."""

    facts: int = field(default=0, init=False)
    asked: int = field(default=0, init=False)
    passed_over: int = field(default=0, init=False)
    right: list[str] = field(default_factory=list, init=False)
    wrong: list[str] = field(default_factory=list, init=False)
    dropped: list[str] = field(default_factory=list, init=False)
    once_right: int = field(default=0, init=False)
    once_wrong: int = field(default=0, init=False)


class Bench:
    """Asks a running model of one sentence after another."""

    def __init__(self, model: EmbeddedModel) -> None:
        self._model = model
        self.scores: dict[str, Score] = {}
        self.seconds: list[float] = []

    async def take(self, part: str, text: str, told: frozenset[str]) -> None:
        """Put one sentence to the model and take down what came of it."""
        score = self.scores.setdefault(part, Score())
        score.facts += len(told)
        unread = extraction().unread(_turn(text), [], None, KNOWN)
        if not unread:
            score.passed_over += 1
            score.dropped += [f"{text} (not asked)"] if told else []
        for one in unread:
            score.asked += 1
            noted = await self._noted(one, told, score)
            score.right += [f"{text} -> {fact}" for fact in sorted(noted & told)]
            score.wrong += [f"{text} -> {fact}" for fact in sorted(noted - told)]
            score.dropped += [f"{text}"] if told and not noted else []

    async def _noted(self, one: Unread, told: frozenset[str], score: Score) -> frozenset[str]:
        made = extraction()
        answers: list[str] = []
        noted: frozenset[str] = frozenset()
        began = time.monotonic()
        for attempt in (0, 1):
            answers.append(await self._answer(made.request(one, attempt, 1)))
            noted = frozenset(_plain(_fact(fact)) for fact in made.agreed(one, answers, KNOWN))
            if attempt == 0:
                score.once_right += len(noted & told)
                score.once_wrong += len(noted - told)
            if not noted:
                break
        self.seconds.append(time.monotonic() - began)
        return noted

    async def _answer(self, request: ChatRequest) -> str:
        items = [item async for item in self._model.chat(request)]
        return "".join(item.text for item in items if isinstance(item, Piece))


def _turn(text: str) -> Event:
    raw = json.dumps({"text": text}).encode()
    now = datetime.now(UTC)
    return Event(
        1, uuid4(), now, "Europe/Oslo", Kind.HEARD, Actor.PERSON, PERSON, (), b"", b"", raw, b""
    )


def _who(mention: Mention) -> str:
    return "me" if mention.is_person else mention.role or mention.name


def _fact(one: Statement) -> str:
    if one.relation == "kin":
        return f"me {one.subject.role} {one.value}"
    return f"{_who(one.subject)} {one.relation} {one.value}"


def _plain(fact: str) -> str:
    return _ARTICLE.sub("", " ".join(fact.split())).lower()


async def measure(name: str, weights: Path, parts: list[str], seconds: float) -> dict[str, object]:
    """These `parts`, or as many sentences as `seconds` allow, with the model at `weights`."""
    with tempfile.TemporaryDirectory() as folder:
        config = ChildConfig(str(weights), folder, machine_threads(2))
        model = EmbeddedModel(
            Running(name, weights, weights.stem), config, lambda: prompts.load().prefix[:1]
        )
        bench = Bench(model)
        model.start()
        try:
            if not await model.wait_ready(300.0):
                raise RuntimeError(model.state().detail)
            until = time.monotonic() + seconds
            for part, text, facts in listed(SENTENCES):
                if time.monotonic() > until:
                    break
                if not parts or part in parts:
                    told = frozenset(map(_plain, facts))
                    await bench.take(part, text, told)
        finally:
            await model.stop()
        told_s = sorted(bench.seconds)
        return {
            "model": name,
            "prompt": extraction().version,
            "machine": machine.describe(Path(folder)),
            "median_s": round(told_s[len(told_s) // 2], 2) if told_s else None,
            "parts": {part: vars(score) for part, score in bench.scores.items()},
        }


def main() -> None:
    """Measure, print a table, then JSON."""
    parser = argparse.ArgumentParser(prog="benchmarks.otherwise", description=__doc__)
    parser.add_argument("--weights", type=Path, help="a model's file; else the catalogue's")
    parser.add_argument("--seconds", type=float, default=600.0, help="at most; default: 600")
    parser.add_argument("--part", action="append", default=[], help="only this; can be repeated")
    asked = parser.parse_args()
    weights = asked.weights or Weights(models_dir()).installed(MODEL)
    if weights is None:
        raise SystemExit(f"The model {MODEL} is missing.")
    name = asked.weights.stem if asked.weights else MODEL
    found = asyncio.run(measure(name, weights, asked.part, asked.seconds))
    parts = found["parts"]
    assert isinstance(parts, dict)  # noqa: S101 - made above
    print("part      facts  right  wrong  dropped  asked  not asked   once: right  wrong")
    for part, score in parts.items():
        print(
            f"{part:<8}{score['facts']:>7}{len(score['right']):>7}{len(score['wrong']):>7}"
            f"{score['facts'] - len(score['right']):>9}{score['asked']:>7}"
            f"{score['passed_over']:>11}{score['once_right']:>14}{score['once_wrong']:>7}"
        )
        for line in score["wrong"]:
            print(f"  wrong: {line}")
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
