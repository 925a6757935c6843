"""The embedded model as a LanguageModel: warmed, pinned, and asked again once when it falls.

The impersonal prefix of every prompt (who the companion is, how it talks) costs seconds to read on
two cores and milliseconds to restore, so its cache is saved beside the weights. A cache that holds
anything of a person is never saved.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from oona.core.errors import ModelUnavailable
from oona.core.language import (
    BACKGROUND,
    CONVERSATION,
    ChatRequest,
    Message,
    ModelState,
    Piece,
    Usage,
)
from oona.providers.llama.background import Background
from oona.providers.llama.process import Address, ChildConfig, LlamaProcess

if TYPE_CHECKING:
    from oona.providers.openai import OpenAIClient

RETRY_READY_S = 60.0


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights that run: the catalogue's name for them, their file and its SHA-256."""

    name: str
    path: Path
    digest: str


class EmbeddedModel:
    """A language model in a child process of this one.

    `prefix` gives the impersonal beginning of every prompt; it is asked for once the child runs.
    """

    def __init__(
        self, weights: Weights, config: ChildConfig, prefix: Callable[[], Sequence[Message]]
    ) -> None:
        self._weights = weights
        self._slots = Path(config.slot_folder)
        self._context = config.context
        self._beside = config.background
        self._prefix = prefix
        self._client: OpenAIClient | None = None
        self._background: Background | None = None
        self._process = LlamaProcess(config, self._open)
        self.warmed = ""

    def start(self) -> None:
        """Begin to load; returns at once."""
        self._process.start()

    @property
    def pid(self) -> int | None:
        """The child's process id, for `oona doctor` and the fault tests."""
        return self._process.pid

    @property
    def longest_piece(self) -> float:
        """Seconds that the longest piece took that was read in the background."""
        return self._background.longest if self._background is not None else 0.0

    def state(self) -> ModelState:
        ready = self._process.ready
        detail = "" if ready else (self._process.fault or "still loading")
        return ModelState(
            self._weights.name, ready, detail, self._weights.digest, context=self._context
        )

    async def wait_ready(self, timeout: float) -> bool:
        return await self._process.wait_ready(timeout)

    async def busy(self) -> bool:
        """Whether the child is generating for the conversation now."""
        if self._client is None:
            return False
        slots = await self._client.get("/slots")
        return any(slot.get("is_processing") for slot in slots if slot.get("id") == CONVERSATION)

    async def chat(
        self, request: ChatRequest, patience: float = RETRY_READY_S
    ) -> AsyncGenerator[Piece | Usage]:
        """See LanguageModel.chat. `patience` bounds, in seconds, the wait for a child that loads.

        A child that falls before its first word is asked once more; after that, words have been
        shown, and saying them twice would be worse than stopping. Work in the background is not
        asked again: it waits for its next time.
        """
        if request.slot == BACKGROUND:
            async with aclosing(self._beneath(request)) as stream:
                async for item in stream:
                    yield item
            return
        spoke = False
        for attempt in (1, 2):
            if not await self._process.wait_ready(patience) or self._client is None:
                raise ModelUnavailable(
                    "My language model is not running. " + self._process.fault,
                    "I can still tell you what I remember; `oona doctor` says how to mend it.",
                )
            try:
                async with aclosing(self._client.chat(request)) as stream:
                    async for item in stream:
                        spoke = True
                        yield item
                return
            except ModelUnavailable:
                if spoke or attempt == 2:
                    raise
                await self._process.wait_gone()

    async def _beneath(self, request: ChatRequest) -> AsyncGenerator[Piece | Usage]:
        """Answer in the background's slot, if the child is up now."""
        background = self._background
        if background is None or not self._process.ready:
            raise ModelUnavailable("My language model is not running.")
        async with aclosing(background.chat(request)) as stream:
            async for item in stream:
                yield item

    async def stop(self) -> None:
        """End the child."""
        await self._process.stop()
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _open(self, address: Address) -> None:
        from oona.providers.openai import Endpoint, OpenAIClient

        if self._client is not None:
            await self._client.close()
        self._client = OpenAIClient(
            Endpoint(address.url + "/v1", self._weights.name, address.key, llama=True)
        )
        name = self._slot_name(address.runtime)
        version = hashlib.sha256(f"{address.runtime} {self._beside}".encode()).hexdigest()[:8]
        stem = f"idle-{self._weights.digest[:12]}-{version}"
        self._background = Background(self._client, self._slots, stem, self._beside)
        if not await self._restored(name):
            await self._prefill()
            await self._client.post(f"/slots/{CONVERSATION}?action=save", {"filename": name})
            self._drop_others(name)

    async def _restored(self, name: str) -> bool:
        assert self._client is not None  # noqa: S101 - set by the caller
        if not (self._slots / name).is_file():
            return False
        try:
            await self._client.post(f"/slots/{CONVERSATION}?action=restore", {"filename": name})
        except ModelUnavailable:
            (self._slots / name).unlink(missing_ok=True)  # torn by a crash; it is made again
            return False
        self.warmed = "restored"
        return True

    async def _prefill(self) -> None:
        assert self._client is not None  # noqa: S101 - set by the caller
        request = ChatRequest(self._prefix(), max_tokens=1, temperature=0.0, seed=0)
        async for _ in self._client.chat(request):
            pass
        self.warmed = "read"

    def _slot_name(self, runtime: str) -> str:
        prompt = json.dumps([[m.role, m.content] for m in self._prefix()])
        parts = f"{self._weights.digest}\n{runtime}\n{self._context}+{self._beside}\n{prompt}"
        return f"{self._weights.digest[:12]}-{hashlib.sha256(parts.encode()).hexdigest()[:20]}.slot"

    def _drop_others(self, keep: str) -> None:
        for old in self._slots.glob(f"{self._weights.digest[:12]}-*.slot"):
            if old.name != keep:
                old.unlink(missing_ok=True)
