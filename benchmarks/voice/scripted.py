"""A partner without a model: one sentence to whatever is said, and a story to whoever wants one."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping

from oona.voice.events import Composed, Heard

SHORT = (
    "All right, I have that.",
    "Yes, that sounds like a good plan to me.",
    "I will keep it in mind for you.",
    "Good, then we are nearly done.",
)

STORY = (
    "There was once a lighthouse on a rock so small that its keeper knew every stone by name.",
    " He wound the great lamp at dusk, wrote the weather in a book, and read until he slept.",
    " One autumn a letter came, addressed to a keeper who had left the rock forty years before.",
    " He did not open it, and put it on the shelf where the light would pass over it each night.",
    " In spring a boat brought an old woman, who asked whether anything had ever come for her"
    " brother.",
    " They read it together on the steps, in the wind, and she laughed until she cried.",
    " It was a bill for a coat, never paid, and she had been wearing that coat all these years.",
)

_WISH = "story"


class Scripted:
    """A Partner. Replies to anything at once, in turn; the n-th is the same in every run."""

    def __init__(self) -> None:
        self._count = 0

    async def say(self, heard: Heard) -> AsyncGenerator[str | Composed | Mapping[str, object]]:
        if _WISH in heard.text.casefold():
            for sentence in STORY:
                yield sentence
        else:
            yield SHORT[self._count % len(SHORT)]
            self._count += 1
        yield Composed()
        yield {}

    async def heard(self, characters: int, *, over: bool) -> None:
        """It keeps nothing."""
