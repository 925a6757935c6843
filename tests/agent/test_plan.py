"""The plan: which questions only the journal can answer, and which are none of its business."""

from __future__ import annotations

import pytest

from oona.agent.plan import Plan, make_plan
from oona.trust.check import Mode
from oona.trust.evidence import Evidence
from oona.trust.lexicon import load

SISTER = "My sister Vilja lives in Tartu and is allergic to walnuts."


def plan(asked: str, *told: str, before: Mode = Mode.TALK) -> Plan:
    evidence = Evidence(load())
    for number, text in enumerate(told):
        evidence.add(text, str(number))
    return make_plan(asked, evidence, load(), before)


@pytest.mark.parametrize(
    ("asked", "subject"),
    [
        ("What is my brother's name?", "brother"),
        ("And what's my chess helper called?", "chess helper"),
        ("Where does Ottokar live?", "Ottokar"),
        ("Where did I put my keys?", "keys"),
        ("Do I have a dog?", "dog"),
        ("When is our anniversary?", "anniversary"),
        ("Is Vilja allergic to peanuts?", "Vilja"),
    ],
)
def test_what_was_never_told_is_known_to_be_unknown(asked: str, subject: str) -> None:
    """A question about the person's life with nothing told is answered by code, by its subject."""
    made = plan(asked, SISTER)
    assert (made.mode, made.known, made.subject) == (Mode.LOOKUP, False, subject)


@pytest.mark.parametrize(
    "asked",
    [
        "Where does Vilja live?",
        "Is my sister allergic to walnuts?",
        "Do you remember my sister?",
        "What do you know about Vilja?",
        "Where does she live?",
        "What did I tell you about my sister?",
    ],
)
def test_what_was_told_is_found_to_be_known(asked: str) -> None:
    """A question that a sentence of the person's bears on has that sentence as its support."""
    made = plan(asked, SISTER)
    assert made.mode is Mode.LOOKUP
    assert [sentence.text for sentence in made.support] == [SISTER]


def test_another_one_s_home_is_not_the_person_s() -> None:
    """That a sister lives in Tartu does not say where the person lives."""
    assert not plan("Where do I live?", SISTER).known
    assert plan("Where do I live?", "I live in Narva.").known


@pytest.mark.parametrize(
    ("asked", "mode"),
    [
        ("What is the capital of France?", Mode.KNOWLEDGE),
        ("Who was Marie Curie?", Mode.KNOWLEDGE),
        ("Why is the sky blue?", Mode.KNOWLEDGE),
        ("Tell me a joke.", Mode.FICTION),
        ("Write me a poem about rain", Mode.FICTION),
        ("I had a long day.", Mode.TALK),
        ("How are you?", Mode.TALK),
        ("What cake should I bake for Vilja?", Mode.TALK),
        ("My boss yelled at me. What do I do?", Mode.TALK),
        ("How do I get red wine out of a shirt?", Mode.TALK),
        ("Am I crazy?", Mode.TALK),
        ("Can I tell you something?", Mode.TALK),
        ("What could we do on Saturday?", Mode.TALK),
        ("Guess what, I got my driving licence!", Mode.TALK),
        ("What do I even say to him?", Mode.TALK),
        ("What if my voice cracks?", Mode.TALK),
    ],
)
def test_other_talk_is_not_a_look_up(asked: str, mode: Mode) -> None:
    """Advice, feelings, stories and the world are not looked up in a life."""
    assert plan(asked, SISTER).mode is mode


def test_another_one_asks_for_more_of_the_same() -> None:
    """After a joke, "another one" is a joke again; after talk it is talk."""
    assert plan("Another one!", before=Mode.FICTION).mode is Mode.FICTION
    assert plan("Another one!").mode is Mode.TALK


@pytest.mark.parametrize(
    ("asked", "deed"),
    [
        ("Remind me to call Vilja at 5", True),
        ("Could you book a table for tonight?", True),
        ("Set a timer for ten minutes", True),
        ("Please send an email to my boss", True),
        ("Get me a pizza", True),
        ("Remind me what Vilja is allergic to", False),
        ("I booked a table for tonight.", False),
        ("She called my mother.", False),
    ],
)
def test_a_deed_asked_for_is_recognised(asked: str, deed: bool) -> None:
    """What it cannot do yet is said by code, never promised by a model."""
    assert plan(asked, SISTER).deed is deed


def test_two_helpers_are_two() -> None:
    """What was told of one helper does not answer for another."""
    told = "My canoe helper is called Vouzer."
    assert plan("What's my canoe helper called?", told).known
    assert not plan("What's my chess helper called?", told).known


def test_a_pronoun_means_the_one_named_last() -> None:
    """A correction that says "he" is found under the name it corrects."""
    made = plan("How old is Emil?", "My son Emil is six.", "He turned seven today.")
    assert [sentence.text for sentence in made.support][-1] == "He turned seven today."


TRIP = "My last trip is on the 14th. The exam is on Thursday at nine."
TWINS = "I look after twins, Owen and Mae. They are four."


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("When's the exam?", TRIP),
        ("When is the trip?", TRIP),
        ("How old are the twins?", TWINS),
        ("Which foot is it?", "Stress fracture. Left foot."),
        ("What colour is the coat?", "I finished a green coat today."),
        ("Where am I headed?", "Headed for Denver."),
    ],
)
def test_a_thing_that_was_told_of_is_looked_up(asked: str, told: str) -> None:
    """Such as "the exam": it is the one the person told of, and their words are the answer."""
    found = plan(asked, told)
    assert found.mode is Mode.LOOKUP
    assert found.known
    assert not found.lacking


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("What's the name of the father of the twins?", TWINS),
        ("When's Zoe's birthday?", "Zoe's with me every other weekend. She's seven."),
        ("How much did Leon weigh when he was born?", "Leon is five weeks old."),
        ("What's the boy's name?", "Nine hours on a boy of nineteen."),
        ("What's the name of my bishop?", "I have not told my bishop anything."),
        ("What's my editor's name?", "You're kinder than my editor."),
    ],
)
def test_what_is_told_of_it_must_hold_what_is_asked(asked: str, told: str) -> None:
    """A sentence about the boy is no answer where it names none, nor one without a birthday."""
    found = plan(asked, told)
    assert found.mode is Mode.LOOKUP
    assert found.lacking or not found.known


@pytest.mark.parametrize(
    "asked", ["What's the history of the marathon?", "What's the longest river in Europe?"]
)
def test_the_world_is_not_looked_up_in_a_life(asked: str) -> None:
    """That the person ran a marathon does not make the marathon theirs."""
    assert plan(asked, "The marathon was going to be in Austria.").mode is Mode.KNOWLEDGE


def test_a_question_with_a_preposition_is_no_yes_or_no_question() -> None:
    """Nobody answers "at what time?" with a yes."""
    assert not plan("At what time do I operate?", "I operate at seven.").yes_no
