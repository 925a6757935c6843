"""ChatGPT's export: the branch that was last seen, without what nobody said."""

from __future__ import annotations

from oona.core.importing import LeftOut, Role
from oona.integrations.formats.chatgpt import IMPORTER
from tests.integrations.conftest import chatgpt, faults, message, read, texts

AT = 1714730000.25
HIDDEN = {"metadata": {"is_visually_hidden_from_conversation": True}}


def _read(*conversations: object) -> list[object]:
    return list(read(IMPORTER, "conversations.json", list(conversations)))


def test_who_said_what_when_is_kept() -> None:
    """Each text has its side, its speaker, its time and the title of its conversation."""
    talk = chatgpt(message("user", "Where is it?", AT), message("assistant", "Here.", AT + 1))
    asked, answered = texts(read(IMPORTER, "conversations.json", [talk]))
    assert (asked.text, asked.role, asked.speaker) == ("Where is it?", Role.PERSON, "")
    assert (answered.role, answered.speaker) == (Role.OTHER, "ChatGPT")
    assert asked.said == "2024-05-03T09:53:20.250000+00:00"
    assert (asked.title, asked.thread) == ("Cabin", "conversation-1")


def test_only_the_branch_last_seen_is_read() -> None:
    """What was edited away or drawn again is counted, and is no text."""
    talk = chatgpt(message("user", "Edited.", AT), message("assistant", "Kept.", AT))
    given_up = message("assistant", "Given up.", AT)
    talk["mapping"]["other"] = {"id": "other", "message": given_up, "parent": "node-0"}
    found = read(IMPORTER, "conversations.json", [talk])
    assert [one.text for one in texts(found)] == ["Edited.", "Kept."]
    assert LeftOut("messages of branches that were given up", 1) in found


def test_without_a_current_node_the_newest_leaf_counts() -> None:
    """An export that does not say where the conversation ended is read all the same."""
    talk = chatgpt(message("user", "First.", AT), message("assistant", "Newest.", AT + 9))
    older = message("assistant", "Older.", AT + 1)
    talk["mapping"]["older"] = {"id": "older", "message": older, "parent": "node-0"}
    for lost in (None, "nowhere"):
        talk["current_node"] = lost
        found = texts(read(IMPORTER, "conversations.json", [talk]))
        assert [one.text for one in found] == ["First.", "Newest."]


def test_parents_in_a_circle_come_to_an_end() -> None:
    """A damaged tree whose nodes name each other as parents gives each message once."""
    talk = chatgpt(message("user", "One.", AT), message("assistant", "Two.", AT))
    talk["mapping"]["node-0"]["parent"] = "node-1"
    assert len(texts(read(IMPORTER, "conversations.json", [talk]))) == 2


def test_what_nobody_said_is_left_out() -> None:
    """Instructions, tools and thoughts are counted and kept out."""
    talk = chatgpt(
        message("system", "Be kind.", None),
        message("user", "About me: I am a baker.", AT, **HIDDEN),
        message("assistant", "search('rye')", AT, recipient="browser"),
        message("tool", "Ten results.", AT),
        message("assistant", "", AT, content={"content_type": "thoughts", "thoughts": []}),
        message("assistant", "Rye it is.", AT),
    )
    found = read(IMPORTER, "conversations.json", [talk])
    assert [one.text for one in texts(found)] == ["Rye it is."]
    assert faults(found) == []
    assert sum(one.count for one in found if isinstance(one, LeftOut)) == 5


def test_words_between_pictures_and_sounds_are_read() -> None:
    """Of a message in several parts the text and the transcript are taken."""
    parts = [
        {"content_type": "image_asset_pointer", "asset_pointer": "sediment://x"},
        "What is this?",
        {"content_type": "audio_transcription", "text": "It sings.", "direction": "in"},
    ]
    content = {"content_type": "multimodal_text", "parts": parts}
    talk = chatgpt(message("user", "", AT, content=content))
    found = read(IMPORTER, "conversations.json", [talk])
    assert [one.text for one in texts(found)] == ["What is this?\nIt sings."]
    assert LeftOut("pictures, sounds and files", 1) in found


def test_a_missing_time_is_that_of_the_message_before() -> None:
    """A message without a time was said after the one before it, or when its talk began."""
    talk = chatgpt(message("user", "Hm.", None), message("assistant", "Yes?", AT))
    early, late = texts(read(IMPORTER, "conversations.json", [talk]))
    assert early.said == "2023-05-03T07:46:40+00:00"
    assert late.said > early.said


def test_marks_of_citations_are_taken_out() -> None:
    """What the app shows as a link is no word of the answer."""
    cited = "Rye keeps.\ue200cite\ue202turn0search1\ue201 It does.【4†source】"
    talk = chatgpt(message("assistant", cited, AT))
    assert texts(read(IMPORTER, "x", [talk]))[0].text == "Rye keeps. It does."


def test_what_is_damaged_is_named_by_its_conversation_and_the_rest_is_read() -> None:
    """A strange kind of content, a strange role and a thing that is no conversation: no end."""
    talk = chatgpt(
        message("user", "", AT, content={"content_type": "hologram", "beam": 7}),
        message("oracle", "Beware.", AT),
        message("user", "Go on.", AT),
    )
    found = read(IMPORTER, "conversations.json", [{"title": "odd"}, 7, talk])
    assert [one.text for one in texts(found)] == ["Go on."]
    places = [one.place for one in faults(found)]
    assert places == [
        "conversation 1 of conversations.json",
        "“Cabin”, message 2",
        "“Cabin”, message 3",
    ]
