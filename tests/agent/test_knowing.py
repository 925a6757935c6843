"""Facts in a conversation: asked for, told with their change, contested and settled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from oona.agent.turn import TurnLoop
from oona.core.events import Actor, Draft, Kind
from oona.core.labels import OUTSIDE, PERSON
from oona.memory.facts import Status
from oona.testing.model import ToldModel
from oona.trust.why import why
from tests.agent.conftest import Life

ANNA = "My sister Anna lives in Oslo and is allergic to walnuts."


class Talk:
    """A conversation in which a model may only say "Mm."; a question answered is code's work."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.model = ToldModel(*["Mm, go on."] * 40)
        self.loop: TurnLoop = life.loop(self.model)
        self.rule = ""

    async def says(self, *texts: str) -> str:
        """The reply to the last of `texts`."""
        reply = ""
        for text in texts:
            self.life.clock.advance(timedelta(minutes=1))
            _shown, done = await self.life.say(self.loop, text)
            reply, self.rule = done.text, done.rule
        return reply

    def later(self, days: int) -> None:
        """Days pass, and another conversation begins."""
        self.life.clock.advance(timedelta(days=days))
        self.loop = self.life.loop(self.model)


@pytest.fixture
def talk(life: Life) -> Talk:
    """A conversation that has just begun."""
    return Talk(life)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Where does Anna live?", "In Oslo."),
        ("where does my sister live now?", "In Oslo."),
        ("What's my sister's name?", "Anna."),
        ("What is Anna allergic to?", "Walnuts."),
        ("Does Anna live in Oslo?", "Yes."),
        ("Do I have any sisters?", "Anna."),
        ("What are my sisters called?", "Anna."),
    ],
)
async def test_a_question_right_after_the_telling_is_answered_by_code(
    talk: Talk, question: str, answer: str
) -> None:
    """What was told a moment ago is known at once, and no model is asked for it."""
    await talk.says(ANNA)
    asked = len(talk.model.requests)
    assert await talk.says(question) == answer
    assert len(talk.model.requests) == asked


async def test_what_changed_since_is_told_with_the_answer(talk: Talk) -> None:
    """The newest word is the answer; the one before it comes along, and can be asked for."""
    await talk.says(ANNA)
    talk.later(40)
    await talk.says("Anna moved to Bergen.")
    assert await talk.says("Where does Anna live now?") == "In Bergen; before that Oslo."
    assert "Oslo" in await talk.says("Where did she live before?")
    assert (await talk.says("Does Anna live in Oslo?")).startswith("Not any more")
    assert (await talk.says("Does Anna live in Rome?")).startswith("No")


async def test_two_of_one_name_are_asked_back(talk: Talk) -> None:
    """Whose name it is decides the answer; of the other one nothing is passed off as hers."""
    await talk.says("My sister Anna lives in Oslo.", "Anna from work lives in Bergen.")
    back = await talk.says("Where does Anna live?")
    assert back.startswith("Which Anna")
    assert await talk.says("the one from work") == "In Bergen."
    await talk.says("Anna from work has a dog.", "My sister Anna works at the mill.")
    assert "haven't told me" in await talk.says("Where does Anna from work work?")


async def test_a_second_birthday_is_put_to_the_person_and_settled(talk: Talk) -> None:
    """A day that never changes cannot be two; which it is, the person says, as an event."""
    await talk.says("Anna's birthday is on the 3rd of May.")
    talk.later(30)
    asked = await talk.says("Anna's birthday is on the 5th of June.")
    assert "3 May" in asked
    assert asked.endswith(("Which is it?", "Which is right?"))
    talk.later(1)
    doubt = await talk.says("When is Anna's birthday?")
    assert "3 May" in doubt
    assert "5 June" in doubt
    assert "5 June" in await talk.says("the 5th")
    assert await talk.says("When is Anna's birthday?") == "On 5 June."
    standing = {fact.value: fact.status for fact in talk.life.facts.all()}
    assert standing["--05-03"] is Status.RETRACTED


@pytest.mark.parametrize(
    ("told", "question", "contests", "answer"),
    [
        (ANNA, "Where does Anna live?", "No, she lives in Bergen.", "In Bergen."),
        (ANNA, "Where does Anna live?", "No, Bergen.", "In Bergen."),
        (ANNA, "Where does my sister live?", "That's wrong, it's Bergen.", "In Bergen."),
        (
            "My brother Max is a baker.",
            "What's my brother's name?",
            "No, his name is Leon.",
            "Leon.",
        ),
        (
            "I work at the mill.",
            "Where do I work?",
            "Wrong, I work at the bakery.",
            "At the bakery.",
        ),
    ],
)
async def test_a_correction_in_talk_takes_the_place_of_what_was_answered(
    talk: Talk, told: str, question: str, contests: str, answer: str
) -> None:
    """It is noted on the spot, resting on the turn that said it; the old stays in history."""
    await talk.says(told, question)
    await talk.says(contests)
    assert talk.rule == "fact.mended"
    assert await talk.says(question) == answer
    mended = [fact for fact in talk.life.facts.all() if fact.status is Status.RETRACTED]
    assert len(mended) == 1
    new = talk.life.facts.named(mended[0].instead)
    assert new.sources[-1].quote == contests
    assert new.label == PERSON


async def test_what_was_called_wrong_is_no_answer_until_it_is_told(talk: Talk) -> None:
    """A bare "that's wrong" leaves a doubt and a question; the answer to it mends the fact."""
    await talk.says("Anna's birthday is on the 3rd of May.", "When is Anna's birthday?")
    quoted = await talk.says("I never said that.")
    assert "3rd of May" in quoted
    [fact] = talk.life.facts.all()
    assert fact.status is Status.DISPUTED
    assert "5 May" in await talk.says("It's the 5th of May.")
    assert await talk.says("When is her birthday?") == "On 5 May."


@pytest.mark.parametrize("reply", ["No, thanks.", "That's far!", "No way, lovely.", "Wow, nice."])
async def test_not_every_reply_to_an_answer_contests_it(talk: Talk, reply: str) -> None:
    """A "no, thanks" changes nothing that is known."""
    await talk.says(ANNA, "Where does Anna live?", reply)
    assert await talk.says("Where does Anna live?") == "In Oslo."


async def test_half_a_question_asks_the_last_one_of_another(talk: Talk) -> None:
    """Half a question ("And Leon?", "since when?") is a whole one here."""
    await talk.says(ANNA, "My brother Leon lives in Riga.", "Anna's birthday is on the 3rd of May.")
    assert await talk.says("Where does Anna live?") == "In Oslo."
    assert await talk.says("And Leon?") == "In Riga."
    assert await talk.says("What about Anna's birthday?") == "On 3 May."
    assert await talk.says("And where does she live?") == "In Oslo."
    assert await talk.says("And my brother?") == "In Riga."
    assert "since when" in await talk.says("Since when?")


async def test_half_a_question_about_things_asks_the_last_one_too(talk: Talk) -> None:
    """What no fact holds is looked up by the whole question that was meant."""
    await talk.says("The cow weighs 600 kilos.", "The calf weighs 80 kilos.")
    assert "600" in await talk.says("How much does the cow weigh?")
    assert "80" in await talk.says("And the calf?")


async def test_what_amends_a_look_up_is_its_answer_from_then_on(talk: Talk) -> None:
    """A bare "actually it is on Tuesday" is of the dentist, now and on another day."""
    await talk.says("The dentist is on Thursday.", "When is my dentist appointment?")
    assert "Tuesday" in await talk.says("Actually it's on Tuesday.")
    assert "Tuesday" in await talk.says("When is my dentist appointment?")
    talk.later(2)
    assert "Tuesday" in await talk.says("When is my dentist appointment?")


async def test_all_that_is_known_is_a_list_with_its_days(talk: Talk) -> None:
    """Facts by line, each with when it was told; of my work only mine."""
    await talk.says(ANNA, "I work at the mill.", "My brother Leon works at the harbour.")
    about = (await talk.says("What do you know about Anna?")).splitlines()
    assert about[1:] == [
        "- Anna lives in Oslo (told today)",
        "- Anna cannot have walnuts (told today)",
    ]
    mine = await talk.says("What do you know about my work?")
    assert "mill" in mine
    assert "harbour" not in mine


async def test_an_answer_names_its_facts_and_their_turns(talk: Talk) -> None:
    """`oona why` shows what was noted and the words it was noted from."""
    await talk.says(ANNA, "Where does Anna live?")
    account = why(talk.life.journal)
    assert ANNA in account.text
    assert "lives in: Oslo" in account.text
    assert "facts noted" in account.text


async def test_what_an_import_says_is_told_as_its_word(talk: Talk) -> None:
    """A fact of an outside text is never the person's own."""
    body: dict[str, object] = {
        "subject": {"name": "Anna", "role": "sister"},
        "relation": "lives_in",
        "value": "Oslo",
        "quote": "Anna lives in Oslo",
        "mode": "tells",
        "confidence_milli": 900,
        "told": 1,
    }
    source = Draft(Kind.HEARD, Actor.OUTSIDE, {"text": "Anna lives in Oslo"}, OUTSIDE)
    [turn] = talk.life.journal.append(source)
    talk.life.journal.append(Draft(Kind.FACT, Actor.SYSTEM, body, OUTSIDE, (turn.id,)))
    assert "import" in await talk.says("Where does my sister Anna live?")
    await talk.says("I had soup today.")
    assert "Oslo" not in str(talk.model.requests[-1].messages)


async def test_a_forgotten_fact_is_answered_no_more(talk: Talk) -> None:
    """Once a turn is forgotten, neither it nor what was corrected in it can be asked for."""
    await talk.says(ANNA, "Where does Anna live?", "Forget what I told you about Anna.", "yes")
    assert "Oslo" not in await talk.says("Where does Anna live?")
    assert "Oslo" not in await talk.says("No, Bergen.")


async def test_words_before_which_an_article_changes_are_said_without_one(talk: Talk) -> None:
    """Neither "a uncle" nor "a Anna" is ever said."""
    for _ in range(2):
        for question in ("What is my uncle's name?", "Who is Anna?", "How old is my aunt?"):
            reply = await talk.says(question)
            assert " a uncle" not in reply
            assert " a aunt" not in reply
            assert " a Anna" not in reply


async def test_news_in_a_correction_leaves_what_was_before(talk: Talk) -> None:
    """News, "No, she lives in Bergen now", ends what was so; without "now" it was never so."""
    await talk.says(ANNA, "Where does Anna live?")
    assert "Bergen" in await talk.says("No, she lives in Bergen now.")
    assert await talk.says("Where did she live before?") == "In Oslo."


async def test_what_was_crossed_out_is_told_as_such(talk: Talk) -> None:
    """Asked for what was so before, a slip is given as a slip."""
    await talk.says(ANNA, "Where does Anna live?", "No, she lives in Bergen.")
    before = await talk.says("Where did she live before?")
    assert "Bergen" in before
    assert "Oslo" in before
    assert self_corrected(before)


def self_corrected(reply: str) -> bool:
    """Whether a reply says that the person mended it themselves."""
    return "put me right" in reply or "crossed" in reply


async def test_a_name_alone_asks_for_all_that_is_known(talk: Talk) -> None:
    """The question "And Leon?" with nothing asked before is no question for his name."""
    assert "boss" in await talk.says("My boss Leon lives in Ghent.", "And Leon?")
