"""One person's recall as it lives in the owner: read late, taught meaning in idle time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from oona.app.worker import Worker
from oona.core.storage import Store
from oona.memory import Recalled, SpokenTurns
from oona.trust.lexicon import STOP_WORDS

if TYPE_CHECKING:
    from oona.core.embedding import Embedder
    from oona.memory.hybrid import HybridRecall

_SETTLE_S = 5.0
"""How long a start, with its loading of the language model, is left alone."""

_LOOK_S = 10.0
_AT_ONCE = 4
"""Turns that are embedded together: a few tenths of a second, which a question may have to wait."""


class PersonRecall:
    """The Recall of one life. `find`, `warm` and `understand` belong to the journal's thread.

    Until embedders are here it goes by words. What it is made of takes a while to import, and is
    when it is first asked for.
    """

    def __init__(self, store: Store, spoken: SpokenTurns) -> None:
        self._store = store
        self._spoken = spoken
        self._recall: HybridRecall | None = None
        self._asked = False
        self.embedders: tuple[str, ...] = ()
        """Their names: by what it goes beside words."""

    def find(self, question: str, budget: int, before: int = 0) -> Recalled:
        self._asked = True
        return self._made().find(question, budget, before)

    def warm(self) -> None:
        """Read what the first question would else wait for."""
        self._made().warm()

    def understand(self, embedders: Sequence[Embedder]) -> None:
        """Go by meaning, too, from now on."""
        self._made().understand(embedders)
        self.embedders = tuple(embedder.name for embedder in embedders)

    def _made(self) -> HybridRecall:
        if self._recall is None:
            from oona.memory.hybrid import HybridRecall

            self._recall = HybridRecall(self._store, self._spoken, STOP_WORDS)
        return self._recall

    async def grow(self, models: Path, worker: Worker, busy: Callable[[], bool]) -> None:
        """Load embedders and make the vectors that are missing, while not `busy`; never ends.

        Nothing is loaded for who only opened a window: it begins once there was a first question.
        It is cancelled when its owner ends, and goes on there at the next start. Raises
        StorageFault when the disk refuses.
        """
        await worker(self.warm)
        await asyncio.sleep(_SETTLE_S)
        while not self._asked:  # noqa: ASYNC110 - the question comes on another thread
            await asyncio.sleep(_LOOK_S)
        embedders = await asyncio.to_thread(_load, models)
        if not embedders:
            return
        await worker(self.understand, embedders)
        from oona.memory.meaning import Meanings

        making = [Meanings(self._store, embedder) for embedder in embedders]
        while True:
            idle = True
            for meanings in making:
                if not busy() and (batch := await worker(meanings.take, _AT_ONCE)):
                    rows = await asyncio.to_thread(meanings.made, batch)
                    await worker(meanings.keep, batch, rows)
                    idle = False
            await asyncio.sleep(_LOOK_S if idle else 0)


def _load(models: Path) -> list[Embedder]:
    from oona.app.embedders import embedders

    return embedders(models)
