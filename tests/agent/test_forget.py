"""Forgetting in a conversation: shown first, done after a yes, and gone from everywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from oona.agent.forget import _agreed, _what
from oona.core.events import Kind
from oona.journal import audit
from oona.testing.model import ToldModel
from tests.agent.conftest import Life

SISTER = "My sister Vilja lives in Tartu."


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Forget that.", "that"),
        ("please forget what I just said", "that"),
        ("Could you erase the last thing I told you?", "that"),
        ("Forget what I told you about Vilja.", "Vilja"),
        ("forget everything about my boss please", "my boss"),
        ("Please forget all you know about the trip to Riga", "the trip to Riga"),
        ("Delete everything from yesterday", "yesterday"),
    ],
)
def test_a_wish_to_forget_is_understood(text: str, what: str) -> None:
    """The usual ways to ask for it, with what they name."""
    assert _what(text) == what


@pytest.mark.parametrize(
    "text",
    [
        "Forget it.",
        "Never mind.",
        "I always forget what I told you about.",
        "Don't forget that Vilja comes on Sunday.",
        "I can't forget what he said.",
        "Did I forget that?",
        "My grandmother starts to forget everything about her youth, and it hurts.",
    ],
)
def test_other_talk_of_forgetting_erases_nothing(text: str) -> None:
    """To speak of forgetting is not to ask for it."""
    assert _what(text) is None


@pytest.mark.parametrize(
    ("text", "agreed"),
    [
        ("Yes.", True),
        ("yes please, do it", True),
        ("Go ahead!", True),
        ("No, keep it", False),
        ("yes but what about Tom?", None),
        ("Tell me a joke", None),
        ("", None),
    ],
)
def test_only_a_plain_yes_agrees(text: str, agreed: bool | None) -> None:
    """Whatever else is said is no agreement."""
    assert _agreed(text) is agreed


async def test_it_is_shown_first_and_erased_after_a_yes(life: Life) -> None:
    """The preview quotes and counts; after a yes neither the words nor the preview are left."""
    model = ToldModel("Tartu! Is it cold there?", "Nice.")
    loop = life.loop(model)
    await life.say(loop, SISTER)
    await life.say(loop, "I had soup.")
    _, shown = await life.say(loop, "Forget what I told you about Vilja.")
    assert shown.rule == "forget.preview"
    assert SISTER in shown.text
    assert "one thing you told me" in shown.text
    assert life.journal.newest(Kind.ERASED, limit=1) == []
    _, done = await life.say(loop, "Yes, do it.")
    assert done.rule == "forget.done"
    assert "one thing you told me" in done.text
    kept = [event.text() for event in life.journal.read() if event.raw is not None]
    assert not any("Vilja" in text or "Tartu" in text for text in kept)
    assert "I had soup." in kept
    assert audit(life.journal).sound
    assert [m.content for m in loop._session.messages if "Vilja" in m.content] == []  # type: ignore[union-attr]


@pytest.mark.parametrize("reply", ["No, keep it.", "What time is it?"])
async def test_without_a_yes_all_stays(life: Life, reply: str) -> None:
    """A no, or anything else, leaves everything, and a later yes means nothing any more."""
    loop = life.loop(ToldModel("Tartu!", "Well.", "Well."))
    await life.say(loop, SISTER)
    await life.say(loop, "Forget that.")
    await life.say(loop, reply)
    await life.say(loop, "Yes.")
    assert SISTER in [event.text() for event in life.journal.read()]


async def test_what_came_in_between_is_shown_again(life: Life) -> None:
    """Nobody agreed to erase what was not counted."""
    loop = life.loop(ToldModel("Tartu!"))
    await life.say(loop, SISTER)
    await life.say(loop, "Forget everything about Vilja.")
    life.clock.advance(timedelta(seconds=1))
    await life.say(life.loop(ToldModel("Oh.")), "Vilja has a cat.")
    _, done = await life.say(loop, "Yes.")
    assert done.rule == "forget.changed"


async def test_nothing_to_forget_is_said_so(life: Life) -> None:
    """A name that never came up is told to be unknown, and no question is left open."""
    loop = life.loop(ToldModel())
    _, done = await life.say(loop, "Forget what I told you about Ottokar.")
    assert done.rule == "forget.nothing"


async def test_what_goes_is_counted_whole_and_an_article_is_no_part_of_it(life: Life) -> None:
    """The pregnancy test is what was told as "a pregnancy test"; facts that go are counted."""
    loop = life.loop(ToldModel("Hm.", "Hm."))
    await life.say(loop, "don't tell anyone, but i did a pregnancy test this morning. negative")
    _, shown = await life.say(loop, "can you forget what i said about the pregnancy test")
    assert shown.rule == "forget.preview"
    await life.say(loop, "yes")
    kept = [event.text() for event in life.journal.read() if event.raw is not None]
    assert not any("pregnan" in text for text in kept)
    await life.say(loop, SISTER)
    _, shown = await life.say(loop, "Forget what I told you about Vilja.")
    assert "noted from it" in shown.text
