"""The Protocol of a language model, and what passes through it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Role = Literal["system", "user", "assistant"]

CONVERSATION, BACKGROUND = 0, 1
"""Slots: the conversation's, and that of work nobody waits for."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a prompt."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A prompt and how it is to be continued.

    `slot` names the cache that holds the conversation's prefix, for models that have one; in
    `BACKGROUND` the request gives way to the conversation. The first `fixed` messages name nobody,
    so that what a model makes of them may be kept. `schema` is a JSON schema the answer must fit.
    `stop` texts end it and are not part of it. The tokens of `ban` are never chosen, where the
    model can be told so.
    """

    messages: Sequence[Message]
    max_tokens: int
    temperature: float
    seed: int
    stop: Sequence[str] = ()
    slot: int = 0
    schema: Mapping[str, object] | None = None
    ban: Sequence[str] = ()
    fixed: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text as it arrives."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """The last thing of a stream: tokens counted by the model, 0 where it does not say.

    `cached_tokens` of the prompt's tokens were found in the cache and cost nothing.
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    finish: str = ""


@dataclass(frozen=True, slots=True)
class ModelState:
    """Whether a model can answer now, and what to say of it to the person.

    `context` is its window in tokens, 0 where it does not say; `quick` whether it reads a long
    prompt in no time, as a server with a larger model does and the embedded one does not.
    """

    name: str
    ready: bool
    detail: str = ""
    digest: str = ""
    scripted: bool = False
    context: int = 0
    quick: bool = False


class LanguageModel(Protocol):
    """Continues prompts. Closing the iterator stops the generation itself, not just its display."""

    def chat(self, request: ChatRequest) -> AsyncGenerator[Piece | Usage]:
        """The continuation, piece by piece. Raises ModelUnavailable or Busy."""
        ...

    def state(self) -> ModelState:
        """What runs, and whether it is ready."""
        ...

    async def wait_ready(self, timeout: float) -> bool:
        """True as soon as it can answer; False if that takes longer than `timeout` seconds."""
        ...


class Forgetful(Protocol):
    """A model that can be made to forget what it was shown."""

    async def forget(self) -> bool:
        """Empty every cache that may hold words of a conversation; False where there was none."""
        ...
