"""Moods: what is read from a telling, and how a reply to it begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from oona.agent.moods import Moods, lead
from oona.agent.moods.reading import moods
from oona.core.language import ModelState
from oona.testing.model import ToldModel
from oona.trust.lexicon import load
from oona.trust.why import why
from tests.agent.conftest import Life

HELD_OUT = Path(__file__).parents[2] / "training/moods/held-out"
GRIEF = "My grandfather died on Tuesday and we bury him tomorrow."


def by_words() -> Moods:
    """The reader as it is before an embedder has arrived."""
    return Moods(load(), lambda _text: None)


def held_out() -> list[tuple[str, str]]:
    """Tellings that nothing was fitted to, each with its mood."""
    return [
        (file.stem, line)
        for file in sorted(HELD_OUT.glob("*.txt"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


def test_plain_tellings_are_left_alone() -> None:
    """Of tellings that nothing was fitted to, few plain ones are given a mood by words alone."""
    reader = by_words()
    plain = [text for mood, text in held_out() if mood == "plain"]
    read = [text for text in plain if reader.read(text) is not None]
    assert len(plain) > 100
    assert len(read) / len(plain) < 0.1, read


def test_a_mood_is_seldom_read_as_its_opposite() -> None:
    """By words alone, hardly any joy is met with sorrow, and hardly any sorrow with joy."""
    reader = by_words()
    moved = [(mood, reader.read(text)) for mood, text in held_out() if mood != "plain"]
    read = [(mood, found.name) for mood, found in moved if found is not None]
    assert len(read) / len(moved) > 0.6
    opposite = [pair for pair in read if (pair[0] == "joy") != (pair[1] == "joy")]
    assert len(opposite) / len(read) < 0.06, opposite


def test_what_was_hard_a_moment_ago_is_taken_so_more_readily() -> None:
    """Whoever has just told of a loss is read with less doubt in the next turn."""
    reader = by_words()
    texts = [text for mood, text in held_out() if mood not in ("plain", "joy")]
    alone = sum(reader.read(text) is not None for text in texts)
    after = sum(reader.read(text, "cheerful") is not None for text in texts)
    assert after > alone


def test_first_words_are_not_said_twice_in_a_while() -> None:
    """Each of a mood's openings is used once among the last replies, and then none."""
    mood = moods()["loss"]
    said: list[str] = []
    while (first := lead(mood, len(said), said)) is not None:
        assert first.text not in said
        said.append(first.text)
    assert sorted(said) == sorted(mood.opens)


async def test_the_model_goes_on_from_the_first_words(life: Life) -> None:
    """They are shown before the model is done, and stand in its mouth when it begins."""
    model = ToldModel(" he like?")
    shown, done = await life.say(life.loop(model, by_words()), GRIEF)
    opened = model.requests[0].messages[-1]
    assert opened.role == "assistant"
    assert opened.content.startswith(shown[0])
    assert shown[0] in moods()["loss"].opens
    assert done.text == f"{opened.content} he like?"
    assert done.rule == ""


async def test_cheer_to_a_loss_is_cut_and_what_is_left_is_kind(life: Life) -> None:
    """Where nothing of two draws fits the mood, a plain sentence of ours follows."""
    model = ToldModel(" That's great news!", " Good for him!")
    _shown, done = await life.say(life.loop(model, by_words()), GRIEF)
    mood = moods()["loss"]
    assert {cut.rule for cut in done.cuts} == {"tone"}
    assert len(model.requests) == 2
    assert done.rule == "mood.loss"
    assert any(done.text == f"{first} {then}" for first in mood.opens for then in mood.then)


async def test_the_mood_lasts_for_the_next_turn(life: Life) -> None:
    """Who goes on about a loss in plain words is not met with cheer either."""
    model = ToldModel(" I'm listening.", "Ninety! Great. He saw a lot.")
    loop = life.loop(model, by_words())
    await life.say(loop, GRIEF)
    _shown, done = await life.say(loop, "He was ninety years old.")
    assert "great" not in done.text.lower()
    assert [cut.rule for cut in done.cuts] == ["tone"]


async def test_after_two_questions_comes_none(life: Life) -> None:
    """Where the next reply may not ask, it is whole without the model."""
    model = ToldModel("What did you see there?", "Where does it go to then?")
    loop = life.loop(model, by_words())
    await life.say(loop, "I was at the harbour today.")
    await life.say(loop, "The ferry comes on Saturdays.")
    asked = len(model.requests)
    _shown, done = await life.say(loop, GRIEF)
    assert len(model.requests) == asked
    assert done.rule == "mood.loss"
    assert not done.text.endswith("?")


class _Large(ToldModel):
    def state(self) -> ModelState:
        return ModelState("large", ready=True, quick=True)


async def test_a_large_model_begins_by_itself(life: Life) -> None:
    """It needs no words put in its mouth, and many endpoints would not take them."""
    model = _Large("I'm sorry about your grandfather.")
    _shown, done = await life.say(life.loop(model, by_words()), GRIEF)
    assert done.text == "I'm sorry about your grandfather."
    assert model.requests[0].messages[-1].role == "user"


async def test_why_tells_who_spoke_the_first_words(life: Life) -> None:
    """The account names the rule of the first words, and the model for the rest."""
    await life.say(life.loop(ToldModel(" he like?"), by_words()), GRIEF)
    account = why(life.journal).text
    assert "The first words, “" in account
    assert "mood.loss" in account
    assert "the model told" in account or "a script" in account


@pytest.mark.parametrize("name", sorted(moods()))
def test_every_mood_has_something_to_say_without_asking(name: str) -> None:
    """A reply that may not ask finds a plain sentence in each mood."""
    first = lead(moods()[name], 0, [])
    assert first is not None
    assert first.plainly
    assert not first.plainly.endswith("?")


async def test_what_only_says_back_is_shown_at_once_and_gone_on_from(life: Life) -> None:
    """Nobody waits for a second draw, and what was shown is not said again."""
    model = ToldModel("Tartu!", " Tartu! What does she do there?")
    shown, done = await life.say(life.loop(model), "My sister lives in Tartu.")
    assert shown[0] == "Tartu!"
    assert model.requests[1].messages[-1].content == "Tartu!"
    assert done.text == "Tartu! What does she do there?"


async def test_a_farewell_of_the_model_s_is_not_followed_by_a_stock_sentence(life: Life) -> None:
    """Short words that say nothing back of what was told stand as they are."""
    model = ToldModel("See you! How was your brother's wedding?")
    _shown, done = await life.say(life.loop(model), "Fine, I'm opening the book now.")
    assert done.text == "See you!"
    assert done.rule == ""
    assert len(model.requests) == 1
