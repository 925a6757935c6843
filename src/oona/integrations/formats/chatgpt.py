"""ChatGPT's export: `conversations.json`, a list of conversations, each a tree of messages.

`mapping` holds the nodes by id, each with its message, parent and children; an edited question or a
second draw of an answer begins another branch. What the person last saw is the branch that ends at
`current_node`, so that one is read, and the others are counted. OpenAI publishes no description;
this follows exports as they were from 2023 to 2026, and takes nothing for granted but the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from oona.core.importing import (
    Document,
    Fit,
    Found,
    ImportedText,
    LeftOut,
    NotUnderstood,
    Role,
)
from oona.integrations.conversations import conversations
from oona.integrations.fields import name_of, words_of
from oona.integrations.times import moment

_NAME = "ChatGPT"
_HIDDEN = "hidden messages (instructions, custom settings)"
_TOOLS = "messages to and from tools"
_THOUGHTS = "thoughts of the model"
_PICTURES = "pictures, sounds and files"
_BRANCHES = "messages of branches that were given up"
_EMPTY = "empty messages"

_NOT_SAID = {
    "thoughts": _THOUGHTS,
    "reasoning_recap": _THOUGHTS,
    "user_editable_context": _HIDDEN,
    "model_editable_context": _HIDDEN,
    "app_pairing_content": _HIDDEN,
    "execution_output": _TOOLS,
    "tether_browsing_display": _TOOLS,
    "tether_browsing_code": _TOOLS,
    "tether_quote": _TOOLS,
    "sonic_webpage": _TOOLS,
    "system_error": _TOOLS,
}
"""Kinds of content that nobody said in the conversation."""

_MARKUP = re.compile("\ue200[^\ue201]*\ue201|【[^】]{0,80}†[^】]{0,120}】|[\ue200-\ue206]")
"""Marks of citations, which the app shows as links and which mean nothing without them."""


class ChatGPT:
    """The importer of ChatGPT's export."""

    name = "chatgpt"
    origin = "your ChatGPT export"

    def fits(self, document: Document, head: str) -> Fit:  # noqa: ARG002 - told by its content
        return Fit.BY_CONTENT if '"mapping"' in head and head.lstrip()[:1] in "[{" else Fit.NO

    def read(self, document: Document) -> Iterator[Found]:
        return conversations(document, "mapping", dict, "ChatGPT's", _conversation)


def _conversation(data: Mapping[str, Any], place: str) -> Iterator[Found]:
    title = words_of(data.get("title"))
    place = f"“{title}”" if title else place
    thread = words_of(data.get("conversation_id")) or words_of(data.get("id"))
    mapping: dict[str, Any] = data["mapping"]
    branch = _branch(mapping, data.get("current_node"))
    said = moment(data.get("create_time"))
    for number, key in enumerate(branch, start=1):
        message = _message(mapping[key])
        if message is None:
            continue
        said = moment(message.get("create_time")) or said
        for found in _found(message, f"{place}, message {number}"):
            if isinstance(found, str):
                role = Role.PERSON if _role(message) == "user" else Role.OTHER
                speaker = "" if role is Role.PERSON else _NAME
                where = f"{place}, message {number}"
                yield ImportedText(found, role, speaker, said, thread, title, where)
            else:
                yield found
    others = mapping.keys() - set(branch)
    given_up = sum(
        isinstance(found, str)
        for key in others
        if (message := _message(mapping[key])) is not None
        for found in _found(message, "")
    )
    if given_up:
        yield LeftOut(_BRANCHES, given_up)
    if not branch and mapping:
        yield NotUnderstood(place, "its messages hang together in no way")


def _branch(mapping: Mapping[str, Any], current: object) -> list[str]:
    """The ids of the nodes from the root to `current`, or to the newest leaf if that is missing."""
    node = current if isinstance(current, str) and current in mapping else _newest_leaf(mapping)
    path: dict[str, None] = {}
    while node is not None and node in mapping and node not in path:
        path[node] = None
        value = mapping[node]
        parent = value.get("parent") if isinstance(value, dict) else None
        node = parent if isinstance(parent, str) else None
    return list(path)[::-1]


def _newest_leaf(mapping: Mapping[str, Any]) -> str | None:
    parents = {node.get("parent") for node in mapping.values() if isinstance(node, dict)}
    leaves = [key for key in mapping if key not in parents and _message(mapping[key]) is not None]
    return max(leaves, key=lambda key: _time(mapping[key]), default=None)


def _time(node: Mapping[str, Any]) -> float:
    value = (_message(node) or {}).get("create_time")
    return float(value) if isinstance(value, int | float) else 0.0


def _message(node: object) -> dict[str, Any] | None:
    message = node.get("message") if isinstance(node, dict) else None
    return message if isinstance(message, dict) else None


def _role(message: Mapping[str, Any]) -> str:
    return name_of(message.get("author")).lower()


def _found(message: Mapping[str, Any], place: str) -> Iterator[str | LeftOut | NotUnderstood]:
    """What a message says, and what of it is left out."""
    role = _role(message)
    metadata = message.get("metadata")
    hidden = isinstance(metadata, dict) and (
        metadata.get("is_visually_hidden_from_conversation") is True
        or metadata.get("is_user_system_message") is True
    )
    content = message.get("content")
    content = content if isinstance(content, dict) else {}
    kind = words_of(content.get("content_type")) or "text"
    if hidden or role == "system":
        if any(isinstance(part, str) for part in _parts(content, place)):
            yield LeftOut(_HIDDEN)
    elif role == "tool" or message.get("recipient") not in (None, "", "all"):
        yield LeftOut(_TOOLS)
    elif role not in ("user", "assistant"):
        yield NotUnderstood(place, f"it is by “{role[:40]}”, and I know no such role")
    elif kind in _NOT_SAID:
        yield LeftOut(_NOT_SAID[kind])
    else:
        yield from _parts(content, place)


def _parts(content: Mapping[str, Any], place: str) -> Iterator[str | LeftOut | NotUnderstood]:
    """The text of a message, its parts put together, after what of it is no text."""
    parts = content.get("parts")
    if not isinstance(parts, list):
        parts = [content.get("text")]
    texts: list[str] = []
    strange = False
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, dict) and isinstance(part.get("text"), str):
            texts.append(part["text"])  # what was spoken, written down: `audio_transcription`
        elif isinstance(part, dict) and "pointer" in words_of(part.get("content_type")):
            yield LeftOut(_PICTURES)
        elif part is not None:
            strange = True
    text = _MARKUP.sub("", "\n".join(filter(None, texts))).strip()
    if text:
        yield text
    elif strange or ("parts" not in content and "text" not in content and content):
        kind = words_of(content.get("content_type")) or "unknown"
        yield NotUnderstood(place, f"its content is of a kind I do not know ({kind[:40]})")
    elif not any(isinstance(part, dict) for part in parts):
        yield LeftOut(_EMPTY)


IMPORTER = ChatGPT()
