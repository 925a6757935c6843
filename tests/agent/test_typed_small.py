"""Whoever types no capitals is told no less, and no more, than others."""

from __future__ import annotations

from datetime import timedelta

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


async def test_the_next_time_is_the_one_told_last(life: Life) -> None:
    """When one is next somewhere is answered by what was said of a next time since.

    Whoever is asked for with "who" is answered by the sentence that has a doctor in it.
    """
    loop = life.loop(ToldModel(*["Mm, go on."] * 20))
    await life.say(loop, "dentist on thursday at 9:40, dr novak")
    await life.say(loop, "the dentist rang, it's 10:40 on thursday now, not 9:40")
    await life.say(loop, "the next appointment is on 5 november at 8:15")
    _shown, done = await life.say(loop, "when am i next at the dentist?")
    assert "5 november" in done.text
    _shown, done = await life.say(loop, "who is my dentist")
    assert "dr novak" in done.text


async def test_what_is_asked_of_now_is_not_affirmed_by_then(life: Life) -> None:
    """Whether something still is, what was told once does not say."""
    loop = life.loop(ToldModel(*["Mm, go on."] * 20))
    await life.say(loop, "My sister Ruth and I are fighting.")
    _shown, done = await life.say(loop, "are ruth and i still fighting?")
    assert not done.text.startswith("Yes")


async def test_a_model_says_no_answer_of_ours_again(life: Life) -> None:
    """A small model that takes up a quotation of ours in reply to something else is cut."""
    quoted = "You said it today: “the spare key is with mrs adeyemi at number 14”"
    loop = life.loop(ToldModel("Good.", *[quoted] * 6))
    await life.say(loop, "the spare key is with mrs adeyemi at number 14")
    await life.say(loop, "who has the spare key?")
    _shown, done = await life.say(loop, "i used to play the cello, did i ever tell you")
    assert "adeyemi" not in done.text


async def test_the_same_is_asked_of_oneself(life: Life) -> None:
    """Half a question, "and me?", asks of oneself what was asked of somebody else."""
    loop = life.loop(ToldModel(*["Mm, go on."] * 20))
    await life.say(loop, TOLD)
    await life.say(loop, "ruth can't have eggs")
    await life.say(loop, "im badly allergic to hazelnuts")
    _shown, done = await life.say(loop, "what is ruth allergic to?")
    assert done.text == "Eggs."
    _shown, done = await life.say(loop, "and me?")
    assert done.text == "Hazelnuts."


async def test_an_answer_that_says_she_is_of_whom_the_question_named(life: Life) -> None:
    """Days later, "she teaches at a comp" still is of Ruth, who stands in the turn before it."""
    loop = life.loop(ToldModel(*["Mm, go on."] * 20))
    await life.say(loop, TOLD)
    await life.say(loop, "where does ruth teach?")
    await life.say(loop, "she teaches maths at a comp in penarth")
    life.clock.advance(timedelta(days=3))
    loop = life.loop(ToldModel(*["Mm, go on."] * 20))
    _shown, done = await life.say(loop, "where does ruth teach?")
    assert "penarth" in done.text


async def test_what_will_be_is_answered_by_what_was_said_of_it(life: Life) -> None:
    """Where somebody will live is not where they live."""
    loop = life.loop(ToldModel(*["Mm, go on."] * 20))
    await life.say(loop, TOLD)
    await life.say(loop, "big news. ruth is moving to glasgow in january")
    await life.say(loop, "the next appointment is on 5 november at 8:15")
    _shown, done = await life.say(loop, "where will ruth live next year?")
    assert "glasgow" in done.text


async def test_an_allergy_binds_advice_in_whatever_words_it_is_asked(life: Life) -> None:
    """What contains hazelnuts is not offered, days later, though "nutella" finds no such turn."""
    loop = life.loop(ToldModel(*["Mm, go on."] * 20))
    await life.say(loop, "oh and im badly allergic to hazelnuts, so no recipes with those please")
    life.clock.advance(timedelta(days=3))
    loop = life.loop(ToldModel(*["Yes, nutella is fine."] * 20))
    _shown, done = await life.say(loop, "can i eat nutella?")
    assert "yes" not in done.text.lower()
    assert "hazelnuts" in done.text
