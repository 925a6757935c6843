"""Identifiers: UUIDv7 (RFC 9562, section 5.7), which sort by the moment they were made."""

from __future__ import annotations

import os
from datetime import datetime
from uuid import UUID

_RANDOM_BITS = 74


def new_id(at: datetime) -> UUID:
    """A fresh UUIDv7 whose 48 leading bits are `at` in Unix milliseconds.

    The time comes from the caller's clock, so that tests with a virtual clock get ids of that time.
    Order within a journal is its `seq`; ids are only unique.
    """
    millis = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    random = int.from_bytes(os.urandom(10)) >> (80 - _RANDOM_BITS)
    rand_a, rand_b = random >> 62, random & ((1 << 62) - 1)
    return UUID(int=(millis << 80) | (0x7 << 76) | (rand_a << 64) | (0b10 << 62) | rand_b)


def parse_id(text: str) -> UUID | None:
    """The id that `text` spells, or None when it spells none."""
    try:
        return UUID(text)
    except ValueError:
        return None
