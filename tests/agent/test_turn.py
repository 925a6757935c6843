"""The turn loop: what is written, what is shown, and what is kept back."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import timedelta

import pytest

from oona.agent.profile import settle
from oona.agent.replies import Clause, Done
from oona.agent.words import Words
from oona.core.errors import BadInput, ModelUnavailable
from oona.core.events import Actor, Kind
from oona.core.labels import Integrity
from oona.journal import audit
from oona.memory import FullTextRecall
from oona.testing.model import ToldModel
from tests.agent.conftest import Life

BEES = "My sister Vilja keeps bees near Tartu."
SISTER = "My sister Vilja lives in Tartu and is allergic to walnuts."


async def test_a_turn_is_two_events_and_the_reply_names_its_cause(life: Life) -> None:
    """What was heard is written first; what was said points back at it."""
    done, _model = await life.answer("I had soup today.", "Soup is a fine thing.")
    heard, said = life.journal.get([done.heard, done.said])
    assert (heard.text(), said.text()) == ("I had soup today.", "Soup is a fine thing.")
    assert (heard.actor, said.actor) == (Actor.PERSON, Actor.COMPANION)
    assert said.causes[0] == heard.id
    assert said.label.integrity is Integrity.COMPANION
    assert audit(life.journal).sound


async def test_clauses_appear_one_by_one_and_join_to_the_whole(life: Life) -> None:
    """The reply is shown as it passes, and nothing is shown that is not in the journal."""
    loop = life.loop(ToldModel("That is a long road, but a good one. Rest a bit.\nThen go on."))
    shown, done = await life.say(loop, "I walked all day.")
    assert "".join(shown) == done.text == life.journal.get([done.said])[0].text()
    assert len(shown) >= 3


async def test_what_is_said_aloud_is_shorter(life: Life) -> None:
    """To who speaks, the model may say less than to who writes; a story may be as long."""
    model = ToldModel("A fine thing.")
    loop = life.loop(model)

    async def most(text: str, via: str) -> int:
        await life.say(loop, text, via=via)
        return model.requests[-1].max_tokens

    written, spoken = [await most("I had soup today.", via) for via in ("typed", "spoken")]
    story, told = [await most("Tell me a story about a bear.", via) for via in ("typed", "spoken")]
    assert spoken < written < told == story


async def test_a_claim_about_the_life_is_cut_and_the_sentence_ends_before_it(life: Life) -> None:
    """The rest of a sentence goes with its bad clause; a full stop stands where the comma was."""
    done, _model = await life.answer(
        "I had a row at work.", "That sounds really rough to me, and your brother Tom agrees."
    )
    assert done.text == "That sounds really rough to me."
    assert [cut.rule for cut in done.cuts] == ["life"]


async def test_nothing_told_means_no_model_is_asked(life: Life) -> None:
    """An unknown is admitted by code, with one question, and then without."""
    model = ToldModel("Bill.")
    loop = life.loop(model)
    _shown, first = await life.say(loop, "What is my brother's name?")
    _shown, second = await life.say(loop, "And what is my uncle's name?")
    assert model.requests == []
    assert "brother" in first.text
    assert first.text.endswith("?")
    assert "uncle" in second.text
    assert not second.text.endswith("?")


async def test_a_look_up_answered_wrongly_is_answered_in_the_person_s_words(life: Life) -> None:
    """Where the model's answer rests on nothing, the source sentence is quoted instead."""
    await life.answer(BEES, "Noted, and gladly so.")
    life.clock.advance(timedelta(days=2))
    done, model = await life.answer("Where does Vilja keep bees?", "She keeps them in Bergen.")
    assert len(model.requests) == 1
    assert BEES in done.text
    assert "Bergen" not in done.text
    assert done.rule == "told"


async def test_a_look_up_across_sessions_names_its_source(life: Life) -> None:
    """The reply's causes hold the turn in which it was told."""
    told, _model = await life.answer(BEES, "Noted, and gladly so.")
    life.clock.advance(timedelta(days=30))
    done, model = await life.answer("Where does Vilja keep bees?", "Near Tartu.")
    assert done.text == "Near Tartu."
    assert told.heard in life.journal.get([done.said])[0].causes
    assert BEES in model.requests[0].messages[-1].content


async def test_a_constraint_holds_even_when_the_model_forgets_it(life: Life) -> None:
    """What someone cannot have is not offered, and the reason is given."""
    await life.answer(SISTER, "Noted.")
    life.clock.advance(timedelta(days=3))
    done, _model = await life.answer("What cake for Vilja?", "A walnut cake.")
    assert done.rule == "cut_constraint"
    assert "allergic to walnuts" in done.text


async def test_advice_loses_a_whole_sentence_with_any_clause_of_it(life: Life) -> None:
    """Where a reply is judged before it is shown, no stump of a cut sentence stays."""
    await life.answer(SISTER, "Noted.")
    done, _model = await life.answer(
        "What could I cook for Vilja?", "Vilja, who is your sister, is allergic to rice. A soup?"
    )
    assert done.text == "A soup?"


async def test_who_speaks_of_walnuts_themselves_is_offered_none(life: Life) -> None:
    """An allergy binds advice; it does not forbid the word to who has just used it."""
    await life.answer(SISTER, "Noted.")
    done, _model = await life.answer("The walnuts fell early.", "Walnuts on the grass already!")
    assert done.text == "Walnuts on the grass already!"
    done, _model = await life.answer("Vilja comes on Friday.", "Bake her a walnut cake.")
    assert done.rule == "cut_constraint"


async def test_a_bad_draw_is_drawn_once_more(life: Life) -> None:
    """Where all was cut the model gets one more chance, with another seed."""
    done, model = await life.answer("I'm bored.", "I can't assist with that.", "Try a walk.")
    assert done.text == "Try a walk."
    assert len({request.seed for request in model.requests}) == 2


async def test_two_bad_draws_leave_a_sentence_of_ours(life: Life) -> None:
    """Something is always said, and the journal says by which rule."""
    done, model = await life.answer("I'm bored.", "How can I help you today?")
    assert len(model.requests) == 2
    assert done.text
    assert done.rule == "cut_other"


async def test_a_promise_it_cannot_keep_is_never_made(life: Life) -> None:
    """Asked for a deed, code says what it cannot do; a model is not asked."""
    done, model = await life.answer("Remind me to call Vilja at 5.", "Sure, done!")
    assert model.requests == []
    assert done.rule == "cannot-act"


async def test_words_of_danger_are_answered_and_not_kept(life: Life) -> None:
    """The fixed answer comes, no model is asked, and the journal holds no word of it."""
    done, model = await life.answer("I want to kill myself tonight.", "Oh.")
    assert model.requests == []
    assert done.text == "Call someone."
    heard = life.journal.get([done.heard])[0]
    assert heard.text() == ""
    assert heard.word("withheld") == "danger"
    assert b"tonight" not in b"".join(event.raw or b"" for event in life.journal.read())


async def test_stop_ends_the_generation_and_keeps_what_was_shown(life: Life) -> None:
    """After "stop" nothing more is shown, and the journal ends where the screen did."""
    model = ToldModel("One thing.", endless=True)
    loop = life.loop(model)
    shown: list[str] = []
    ends: list[Done] = []
    async for item in loop.turn(Words("Go on about it.")):
        if isinstance(item, Done):
            ends.append(item)
        elif isinstance(item, Clause):
            shown.append(item.text)
            if len(shown) == 2:
                loop.stop()
    said = life.journal.newest(Kind.SAID)[0]
    assert ends[0].stopped
    assert (said.body or {})["stopped"] is True
    assert said.text() == "".join(shown)
    assert model.closed == 1


async def test_a_listener_who_leaves_ends_the_generation(life: Life) -> None:
    """Nobody listens: the model stops at once, and what was shown is written down."""
    model = ToldModel("One thing.", endless=True)
    loop = life.loop(model)
    async with aclosing(loop.turn(Words("Go on about it."))) as items:
        first = await anext(items)
        assert isinstance(first, Clause)
    await asyncio.sleep(0)
    assert model.closed == 1
    assert life.journal.newest(Kind.SAID)[0].text() == first.text


async def test_without_a_model_it_says_so_and_keeps_the_words(life: Life) -> None:
    """A model that is away is a sentence, not an end; what was said is in the journal."""
    model = ToldModel(ModelUnavailable("It is gone."))
    loop = life.loop(model)
    _shown, done = await life.say(loop, "How was the sea?")
    assert done.rule == "no-model"
    assert "It is gone." in done.text
    assert life.journal.newest(Kind.FAULT)
    assert life.journal.get([done.heard])


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x07", "\u202e\u2066"])
async def test_nothing_readable_is_refused_in_a_sentence(life: Life, text: str) -> None:
    """Empty and invisible turns are refused, and leave no event."""
    before = life.journal.head()
    with pytest.raises(BadInput):
        await life.say(life.loop(ToldModel()), text)
    assert life.journal.head() == before


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b",
        "caf\udce9",
        "\u202eabc",
        "x" * 999_999,
        "line\n" * 10_000,
        "\x1b[2Jhello",
        "e\u0301" * 50,
    ],
)
async def test_hostile_text_is_kept_and_answered(life: Life, text: str) -> None:
    """Control signs, broken bytes, huge pastes: answered in a sentence, the journal sound."""
    done, model = await life.answer(text, "Right.")
    assert done.text
    assert audit(life.journal).sound
    for request in model.requests:
        assert "\x00" not in request.messages[-1].content
        assert len(request.messages[-1].content) < 3_000


async def test_more_than_a_million_signs_are_refused_and_nothing_is_kept(life: Life) -> None:
    """The limit is said in figures."""
    with pytest.raises(BadInput, match="1,000,000"):
        await life.say(life.loop(ToldModel()), "x" * 1_000_001)


async def test_a_paste_is_never_the_person_s_word(life: Life) -> None:
    """What was pasted is kept, labelled outside, and no claim can rest on it."""
    model = ToldModel("Your boss is called Ottokar.", "Your boss is called Ottokar.")
    loop = life.loop(model)
    _shown, pasted = await life.say(loop, "My boss is Ottokar.", pasted=True)
    assert life.journal.get([pasted.heard])[0].label.integrity is Integrity.OUTSIDE
    _shown, done = await life.say(loop, "What is my boss called?")
    assert "Ottokar" not in done.text


async def test_what_may_not_be_remembered_is_gone_when_we_part(life: Life) -> None:
    """With memory.keep=nothing, no word of the conversation is left, and the chain verifies."""
    life.journal.append(settle("memory.keep", "nothing"))
    loop = life.loop(ToldModel("Mm, the sea."))
    await loop.open_session("test")
    await life.say(loop, "I swam at Keila.")
    await loop.close_session()
    assert b"Keila" not in b"".join(event.raw or b"" for event in life.journal.read())
    assert audit(life.journal).sound
    assert life.store.search_text(["keila"], 5) == []


async def test_only_what_was_asked_to_be_remembered_stays(life: Life) -> None:
    """With memory.keep=asked, a turn with "remember" outlives the conversation."""
    life.journal.append(settle("memory.keep", "asked"))
    loop = life.loop(ToldModel("Mm."))
    await loop.open_session("test")
    await life.say(loop, "I swam at Keila.")
    await life.say(loop, "Remember that I parked at Paldiski.")
    await loop.close_session()
    left = b"".join(event.raw or b"" for event in life.journal.read())
    assert b"Paldiski" in left
    assert b"Keila" not in left


async def test_a_prompt_grows_only_at_its_end(life: Life) -> None:
    """Every prompt begins with the one before it, so that the model's cache survives."""
    model = ToldModel("Mm.", "I see.", "Right.")
    loop = life.loop(model)
    for text in ("I had soup.", "It was hot.", "And salty."):
        await life.say(loop, text)
    for shorter, longer in zip(model.requests, model.requests[1:], strict=False):
        assert longer.messages[: len(shorter.messages)] == list(shorter.messages)


async def test_a_long_conversation_stays_within_the_window(life: Life) -> None:
    """Old turns leave the prompt before the model's window is full; the journal keeps them."""
    model = ToldModel("Mm, and then what was it like for all of you there that day? " * 3)
    loop = life.loop(model)
    for number in range(60):
        await life.say(loop, f"Day {number}. " + "We walked on and on over the hills. " * 10)
    longest = max(sum(len(m.content.split()) for m in r.messages) for r in model.requests)
    assert longest * 1.4 < 4096
    assert len(list(life.journal.read(kinds=[Kind.HEARD]))) == 60


async def test_no_reply_asks_a_third_time_in_a_row(life: Life) -> None:
    """After two replies that ended with a question, the next keeps its question to itself."""
    model = ToldModel("I see. What else is new?", "Oh. Where was it?", "Hm. Who was there?")
    loop = life.loop(model)
    replies = [(await life.say(loop, f"It rained, part {n}."))[1].text for n in range(3)]
    assert [reply.endswith("?") for reply in replies] == [True, True, False]


async def test_an_allergy_is_no_yes_to_eating(life: Life) -> None:
    """All the words of the question stand in the sentence, and it still says no."""
    await life.answer("Vilja is allergic to rhubarb.", "Noted.")
    done, _model = await life.answer("Can Vilja eat rhubarb?", "Yes.")
    assert "allergic to rhubarb" in done.text
    assert not done.text.startswith("Yes")


async def test_a_guess_is_not_made_even_when_pleaded_for(life: Life) -> None:
    """After "you haven't told me", "just guess" is declined by code."""
    model = ToldModel("Bill.")
    loop = life.loop(model)
    await life.say(loop, "What is my brother's name?")
    _shown, done = await life.say(loop, "Oh come on, just guess.")
    assert (model.requests, done.rule) == ([], "no_guess")


async def test_a_name_from_our_own_examples_is_never_said(life: Life) -> None:
    """Small models repeat the prompt's examples; their names belong to nobody."""
    done, _model = await life.answer("Tell me about Keila.", "Keila is near Pécs.", "Keila is old.")
    assert "Pécs" not in done.text


async def test_what_was_told_is_kept_though_the_model_adds_to_it(life: Life) -> None:
    """Of "In Tartu, Estonia." the told half is the answer."""
    await life.answer(SISTER, "Noted.")
    done, _model = await life.answer("Where does Vilja live?", "In Tartu, Estonia.")
    assert done.text == "In Tartu."


async def test_advice_that_offers_it_twice_is_replaced_as_a_whole(life: Life) -> None:
    """Nothing of a reply with the forbidden in it is shown; a second draw is told to avoid it."""
    await life.answer(SISTER, "Noted.")
    done, model = await life.answer(
        "A cake for Vilja?", "Lovely idea. A walnut cake!", "A nut pie."
    )
    assert done.rule == "cut_constraint"
    assert "Lovely" not in done.text
    assert " walnut" in model.requests[-1].ban


async def test_the_newest_word_is_the_answer(life: Life) -> None:
    """Where someone moved, the old place is no answer even when the model gives it."""
    await life.answer("My cousin Arvo lives in Narva.", "Noted.")
    life.clock.advance(timedelta(days=9))
    await life.answer("My cousin Arvo moved to Paide.", "Noted.")
    life.clock.advance(timedelta(days=1))
    done, _model = await life.answer("Where does Arvo live?", "In Narva.")
    assert "Paide" in done.text
    assert "Narva" not in done.text.removesuffix("; before that Narva.")


async def test_an_age_nobody_told_is_not_asked_of_a_model(life: Life) -> None:
    """A question for a number is answered by code where no sentence about the one has a number."""
    await life.answer(SISTER, "Noted.")
    done, model = await life.answer("How old is Vilja?", "She is 34.")
    assert (done.rule, model.requests) == ("not_that", [])


async def test_who_lives_there_is_looked_up_by_the_place(life: Life) -> None:
    """A question that names a place the person spoke of is about what they said of it."""
    await life.answer(SISTER, "Noted.")
    done, _model = await life.answer("Who lives in Tartu?", "Nobody I know.")
    assert "Vilja" in done.text


async def test_who_only_tells_of_an_allergy_is_heard(life: Life) -> None:
    """A reply to the telling may name what is forbidden; nothing was asked for."""
    done, _model = await life.answer(SISTER, "Walnuts hide in everything. Does she cook?")
    assert done.text == "Walnuts hide in everything. Does she cook?"


@pytest.mark.parametrize("words", ["tell me ", "what's the x ", "hates do you know "])
async def test_a_megabyte_of_words_is_answered(life: Life, words: str) -> None:
    """Patterns that look across a sentence meet a sentence of a million characters."""
    done, _model = await life.answer((words * 130_000)[:999_999])
    assert done.rule == "outside"


async def test_what_was_shown_is_not_drawn_again(life: Life) -> None:
    """A telling that was only said back, in more than one clause, stands as it was shown."""
    model = ToldModel("Oh dear! Walnuts!", "Oh dear! Walnuts!")
    shown, done = await life.say(life.loop(model), SISTER)
    assert "".join(shown) == done.text


async def test_the_same_sentence_is_not_said_again(life: Life) -> None:
    """A small model falls into a groove; a second draw gets it out."""
    model = ToldModel("Nice. What else did you do?", "What else did you do?", "Green suits coats.")
    loop = life.loop(model)
    await life.say(loop, "I finished a coat.")
    _, done = await life.say(loop, "A green one.")
    assert done.text == "Green suits coats."
    assert "repeat" in [cut.rule for cut in done.cuts]


async def test_no_lone_quotation_mark_is_said(life: Life) -> None:
    """What a cut sentence leaves behind is not a reply."""
    done, _model = await life.answer(
        "I need a line for her.", '"I miss you. "', '"Come by for soup."'
    )
    assert done.text == '"Come by for soup."'


async def test_what_was_shown_of_a_telling_is_not_said_twice(life: Life) -> None:
    """Short clauses wait for more; once some were shown, neither draw nor rule speaks over them."""
    done, model = await life.answer("My name is Tim Berg.", "Tim. Tim Berg. Berg.", "Tim again.")
    assert done.text == "Tim. Tim Berg. Berg."
    assert len(model.requests) == 1


async def test_recall_is_told_what_is_coming_but_not_danger(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recall prepares while a turn is written; what a fixed text answers it never sees."""
    expected: list[str] = []
    monkeypatch.setattr(FullTextRecall, "expect", lambda _self, text: expected.append(text))
    await life.answer("What is my brother's name?", "Bill.")
    await life.answer("I want to kill myself.", "Well.")
    assert expected == ["What is my brother's name?"]


async def test_whether_food_is_safe_is_never_guessed(life: Life) -> None:
    """Who told of an allergy and asks of a food gets their own words, and no model is asked."""
    model = ToldModel("Sure, eat it.")
    loop = life.loop(model)
    await life.say(loop, "oh and im badly allergic to hazelnuts, so no recipes with those please")
    asked = len(model.requests)
    _shown, done = await life.say(loop, "can i eat nutella?")
    assert done.rule == "may_eat"
    assert "hazelnuts" in done.text
    assert "label" in done.text
    assert len(model.requests) == asked


async def test_food_is_anybody_s_talk_where_nothing_forbids_it(life: Life) -> None:
    """Without an allergy that was told, the same question goes to the model."""
    _shown, done = await life.say(life.loop(ToldModel("Go ahead.")), "Can I have some cake?")
    assert done.rule == ""
