"""all-MiniLM-L6-v2 (Wang et al., 2020; Reimers and Gurevych, 2019) in 8 bits.

numpy alone runs it, wherever numpy runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from oona.core.errors import WeightsFault
from oona.providers.embeddings.bert import Bert, Floats
from oona.providers.embeddings.onnx import read_onnx
from oona.providers.embeddings.wordpiece import WordPiece

MODEL = "minilm-l6"
VOCABULARY = "minilm-l6-vocabulary"
"""Their names in the catalogue of weights."""

_WINDOW = 256
"""Pieces; the model was trained on 128 and reads no more than 512."""

_ASKED = 128
"""Pieces of a question, for which somebody waits: 55 ms on a quiet core, and four times that on a
busy one."""

_TOGETHER = 256
"""Pieces that are run at once, 10 MB of memory; more of them are no faster."""


class MiniLM:
    """An Embedder of 384 dimensions for English; `model` and `vocabulary` are its files.

    Takes 23 MB and some hundredths of a second to load. Raises WeightsFault when the files are not
    what they should be.
    """

    name = MODEL
    dimension = 384
    floor = 0.25

    def __init__(self, model: Path, vocabulary: Path) -> None:
        self._bert = Bert(read_onnx(model))
        self._wordpiece = WordPiece(vocabulary)
        if self._bert.width != self.dimension or self._bert.vocabulary != len(self._wordpiece):
            raise WeightsFault(
                f"{model} and {vocabulary} do not belong together.",
                f"`oona models verify {MODEL}` and `oona models verify {VOCABULARY}` say which of "
                "them is damaged.",
            )

    def embed(self, texts: Sequence[str], *, question: bool = False) -> Floats:
        if not texts or not all(text.strip() for text in texts):
            raise ValueError("there is no text to embed, or a blank one among them")
        most = _ASKED if question else _WINDOW
        pieces = [self._wordpiece.ids(text, most) for text in texts]
        found = np.empty((len(texts), self.dimension), np.float32)
        for batch in _batches([len(text) for text in pieces]):
            found[batch] = self._run([pieces[place] for place in batch])
        return found

    def _run(self, batch: list[list[int]]) -> Floats:
        ids = np.zeros((len(batch), max(map(len, batch))), np.int64)
        mask = np.zeros_like(ids)
        for row, pieces in enumerate(batch):
            ids[row, : len(pieces)] = pieces
            mask[row, : len(pieces)] = 1
        states = self._bert(ids, mask)
        means = np.einsum("bsw,bs->bw", states, mask.astype(np.float32))
        vectors: Floats = means / np.linalg.norm(means, axis=1, keepdims=True)
        return vectors


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts that are run together: of like length, since all are as long as the last."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: lengths[place]):
        if batch and lengths[place] * (len(batch) + 1) > _TOGETHER:
            yield batch
            batch = []
        batch.append(place)
    yield batch
