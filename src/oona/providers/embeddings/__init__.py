"""Embedders: small models that turn a text into a point, on one thread.

`minilm.py` runs anywhere: `onnx.py` reads its file, `bert.py` works it out, `wordpiece.py` is its
tokenizer. `e5.py` runs beside it where its engine can, for measurements.
"""

from oona.providers.embeddings.e5 import E5
from oona.providers.embeddings.minilm import MODEL, VOCABULARY, MiniLM

__all__ = ["E5", "MODEL", "VOCABULARY", "MiniLM"]
