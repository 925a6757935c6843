"""Markdown, plain text and workspaces: conversations by the names of their sides, else notes."""

from __future__ import annotations

import pytest

from oona.core.importing import Role
from oona.integrations.formats import markdown, text, workspace
from tests.integrations.conftest import document, read, texts


@pytest.mark.parametrize(
    "writing",
    [
        "User: Hi there\nAssistant: Hello",
        "**You:** Hi there\n\n**ChatGPT:** Hello",
        "### Human\nHi there\n\n### Claude:\n\nHello\n",
        "You said:\nHi there\nChatGPT said:\nHello\n",
        "[2024-05-03 10:11] User: Hi there\n[2024-05-03 10:12] AI: Hello",
    ],
)
def test_both_sides_are_told_apart(writing: str) -> None:
    """The usual ways to write down a conversation are known."""
    asked, answered = texts(read(markdown.IMPORTER, "talk.md", writing))
    assert (asked.text, asked.role) == ("Hi there", Role.PERSON)
    assert (answered.text, answered.role) == ("Hello", Role.OTHER)
    assert asked.thread == answered.thread == "Hi there"


def test_one_side_alone_makes_no_conversation() -> None:
    """A note that begins with "Answer:" is a note."""
    [one] = texts(read(text.IMPORTER, "notes.txt", "Answer: it was the butler."))
    assert (one.role, one.text) == (Role.NOTE, "Answer: it was the butler.")


def test_a_name_in_code_begins_no_turn() -> None:
    """What stands between fences is part of what was said."""
    writing = "User: see\n```\nAssistant: not me\n```\nAssistant: I do"
    asked, answered = texts(read(markdown.IMPORTER, "talk.md", writing))
    assert "Assistant: not me" in asked.text
    assert answered.text == "I do"


def test_paragraphs_and_items_are_notes_under_the_day_of_their_heading() -> None:
    """Each is a text of its own; a heading gives its title and, if it names one, its day."""
    writing = "# Family\n- Anna: sister\n- [x] Ben\n\nA long\nline\n\n## 3 May 2024\nRain.\n"
    found = texts(read(markdown.IMPORTER, "notes.md", writing))
    assert [(one.text, one.title, one.said) for one in found] == [
        ("Anna: sister", "Family", ""),
        ("Ben", "Family", ""),
        ("A long\nline", "Family", ""),
        ("Rain.", "3 May 2024", "2024-05-03"),
    ]


def test_the_fields_before_a_text_give_its_day() -> None:
    """Front matter is read and is no note."""
    [one] = texts(read(markdown.IMPORTER, "a.md", "---\ntitle: X\ndate: 2024-05-03\n---\nRain."))
    assert (one.text, one.title, one.said) == ("Rain.", "X", "2024-05-03")


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("2024-05-03", "2024-05-03"),
        ("Friday, May 3rd, 2024", "2024-05-03"),
        ("3. May 2024", "2024-05-03"),
        ("2024-05-03 10:11", "2024-05-03T10:11:00"),
        ("3/5/2024", ""),
        ("31 June 2024", ""),
        ("May the force", ""),
    ],
)
def test_only_days_that_can_be_read_in_one_way_are_taken(heading: str, said: str) -> None:
    """3/5/2024 is in May here and in March there."""
    [one] = texts(read(markdown.IMPORTER, "a.md", f"## {heading}\nRain."))
    assert one.said == said


def test_other_encodings_are_read() -> None:
    """Windows-1252, UTF-16 and a byte-order mark; a single bad byte spoils one letter only."""
    for spelt in (
        "Café ça".encode("cp1252"),
        "Café ça".encode("utf-16"),
        "Café ça".encode("utf-8-sig"),
    ):
        [one] = texts(read(text.IMPORTER, "a.txt", spelt))
        assert one.text == "Café ça"
    [one] = texts(read(text.IMPORTER, "a.txt", "Café ça øl ".encode() + b"\xff x"))
    assert one.text == "Café ça øl \ufffd x"


def test_daily_notes_of_a_workspace_are_dated_by_their_names() -> None:
    """memory/2026-02-20-plan.md is of that day; all in a workspace are notes."""
    daily = document("memory/2026-02-20-plan.md", "- Met Bo\n", folder="claw")
    [one] = texts(list(workspace.IMPORTER.read(daily)))
    assert (one.text, one.said, one.role) == ("Met Bo", "2026-02-20", Role.NOTE)
