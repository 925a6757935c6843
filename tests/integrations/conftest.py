"""Documents for tests of importers, and exports as the programs write them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

from oona.core.importing import Document, Found, ImportedText, Importer, NotUnderstood


def document(name: str, content: str | bytes, folder: str = "") -> Document:
    """A document in memory."""
    data = content.encode() if isinstance(content, str) else content
    return Document(name, len(data), lambda: io.BytesIO(data), folder)


def texts(found: Iterator[Found] | list[Found]) -> list[ImportedText]:
    """The texts among what was found."""
    return [one for one in found if isinstance(one, ImportedText)]


def faults(found: Iterator[Found] | list[Found]) -> list[NotUnderstood]:
    """What was not understood."""
    return [one for one in found if isinstance(one, NotUnderstood)]


def read(importer: Importer, name: str, content: object) -> list[Found]:
    """All that `importer` finds; what is no text goes in as JSON."""
    spelt = content if isinstance(content, str | bytes) else json.dumps(content)
    return list(importer.read(document(name, spelt)))


def message(role: str, text: str, at: float | None, **more: Any) -> dict[str, Any]:
    """A message as ChatGPT's export holds it."""
    return {
        "author": {"role": role, "name": None, "metadata": {}},
        "create_time": at,
        "update_time": None,
        "content": {"content_type": "text", "parts": [text]},
        "status": "finished_successfully",
        "end_turn": None,
        "weight": 1.0,
        "metadata": {},
        "recipient": "all",
        **more,
    }


def chatgpt(*messages: dict[str, Any], title: str = "Cabin", number: int = 1) -> dict[str, Any]:
    """A conversation of ChatGPT's in which these messages follow each other."""
    mapping: dict[str, Any] = {"root": {"id": "root", "message": None, "parent": None}}
    last = "root"
    for place, one in enumerate(messages):
        key = f"node-{place}"
        mapping[key] = {"id": key, "message": {"id": key, **one}, "parent": last, "children": []}
        last = key
    return {
        "title": title,
        "create_time": 1683100000.0,
        "update_time": 1683200000.0,
        "mapping": mapping,
        "current_node": last,
        "conversation_id": f"conversation-{number}",
    }
