"""A companion on a fresh journal around a real model, and that model with nothing around it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from oona.agent import prompts
from oona.agent.moods import Moods, by
from oona.agent.reflexes import Reflexes
from oona.agent.replies import Clause, Done
from oona.agent.turn import Parts, TurnLoop
from oona.agent.words import Words
from oona.app.embedders import embedders
from oona.app.paths import Paths
from oona.app.watch import DangerWatch
from oona.core.clock import VirtualClock
from oona.core.embedding import Embedder
from oona.core.errors import ModelUnavailable, WeightsFault
from oona.core.events import Event, Kind
from oona.core.language import ChatRequest, LanguageModel, Message, ModelState, Piece, Usage
from oona.journal import Journal, Projection, audit
from oona.journal.heads import Heads
from oona.memory import SpokenTurns, TurnTexts
from oona.memory.facts import FactBook, Facts
from oona.memory.hybrid import HybridRecall
from oona.memory.meaning import Meanings
from oona.providers.llama.embedded import EmbeddedModel
from oona.providers.llama.embedded import Weights as Loaded
from oona.providers.llama.process import ChildConfig, machine_threads
from oona.providers.openai import Endpoint, OpenAIClient
from oona.providers.weights import Weights
from oona.store import SqliteStore
from oona.trust.lexicon import STOP_WORDS, load

ZONE = "Europe/London"
BEGIN = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
"""A Tuesday: a case that speaks of days must mean the same whenever it is run."""

BETWEEN = timedelta(seconds=25)
START_S = 180.0
BARE_SLOT = 1
"""The bare model's cache, so that neither of the two costs the other its own."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The model to be evaluated: a name of the catalogue, a GGUF file, or an endpoint's name."""

    name: str
    weights: Path | None = None
    url: str = ""
    key: str = ""


class Counting:
    """A model that passes everything on and counts how often it was asked."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.asked = 0

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Piece | Usage, None]:
        self.asked += 1
        async with aclosing(self._model.chat(request)) as stream:
            async for item in stream:
                yield item

    def state(self) -> ModelState:
        return self._model.state()

    async def wait_ready(self, timeout: float) -> bool:
        return await self._model.wait_ready(timeout)


@asynccontextmanager
async def model(chosen: Chosen) -> AsyncIterator[LanguageModel]:
    """The model, loaded and ready; ended when the block is left.

    Raises ModelUnavailable when it does not come up, WeightsFault when it cannot be fetched.
    """
    if chosen.url:
        client = OpenAIClient(Endpoint(chosen.url, chosen.name, chosen.key))
        try:
            yield client
        finally:
            await client.close()
        return
    name, file, digest = _weights(chosen)
    slots = Path(__file__).parent / "out" / "prefix"  # impersonal, and slow to read anew
    slots.mkdir(parents=True, exist_ok=True)
    config = ChildConfig(str(file), str(slots), machine_threads(os.cpu_count() or 1))
    embedded = EmbeddedModel(Loaded(name, file, digest), config, lambda: prompts.load().prefix)
    try:
        embedded.start()
        if not await embedded.wait_ready(START_S):
            raise ModelUnavailable(f"{name} does not come up: {embedded.state().detail}")
        yield embedded
    finally:
        await embedded.stop()


def _weights(chosen: Chosen) -> tuple[str, Path, str]:
    if chosen.weights is not None:
        with chosen.weights.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return chosen.weights.stem, chosen.weights, digest
    weights = Weights(Paths.find().models)
    known = weights.catalogue.get(chosen.name)
    if not weights.installed(chosen.name):
        oona = Path(sys.executable).with_name("oona")  # shows its progress, and tries every source
        if subprocess.run([str(oona), "models", "fetch", chosen.name], check=False).returncode:
            raise WeightsFault(f"{chosen.name} could not be fetched, so there is nothing to judge.")
    return chosen.name, weights.path(chosen.name), known.sha256


@dataclass(frozen=True)
class Said:
    """One reply: how it came about, how many clauses were shown, how often the model was asked.

    `first_ms` is to the first clause shown, of the model's own where it spoke.
    """

    done: Done
    clauses: int
    asked: int
    first_ms: int
    total_ms: int


@cache
def recalls_by() -> tuple[Embedder, ...]:
    """The embedders that a conversation here goes by, beside words: none without their weights."""
    return tuple(embedders(Paths.find().models))


def _nothing(text: str) -> None:  # noqa: ARG001 - a Sense without an embedder
    return None


class Companion:
    """A person's first days with the companion: told things, left alone, come back to."""

    def __init__(self, language: LanguageModel, folder: Path) -> None:
        self.clock = VirtualClock(BEGIN)
        self._model = Counting(language)
        self._store = SqliteStore(folder / "person.db", b"e" * 32)
        spoken, book = SpokenTurns(), FactBook()
        views: list[Projection] = [TurnTexts(), spoken, book]
        self.journal = Journal(self._store, Heads(folder / "head"), self.clock, ZONE, views)
        self._meanings = [Meanings(self._store, embedder) for embedder in recalls_by()]
        self._loop = TurnLoop(
            Parts(
                journal=self.journal,
                recall=HybridRecall(self._store, spoken, STOP_WORDS, recalls_by()),
                model=self._model,
                clock=self.clock,
                lexicon=load(),
                reflexes=Reflexes.load("en"),
                watch=DangerWatch(folder / "contacts.toml", ZONE),
                io=_here,
                facts=Facts(self._store, self.journal, book, self.clock),
                moods=Moods(load(), by(recalls_by()[0]) if recalls_by() else _nothing),
            )
        )

    async def open(self) -> str:
        """Begin a session; gives what the companion opens with."""
        return (await self._loop.open_session("evaluation")).text

    async def leave(self, days: int) -> None:
        """Close the session and let days pass (0: an hour)."""
        await self._loop.close_session()
        self.clock.advance(timedelta(days=days) if days else timedelta(hours=1))

    async def say(self, text: str) -> Said:
        """One turn. Raises OonaError."""
        asked, began = self._model.asked, time.monotonic()
        shown, first, done = 0, 0.0, None
        async for item in self._loop.turn(Words(text)):
            if isinstance(item, Clause):
                shown += 1
                first = first or time.monotonic() - began
            elif isinstance(item, Done):
                done = item
        assert done is not None  # noqa: S101 - a turn ends with Done
        total = time.monotonic() - began
        for meanings in self._meanings:  # what an owner does in idle time
            while meanings.advance():
                pass
        self.clock.advance(BETWEEN)
        first_ms = done.timings.get("phrased", int(first * 1000))
        return Said(done, shown, self._model.asked - asked, first_ms, int(total * 1000))

    def holds(self, words: str) -> bool:
        """Whether the journal holds `words` anywhere."""
        return any(words in str(event.body) for event in self.journal.read())

    def heard(self) -> list[Event]:
        """Everything the person said, as the journal has it."""
        return list(self.journal.read(kinds=[Kind.HEARD]))

    def faults(self) -> list[str]:
        """What an audit of the journal finds wrong."""
        found = audit(self.journal)
        return [] if found.sound else [f"journal: {fault}" for fault in found.faults]

    def close(self) -> None:
        """Close the journal."""
        self.journal.close()


async def _here(function: Callable[..., object], *args: object, **kwargs: object) -> object:
    return function(*args, **kwargs)


@asynccontextmanager
async def companion(language: LanguageModel) -> AsyncIterator[Companion]:
    """A companion that has met nobody yet; its folder is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="oona-eval-") as folder:
        made = Companion(language, Path(folder))
        try:
            await made.open()
            yield made
        finally:
            made.close()


class Bare:
    """The same weights with the usual system prompt and the whole history, and nothing of ours."""

    def __init__(self, language: LanguageModel, most: int, temperature: float, seed: int) -> None:
        self._model = language
        self._request = ChatRequest((), most, temperature, seed, slot=BARE_SLOT)
        self._history = [Message("system", "You are a helpful assistant.")]

    async def say(self, text: str) -> tuple[str, int]:
        """Its reply, cut back to whole sentences where the limit fell in one, and milliseconds."""
        began = time.monotonic()
        self._history.append(Message("user", text))
        pieces: list[str] = []
        finish = ""
        async for item in self._model.chat(replace(self._request, messages=self._history)):
            if isinstance(item, Usage):
                finish = item.finish
            else:
                pieces.append(item.text)
        reply = "".join(pieces).strip()
        if finish == "length":
            reply = whole_sentences(reply)
        self._history.append(Message("assistant", reply))
        return reply, int((time.monotonic() - began) * 1000)


def whole_sentences(text: str) -> str:
    """`text` up to the end of its last whole sentence, or all of it where none ends."""
    ends = [
        i + 1 for i, c in enumerate(text) if c in ".!?" and text[i + 1 : i + 2] in ("", " ", "\n")
    ]
    return text[: ends[-1]] if ends else text
