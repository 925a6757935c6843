"""What a client asks an operation for, and the readers of it: each refuses what it cannot be."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass

from oona.app.protocol import Message
from oona.core.errors import BadInput

Answers = AsyncGenerator[Message, None]
"""The messages of one operation; the last is its result."""

MOST_PAGE = 500
"""Entries that one answer holds at most."""


class Client:
    """One client, as the operations see it."""

    def __init__(self) -> None:
        self.name = ""
        self.gone = False
        self.session = False


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks an operation for."""

    args: Mapping[str, object]
    client: Client

    def text(self, name: str, default: str | None = None, most: int = 1 << 24) -> str:
        """The text called `name`, cut to `most` characters. Raises BadInput where there is none."""
        value = self.args.get(name, default)
        if not isinstance(value, str):
            raise BadInput(f"That needs a text called {name!r}.")
        return value[:most]

    def texts(self, name: str) -> list[str]:
        """The texts called `name`, none where there are none."""
        value = self.args.get(name, [])
        return [str(item) for item in value] if isinstance(value, list) else []

    def number(self, name: str, default: int) -> int:
        """The whole number called `name`. Raises BadInput for anything else."""
        value = self.args.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not -1 <= value < 1 << 62:
            raise BadInput(f"{name!r} must be a whole number.")
        return value

    def says(self, name: str) -> bool:
        """Whether `name` is set."""
        return self.args.get(name) is True
