"""Which embedders recall may use: those whose files are here and that run on this machine."""

from __future__ import annotations

from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from oona.core.errors import WeightsFault

if TYPE_CHECKING:
    from oona.core.embedding import Embedder


def embedders(models: Path, *, large: bool = False) -> list[Embedder]:
    """The embedders that run here, with their weights in the folder `models`; loads them.

    Takes about half a second for each. None is no fault: recall then goes by words. E5 takes some
    220 MB of memory and reads a long turn for a second, so it comes only where `large` is wanted.
    """
    from oona.providers.embeddings import E5, MODEL, VOCABULARY, MiniLM
    from oona.providers.weights import Weights

    weights = Weights(models)
    found: list[Embedder] = []
    model, vocabulary = weights.installed(MODEL), weights.installed(VOCABULARY)
    with suppress(WeightsFault):
        if model and vocabulary:
            found.append(MiniLM(model, vocabulary))
    if large:
        with suppress(WeightsFault):
            found.append(E5())
    return found


def runnable(models: Path) -> tuple[list[str], list[str]]:
    """The embedders that recall goes by, and the models that are to be fetched; loads nothing."""
    from oona.providers.embeddings import MODEL, VOCABULARY, MiniLM
    from oona.providers.weights import Weights

    weights = Weights(models)
    missing = [name for name in (MODEL, VOCABULARY) if not weights.installed(name)]
    names = []
    if find_spec("onnxruntime") is None:
        missing = []  # the files alone would be of no use
    elif not missing:
        names.append(MiniLM.name)
    return names, missing
