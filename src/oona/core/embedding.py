"""The Protocol of an embedder: texts as points, near to each other when they mean the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # numpy takes a while, and most who name this type never see a vector
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into unit vectors. May be asked from several threads."""

    name: str
    """Which weights, in a word: vectors of two names are never compared."""

    dimension: int

    floor: float
    """The cosine below which a question and a text have as good as nothing to do with each other;
    models differ in where their cosines lie."""

    def embed(self, texts: Sequence[str], *, question: bool = False) -> Vectors:
        """One row of float32 and length 1 for each text.

        `question` is for models that read what is asked otherwise than what is kept. A text longer
        than the model's window counts up to there. Raises ValueError for no texts or a blank one.
        """
        ...
