"""Which embedders recall may use: those whose files are here and that run on this machine."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from oona.core.errors import WeightsFault

if TYPE_CHECKING:
    from oona.core.embedding import Embedder


def embedders(models: Path) -> list[Embedder]:
    """Every embedder that runs here, with its weights in the folder `models`; loads them.

    Takes about half a second for each. None is no fault: recall then goes by words.
    """
    from oona.providers.embeddings import E5, MODEL, VOCABULARY, MiniLM
    from oona.providers.weights import Weights

    weights = Weights(models)
    found: list[Embedder] = []
    model, vocabulary = weights.installed(MODEL), weights.installed(VOCABULARY)
    with suppress(WeightsFault):
        if model and vocabulary:
            found.append(MiniLM(model, vocabulary))
    with suppress(WeightsFault):
        found.append(E5())
    return found
