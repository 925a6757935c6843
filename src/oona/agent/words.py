"""What a person brings to a turn, made safe to keep and to show, with nothing of it lost."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from oona.core.errors import BadInput
from oona.core.labels import OUTSIDE, PERSON, Label

MOST_CHARACTERS = 1_000_000
LONG_CHARACTERS = 2_000
"""More than this is kept whole, but a small model is shown its beginning only."""

MOST_TYPED_LINES = 12
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Words:
    """What came in. `via` is "typed" or "spoken"; a paste may be anyone's words.

    Of what was spoken, `confidence_milli` says how sure of its words the transcriber is, in
    thousandths.

    With `keep` it is something to remember, whatever is kept otherwise, and asks for no answer.
    """

    text: str
    via: str = "typed"
    pasted: bool = False
    keep: bool = False
    confidence_milli: int | None = None

    @property
    def label(self) -> Label:
        """The person's own word, unless it was pasted or is far too long to have been typed."""
        outside = self.pasted or self.text.count("\n") >= MOST_TYPED_LINES
        return OUTSIDE if outside or len(self.text) > LONG_CHARACTERS else PERSON


def accept(text: str) -> str:
    """`text` as the journal can keep it: bytes that were no text come as U+FFFD.

    Raises BadInput for what cannot be taken as one turn.
    """
    readable = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    if len(readable) > MOST_CHARACTERS:
        raise BadInput(
            f"That is {len(readable):,} characters; I can take {MOST_CHARACTERS:,} at once.",
            "Give it to me in smaller parts. Nothing of it was kept.",
        )
    return readable


def visible(text: str) -> str:
    """`text` without what would move a terminal's cursor or turn its letters around."""
    kept = (c for c in _BIDI.sub("", text) if c in "\n\t" or unicodedata.category(c) != "Cc")
    return "".join(kept)


def for_model(text: str) -> str:
    """The part of `text` that a model is shown: visible, and not more than it can read."""
    shown = " ".join(visible(text).split())
    if len(shown) <= LONG_CHARACTERS // 2:
        return shown
    return shown[: LONG_CHARACTERS // 2].rsplit(" ", 1)[0] + " […]"
