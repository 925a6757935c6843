"""Sizes and spans of time in words."""

from __future__ import annotations


def size_words(size: int) -> str:
    """Bytes as kilobytes, megabytes or gigabytes (powers of ten, as shops and browsers count)."""
    if size >= 999_500_000:
        return f"{size / 1e9:.1f} GB"
    return f"{size / 1e6:.0f} MB" if size >= 950_000 or not size else f"{size / 1e3:.0f} kB"


def span_words(seconds: int) -> str:
    """Seconds, or minutes when there are many."""
    return f"{seconds} s" if seconds < 100 else f"{round(seconds / 60)} min"
