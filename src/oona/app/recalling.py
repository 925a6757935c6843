"""One person's recall as it lives in the owner: read late, taught meaning in idle time."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from oona.agent.moods import by
from oona.app.worker import Worker
from oona.core.storage import Store
from oona.memory import Recalled, SpokenTurns
from oona.trust.lexicon import STOP_WORDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from oona.core.embedding import Embedder
    from oona.memory.hybrid import HybridRecall

    Floats = NDArray[np.float32]

_SETTLE_S = 5.0
"""How long a start, with its loading of the language model, is left alone."""

_PATIENCE_S = 0.3
"""How long a first question waits for the embedder; then it goes by words alone."""

_LOOK_S = 10.0
_AT_ONCE = 4
"""Turns that are embedded together: some hundredths of a second, a few tenths for long ones."""

_GENTLE = 10
"""The niceness of idle thinking."""


class PersonRecall:
    """The Recall of one life. `find`, `warm` and `understand` belong to the journal's thread.

    It goes by words, and by meaning, too, once the weights for that are in the folder `models`.
    What it is made of takes a while to import, and is when it is first asked for.
    """

    def __init__(self, store: Store, spoken: SpokenTurns, models: Path) -> None:
        self._store = store
        self._spoken = spoken
        self._models = models
        self._recall: HybridRecall | None = None
        self._coming: Future[list[Embedder]] | None = None
        self._one = threading.Lock()
        self._embedders: tuple[Embedder, ...] = ()

    @property
    def embedders(self) -> tuple[str, ...]:
        """Their names: by what it goes beside words."""
        return tuple(embedder.name for embedder in self._embedders)

    def find(self, question: str, budget: int, before: int = 0, imported: int = 0) -> Recalled:
        if not self._embedders:
            with suppress(TimeoutError):
                self.understand(self._load().result(_PATIENCE_S))
        return self._made().find(question, budget, before, imported)

    def expect(self, question: str) -> None:
        if self._recall is not None:
            self._recall.expect(question)

    def sense(self, text: str) -> tuple[str, Floats] | None:
        """The point of `text`, and the name of the embedder it is one of; None without one yet."""
        if not self._embedders:
            return None
        return by(self._embedders[0])(text)

    def warm(self) -> None:
        """Read what the first question would else wait for."""
        self._made().warm()

    def understand(self, embedders: Sequence[Embedder]) -> None:
        """Go by meaning, too, from now on."""
        if embedders and not self._embedders:
            self._made().understand(embedders)
            self._embedders = tuple(embedders)

    def refresh(self) -> None:
        """Weights may have arrived: look again when next there is a need."""
        with self._one:
            if self._coming is not None and self._coming.done() and not self._embedders:
                self._coming = None

    def _load(self) -> Future[list[Embedder]]:
        """The embedders, which are loaded once, by whoever wants them first."""
        with self._one:
            if self._coming is None:
                loader = ThreadPoolExecutor(1, thread_name_prefix="embedder")
                self._coming = loader.submit(_load, self._models)
                loader.shutdown(wait=False)
            return self._coming

    def _made(self) -> HybridRecall:
        if self._recall is None:
            from oona.memory.hybrid import HybridRecall

            self._recall = HybridRecall(self._store, self._spoken, STOP_WORDS)
        return self._recall

    async def grow(self, worker: Worker, busy: Callable[[], bool]) -> None:
        """Make the vectors that are missing, while not `busy`; never ends.

        It is cancelled when its owner ends, and goes on there at the next start. Raises
        StorageFault when the disk refuses.
        """
        await worker(self.warm)
        await asyncio.sleep(_SETTLE_S)
        while not self._embedders:
            embedders = await asyncio.wrap_future(self._load())
            await worker(self.understand, embedders)
            if not self._embedders:
                await asyncio.sleep(_LOOK_S)
        from oona.memory.filing import Filing
        from oona.memory.meaning import MOST, Meanings

        filings = [Filing(self._store, one.name, one.dimension, MOST) for one in self._embedders]
        making = [Meanings(self._store, embedder) for embedder in self._embedders]
        loop = asyncio.get_running_loop()
        thinker = ThreadPoolExecutor(1, "meaning", initializer=_give_way)
        try:
            while True:
                idle = True
                for meanings in making:
                    if not busy() and (batch := await worker(meanings.take, _AT_ONCE)):
                        rows = await loop.run_in_executor(thinker, meanings.made, batch)
                        await worker(meanings.keep, batch, rows)
                        idle = False
                for filing in filings:
                    if not busy() and (portion := await worker(filing.take)):
                        filed = await loop.run_in_executor(thinker, filing.made, portion)
                        await worker(filing.keep, portion, filed)
                        idle = False
                await asyncio.sleep(_LOOK_S if idle else 0)
        finally:
            thinker.shutdown(wait=False)


def _load(models: Path) -> list[Embedder]:
    from oona.app.embedders import embedders

    return embedders(models)


def _give_way() -> None:
    """Let others have the processor first. Only Linux has a niceness for each thread."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _GENTLE)
