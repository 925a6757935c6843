"""Identifiers: UUIDv7 (RFC 9562, section 5.7), which sort by the moment they were made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

_VERSION_AND_VARIANT = (0x7 << 76) | (0b10 << 62)
_RANDOM = (0xFFF << 64) | ((1 << 62) - 1)
_RANDOM_BYTES = 10


def new_id(at: datetime) -> UUID:
    """A fresh UUIDv7 whose 48 leading bits are `at` in Unix milliseconds.

    The time comes from the caller's clock, so that tests with a virtual clock get ids of that time.
    Order within a journal is its `seq`; ids are only unique.
    """
    return next(new_ids(at, 1))


def new_ids(at: datetime, count: int) -> Iterator[UUID]:
    """`count` ids as `new_id` makes them; their random bits are asked of the system at once."""
    fixed = (int(at.timestamp() * 1000) & ((1 << 48) - 1)) << 80 | _VERSION_AND_VARIANT
    drawn = os.urandom(count * _RANDOM_BYTES)
    for start in range(0, len(drawn), _RANDOM_BYTES):
        random = int.from_bytes(drawn[start : start + _RANDOM_BYTES])
        yield UUID(int=fixed | random & _RANDOM)


def parse_id(text: str) -> UUID | None:
    """The id that `text` spells, or None when it spells none."""
    try:
        return UUID(text)
    except ValueError:
        return None
