"""Fields of other programs' JSON, of which nothing is taken for granted."""

from __future__ import annotations

_SAYING = frozenset({"", "text", "input_text", "output_text"})
"""Types of the blocks of a message that say something."""


def words_of(value: object) -> str:
    """A text, without the space around it; empty for anything else."""
    return value.strip() if isinstance(value, str) else ""


def name_of(value: object) -> str:
    """Who something is by: a text, or the role or name in an object."""
    if isinstance(value, dict):
        return words_of(value.get("role")) or words_of(value.get("name"))
    return words_of(value)


def text_of(value: object) -> str:
    """The text of a message: a string, a list of blocks, or an object that holds either.

    Of blocks only those that say something count, not those of a tool or of a thought.
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return "\n\n".join(filter(None, map(_block, value)))
    if isinstance(value, dict):
        return next(
            filter(None, (text_of(value.get(key)) for key in ("text", "content", "parts"))), ""
        )
    return ""


def _block(value: object) -> str:
    if isinstance(value, dict):
        kind = words_of(value.get("type"))
        return words_of(value.get("text")) if kind in _SAYING else ""
    return words_of(value)
