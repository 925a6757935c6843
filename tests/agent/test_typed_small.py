"""Whoever types no capitals is told no less, and no more, than others."""

from __future__ import annotations

import pytest

from oona.testing.model import ToldModel
from tests.agent.conftest import Life

TOLD = "my sister ruth lives in cardiff. she's a teacher"


@pytest.mark.parametrize(
    ("asked", "invented"),
    [
        ("where does ruth teach?", "Ruth teaches at the University of Szeged."),
        ("whats my brother called?", "Your brother's name is Ruth."),
        ("whats my brother called", "Your brother's name is Ruth."),
    ],
)
async def test_nothing_is_invented_of_who_is_named_in_small_letters(
    life: Life, asked: str, invented: str
) -> None:
    """A model's invention about somebody whose name was typed small is cut as any other."""
    loop = life.loop(ToldModel("Good.", *[invented] * 3))
    await life.say(loop, TOLD)
    _shown, done = await life.say(loop, asked)
    assert invented not in done.text
    assert "Szeged" not in done.text
    assert "haven't told" in done.text


async def test_a_reply_that_mixes_two_people_up_is_cut(life: Life) -> None:
    """What was just told of one is not said of another, though every word of it was said."""
    loop = life.loop(ToldModel("Good.", *["That's right! Ruth lives in Newport."] * 3))
    await life.say(loop, TOLD)
    _shown, done = await life.say(loop, "mum lives in newport, she's 71")
    assert "Newport" not in done.text


async def test_one_shared_word_is_no_yes(life: Life) -> None:
    """A rent that is "going up" is not affirmed by a sentence that only has the rent in it."""
    loop = life.loop(ToldModel("Good.", "Hm.", "Hm."))
    await life.say(loop, "ben the landlord backed down, rent stays the same")
    _shown, done = await life.say(loop, "is my rent going up?")
    assert not done.text.startswith("Yes")
    assert "stays the same" in done.text
