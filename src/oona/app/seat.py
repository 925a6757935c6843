"""The place of the language model: empty until weights have arrived, then taken by their runner."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Protocol

from oona.core.errors import ModelUnavailable
from oona.core.language import ChatRequest, LanguageModel, ModelState, Piece, Usage

LOADING_S = 180.0
"""The longest a first load may take: the weights are read, and the prompt's beginning with them."""

FALLEN_S = 20.0
"""The longest to wait for a model that fell: it is started anew, and mostly answers within ten."""

_LOOK_S = 1.0
_LOADING = "still loading"  # as `EmbeddedModel.state` words it until something goes wrong


class Running(LanguageModel, Protocol):
    """A language model that was started and can be stopped."""

    async def stop(self) -> None: ...


class Seat:
    """A LanguageModel that passes everything on to the one that is there now.

    `bring` gives the started model, or None while there is none to start; it is asked again before
    every reply and whenever `refresh` says that something may have changed.
    """

    def __init__(self, bring: Callable[[], Running | None]) -> None:
        self._bring = bring
        self._model: Running | None = None
        self._taken = asyncio.Event()
        self._spoken_with = False

    def refresh(self) -> None:
        """Look again whether there is a model to start; returns at once."""
        if self._model is None:
            self._model = self._bring()
            if self._model is not None:
                self._taken.set()

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Piece | Usage, None]:
        self.refresh()
        if self._model is None:
            raise ModelUnavailable(
                "My language model has not arrived yet.",
                "`oona models fetch` brings it. What you say is kept, and I can already tell you "
                "the time and what I remember.",
            )
        await self._loaded(self._model)
        self._spoken_with = True
        async with aclosing(self._model.chat(request)) as stream:
            async for item in stream:
                yield item

    @staticmethod
    async def _loaded(model: Running) -> None:
        """Wait while `model` loads, which takes long on a busy machine, or comes back from a fall.

        Raises ModelUnavailable, with what went wrong, for one that does not come back.
        """
        loading, fallen = 0.0, 0.0
        while not await model.wait_ready(_LOOK_S):
            fault = model.state().detail
            if fault == _LOADING:
                loading += _LOOK_S
            else:
                fallen += _LOOK_S
            if loading >= LOADING_S:
                raise ModelUnavailable("My language model is still loading.", "Try again later.")
            if fallen >= FALLEN_S:
                raise ModelUnavailable(fault)

    def state(self) -> ModelState:
        self.refresh()
        if self._model is None:
            return ModelState("", ready=False, detail="not here yet")
        return self._model.state()

    async def wait_ready(self, timeout: float) -> bool:
        self.refresh()
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout
        try:
            await asyncio.wait_for(self._taken.wait(), timeout)
        except TimeoutError:
            return False
        assert self._model is not None  # noqa: S101 - the event says so
        return await self._model.wait_ready(max(0.0, until - loop.time()))

    async def forget(self) -> bool:
        """Have a model that was spoken with begin anew, so that its caches hold no word of it.

        An embedded model is a fresh process then: emptying its slots would leave what was in them
        in its memory until something else is written there. False when there was none to restart.
        """
        if self._model is None or not self._spoken_with:
            return False
        await self.stop()
        self.refresh()
        return True

    async def stop(self) -> None:
        """End the model that is there, if any."""
        model, self._model = self._model, None
        self._spoken_with = False
        self._taken.clear()
        if model is not None:
            await model.stop()
