"""Claude's export, and messages as JSON of no one program."""

from __future__ import annotations

import json

import pytest

from oona.core.importing import Importer, LeftOut, Role
from oona.integrations.formats import claude, jsonl
from tests.integrations.conftest import faults, read, texts

CLAUDE: Importer = claude.IMPORTER
LINES: Importer = jsonl.IMPORTER


def test_blocks_of_a_message_are_put_together_without_tools_and_thoughts() -> None:
    """Of Claude's blocks those count that say something, and not the text that repeats them."""
    unsupported = "This block is not supported on your current device yet."
    talk = {
        "uuid": "c1",
        "name": "Rye",
        "created_at": "2024-05-03T10:00:00.000000Z",
        "chat_messages": [
            {
                "sender": "human",
                "text": "Which flour?",
                "content": [{"type": "text", "text": "Which flour?"}],
                "created_at": "2024-05-03T10:00:01Z",
                "attachments": [{"file_name": "a.txt", "extracted_content": "x"}],
                "files": [],
            },
            {
                "sender": "assistant",
                "text": f"```\n{unsupported}\n```\nRye.",
                "content": [
                    {"type": "thinking", "thinking": "Hm."},
                    {"type": "tool_use", "name": "search", "input": {}},
                    {"type": "tool_result", "content": []},
                    {"type": "text", "text": "Rye."},
                    {"type": "text", "text": "Whole."},
                ],
                "created_at": "2024-05-03T10:00:05Z",
            },
            {"sender": "human", "text": "Old exports have no blocks."},
            {"sender": "ghost", "text": "Boo."},
        ],
    }
    found = read(CLAUDE, "conversations.json", [talk])
    asked, answered, old = texts(found)
    assert (asked.text, asked.role, asked.title, asked.thread) == (
        "Which flour?", Role.PERSON, "Rye", "c1",
    )  # fmt: skip
    assert (answered.text, answered.speaker) == ("Rye.\n\nWhole.", "Claude")
    assert old.said == answered.said == "2024-05-03T10:00:05+00:00"
    assert [one.place for one in faults(found)] == ["“Rye”, message 4"]
    left = [one.what for one in found if isinstance(one, LeftOut)]
    assert len(left) == 4


@pytest.mark.parametrize(
    ("line", "text", "role", "said"),
    [
        ({"role": "user", "content": "Hi", "ts": 1714730000}, "Hi", Role.PERSON, "2024-05-03"),
        ({"sender": "bot", "text": "Hi", "date": "2024-05-03"}, "Hi", Role.OTHER, "2024-05-03"),
        ({"from": "human", "value": "Hi"}, "Hi", Role.PERSON, ""),
        ({"author": {"role": "assistant"}, "message": "Hi"}, "Hi", Role.OTHER, ""),
        (
            {
                "type": "message",
                "timestamp": "2024-05-03T10:00:00Z",
                "message": {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
            },
            "Hi",
            Role.PERSON,
            "2024-05-03",
        ),
        ({"text": "Bought milk.", "time": 1714730000123}, "Bought milk.", Role.NOTE, "2024-05-03"),
        ({"speaker": "Anna", "text": "Hi"}, "Hi", Role.OTHER, ""),
    ],
)
def test_common_names_of_who_what_and_when_are_known(
    line: dict[str, object], text: str, role: Role, said: str
) -> None:
    """Programs call the same three things by many names."""
    [one] = texts(read(LINES, "chat.jsonl", json.dumps(line)))
    assert (one.text, one.role, one.said[:10]) == (text, role, said)


def test_the_name_of_somebody_else_is_kept_as_the_speaker() -> None:
    """Who is neither the person nor an assistant keeps their name."""
    [one] = texts(read(LINES, "chat.jsonl", '{"speaker": "Anna", "text": "Hi"}'))
    assert one.speaker == "Anna"


def test_a_bad_line_is_told_by_its_number_and_the_next_is_read() -> None:
    """Lines are read on their own."""
    found = read(LINES, "a.jsonl", '{"role":"user","text":"One"}\n{oops\n[]\n\n{"text":"Two"}')
    assert [one.text for one in texts(found)] == ["One", "Two"]
    assert [one.place for one in faults(found)] == ["line 2 of a.jsonl", "line 3 of a.jsonl"]


def test_an_array_and_an_object_of_messages_are_read_like_lines() -> None:
    """JSON that is not one object a line holds the same messages."""
    messages = [{"role": "user", "content": "A"}, {"role": "assistant", "content": "B"}]
    whole = {"id": "talk-7", "title": "Letters", "messages": messages}
    for content in (messages, whole, [whole], json.dumps(whole, indent=1)):
        assert [one.text for one in texts(read(LINES, "a.json", content))] == ["A", "B"]
    [first, _] = texts(read(LINES, "a.json", whole))
    assert (first.thread, first.title) == ("talk-7", "Letters")


def test_the_orders_of_a_system_are_no_text() -> None:
    """What a program told its model was said by nobody."""
    found = read(LINES, "a.jsonl", '{"role":"system","content":"Be kind."}')
    assert texts(found) == []
    assert faults(found) == []
