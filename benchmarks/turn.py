"""What a turn costs beyond the model: before its first token is asked for, and while it talks.

The model's stream is timed where the loop takes it, so that both times come from one run and the
machine's noise falls out of the ratio.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.figures import MODEL, Figure, Options, at_most, note, quantile
from oona.agent import prompts
from oona.agent.reflexes import Reflexes
from oona.agent.replies import Clause, Done
from oona.agent.turn import Parts, TurnLoop
from oona.agent.words import Words
from oona.app.embedders import embedders
from oona.app.paths import models_dir
from oona.app.watch import DangerWatch
from oona.app.worker import Worker
from oona.core.clock import SystemClock
from oona.core.embedding import Embedder
from oona.core.language import ChatRequest, LanguageModel, ModelState, Piece, Usage
from oona.core.storage import VectorRow
from oona.journal import Journal, Projection
from oona.journal.heads import Heads
from oona.memory import SpokenTurns, TurnTexts
from oona.memory.filing import Filing
from oona.memory.hybrid import HybridRecall
from oona.memory.meaning import MOST
from oona.memory.turns import SPOKEN
from oona.providers.llama.embedded import EmbeddedModel
from oona.providers.llama.embedded import Weights as Running
from oona.providers.llama.process import ChildConfig, machine_threads
from oona.providers.weights import Weights
from oona.store import SqliteStore
from oona.trust.lexicon import STOP_WORDS, load

LIFE = [
    "My sister {n} moved to a town by the sea last spring.",
    "We had soup with {n} and it was far too salty.",
    "I have been reading about bees, and {n} laughed at me.",
    "The train was late again, {n} waited an hour.",
]
TALK = [
    "I had a long day and the train was late.",
    "Then it rained on the way home.",
    "What would you cook on an evening like this?",
    "I think I will just make toast.",
    "Do you think toast counts as dinner?",
    "My neighbour plays the trumpet at night.",
    "What could I say to him?",
    "I might write him a note.",
    "I'm not sure that I am brave enough.",
    "Well, good that it is nearly weekend.",
]

_AT_ONCE = 10_000


@dataclass
class TimedModel:
    """Passes a model's stream on, noting how long the model itself took."""

    inner: LanguageModel
    asked_at: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Piece | Usage]:
        self.asked_at.append(time.monotonic())
        waited, last = 0.0, time.monotonic()
        async for item in self.inner.chat(request):
            waited += time.monotonic() - last
            if isinstance(item, Usage):
                self.tokens.append(item.completion_tokens)
            yield item
            last = time.monotonic()
        self.seconds.append(waited + time.monotonic() - last)

    def state(self) -> ModelState:
        return self.inner.state()

    async def wait_ready(self, timeout: float) -> bool:
        return await self.inner.wait_ready(timeout)


def run(options: Options) -> list[Figure]:
    """Talk ten turns with the embedded model over a journal of `options.events` events."""
    return asyncio.run(_run(options))


async def _run(options: Options) -> list[Figure]:
    path = Weights(models_dir()).installed(MODEL)
    if path is None:
        raise RuntimeError(f"The model {MODEL} is missing.")
    config = ChildConfig(str(path), str(options.folder), machine_threads(2))
    model = EmbeddedModel(Running(MODEL, path, path.stem), config, lambda: prompts.load().prefix)
    note(f"{MODEL} is loaded and reads the prompt's beginning")
    began = time.monotonic()
    model.start()
    if not await model.wait_ready(300.0):
        raise RuntimeError(model.state().detail)
    loaded = time.monotonic() - began
    worker = Worker()
    try:
        figures = await _talk(options, model, worker)
    finally:
        await model.stop()
        worker.close()
    return [Figure("load the model and read the prefix, cold", loaded, "s"), *figures]


async def _talk(options: Options, model: LanguageModel, worker: Worker) -> list[Figure]:
    folder = options.folder
    timed = TimedModel(model)
    clock = SystemClock()
    store, journal, spoken = await worker(_life, folder, clock)
    known = embedders(models_dir())
    recall = HybridRecall(store, spoken, STOP_WORDS, known)
    loop = TurnLoop(
        Parts(
            journal=journal,
            recall=recall,
            model=timed,
            clock=clock,
            lexicon=load(),
            reflexes=Reflexes.load("en"),
            watch=DangerWatch(folder / "contacts.toml", "Europe/Oslo"),
            io=worker,
        )
    )
    note(f"a journal of {options.events:,} events is written")
    await worker(_fill, journal, options.events)
    await worker(_understand, store, known)
    await worker(recall.warm)
    note(f"{len(TALK)} turns")
    await loop.open_session("bench")
    before: list[float] = []
    shown: list[float] = []
    around: list[float] = []
    recalled: list[float] = []
    for text in TALK:
        began = time.monotonic()
        asked = len(timed.asked_at)
        first = 0.0
        async for item in loop.turn(Words(text)):
            if isinstance(item, Clause) and not first:
                first = time.monotonic() - began
            if isinstance(item, Done) and len(timed.asked_at) > asked:
                total = time.monotonic() - began
                inside = sum(timed.seconds[asked:])
                before.append(timed.asked_at[asked] - began)
                around.append((total - inside) / inside)
                shown.append(first)
                recalled.append(float(item.timings["recalled"]))
    await worker(journal.close)
    speed = sum(timed.tokens) / sum(timed.seconds)
    before = [value * 1000 for value in before]
    around = [value * 100 for value in around]
    shown = [value * 1000 for value in shown]
    ways = " and ".join(("words", *(embedder.name for embedder in known)))
    return [
        at_most("before the model is asked, p50", quantile(before, 0.5), 15, "ms", before),
        Figure(f"of it until recall by {ways} was done, p50", quantile(recalled, 0.5), "ms"),
        at_most("beside the model's own time, p50", quantile(around, 0.5), 5, "%", around),
        Figure("first clause shown, p50", quantile(shown, 0.5), "ms", spread=tuple(shown)),
        Figure("model, whole replies", speed, "tokens/s"),
    ]


def _life(folder: Path, clock: SystemClock) -> tuple[SqliteStore, Journal, SpokenTurns]:
    store, spoken = SqliteStore(folder / "life.db", b"b" * 32), SpokenTurns()
    views: list[Projection] = [TurnTexts(), spoken]
    return store, Journal(store, Heads(folder / "life.head"), clock, "Europe/Oslo", views), spoken


def _understand(store: SqliteStore, known: Sequence[Embedder]) -> None:
    """What idle time does until then: the vectors of all turns, and their index of cells.

    The vectors are made up: real ones would take an hour.
    """
    draw = np.random.default_rng(1)
    seqs = [event.seq for event in store.read(after=0, kinds=sorted(SPOKEN))]
    for embedder in known:
        for start in range(0, len(seqs), _AT_ONCE):
            part = seqs[start : start + _AT_ONCE]
            made = draw.integers(-127, 128, (len(part), embedder.dimension), np.int8)
            rows = [
                VectorRow(embedder.name, seq, 0, vector.tobytes())
                for seq, vector in zip(part, made, strict=True)
            ]
            with store.begin() as work:
                work.vectors.add(rows)
        filing = Filing(store, embedder.name, embedder.dimension, MOST)
        while filing.advance():
            pass


def _fill(journal: Journal, events: int) -> None:
    from oona.core.events import Actor, Draft, Kind
    from oona.core.labels import PERSON

    texts = [LIFE[i % len(LIFE)].format(n=f"Name{i % 900}") for i in range(events)]
    drafts = [Draft(Kind.HEARD, Actor.PERSON, {"text": text}, PERSON) for text in texts]
    for start in range(0, len(drafts), 1000):
        journal.append(*drafts[start : start + 1000])
