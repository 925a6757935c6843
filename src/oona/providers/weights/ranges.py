"""Half-open ranges of bytes, as sorted lists of (start, end)."""

from __future__ import annotations

from collections.abc import Iterable

Range = tuple[int, int]


def merged(ranges: Iterable[Range]) -> list[Range]:
    """The same bytes in as few ranges as possible, in order."""
    result: list[Range] = []
    for start, end in sorted(ranges):
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def gaps(ranges: Iterable[Range], size: int) -> list[Range]:
    """What of the bytes 0 to `size` lies in none of `ranges`."""
    result: list[Range] = []
    at = 0
    for start, end in merged(ranges):
        if start > at:
            result.append((at, min(start, size)))
        at = max(at, end)
    if at < size:
        result.append((at, size))
    return result


def length(ranges: Iterable[Range]) -> int:
    """How many bytes lie in at least one of `ranges`."""
    return sum(end - start for start, end in merged(ranges))
