"""How much of a reply was heard by the client that speaks it."""

from __future__ import annotations

import asyncio

SILENT_S = 60.0
"""A client that tells nothing for so long is not waited for: no phrase takes that long."""


class Hearing:
    """An Audience: one reply, and its client's word for how far it was heard."""

    def __init__(self) -> None:
        self._characters = 0
        self._over = False
        self._told = asyncio.Event()

    def tell(self, characters: int, *, over: bool) -> None:
        """So many characters have been heard by now; with `over`, no more will be."""
        if not self._over:
            self._characters, self._over = max(self._characters, characters), over
            self._told.set()

    def leave(self) -> None:
        """Nobody hears any more of it: what was heard by now is all."""
        self.tell(self._characters, over=True)

    async def heard(self, text: str) -> str:
        """The beginning of `text` that was heard, once no more of it will be."""
        while not self._over:
            self._told.clear()
            try:
                await asyncio.wait_for(self._told.wait(), SILENT_S)
            except TimeoutError:
                self.leave()
        if self._characters >= len(text.rstrip()):
            return text
        return text[: self._characters].rstrip()
