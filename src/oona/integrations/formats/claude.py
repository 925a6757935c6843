"""Claude's export: `conversations.json`, a list of conversations with their messages in order.

A message holds its text twice: as `text`, where tools leave a sentence of their own behind, and as
`content`, in blocks of several kinds. The blocks are read, and `text` where there are none.
"""

from __future__ import annotations

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
from oona.integrations.fields import text_of, words_of
from oona.integrations.times import moment

_ROLES = {"human": Role.PERSON, "user": Role.PERSON, "assistant": Role.OTHER}


class Claude:
    """The importer of Claude's export."""

    name = "claude"
    origin = "your Claude export"

    def fits(self, document: Document, head: str) -> Fit:  # noqa: ARG002 - told by its content
        return Fit.BY_CONTENT if '"chat_messages"' in head else Fit.NO

    def read(self, document: Document) -> Iterator[Found]:
        return conversations(document, "chat_messages", list, "Claude's", _conversation)


def _conversation(data: Mapping[str, Any], place: str) -> Iterator[Found]:
    title = words_of(data.get("name"))
    place = f"“{title}”" if title else place
    thread = words_of(data.get("uuid"))
    said = moment(data.get("created_at"))
    for number, message in enumerate(data["chat_messages"], start=1):
        where = f"{place}, message {number}"
        if not isinstance(message, dict):
            yield NotUnderstood(where, "it is no message")
            continue
        said = moment(message.get("created_at")) or said
        sender = words_of(message.get("sender")).lower()
        role = _ROLES.get(sender)
        if role is None:
            yield NotUnderstood(where, f"it is by “{sender[:40]}”, and I know no such sender")
            continue
        yield from _left_out(message)
        content = message.get("content")
        blocks = content if isinstance(content, list) else []
        if text := text_of(blocks) if blocks else words_of(message.get("text")):
            speaker = "" if role is Role.PERSON else "Claude"
            yield ImportedText(text, role, speaker, said, thread, title, where)
        elif not blocks and not (message.get("attachments") or message.get("files")):
            yield LeftOut("empty messages")


def _left_out(message: Mapping[str, Any]) -> Iterator[LeftOut]:
    for block in message.get("content") or ():
        kind = words_of(block.get("type")) if isinstance(block, dict) else ""
        if kind.startswith("tool_"):
            yield LeftOut("messages to and from tools")
        elif kind in ("thinking", "redacted_thinking"):
            yield LeftOut("thoughts of the model")
    files = 0
    for name in ("attachments", "files"):
        listed = message.get(name)
        files += len(listed) if isinstance(listed, list) else 0
    if files:
        yield LeftOut("pictures, sounds and files", files)


IMPORTER = Claude()
