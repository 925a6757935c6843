"""What becomes of facts: told again, changed, contradicted, corrected, disputed and forgotten."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from oona.core.errors import BadInput, NotFound
from oona.core.events import Actor, Draft, Kind
from oona.core.ids import new_id
from oona.core.labels import COMPANION, OUTSIDE, PERSON, Integrity
from oona.memory.facts import Status
from oona.memory.facts.fact import ME, Mention, Statement
from oona.memory.facts.learning import fact_draft
from tests.lives import heard
from tests.memory.facts.conftest import Told

ANNA = "My sister Anna lives in Oslo."


def test_a_fact_rests_on_its_turn_and_quotes_it(told: Told) -> None:
    """A fact is an event caused by its turn, with its verbatim sentence and the person's label."""
    noted = told.tell(f"Good morning. {ANNA} It rains there.")
    [turn] = told.journal.read(kinds=[Kind.HEARD])
    assert {event.kind for event in noted} == {Kind.FACT}
    assert all(event.causes == (turn.id,) for event in noted)
    assert all(event.label == PERSON for event in noted)
    fact = told.one("lives_in")
    assert (fact.subject, fact.value, fact.status) == ("your sister Anna", "Oslo", Status.CURRENT)
    [source] = fact.sources
    assert source.quote in turn.text()
    assert (source.event, fact.learned_at) == (turn.id, turn.at)


def test_each_turn_is_read_once(told: Told) -> None:
    """What was read is not read again, also by the next process."""
    assert told.tell(ANNA)
    assert told.facts.catch_up() == []
    told.reopen()
    assert told.facts.catch_up() == []
    assert told.answer("Anna", "lives_in") == ["Oslo"]


def test_a_rebuild_gives_the_same_facts(told: Told) -> None:
    """The view is made from the journal alone."""
    for text in (ANNA, "Anna moved to Bergen.", "I'm allergic to nuts.", "Anna lives in Bergen."):
        told.tell(text)
    before = told.facts.all()
    told.journal.rebuild()
    assert told.facts.all() == before


@pytest.mark.parametrize(
    "draft",
    [
        Draft(Kind.HEARD, Actor.OUTSIDE, {"text": ANNA}, OUTSIDE),
        Draft(Kind.HEARD, Actor.PERSON, {"text": ANNA}, OUTSIDE),
        Draft(Kind.HEARD, Actor.PERSON, {"text": ANNA, "pasted": True}, PERSON),
        Draft(Kind.SAID, Actor.COMPANION, {"text": ANNA}, COMPANION),
        Draft(Kind.IMPORTED, Actor.OUTSIDE, {"text": ANNA}, OUTSIDE),
    ],
    ids=["voice", "label", "paste", "companion", "import"],
)
def test_only_the_persons_own_words_become_facts(told: Told, draft: Draft) -> None:
    """Unknown voices, pastes, imports and the companion tell no facts of the person's life."""
    told.journal.append(draft)
    assert told.facts.catch_up() == []


def test_nobody_named_in_an_import_is_meant_by_she(told: Told) -> None:
    """A turn after an import does not complete what stands in that one: origins stay apart."""
    told.tell("My brother Jonas lives in Tartu.")
    told.journal.append(Draft(Kind.IMPORTED, Actor.OUTSIDE, {"text": ANNA}, OUTSIDE))
    told.tell("She works at the harbour.")
    told.facts.catch_up()
    facts = told.facts.all()
    assert {fact.value for fact in facts} == {"Jonas", "Tartu"}
    assert not any("Anna" in fact.subject for fact in facts)


def test_a_later_word_takes_the_place_of_an_earlier_one(told: Told) -> None:
    """A single-valued fact is superseded and stays in history with its end."""
    told.tell(ANNA)
    told.tell("My sister moved to Bergen last week.", timedelta(days=30))
    known = told.facts.answer("Anna", "lives_in")
    assert [fact.value for fact in known.current] == ["Bergen"]
    [old] = known.earlier
    assert (old.value, old.valid_to) == ("Oslo", known.current[0].valid_from)


def test_likes_and_allergies_add_up(told: Told) -> None:
    """Many-valued relations keep what was told before; the opposite takes its place."""
    told.tell("I like coffee and jazz.")
    told.tell("I'm allergic to nuts.")
    told.tell("I'm allergic to eggs.")
    assert told.answer("me", "allergic_to") == ["nuts", "eggs"]
    told.tell("I don't like coffee any more.")
    assert told.answer("me", "likes") == ["jazz"]
    told.tell("I hate jazz.")
    assert told.answer("me", "likes") == []
    assert told.answer("me", "dislikes") == ["jazz"]


def test_what_ended_is_no_answer(told: Told) -> None:
    """What "used to" be or is "no longer" leaves a past and no present."""
    told.tell("I live in Oslo.")
    told.tell("I don't live in Oslo any more.")
    told.tell("I used to work at Shell.")
    assert told.answer("me", "lives_in") == []
    assert told.answer("me", "works_at") == []
    assert [fact.value for fact in told.facts.answer("me", "works_at").earlier] == ["Shell"]


@pytest.mark.parametrize(
    ("first", "second", "subject", "relation", "value"),
    [
        ("Mia is six.", "Actually it's seven.", "Mia", "age", "7"),
        ("I live in Rome.", "Sorry, I meant Rimini.", "me", "lives_in", "Rimini"),
        (ANNA, "No, sorry, I mixed it up: Anna lives in Bergen.", "Anna", "lives_in", "Bergen"),
        (ANNA, "No, Bergen.", "Anna", "lives_in", "Bergen"),
        ("Anna's birthday is 3 May.", "I meant 4 May.", "Anna", "birthday", "--05-04"),
        ("My dog is called Rex.", "I mean Max.", "my dog", "name", "Max"),
        ("I'm allergic to walnuts.", "Sorry, I meant peanuts.", "me", "allergic_to", "peanuts"),
    ],
)
def test_a_correction_at_once_says_it_was_never_so(
    told: Told, first: str, second: str, subject: str, relation: str, value: str
) -> None:
    """The fact just told is retracted, and the right one stands in its place."""
    told.tell(first)
    told.at_once(second)
    assert told.answer(subject, relation) == [value]
    assert told.facts.answer(subject, relation).earlier == ()
    assert [f.status for f in told.facts.all() if f.reason == "mended"] == [Status.RETRACTED]


@pytest.mark.parametrize("second", ["No, thanks.", "No, seven.", "Actually it's late.", "No."])
def test_not_every_no_is_a_correction(told: Told, second: str) -> None:
    """What cannot be a value of the fact just told leaves it as it is."""
    told.tell("I live in Rome.")
    told.at_once(second)
    assert told.answer("me", "lives_in") == ["Rome"]


def test_a_joke_is_taken_back(told: Told) -> None:
    """A turn of "just kidding" retracts what the turn before it told."""
    told.tell("I live in Antarctica.")
    told.at_once("Just kidding!")
    assert told.answer("me", "lives_in") == []


def test_a_contradiction_is_disputed_and_settled_by_the_person(told: Told) -> None:
    """Two values of one time are both in doubt, until the person says which."""
    told.tell("I live in Rome.", timedelta(days=200))
    told.tell("I've lived in Bergen since 2018.", timedelta(days=30))
    assert told.answer("me", "lives_in") == []
    assert len(told.facts.answer("me", "lives_in").disputed) == 2
    told.tell("I live in Bergen.")
    assert told.answer("me", "lives_in") == ["Bergen"]


def test_one_turn_that_says_two_things_is_disputed(told: Told) -> None:
    """Where a turn gives two values of which one holds at a time, neither is an answer."""
    told.tell("I live in Rome. I live in Bergen.")
    assert told.answer("me", "lives_in") == []


def test_two_people_of_one_name_are_two(told: Told) -> None:
    """Daniel from work and my brother Daniel share no fact, and "Daniel" alone is neither."""
    told.tell("Daniel from work is allergic to nuts.")
    told.tell("My brother Daniel lives in Paris.")
    told.tell("Daniel likes opera.")
    assert told.answer("Daniel from work", "allergic_to") == ["nuts"]
    assert told.answer("my brother Daniel", "allergic_to") == []
    assert told.answer("my brother", "lives_in") == ["Paris"]
    known = told.facts.about("Daniel")
    assert known.current == ()
    assert set(known.which) == {"Daniel from work", "your brother Daniel"}
    opera = told.one("likes")
    assert (opera.status, opera.reason) == (Status.DISPUTED, "which")


def test_what_a_name_alone_told_is_in_doubt_once_two_bear_it(told: Told) -> None:
    """A second Daniel makes unclear what was told of the first by his name alone."""
    told.tell("Daniel lives in Paris.")
    assert told.answer("Daniel", "lives_in") == ["Paris"]
    told.tell("Daniel from work is allergic to nuts.")
    told.tell("My brother Daniel lives in Rome.")
    assert told.one("allergic_to").status is Status.CURRENT
    assert told.answer("Daniel", "lives_in") == []


def test_a_relation_leads_to_a_name_told_before_or_after(told: Told) -> None:
    """My sister is Anna, whichever was told first."""
    told.tell("My sister works at Equinor.")
    told.tell("My sister is called Anna.")
    assert told.answer("Anna", "works_at") == ["Equinor"]
    told.tell("Anna lives in Oslo.")
    assert told.answer("my sister", "lives_in") == ["Oslo"]
    told.tell("I have a sister called Eva.")
    assert told.answer("my sister", "lives_in") == []  # which of the two?
    assert told.answer("Eva", "lives_in") == []


def test_a_weaker_source_changes_nothing(told: Told) -> None:
    """What a text from elsewhere says against the person's word is disputed, the word stands."""
    told.tell(ANNA)
    [paste] = told.journal.append(Draft(Kind.HEARD, Actor.OUTSIDE, {"text": "x"}, OUTSIDE))
    statement = Statement(Mention("Anna"), "lives_in", "Rome", "x", "test")
    [event] = told.journal.append(fact_draft(statement, paste.seq, paste.at, [paste.id]))
    assert event.label.integrity is Integrity.OUTSIDE
    assert told.answer("Anna", "lives_in") == ["Oslo"]
    [doubtful] = told.facts.answer("Anna", "lives_in").disputed
    assert (doubtful.value, doubtful.reason) == ("Rome", "weaker")
    assert doubtful.label.integrity is Integrity.OUTSIDE


def test_a_models_fact_is_never_the_persons_word(told: Told) -> None:
    """The journal weakens the label of whatever the companion notes, whatever the draft claims."""
    [turn] = told.journal.append(heard("Anna is somewhere up north."))
    statement = Statement(ME, "lives_in", "Oslo", "north", "model")
    draft = fact_draft(statement, turn.seq, turn.at, [turn.id])
    by_model = Draft(Kind.FACT, Actor.COMPANION, draft.body, PERSON, draft.causes, new_id(turn.at))
    [event] = told.journal.append(by_model)
    assert event.label.integrity is Integrity.COMPANION


def test_forgetting_a_turn_erases_its_facts(told: Told) -> None:
    """The fact's body is gone from the journal, the view and the decrypted pages of the file."""
    told.tell("My sister Anna lives in Zanzibar.")
    told.tell("I'm allergic to nuts.")
    plan = told.forget("Zanzibar")
    assert [item.seq for item in plan.items if item.seq > 1] != []
    assert told.standing() == ["current: You cannot have nuts."]
    facts = [event for event in told.journal.read(kinds=[Kind.FACT]) if event.raw is None]
    assert len(facts) == 2
    assert b"Zanzibar" not in told.pages()
    assert "Zanzibar" not in repr(vars(told.book)) + repr(vars(told.facts))
    told.reopen()
    assert told.standing() == ["current: You cannot have nuts."]


def test_forgetting_the_turn_that_she_points_back_at_erases_what_was_said_of_her(
    told: Told,
) -> None:
    """A fact rests on every turn that it was read from."""
    told.tell("My sister Zelda called.")
    told.at_once("She lives in Oslo.")
    assert told.answer("Zelda", "lives_in") == ["Oslo"]
    told.forget("Zelda")
    assert told.facts.all() == ()
    assert b"Zelda" not in told.pages()


def test_a_fact_told_twice_outlives_the_forgetting_of_one(told: Told) -> None:
    """Two sources are two turns; what is left of them still says it."""
    told.tell("I live in Oslo. The zeppelin is red.")
    told.tell("I live in Oslo.")
    assert len(told.one("lives_in").sources) == 2
    told.forget("zeppelin")
    assert told.answer("me", "lives_in") == ["Oslo"]
    assert len(told.one("lives_in").sources) == 1


def test_forgetting_what_superseded_it_brings_a_fact_back(told: Told) -> None:
    """With the later word gone, the earlier one is the last that was told."""
    told.tell("I live in Oslo.")
    told.tell("I moved to Bergen.")
    told.forget("Bergen")
    assert told.answer("me", "lives_in") == ["Oslo"]


def test_a_correction_by_command_is_the_persons_word(told: Told) -> None:
    """The old fact is retracted, the new one rests on the correction, which is kept as a turn."""
    told.tell(ANNA)
    old, new = told.facts.correct(told.one("lives_in").number, "Bergen")
    assert (old.status, old.reason, old.instead) == (Status.RETRACTED, "mended", new.number)
    assert (new.value, new.status, new.subject) == ("Bergen", Status.CURRENT, "your sister Anna")
    assert new.label == PERSON
    assert new.sources[0].quote == "Bergen"
    assert told.facts.catch_up() == []
    told.facts.correct(new.number, "Anna lives in Molde.")
    assert told.answer("Anna", "lives_in") == ["Molde"]


def test_a_corrected_name_keeps_what_was_told_of_them(told: Told) -> None:
    """Anna, who turns out to be Hanna, still lives where she lives."""
    told.tell(ANNA)
    told.facts.correct(told.one("sister").number, "Hanna")
    assert told.answer("Hanna", "lives_in") == ["Oslo"]
    assert told.answer("my sister", "name") == ["Hanna"]


def test_what_cannot_be_a_value_is_refused(told: Told) -> None:
    """A birthday takes a day; nothing is written for anything else, nor for no fact at all."""
    told.tell("Anna's birthday is 3 May.")
    number = told.one("birthday").number
    before = told.journal.head()
    for text in ("soon", "", "x" * 300):
        with pytest.raises(BadInput):
            told.facts.correct(number, text)
    with pytest.raises(NotFound):
        told.facts.correct(999, "Bergen")
    assert told.journal.head() == before
    _, new = told.facts.correct(number, "4th of May")
    assert told.facts.value(new) == "4 May"


def test_a_disputed_fact_is_no_answer_until_it_is_told_again(told: Told) -> None:
    """Disputing leaves the fact and its source, and takes it out of answers."""
    told.tell(ANNA)
    fact = told.facts.dispute(told.one("lives_in").number)
    assert (fact.status, fact.reason) == (Status.DISPUTED, "asked")
    assert told.answer("Anna", "lives_in") == []
    with pytest.raises(BadInput):
        told.facts.dispute(fact.number)
    told.tell("Anna lives in Oslo.")
    assert told.answer("Anna", "lives_in") == ["Oslo"]


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("Where does Anna live?", ["Oslo"]),
        ("where does my sister live", ["Oslo"]),
        ("When is Anna's birthday?", ["--05-03"]),
        ("Hey, do you know when my sister's birthday is?", ["--05-03"]),
        ("What's my sister's name?", ["Anna"]),
        ("What am I allergic to?", ["nuts"]),
        ("Where do I live?", []),
        ("Where does my mother live?", []),
    ],
)
def test_questions_find_their_facts(told: Told, question: str, values: list[str]) -> None:
    """A plain question is answered from facts, with nothing where nothing was told."""
    told.tell(ANNA)
    told.tell("Anna's birthday is 3 May. I'm allergic to nuts.")
    known = told.facts.ask(question)
    assert known is not None
    assert [fact.value for fact in known.current] == values
    assert known.known == bool(values)


@pytest.mark.parametrize("question", ["What's the weather?", "I live in Oslo.", "Tell me a joke."])
def test_other_questions_ask_for_no_fact(told: Told, question: str) -> None:
    """What no fact could answer is left to others."""
    assert told.facts.ask(question) is None


def test_a_kill_between_noting_and_marking_doubles_nothing(told: Told, tmp_path: Path) -> None:
    """A turn that is read again, because the mark was lost, says what it says once."""
    told.tell(ANNA)
    before = told.facts.all()
    with told.store.begin() as work:
        work.set_mark("facts-read", "0")
    assert told.facts.catch_up() == []
    assert told.facts.all() == before


def test_what_was_said_since_in_other_words_comes_with_the_answer(told: Told) -> None:
    """A turn that no rule could read, of the same person and matter, takes away certainty."""
    told.tell(ANNA)
    assert told.facts.answer("Anna", "lives_in").sure
    told.tell("I wish my sister Anna lived in Rome. Does Anna live well?")
    told.tell("Tom found a new home in Rome.")
    assert told.facts.answer("Anna", "lives_in").sure
    told.tell("It is Molde that Anna calls home now.")
    known = told.facts.answer("Anna", "lives_in")
    assert [fact.value for fact in known.current] == ["Oslo"]
    assert [event.text() for event in known.later] == ["It is Molde that Anna calls home now."]
    assert not known.sure
    told.tell("Anna lives in Molde.")
    assert told.facts.answer("Anna", "lives_in").sure


@pytest.mark.parametrize(
    ("text", "hedged"),
    [
        ("Anna has become a Molde person.", True),
        ("I met Anna today. She is in Molde now.", True),
        ("Anna says she is moving to Molde.", True),
        ("Anna got a new job at Aker.", False),
        ("Anna might move to Molde, she hopes.", False),
        ("Tom thinks Anna is in Molde now.", False),
        ("Anna was in Molde for a weekend.", False),
        ("My sister's husband is in Molde now.", False),
        ("Have you heard that Anna is in Molde now?", False),
    ],
)
def test_what_has_become_so_is_told_by_grammar(told: Told, text: str, hedged: bool) -> None:
    """A later sentence unsettles a fact if it says of the same person that something is so now."""
    told.tell(ANNA)
    told.tell(text)
    assert told.facts.answer("Anna", "lives_in").sure is not hedged


def test_who_is_named_beside_the_value_itself_may_be_done_with_it(told: Told) -> None:
    """A later sentence of Anna and her employer unsettles it, one of another firm does not."""
    told.tell("My sister Anna works at Aker.")
    told.tell("Shell sent Anna a letter.")
    assert told.facts.answer("Anna", "works_at").sure
    told.tell("Anna walked out on Aker.")
    assert not told.facts.answer("Anna", "works_at").sure


def test_a_correction_that_was_not_understood_leaves_nothing_sure(told: Told) -> None:
    """Who takes back what they have just said is not told it as if nothing had been."""
    told.tell(ANNA)
    told.at_once("Hm, sorry, I mixed that up.")
    assert not told.facts.answer("Anna", "lives_in").sure


def test_a_second_daniel_is_known_once_he_is_named(told: Told) -> None:
    """A bare "Daniel" means neither, as soon as there are two, whatever was understood."""
    told.tell("My brother Daniel lives in Oslo.")
    told.tell("Daniel from work brought cake.")
    told.tell("Daniel moved to Molde.")
    assert told.answer("my brother", "lives_in") == ["Oslo"]
    assert told.facts.answer("Daniel", "lives_in").which
