"""An export that is one JSON array of conversations: what ChatGPT's and Claude's have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from oona.core.importing import Document, Found, NotUnderstood
from oona.integrations.decoding import characters
from oona.integrations.elements import elements

Reader = Callable[[dict[str, Any], str], Iterator[Found]]
"""Reads one conversation; the second argument is its place, for whoever looks it up."""


def conversations(
    document: Document, field: str, kind: type, whose: str, read: Reader
) -> Iterator[Found]:
    """What `read` finds in each conversation, told by its `field` of type `kind`.

    Whatever else stands in the array is reported as no conversation of `whose`.
    """
    for element in elements(characters(document)):
        place = f"conversation {element.number} of {document.name}"
        if element.fault:
            yield NotUnderstood(place, element.fault)
        elif isinstance(element.value, dict) and isinstance(element.value.get(field), kind):
            yield from read(element.value, place)
        else:
            yield NotUnderstood(place, f"it is no conversation of {whose}")
