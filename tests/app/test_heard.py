"""Replies that a client speaks: the owner writes down what was heard of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from oona.app.attach import Attachment
from oona.app.operations import hearing
from oona.app.operations.hearing import Hearing
from oona.app.protocol import Message, OwnerGone
from tests.app.conftest import Reach, said, texts, until, written

pytestmark = pytest.mark.server

LONG = "I walked along the river with a friend, past the old mill, and we talked about the sea."


def say(attachment: Attachment, text: str) -> AsyncGenerator[Message, None]:
    """A turn whose reply is spoken by the client."""
    return attachment.request("say", text=text, via="spoken", paced=True)


async def last_said(attachment: Attachment) -> dict[str, object]:
    """The body of the newest reply."""
    page = await attachment.ask("journal", limit=1, kinds=["turn.said"])
    assert isinstance(page["events"], list)
    body: dict[str, object] = page["events"][0]["body"]
    return body


async def test_a_reply_is_written_when_it_was_heard(reach: Reach) -> None:
    """It is composed first; it is written once all of it was heard, and the next turn waits."""
    attachment = await reach()
    async with aclosing(say(attachment, "What time is it?")) as messages:
        clause, composed = await anext(messages), await anext(messages)
        assert (clause["type"], composed["type"]) == ("clause", "composed")
        text = str(clause["text"])
        following = asyncio.create_task(said(attachment, "Good morning."))
        assert (await attachment.ask("heard", characters=3))["taken"]
        assert await texts(attachment, "turn.said") == []
        assert (await attachment.ask("heard", characters=len(text), over=True))["taken"]
        done = await anext(messages)
    assert (done["reply"], done["stopped"]) == (text, False)
    assert (await following)[1]["reply"]
    assert (await texts(attachment, "turn.said"))[0] == text
    assert not (await attachment.ask("heard", characters=1, over=True))["taken"]


async def test_a_reply_that_was_spoken_over_ends_with_the_word_heard(
    reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped while it is still being phrased, it ends at once, and where the ear did."""
    monkeypatch.setenv("OONA_LLM", "echo:60")
    attachment = await reach()
    async with asyncio.timeout(10), aclosing(say(attachment, LONG)) as messages:
        first = str((await anext(messages))["text"])
        word = first.split(maxsplit=1)[0]
        telling = asyncio.create_task(attachment.ask("heard", characters=len(word), over=True))
        ends = [message async for message in messages if message["type"] == "done"]
        await telling
    assert (ends[0]["reply"], ends[0]["stopped"]) == (word, True)
    body = await last_said(attachment)
    assert (body["text"], body["stopped"]) == (word, True)
    _, end = await said(attachment, "What time is it?")
    assert end["stopped"] is False


@pytest.mark.parametrize("how", ["dies", "stopped by another"])
async def test_whoever_ends_it_what_was_heard_is_kept(reach: Reach, how: str) -> None:
    """A client that dies, or a "stop" from another: the reply ends with what it had told last.

    Only the client that speaks can tell what was heard.
    """
    other, speaks = await reach(), await reach()
    messages = say(speaks, "What time is it?")
    text = str((await anext(messages))["text"])
    await anext(messages)
    assert (await speaks.ask("heard", characters=5))["taken"]
    assert not (await other.ask("heard", characters=len(text), over=True))["taken"]
    if how == "dies":
        await speaks.close()
        with pytest.raises(OwnerGone):
            await anext(messages)
        await until(lambda: written(other, "turn.said"), 5)
    else:
        assert (await other.ask("stop"))["stopped"]
        assert (await anext(messages))["stopped"]
    await messages.aclose()
    assert (await last_said(other))["text"] == text[:5].rstrip()


async def test_a_client_that_tells_nothing_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that hangs holds up the others for so long and no longer; telling something counts."""
    monkeypatch.setattr(hearing, "SILENT_S", 0.05)
    one = Hearing()
    ending = asyncio.create_task(one.heard("It is noon."))
    for characters in (2, 5, 4):
        await asyncio.sleep(0.03)
        one.tell(characters, over=False)
    assert await asyncio.wait_for(ending, 5) == "It is"
    one.tell(11, over=True)
    assert await one.heard("It is noon.") == "It is"
