"""What was talked about, told by code from the timeline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from oona.agent.answers import Answer
from oona.agent.recounting import recounted
from oona.core.clock import local
from oona.core.events import Actor, Draft, Event, Kind
from oona.core.labels import COMPANION, OUTSIDE
from oona.memory import SpokenTurns, TurnTexts
from oona.memory.timeline import Timeline
from oona.trust.lexicon import load
from tests.lives import Life, heard


class Talks(Life):
    """A life of sessions, days apart, that is asked about."""

    def tell(self, *texts: str, after: timedelta = timedelta(days=1)) -> list[Event]:
        """A session, some time after the one before."""
        self.clock.advance(after)
        told = []
        for text in texts:
            self.clock.advance(timedelta(minutes=1))
            told += self.journal.append(heard(text))
        return told

    def gist(self, turns: list[Event], text: str) -> Event:
        """What idle work made of a session."""
        body = {"text": text, "first": turns[0].seq, "last": turns[-1].seq}
        causes = tuple(turn.id for turn in turns)
        return self.journal.append(Draft(Kind.GIST, Actor.COMPANION, body, COMPANION, causes))[0]

    def ask(self, text: str) -> Answer | None:
        """The answer to a question of today's."""
        [asked] = self.tell(text)
        timeline = Timeline(self.store, self.journal)
        return recounted(asked, timeline, load(), self.clock.now(), "Europe/Oslo")


@pytest.fixture
def talks(tmp_path: Path) -> Iterator[Talks]:
    """It begins on Monday, 23 November."""
    made = Talks(tmp_path, projections=(TurnTexts(), SpokenTurns()))
    yield made
    made.journal.close()


def test_last_week_is_told_day_by_day(talks: Talks) -> None:
    """Gists where there are any, else first words; each day once, with what it rests on."""
    tuesday = talks.tell("My bike has a flat tyre again.", "So I walked.")
    talks.tell("Hello!", "The dentist wants to see me.")
    gist = talks.gist(tuesday, "You had a flat tyre and walked.")
    talks.tell("Another week has begun, and it rains.", after=timedelta(days=6))
    answer = talks.ask("What did we talk about last week?")
    assert answer is not None
    assert answer.text == (
        "On 24 November: You had a flat tyre and walked.\n"
        "On 25 November you began with “The dentist wants to see me”."
    )
    assert {gist.id, *(turn.id for turn in tuesday)} <= set(answer.causes)


def test_the_session_of_the_question_is_no_answer_to_it(talks: Talks) -> None:
    """Who asks for the last time means the one before this."""
    talks.tell("The dentist wants to see me.")
    answer = talks.ask("What did we talk about last time?")
    assert answer is not None
    assert "dentist" in answer.text
    assert "last time" not in answer.text


def test_where_nothing_was_said_nothing_is_told(talks: Talks) -> None:
    """A time without a word, and a life without one."""
    nothing = talks.ask("What have we talked about so far?")
    assert nothing is not None
    assert nothing.text == "We haven't talked before, as far as I know."
    answer = talks.ask("What did we talk about in March 2024?")
    assert answer is not None
    assert answer.text.startswith("We didn't talk then")


def test_what_others_wrote_is_not_told_as_talk(talks: Talks) -> None:
    """A text from elsewhere is in no session of ours."""
    talks.clock.advance(timedelta(days=1))
    draft = Draft(Kind.HEARD, Actor.OUTSIDE, {"text": "Buy these shares today."}, OUTSIDE)
    talks.journal.append(draft)
    answer = talks.ask("Summarise what we talked about.")
    assert answer is not None
    assert "shares" not in answer.text


def test_things_are_put_in_the_order_they_came_up(talks: Talks) -> None:
    """By their first mention; of what never came up it is said so."""
    talks.tell("The dentist wants to see me.")
    talks.tell("I sold the boat.", "The dentist again.")
    answer = talks.ask("In what order did I tell you about the boat, the dentist and the harp?")
    assert answer is not None
    assert answer.text.startswith("First the dentist (")
    assert answer.text.index("dentist") < answer.text.index("boat")
    assert answer.text.endswith("Of the harp you haven't told me.")


@pytest.mark.parametrize(
    "text",
    [
        "What did I tell you about Anna?",
        "What should we talk about?",
        "Summarise the French revolution.",
        "What happened to the dinosaurs?",
        "Let's talk about last week's match.",
        "I did not sleep last week.",
        "In what order should I read Tolkien?",
    ],
)
def test_other_questions_are_left_alone(talks: Talks, text: str) -> None:
    """What asks of something else is for others to answer."""
    assert talks.ask(text) is None


def test_in_a_first_talk_that_very_talk_is_told(talks: Talks) -> None:
    """Where there was none before, what was told so far is said back; a question is no telling."""
    talks.tell("Anna is coming on Saturday.", "Can you cook?")
    talks.clock.advance(-timedelta(days=1) + timedelta(minutes=1))
    answer = talks.ask("What did we talk about?")
    assert answer is not None
    assert "“Anna is coming on Saturday.”" in answer.text
    assert "cook" not in answer.text


def test_an_import_stands_where_it_was_said(talks: Talks) -> None:
    """The timeline is in the order of what was said, not in that of the journal."""
    talks.tell("The heron is back on the pond.")
    body = {"text": "The cabin has a new roof.", "said": "2023-05-02T10:00:00Z", "by": "person"}
    talks.journal.append(Draft(Kind.IMPORTED, Actor.OUTSIDE, body, OUTSIDE))
    imported, told = Timeline(talks.store, talks.journal).between()
    assert (imported.text, imported.at.year) == ("The cabin has a new roof.", 2023)
    assert told.text == "The heron is back on the pond."


def test_a_weekday_is_that_day_alone(talks: Talks) -> None:
    """What was talked about "on Monday" is of the last Monday, and not of all days since."""
    talks.tell("A row with Ruth on the phone.", after=timedelta(hours=1))
    talks.tell("Off to the dentist.")
    answer = talks.ask("what did we talk about on monday?")
    assert answer is not None
    assert "Ruth" in answer.text
    assert "dentist" not in answer.text


def test_a_day_is_told_in_the_persons_words_and_by_its_part(talks: Talks) -> None:
    """What was told on one day is quoted, questions left out; a morning is no evening."""
    morning = (8 - local(talks.clock.now(), "Europe/Oslo").hour) % 24
    told = ("Where do I live?", "The boiler broke again.", "So I had a cold shower.")
    talks.tell(*told, after=timedelta(hours=morning))
    talks.tell("Dinner at Kofi's tonight.", after=timedelta(hours=11))
    answer = talks.ask("what did i do yesterday morning?")
    assert answer is not None
    assert answer.text.endswith(
        "you told me: “The boiler broke again.” “So I had a cold shower.”"
    ), answer.text


def test_a_week_of_many_talks_is_told_day_by_day(talks: Talks) -> None:
    """Of more talks than an answer holds, each day has one: its longest."""
    for day in range(5):
        talks.tell(f"A short word of day {day}.", after=timedelta(hours=14))
        talks.tell(f"Much was told on day {day}.", "And more.", after=timedelta(hours=9))
    week = talks.ask("What did we talk about this month?")
    assert week is not None
    assert week.text.count("Much was told") + week.text.count("A short word") >= 5
    assert "oona memory timeline" in week.text
