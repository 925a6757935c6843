"""Which embedders recall may use: those whose files are here and whole."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from oona.app.settings import Settings
from oona.core.errors import WeightsFault

if TYPE_CHECKING:
    from oona.core.embedding import Embedder
    from oona.providers.weights import Model, Verdict, Weights

_TRIED = "recall-not-reached"
"""A file in the models folder whose time says when nobody had the weights."""

_AGAIN_S = 86_400


def embedders(models: Path, *, large: bool = False) -> list[Embedder]:
    """The embedders that run here, with their weights in the folder `models`; loads them.

    Takes a fifth of a second. None is no fault: recall then goes by words. E5 takes some 220 MB of
    memory and reads a long turn for a second, so it comes only where `large` is wanted.
    """
    from oona.providers.embeddings import E5, MiniLM

    found: list[Embedder] = []
    with suppress(WeightsFault):
        model, vocabulary = verdicts(models)
        # Damaged ones might well load, and what they make would stay in the person's file.
        if model.state == vocabulary.state == "good":
            found.append(MiniLM(model.path, vocabulary.path))
    if large:
        with suppress(WeightsFault):
            found.append(E5())
    return found


def verdicts(models: Path) -> list[Verdict]:
    """How the files are that recall by meaning needs; reads all of them.

    Raises WeightsFault when the disk refuses.
    """
    from oona.providers.embeddings import MODEL, VOCABULARY
    from oona.providers.weights import Weights

    weights = Weights(models)
    return [weights.verify(name) for name in (MODEL, VOCABULARY)]


def wanted(settings: Settings, weights: Weights) -> list[Model]:
    """What recall by meaning lacks and a conversation may fetch: once a day where nobody has it.

    Who talks with an endpoint of their own has agreed to no fetching, so there it is none.
    """
    if settings.llm or settings.text("model.url"):
        return []
    missing = [
        m for m in weights.catalogue if "recall" in m.roles and not weights.installed(m.name)
    ]
    with suppress(OSError):
        tried = (weights.folder / _TRIED).stat().st_mtime
        if missing and 0 <= settings.clock().now().timestamp() - tried < _AGAIN_S:
            return []
    return missing


def not_reached(weights: Weights) -> None:
    """Remember that nobody had what recall by meaning needs."""
    with suppress(OSError):
        weights.folder.mkdir(parents=True, exist_ok=True)
        (weights.folder / _TRIED).touch()
