"""Embedders: small models that turn a text into a point, on one thread.

`minilm.py` runs wherever onnxruntime does (`wordpiece.py` is its tokenizer), `e5.py` beside it
where its engine can.
"""

from oona.providers.embeddings.e5 import E5
from oona.providers.embeddings.minilm import MODEL, VOCABULARY, MiniLM

__all__ = ["E5", "MODEL", "VOCABULARY", "MiniLM"]
