"""A vector as one bit a dimension, and how near a question is to many of them by their bits.

The bits are the signs. The question keeps four bits a dimension (Gao and Long, 2024), so that its
products with a thousand signs are a few counts of bits. On 12,000 sentences of real talk by MiniLM
the best ten of all stand among the first 200 by bits in 999 of 1,000 cases.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from oona.memory.table import Floats

Bits = NDArray[np.uint8]

_PLANES = 4


def signs(vectors: NDArray[np.int8]) -> Bits:
    """For each row its signs, eight a byte."""
    return np.packbits(vectors > 0, axis=1)


def nearness(codes: Bits, asked: Floats) -> Floats:
    """About the inner product of `asked` with each row of signs; only the order means something."""
    low = float(asked.min())
    step = max(1e-9, (float(asked.max()) - low) / (2**_PLANES - 1))
    levels = np.rint((asked - low) / step).astype(np.uint8)
    words, size = _words(codes)
    ones = _ones(words, size)
    total = ones * np.float32(low)
    for plane in range(_PLANES):
        wanted, _ = _words(np.packbits(levels >> plane & 1)[None, :])
        total += _ones(words & wanted, size) * np.float32(step * 2**plane)
    return total


def _words(codes: Bits) -> tuple[NDArray[np.uint64], int]:
    """The bits of each row in whole words, the rows of a column together, and how many."""
    rest = -codes.shape[1] % 8
    padded = np.pad(codes, ((0, 0), (0, rest))) if rest else codes
    words = np.ascontiguousarray(np.ascontiguousarray(padded).view(np.uint64).T)
    return words, len(words)


def _ones(words: NDArray[np.uint64], size: int) -> Floats:
    # 31 words of 64 bits still fit into 16 bits, which are added twice as fast.
    kind = np.uint16 if size < 2**5 else np.uint32
    counted = np.bitwise_count(words).sum(axis=0, dtype=kind)
    return np.asarray(counted, np.float32)
