"""Embeddings kept between runs, in a folder that the caller names and that is no part of Oona."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oona.core.embedding import Embedder

Vectors = NDArray[np.float32]


class Cached:
    """An Embedder that asks another only for what it has not been asked before."""

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self._embedder = embedder
        self.name, self.dimension, self.floor = (
            embedder.name,
            embedder.dimension,
            embedder.floor,
        )
        self._file = folder / f"{embedder.name}.npz"
        self._known: dict[bytes, Vectors] = {}
        if self._file.exists():
            with np.load(self._file) as kept:
                keys = kept["keys"]
                vectors = kept["vectors"].astype(np.float32)
            self._known = {key.tobytes(): row for key, row in zip(keys, vectors, strict=True)}
        self._kept = len(self._known)

    def embed(self, texts: Sequence[str], *, question: bool = False) -> Vectors:
        keys = [_key(text, question) for text in texts]
        missing = {
            key: text for key, text in zip(keys, texts, strict=True) if key not in self._known
        }
        if missing:
            made = self._embedder.embed(list(missing.values()), question=question)
            self._known.update(zip(missing, made, strict=True))
        return np.stack([self._known[key] for key in keys])

    def save(self) -> None:
        """Write what is new."""
        if len(self._known) > self._kept:
            keys = np.frombuffer(b"".join(self._known), np.uint8).reshape(len(self._known), -1)
            self._file.parent.mkdir(parents=True, exist_ok=True)
            np.savez(self._file, keys=keys, vectors=np.stack(list(self._known.values())))
            self._kept = len(self._known)


def _key(text: str, question: bool) -> bytes:
    return hashlib.blake2b(f"{question} {text}".encode(), digest_size=16).digest()
