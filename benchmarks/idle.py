"""`python -m benchmarks.idle`: how much later a first token comes when idle work has to give way.

The same turn is put to the embedded model twice, as pairs in random order: while nothing else runs,
and at a random moment of idle work, which it interrupts as a turn does. The difference within a
pair is the delay; the machine's own noise is in both. JSON with every pair comes last.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import machine
from benchmarks.figures import MODEL, Figure, as_json, at_most, note, quantile, table
from oona.agent import prompts
from oona.app.idle import Idle
from oona.app.paths import models_dir
from oona.core.language import BACKGROUND, ChatRequest, Message, Piece
from oona.providers.llama.embedded import EmbeddedModel
from oona.providers.llama.embedded import Weights as Running
from oona.providers.llama.process import ChildConfig, machine_threads
from oona.providers.weights import Weights

TURN = "{word}, the tram was late again today and I walked home along the river, {word}."
WORDS = ("well", "so", "oh", "yes", "now", "right", "look", "sure", "fine", "good")
SESSION = "- The {thing} was on my mind all day, and my colleague laughed at me for it.\n"
THINGS = ("boat", "garden", "letter", "kitchen", "concert", "bicycle", "winter", "market")
LIMITS_MS = {"0.5b": 250.0, "1.5b": 450.0}
_SETTLE_S = 0.3


@dataclass
class Pairs:
    """First tokens in milliseconds, alone and out of idle work, pair by pair."""

    alone: list[float] = field(default_factory=list, init=False)
    beside: list[float] = field(default_factory=list, init=False)
    interrupted: int = field(default=0, init=False)
    pieces: int = field(default=0, init=False)

    @property
    def delays(self) -> list[float]:
        return [later - first for first, later in zip(self.alone, self.beside, strict=True)]


class Bench:
    """A conversation and idle work on one running model."""

    def __init__(self, model: EmbeddedModel, seed: int) -> None:
        self._model = model
        self._chance = random.Random(seed)
        self._prefix = list(prompts.load().prefix)
        self._idle = Idle(quiet=0.0)
        self._turns = 0
        self.pairs = Pairs()

    async def pair(self) -> None:
        """One turn alone and one that interrupts idle work, in random order."""
        for beside in self._chance.sample([False, True], 2):
            if beside:
                self.pairs.beside.append(await self._beside())
            else:
                self.pairs.alone.append(await self._first_token())
            await asyncio.sleep(_SETTLE_S)

    async def warm(self) -> None:
        """Read what both have ready in a running house: prompts, and the work's beginning."""
        await self._first_token()
        await self._work()

    async def _beside(self) -> float:
        working = asyncio.create_task(self._keep_working())
        await asyncio.sleep(self._chance.uniform(0.5, 4.0))
        before = self._idle.interrupted
        began = time.monotonic()
        with self._idle.turn():
            working.cancel()
            first = await self._first_token(began)
        self.pairs.interrupted += self._idle.interrupted - before
        await asyncio.gather(working, return_exceptions=True)
        return first

    async def _keep_working(self) -> None:
        while True:
            await self._idle.run(self._work)
            self.pairs.pieces += 1

    async def _work(self) -> None:
        """What idle work asks: a beginning that is saved, a session, an answer under a schema."""
        lines = "".join(SESSION.format(thing=self._chance.choice(THINGS)) for _ in range(12))
        fixed = [
            Message("system", "Say in one or two sentences what was told."),
            *self._prefix[1:5],
        ]
        request = ChatRequest(
            [*fixed, Message("user", lines)], 48, 0.0, 1, slot=BACKGROUND, fixed=len(fixed)
        )
        async with aclosing(self._model.chat(request)) as stream:
            async for _ in stream:
                pass

    async def _first_token(self, began: float = 0.0) -> float:
        """Milliseconds to the first token of a turn that was never read before."""
        self._turns += 1
        place = self._turns % (len(WORDS) ** 2)
        text = TURN.replace("{word}", WORDS[place // len(WORDS)], 1)
        text = text.replace("{word}", WORDS[place % len(WORDS)])
        request = ChatRequest([*self._prefix, Message("user", text)], 4, 0.4, self._turns)
        began = began or time.monotonic()
        async with aclosing(self._model.chat(request)) as stream:
            async for item in stream:
                if isinstance(item, Piece):
                    return (time.monotonic() - began) * 1000
        raise RuntimeError("The model said nothing.")


async def measure(name: str, weights: Path, pairs: int, seed: int, seconds: float) -> list[Figure]:
    """The figures of `pairs` pairs with the model at `weights`, or of as many as there is time."""
    with tempfile.TemporaryDirectory() as folder:
        config = ChildConfig(str(weights), folder, machine_threads(2))
        model = EmbeddedModel(
            Running(name, weights, weights.stem), config, lambda: prompts.load().prefix
        )
        bench = Bench(model, seed)
        note(f"{name} is loaded and reads its prompts")
        model.start()
        try:
            if not await model.wait_ready(300.0):
                raise RuntimeError(model.state().detail)
            await bench.warm()
            note(f"{pairs} pairs")
            until = time.monotonic() + seconds
            while len(bench.pairs.alone) < pairs and time.monotonic() < until:
                await bench.pair()
            return _figures(name, bench.pairs, model)
        finally:
            await model.stop()


def _figures(name: str, pairs: Pairs, model: EmbeddedModel) -> list[Figure]:
    limit = next((ms for size, ms in LIMITS_MS.items() if size in name.lower()), 450.0)
    delays = [max(0.0, delay) for delay in pairs.delays]
    return [
        Figure("pairs", len(pairs.alone), ""),
        Figure("pieces given up for a turn", pairs.interrupted, ""),
        Figure("first token alone, p50", quantile(pairs.alone, 0.5), "ms", spread=(*pairs.alone,)),
        Figure("first token alone, p95", quantile(pairs.alone, 0.95), "ms"),
        Figure("out of idle work, p50", quantile(pairs.beside, 0.5), "ms", spread=(*pairs.beside,)),
        Figure("out of idle work, p95", quantile(pairs.beside, 0.95), "ms"),
        Figure("delay within a pair, p50", quantile(delays, 0.5), "ms"),
        at_most("delay within a pair, p95", quantile(delays, 0.95), limit, "ms", pairs.delays),
        Figure("longest piece that was read", model.longest_piece * 1000, "ms"),
    ]


def main() -> None:
    """Measure, print a table, then JSON."""
    parser = argparse.ArgumentParser(prog="benchmarks.idle", description=__doc__)
    parser.add_argument("--weights", type=Path, help="a model's file; else the catalogue's")
    parser.add_argument("--pairs", type=int, default=40, help="default: 40")
    parser.add_argument("--seconds", type=float, default=600.0, help="at most; default: 600")
    parser.add_argument("--seed", type=int, default=1, help="default: 1")
    asked = parser.parse_args()
    weights = asked.weights or Weights(models_dir()).installed(MODEL)
    if weights is None:
        raise SystemExit(f"The model {MODEL} is missing.")
    name = asked.weights.stem if asked.weights else MODEL
    described = machine.describe(Path.cwd())
    figures = asyncio.run(measure(name, weights, asked.pairs, asked.seed, asked.seconds))
    print(machine.sentence(described))
    print(table(figures))
    found = {"model": name, "machine": described, "figures": as_json(figures)}
    print(json.dumps(found | {"load_after": machine.load()}))


if __name__ == "__main__":
    main()
