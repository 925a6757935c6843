"""The check: what a model may say about a person's life, and what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.trust.check import Mode, Situation, judge
from oona.trust.constraints import constraints_in
from oona.trust.evidence import Evidence
from oona.trust.lexicon import load

LEXICON = load()
SISTER = "My sister Vilja lives in Tartu and is allergic to walnuts."
INTERVIEW = "I have an interview on Friday at 3."


def situation(*told: str, mode: Mode = Mode.TALK, asked: str = "") -> Situation:
    evidence = Evidence(LEXICON)
    for number, text in enumerate(told):
        evidence.add(text, str(number))
    evidence.grant("Mira")
    found = tuple(
        constraint
        for number, text in enumerate(told)
        for constraint in constraints_in(text, str(number), LEXICON)
    )
    return Situation(evidence, mode, asked, found)


@pytest.mark.parametrize(
    ("clause", "told", "mode"),
    [
        ("Vilja lives in Tartu.", [SISTER], Mode.LOOKUP),
        ("Tartu.", [SISTER], Mode.LOOKUP),
        ("How is your sister?", [SISTER], Mode.TALK),
        ("Your sister has a lovely name.", [SISTER], Mode.TALK),
        ("Your interview is on Friday.", [INTERVIEW], Mode.TALK),
        ("Friday at three, then.", [INTERVIEW], Mode.LOOKUP),
        ("At 10:40.", ["The dentist rang, it's at 10:40 now"], Mode.LOOKUP),
        ("You love hiking.", ["I love hiking"], Mode.TALK),
        ("That sounds like a long day.", [], Mode.TALK),
        ("You sound tired.", [], Mode.TALK),
        ("You must be exhausted.", [], Mode.TALK),
        ("You've got this.", [], Mode.TALK),
        ("You're welcome.", [], Mode.TALK),
        ("How long have you been feeling that way?", [], Mode.TALK),
        ("Are you worried about the physical limits,", [], Mode.TALK),
        ("You could take a walk by the river.", [], Mode.TALK),
        ("What did your boss say?", ["My boss yelled at me today"], Mode.TALK),
        ("Paris is the capital of France.", [], Mode.KNOWLEDGE),
        ("My brother Tom flew to the moon.", [], Mode.FICTION),
        ("I'll remember that.", [], Mode.TALK),
    ],
)
def test_what_is_true_or_harmless_is_left_alone(clause: str, told: list[str], mode: Mode) -> None:
    """A clause that rests on the person's words, or claims nothing of their life, passes."""
    verdict = judge(clause, situation(*told, mode=mode))
    assert verdict.passed, verdict


@pytest.mark.parametrize(
    ("clause", "told", "mode", "rule"),
    [
        ("She lives in Bergen.", [SISTER], Mode.LOOKUP, "life"),
        ("Vilja is 34.", [SISTER], Mode.LOOKUP, "life"),
        ("She's a nurse.", [SISTER], Mode.TALK, "life"),
        ("You live in Tartu.", [SISTER], Mode.TALK, "life"),
        ("I'm glad you moved.", ["My sister Vilja moved to Tartu."], Mode.TALK, "life"),
        ("Your brother Tom is nice.", [SISTER], Mode.TALK, "life"),
        ("How is your brother?", [SISTER], Mode.TALK, "life"),
        ("Your interview is on Thursday.", [INTERVIEW], Mode.TALK, "life"),
        ("You love skiing.", ["I love hiking"], Mode.TALK, "life"),
        ("You're a doctor.", [], Mode.TALK, "life"),
        ("You told me about your trip to Rome.", [], Mode.TALK, "life"),
        ("Your wife will understand.", [], Mode.TALK, "life"),
        ("I've set a reminder for you.", [], Mode.TALK, "deed"),
        ("I'll call Vilja at five.", [SISTER], Mode.TALK, "deed"),
        ("The table has been reserved, the booking is confirmed.", [], Mode.TALK, "deed"),
        ("I'm just a computer program", [], Mode.TALK, "self"),
        ("As an AI language model, I can't feel.", [], Mode.TALK, "self"),
        ("I'm not a machine.", [], Mode.TALK, "self"),
        ("I went hiking yesterday.", [], Mode.TALK, "human-life"),
        ("My mother always said so.", [], Mode.TALK, "human-life"),
        ("I missed you.", [], Mode.TALK, "pull"),
        ("Please stay a little while.", [], Mode.TALK, "pull"),
        ("Feel free to ask me anything.", [], Mode.TALK, "servile"),
        ("I don't have any information about that.", [], Mode.TALK, "servile"),
        ("A walnut cake would be lovely.", [SISTER], Mode.TALK, "constraint"),
        ("You could add some nuts.", [SISTER], Mode.TALK, "constraint"),
        ("40 minutes from now.", ["The dentist rang, it's at 10:40 now"], Mode.LOOKUP, "life"),
    ],
)
def test_what_nobody_told_or_did_is_kept_back(
    clause: str, told: list[str], mode: Mode, rule: str
) -> None:
    """A claim in no cause, a deed without a receipt, a life it does not have: none is said."""
    assert judge(clause, situation(*told, mode=mode)).rule == rule


def test_the_person_s_life_is_not_given_back_as_its_own() -> None:
    """Their "my sponsor" and their "I left" are not the companion's."""
    asked = "I left the car by my lathe sponsor."
    told = situation(asked, asked=asked)
    assert judge("I left the car there.", told).rule == "human-life"
    assert judge("He is the owner of my lathe.", told).rule == "human-life"
    assert judge("I hope the car is fine.", told).passed


@pytest.mark.parametrize(
    "clause",
    [
        "I had eggs and toast.",
        "I'll have to find another sponsor.",
        "I'll see you tomorrow.",
        "It's okay, we'll catch up soon.",
        "Maybe we can go for a walk.",
        "I've been thinking about that.",
        "I'm from the Netherlands.",
        "Gormith left me last night.",
        "I can't have salt in my food.",
        "That's a long way from here.",
        "I know him.",
        "I'm in the United States.",
        "Yes, I believe in God.",
        "I'll be there soon.",
        "I need to get there soon.",
        "I'll try to get out of here.",
        "Great to see you!",
        "We'll have to find somewhere else to stay.",
        "It's okay, we're just meeting.",
    ],
)
def test_it_claims_no_life_of_its_own(clause: str) -> None:
    """It eats nothing, lives nowhere, meets nobody and does nothing between two conversations."""
    assert judge(clause, situation("Gormith left me last night.")).rule == "human-life"


@pytest.mark.parametrize(
    "clause",
    [
        "I'm glad you said it.",
        "I'm so sorry.",
        "I'm not sure what you mean.",
        "I don't have a body, so I don't eat.",
        "I'd start with the letter.",
        "I'll remember that.",
        "I could listen, if you like.",
        "Let's look at it properly.",
        "Tell me what I got wrong and I'll try to do better.",
        "I'm sorry if I misled you.",
        "My guess is rain.",
        'You could say: "I want to see you tomorrow."',
        "I see.",
        "I like how that sounds.",
        "I only run when we talk.",
    ],
)
def test_what_it_may_say_of_itself_is_left_alone(clause: str) -> None:
    """It listens, remembers, thinks along, and may say so; words in quotes are somebody else's."""
    assert judge(clause, situation("I had a bad day.")).passed


@pytest.mark.parametrize(
    ("clause", "before"),
    [
        ("What's his new job?", ""),
        ("What are your other instruments?", ""),
        ("Good luck with your ride.", ""),
        ("Pelgrath's allergy is a real challenge.", ""),
        ("That's a nice place.", ""),
        ("That's a good man.", ""),
        ("and it's a place where people live on boats.", "He grew up there,"),
        ("is allergic to rice.", "Pelgrith, the glider apprentice,"),
        ("Tuesday.", "Good luck with your appointment,"),
    ],
)
def test_what_was_not_told_is_not_taken_for_granted(clause: str, before: str) -> None:
    """Not in a question or a wish, not in the rest of a sentence, not in a misspelt name."""
    told = situation("Pelgrith, my glider apprentice, has moved to Skarow.", "He hates okra.")
    assert judge(clause, told, before, "Skarow!").rule == "life"


@pytest.mark.parametrize(
    ("clause", "before"),
    [
        ("What's the best thing about her new phone?", ""),
        ("Good luck with your interview on Friday!", ""),
        ("a skilled woman who can make almost anything.", "Fenwith is a carpenter,"),
        ("furniture, and other structures.", "Fenwith is a carpenter who builds houses,"),
        ("What's the worst part?", ""),
    ],
)
def test_what_was_told_may_be_taken_for_granted(clause: str, before: str) -> None:
    """What the person spoke of is known, and what a carpenter does is general knowledge."""
    told = situation("Fenwith is a carpenter.", "Mum has a new phone.", INTERVIEW)
    assert judge(clause, told, before, "Fenwith!").passed


def test_a_fear_rules_out_where_it_would_be_met() -> None:
    """Heights are towers and hills; a fear of losing a job is not for an outing to respect."""
    (heights,) = constraints_in("Olu is terrified of heights.", "1", LEXICON)
    assert {"tower", "hill"} <= heights.stems
    assert not heights.food
    assert not constraints_in("I'm afraid of losing my job.", "1", LEXICON)


def test_naming_a_constraint_to_respect_it_is_no_offer() -> None:
    """Leaving the walnuts out is allowed to be said."""
    assert judge("Try a lemon cake, without walnuts.", situation(SISTER)).passed


def test_a_sister_of_the_mother_is_no_sister_of_theirs() -> None:
    """Whose somebody is, is a part of what was told."""
    told = situation("Mum called me Ruth. Ruth was her sister.", mode=Mode.LOOKUP)
    assert judge("Ruth is your sister.", told).rule == "life"
    own = situation("My sister Ruth called.", mode=Mode.LOOKUP)
    assert judge("Ruth is your sister.", own).passed


def test_a_day_that_was_not_told_is_no_answer() -> None:
    """The exam is on Thursday, and whether that is tomorrow, nobody said."""
    told = situation("The exam is on Thursday.", mode=Mode.LOOKUP)
    assert judge("Tomorrow.", told).rule == "life"
    assert judge("On Thursday.", told).passed


def test_no_other_number_is_put_for_the_one_just_told() -> None:
    """Who says that the cat is fourteen is not told of fifteen; who asks for a number may be."""
    told = situation("She's fourteen.", asked="She's fourteen.")
    assert judge("Fifteen, isn't it?", told).rule == "life"
    assert judge("Fourteen is a fine age for a cat.", told).passed
    assert judge("Boil for 9 minutes.", situation(asked="How long for 3 eggs?")).passed


def test_to_tell_what_someone_cannot_have_is_no_offer() -> None:
    """Asked what she is allergic to, walnuts are the answer."""
    asked = situation(SISTER, mode=Mode.LOOKUP, asked="What is Vilja allergic to?")
    assert judge("Walnuts.", asked).passed


def test_a_negation_far_from_the_forbidden_does_not_free_it() -> None:
    """A walnut soup that "doesn't need much" is still a walnut soup."""
    offer = "A walnut soup: a classic dish that doesn't need any special care."
    assert judge(offer, situation(SISTER)).rule == "constraint"


def test_the_first_word_of_a_sentence_names_nobody() -> None:
    """Nobody is called The in "The bus driver sang", so a reply with "the" is left alone."""
    told = situation("The bus driver sang the whole way.")
    assert judge("The canal is tricky, a professional would say.", told).passed


def test_who_has_a_son_has_a_child() -> None:
    """A relation that was told of tells of the wider one, too."""
    assert judge("Talk calmly with your child.", situation("I shouted at my son.")).passed
    assert judge("Talk calmly with your son.", situation("I shouted at my child.")).rule == "life"


@given(
    name=st.from_regex(r"[A-Z][aeiou][bdfgklmnprst][aeiou][bdfgklmnprst]{2}a", fullmatch=True),
    relation=st.sampled_from(sorted(set(LEXICON.relations.values()) - {"house", "car", "garden"})),
)
def test_a_relation_with_a_name_never_told_is_never_said(name: str, relation: str) -> None:
    """Whatever the relation and the name: what was not told is not claimed."""
    told = situation("I had soup for lunch.")
    assert not judge(f"Your {relation} {name} will like it.", told).passed


@given(st.text(max_size=200), st.text(max_size=80))
def test_any_text_is_judged_without_a_fault(clause: str, told: str) -> None:
    """Whatever a model or a person writes, the check answers."""
    for mode in Mode:
        judge(clause, situation(told, mode=mode, asked=told))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SISTER, {"walnut", "nuts"}),
        ("He can't eat gluten anymore.", {"bread", "pasta"}),
        ("I thought of a cake, but I have diabetes.", {"sugar", "candy"}),
        ("I'm vegan.", {"cheese", "egg", "beef"}),
        ("Our guest has a peanut allergy.", {"satay", "peanuts"}),
        ("She is lactose intolerant.", {"milk", "butter"}),
        ("Dad hates cilantro.", {"cilantro"}),
        ("She can't drink alcohol at the moment.", {"wine", "beer"}),
    ],
)
def test_constraints_are_read_from_how_people_say_them(text: str, words: set[str]) -> None:
    """An allergy, a diet or a dislike rules out its word and what holds it."""
    found = constraints_in(text, "1", LEXICON)
    ruled_out = frozenset[str]().union(*(constraint.stems for constraint in found))
    assert {LEXICON.stem(word) for word in words} <= ruled_out


@pytest.mark.parametrize(
    "text",
    [
        "Are you allergic to walnuts?",
        "I love walnuts.",
        "We hate it.",
        "In the film he jumps off a bridge at the end.",
    ],
)
def test_what_is_no_constraint_rules_nothing_out(text: str) -> None:
    """A question or a liking forbids nothing."""
    assert constraints_in(text, "1", LEXICON) == []


def test_what_was_told_just_now_may_be_spoken_of_but_not_suggested() -> None:
    """Who tells of an allergy may be asked about nuts, and is not told to bring some."""
    told = "Ruben, my tutor, is allergic to cashews."
    found = tuple(constraints_in(told, "0", LEXICON))
    evidence = Evidence(LEXICON)
    evidence.add(told, "0")
    now = Situation(evidence, Mode.TALK, told, telling=True, cautions=found)
    assert judge("Maybe he could bring some nuts from home.", now).rule == "constraint"
    assert judge("Does he carry something for it, in case of cashews?", now).passed
