"""all-MiniLM-L6-v2 (Wang et al., 2020; Reimers and Gurevych, 2019) in 8 bits, by onnxruntime.

One thread that never spins: on two busy cores, more threads and spinning ones make it slower.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from oona.core.errors import WeightsFault
from oona.providers.embeddings.wordpiece import WordPiece

if TYPE_CHECKING:
    from oona.core.embedding import Vectors

MODEL = "minilm-l6"
VOCABULARY = "minilm-l6-vocabulary"
"""Their names in the catalogue of weights."""

_WINDOW = 256
"""Pieces; the model was trained on 128 and reads no more than 512."""

_AT_ONCE = 16


class MiniLM:
    """An Embedder of 384 dimensions for English; `model` and `vocabulary` are its files.

    Raises WeightsFault when the runtime is missing or the files are not what they should be.
    """

    name = MODEL
    dimension = 384
    floor = 0.25

    def __init__(self, model: Path, vocabulary: Path) -> None:
        try:
            import onnxruntime
        except ImportError:
            raise WeightsFault(
                "Recall by meaning needs onnxruntime, which is not installed.",
                "`pip install 'oona[meaning]'` brings it; until then I go by words.",
            ) from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(model), options, providers=["CPUExecutionProvider"]
            )
        except (RuntimeError, ValueError, OSError) as fault:  # what onnxruntime raises derives so
            raise WeightsFault(
                f"{model} cannot be loaded ({type(fault).__name__}).",
                f"`oona models verify {MODEL}` says whether it is damaged.",
            ) from None
        self._wordpiece = WordPiece(vocabulary)

    def embed(self, texts: Sequence[str], *, question: bool = False) -> Vectors:  # noqa: ARG002
        if not texts or not all(text.strip() for text in texts):
            raise ValueError("there is no text to embed, or a blank one among them")
        pieces = [self._wordpiece.ids(text, _WINDOW) for text in texts]
        found = np.empty((len(texts), self.dimension), np.float32)
        # Those of like length together: each batch is as long as its longest text.
        order = sorted(range(len(pieces)), key=lambda place: len(pieces[place]))
        for start in range(0, len(order), _AT_ONCE):
            batch = order[start : start + _AT_ONCE]
            found[batch] = self._run([pieces[place] for place in batch])
        return found

    def _run(self, batch: list[list[int]]) -> Vectors:
        ids = np.zeros((len(batch), max(map(len, batch))), np.int64)
        mask = np.zeros_like(ids)
        for row, pieces in enumerate(batch):
            ids[row, : len(pieces)] = pieces
            mask[row, : len(pieces)] = 1
        states = self._session.run(
            None,
            {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)},
        )[0]
        means = (states * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        vectors: Vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
        return vectors.astype(np.float32, copy=False)
