"""Messages as JSON of no one program: an object a line, or an array of them.

Who, what and when are looked for under the names that programs commonly give them. A line may also
hold a whole conversation, as `messages` or `conversations`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import PurePosixPath
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
from oona.integrations.decoding import characters, lines
from oona.integrations.elements import elements
from oona.integrations.fields import name_of, text_of, words_of
from oona.integrations.roles import role_of
from oona.integrations.times import moment

_WHO = ("role", "sender", "author", "from", "speaker", "name", "user")
_WHAT = ("text", "content", "message", "body", "value", "parts")
_WHEN = (
    *("time", "timestamp", "created_at", "createdAt", "create_time", "created", "date"),
    *("datetime", "sent_at", "at", "ts"),
)
_WHERE = (
    *("conversation_id", "conversationId", "thread_id", "threadId", "session_id", "sessionId"),
    *("chat_id", "conversation", "thread", "session"),
)
_TITLE = ("title", "conversation_title", "subject")
_MANY = ("messages", "conversations", "turns", "chat")
_SILENT = frozenset({"system", "developer", "tool", "function", "toolresult", "tool_result"})
_LONGEST_LINE = 64 << 20


class JsonLines:
    """The importer of messages as JSON."""

    name = "jsonl"
    origin = "your file {name}"

    def fits(self, document: Document, head: str) -> Fit:
        suffix = PurePosixPath(document.name).suffix.lower()
        if suffix in (".jsonl", ".ndjson", ".json"):
            return Fit.BY_NAME
        return Fit.NO if head.lstrip()[:1] != "{" else Fit.BY_NAME

    def read(self, document: Document) -> Iterator[Found]:
        for place, value, fault in _values(document):
            if fault:
                yield NotUnderstood(place, fault)
            else:
                yield from _found(value, place, {})


def _values(document: Document) -> Iterator[tuple[str, object, str]]:
    """Each object with its place, or why there is none."""
    pieces = characters(document)
    first = next(pieces, "")
    pieces = chain([first], pieces)
    opens = first.lstrip()[:200].replace(" ", "")
    if opens.startswith("[") or opens[:2] in ("{\n", "{\r"):  # one array, or one object over lines
        for element in elements(pieces):
            yield f"entry {element.number} of {document.name}", element.value, element.fault
        return
    for number, line in lines(document, _LONGEST_LINE):
        if line.strip():
            place = f"line {number} of {document.name}"
            try:
                yield place, json.loads(line), ""
            except (ValueError, RecursionError):
                yield place, None, "it is no JSON"


def _found(value: object, place: str, around: Mapping[str, Any]) -> Iterator[Found]:
    if not isinstance(value, dict):
        yield NotUnderstood(place, "it is no message")
        return
    for name in _MANY:
        if isinstance(messages := value.get(name), list) and messages:
            kept = {key: value[key] for key in (*_WHERE, *_TITLE, *_WHEN) if key in value}
            if "id" in value:
                kept.setdefault("thread", value["id"])
            yield from _each(messages, place, {**around, **kept})
            return
    inner = value.get("message")
    message = {**value, **inner} if isinstance(inner, dict) else value
    yield from _message({**around, **message}, place)


def _each(messages: Iterable[object], place: str, around: Mapping[str, Any]) -> Iterator[Found]:
    for number, message in enumerate(messages, start=1):
        yield from _found(message, f"{place}, message {number}", around)


def _message(data: Mapping[str, Any], place: str) -> Iterator[Found]:
    names = [name for key in _WHO if (name := name_of(data.get(key)))]
    if any(name.lower() in _SILENT for name in names[:1]):
        yield LeftOut("messages of the system and of tools")
        return
    text = next((text for key in _WHAT if (text := text_of(data.get(key)))), "")
    if not text:
        if any(isinstance(data.get(key), list | dict) for key in _WHAT):
            yield LeftOut("messages without words")
        else:
            yield NotUnderstood(place, "I find no words in it")
        return
    role = next((role for name in names if (role := role_of(name))), None)
    speaker = ""
    if role is None:
        role, speaker = (Role.OTHER, names[0]) if names else (Role.NOTE, "")
    elif role is Role.OTHER:
        speaker = next((name for name in names if name.lower() != "assistant"), "")
    yield ImportedText(
        text,
        role,
        speaker,
        next((said for key in _WHEN if (said := moment(data.get(key)))), ""),
        next((str(data[key]) for key in _WHERE if isinstance(data.get(key), str | int)), ""),
        next((title for key in _TITLE if (title := words_of(data.get(key)))), ""),
        place,
    )


IMPORTER = JsonLines()
