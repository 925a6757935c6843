"""A reply that is spoken is written down as it was heard, to the word."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from oona.agent.replies import Clause, Composed, Done
from oona.agent.turn import TurnLoop
from oona.agent.words import Words
from oona.core.events import Kind
from oona.testing.model import ToldModel
from tests.agent.conftest import Life

STORY = "The sea was calm that day. A boat came by, and then it rained. Nobody minded."


class Listener:
    """An audience that hears so many characters, and tells it when it is told to."""

    def __init__(self, characters: int) -> None:
        self._characters = characters
        self.over = asyncio.Event()

    async def heard(self, text: str) -> str:
        await self.over.wait()
        return text[: self._characters]

    def leave(self) -> None:
        self.over.set()


async def spoken(loop: TurnLoop, text: str, audience: Listener) -> tuple[list[str], Done]:
    """A turn whose reply is spoken: what came, in its order, and its end."""
    came: list[str] = []
    async for item in loop.turn(Words(text, via="spoken"), audience):
        if isinstance(item, Done):
            return came, item
        came.append(item.text if isinstance(item, Clause) else "composed")
        if isinstance(item, Composed):
            audience.over.set()
    raise AssertionError(came)


@pytest.mark.parametrize("asked", ["Tell me a story.", "What time is it?"])
async def test_what_was_not_heard_was_not_said(life: Life, asked: str) -> None:
    """Whoever phrased it, the journal and what is told of the turn end with the last word heard."""
    loop = life.loop(ToldModel(STORY))
    came, done = await spoken(loop, asked, Listener(7))
    assert came[-1] == "composed"
    assert "composed" not in came[:-1]
    said = life.journal.newest(Kind.SAID)[0]
    assert said.text() == done.text == "".join(came[:-1])[:7]
    assert done.stopped is True
    assert (said.body or {})["stopped"] is True


async def test_nothing_is_written_before_it_was_heard(life: Life) -> None:
    """While the reply is being heard the journal holds the turn, and not yet the reply."""
    listener = Listener(10_000)
    async with aclosing(life.loop(ToldModel()).turn(Words("What time is it?"), listener)) as items:
        assert isinstance(await anext(items), Clause)
        assert isinstance(await anext(items), Composed)
        ending = asyncio.ensure_future(anext(items))
        await asyncio.sleep(0.01)
        assert not ending.done()
        assert not life.journal.newest(Kind.SAID)
        listener.over.set()
        done = await ending
    assert isinstance(done, Done)
    assert not done.stopped
    assert life.journal.newest(Kind.SAID)[0].text() == done.text != ""


async def test_no_other_part_of_the_entry_holds_what_was_not_heard(life: Life) -> None:
    """The sources of clauses that nobody heard go with the clauses."""
    reply = "Your sister lives in Bergen. Your brother lives in Tartu."
    for heard, kept in ((len(reply), 2), (len("Your sister lives in Bergen."), 1), (4, 0)):
        loop = life.loop(ToldModel(reply))
        await life.say(loop, "My sister lives in Bergen and my brother lives in Tartu.")
        await spoken(loop, "Talk to me about the two of them for a bit.", Listener(heard))
        said = life.journal.newest(Kind.SAID)[0]
        rests = (said.body or {}).get("rests", [])
        assert isinstance(rests, list)
        assert len(rests) == kept
        assert ("Tartu" in (said.raw or b"").decode()) is (kept == 2)


@pytest.mark.parametrize("shown", ["The sea was calm", ""])
async def test_the_model_goes_on_from_what_was_heard(life: Life, shown: str) -> None:
    """In the next turn the model reads its reply as far as it was heard.

    Where nothing was, it reads both turns as one: no empty reply of its own.
    """
    model = ToldModel(STORY)
    loop = life.loop(model)
    await loop.open_session("test")
    await spoken(loop, "Tell me a story.", Listener(len(shown)))
    await life.say(loop, "With a dog in it, I mean.")
    messages = model.requests[-1].messages
    replies = [m.content for m in messages if m.role == "assistant"]
    assert ("Tell me a story." in messages[-1].content) is not bool(shown)
    assert not shown or replies[-1] == shown
    assert "" not in replies
    assert "rained" not in "".join(m.content for m in messages)


async def test_a_listener_who_leaves_is_not_waited_for(life: Life) -> None:
    """Whoever listened is gone: what was heard by then is written, at once."""
    model = ToldModel(STORY, endless=True)
    listener = Listener(11)
    async with aclosing(life.loop(model).turn(Words("Tell me a story."), listener)) as items:
        await anext(items)
    assert model.closed == 1
    assert life.journal.newest(Kind.SAID)[0].text() == STORY[:11]


async def test_what_was_heard_with_doubt_is_no_fact(life: Life) -> None:
    """The turn says how sure the transcriber was; told doubtfully, it is answered and not noted.

    Nor does a doubtful "no" mend what was told before.
    """
    loop = life.loop(ToldModel("Mm."))
    await life.say(loop, "My sister lives in Bergen.", via="spoken", confidence_milli=930)
    assert life.facts.answer("my sister", "lives_in").current[0].value == "Bergen"
    await life.say(loop, "My brother lives in Tartu.", via="spoken", confidence_milli=700)
    assert not life.facts.answer("my brother", "lives_in").current
    heard = life.journal.newest(Kind.HEARD)[0]
    assert (heard.text(), (heard.body or {})["confidence_milli"]) == (
        "My brother lives in Tartu.",
        700,
    )
    for confidence, place in ((700, "Bergen"), (930, "Oslo")):
        await life.say(loop, "Where does my sister live?")
        no = "No, she lives in Oslo."
        await life.say(loop, no, via="spoken", confidence_milli=confidence)
        assert [f.value for f in life.facts.answer("my sister", "lives_in").current] == [place]
