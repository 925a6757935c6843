"""How a conversation opens: from what was said, never invented, never twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.agent.foreseen import texts
from oona.agent.opening import Opening, opening
from oona.agent.profile import Profile
from oona.core.events import Actor, Event, Kind
from oona.core.ids import new_id
from oona.core.labels import PERSON
from oona.core.sentences import plain
from tests.plain_speech import faults

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Oslo
OSLO = "Europe/Oslo"
JO = Profile({"person.name": "Jo"})


def turn(
    text: str,
    at: datetime = MONDAY,
    *,
    seq: int = 1,
    kind: Kind = Kind.HEARD,
    causes: Sequence[UUID] = (),
    zone: str = OSLO,
) -> Event:
    """An event as the journal gives it back."""
    return Event(
        seq=seq,
        id=new_id(at),
        at=at,
        zone=zone,
        kind=kind,
        actor=Actor.PERSON if kind is Kind.HEARD else Actor.COMPANION,
        label=PERSON,
        causes=tuple(causes),
        commitment=b"",
        hash=b"",
        raw=json.dumps({"text": text}).encode(),
        salt=b"",
    )


def after(
    text: str, days: float, *, at: datetime = MONDAY, zone: str = OSLO, profile: Profile = JO
) -> str:
    """What is said `days` after `text` was heard, without the greeting."""
    found = opening([turn(text, at, zone=zone)], [], at + timedelta(days=days), zone, profile)
    return found.text.partition(". ")[2]


@pytest.mark.parametrize(
    ("text", "days", "said"),
    [
        ("I'm dreading the dentist on Tuesday", 3,
         "You were dreading the dentist on Tuesday. How was it?"),
        ("I dread the dentist tomorrow.", 2,
         "You were dreading the dentist yesterday. How was it?"),
        ("I’m really nervous about my exam on Friday at 9, I studied", 6,
         "You were nervous about your exam on Friday. How was it?"),
        ("I have an exam on Wednesday.", 4, "You had an exam on Wednesday. How did it go?"),
        ("My interview is on Thursday at 10", 5, "Your interview was on Thursday. How did it go?"),
        ("We're flying to Rome on Saturday!", 7,
         "You were flying to Rome on Saturday. How was it?"),
        ("I'm looking forward to Anna's wedding on Saturday", 6,
         "You were looking forward to Anna's wedding yesterday. How was it?"),
        ("I'm nervous about tomorrow's presentation", 3,
         "You were nervous about the presentation on Tuesday. How was it?"),
        ("We have two exams on the 27th of November", 13,
         "You had two exams on 27 November. How did it go?"),
        ("I have to go to the dentist on Tuesday because of a tooth", 3,
         "You had to go to the dentist on Tuesday. How did it go?"),
        ("Mum has surgery on Thursday and I'm scared", 5,
         "Your mum had surgery on Thursday. How did it go?"),
        ("Anna has an interview on Thursday", 5,
         "Anna had an interview on Thursday. How did it go?"),
        ("Tomorrow is my first day at the new job", 3,
         "Your first day at the new job was on Tuesday. How did it go?"),
        ("MRI tomorrow.", 2, "The MRI was yesterday. How did it go?"),
        ("Anna's exam tomorrow", 2, "Anna's exam was yesterday. How did it go?"),
        ("exam tomorrow. help", 2, "The exam was yesterday. How did it go?"),
        ("I have an exam on Wednesday and the dentist on Friday", 4,
         "You had an exam on Wednesday. How did it go?"),
        ("I've got an appointment with Dr. Meyer on Wednesday at 10:30", 4,
         "You had an appointment with Dr Meyer on Wednesday. How did it go?"),
        ("I'm dreading Tuesday", 2, "You were dreading Tuesday. How was it?"),
        ("really nervous about the talk tmrw", 2,
         "You were nervous about the talk yesterday. How was it?"),
        ("I'm anxious about what my boss will say to me in the meeting on Wednesday", 4,
         "On Monday you said: “I'm anxious about what my boss will say to me in the meeting on"
         " Wednesday.” How did it turn out?"),
        ("I can't wait for the concert tonight", 1,
         "You couldn't wait for the concert yesterday. How was it?"),
        ("I'm excited about the trip next week", 14,
         "You were excited about the trip. How was it?"),
        ("My interview is this afternoon", 0.4,
         "Your interview was earlier today. How did it go?"),
    ],
)  # fmt: skip
def test_what_has_passed_is_asked_about(text: str, days: float, said: str) -> None:
    """Once the day that was named is over, it asks how it was."""
    assert after(text, days) == said


@pytest.mark.parametrize(
    ("text", "days", "said"),
    [
        ("I'm dreading the dentist on Thursday", 2,
         "You were dreading the dentist. That's tomorrow, isn't it?"),
        ("I have an exam on Wednesday", 2, "You have an exam today, don't you?"),
        ("my interview is on Thursday", 1, "Your interview is on Thursday, isn't it?"),
        ("I'm flying to Rome on Thursday", 1, "You're flying to Rome on Thursday, aren't you?"),
    ],
)  # fmt: skip
def test_what_is_near_is_mentioned_lightly(text: str, days: float, said: str) -> None:
    """Before the day it only says that it is coming, with the day as it follows from the words."""
    assert after(text, days) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I'm dreading the dentist", "Yesterday you were dreading the dentist. Has it been yet?"),
        ("I'm worried about my mother",
         "Yesterday you were worried about your mother. How is that now?"),
    ],
)  # fmt: skip
def test_without_a_day_it_does_not_pretend_to_know_one(text: str, said: str) -> None:
    """A worry without a date is asked about on another day, as undecided."""
    assert after(text, 0.2) == ""
    assert after(text, 1) == said


@pytest.mark.parametrize(
    "text",
    [
        "I'm not worried about the exam on Tuesday",
        "Are you nervous about Tuesday?",
        "I'm dreading it",
        "I have a dog",
        "I had an exam yesterday",
        "If I'm nervous about the exam tomorrow I'll call",
        'She wrote "I have an exam tomorrow"',
        "He said I have an exam tomorrow",
        "My brother is nervous about the exam tomorrow",
        "I would be nervous about the exam tomorrow",
        "The exam tomorrow was cancelled",
        "I'm happy for you",
        "I'm afraid of dogs",
        "I wish I had an exam tomorrow",
        "Test",
        "The tree is on the left",
        "I'm going to be late on Tuesday",
        "I have to take the bins out on Tuesday",
        "",
    ],
)
def test_what_was_not_said_is_not_asked(text: str) -> None:
    """Denials, questions, conditions, quotations, others and the past give a greeting only."""
    assert after(text, 3) == ""


def test_next_tuesday_is_not_decided() -> None:
    """Where the day leaves a choice it waits until both have passed, and names none."""
    text = "I'm dreading the dentist next Wednesday"
    assert after(text, 1) == after(text, 3) == ""
    assert after(text, 11) == "You were dreading the dentist. How was it?"


def test_tomorrow_said_after_midnight() -> None:
    """At half past midnight 'tomorrow' may be today: nothing is asked before both are over."""
    night = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # 00:30 on Tuesday in Oslo
    assert after("I dread the dentist tomorrow", 0.9, at=night) == ""
    assert after("I dread the dentist tomorrow", 2, at=night) == (
        "You were dreading the dentist. How was it?"
    )


@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 10, 24, 20, tzinfo=UTC)]
)
def test_the_night_the_clocks_change(day: datetime) -> None:
    """A day of 23 or 25 hours ends at its own midnight."""
    midnight = (day + timedelta(days=1)).replace(hour=22 if day.month == 3 else 23)
    turns = [turn("I dread the dentist tomorrow", day, zone="Europe/Berlin")]
    before = opening(turns, [], midnight - timedelta(minutes=1), "Europe/Berlin", JO)
    later = opening(turns, [], midnight + timedelta(minutes=1), "Europe/Berlin", JO)
    assert "How was it" not in before.text
    assert "yesterday. How was it" in later.text


def test_the_day_is_that_of_the_place_where_it_was_said() -> None:
    """'Tomorrow' said in Auckland is Auckland's tomorrow, though it is asked about in Oslo."""
    said = turn("I dread the dentist tomorrow", MONDAY, zone="Pacific/Auckland")  # 22:00 Monday
    early = opening([said], [], MONDAY + timedelta(hours=20), OSLO, JO)
    late = opening([said], [], MONDAY + timedelta(hours=27), OSLO, JO)
    assert "How was it" not in early.text
    assert "How was it" in late.text


def test_a_clock_set_back_asks_nothing() -> None:
    """What lies in the future of a clock that was set back has not been said yet."""
    assert opening(
        [turn("I dread the dentist tomorrow")], [], MONDAY - timedelta(days=9), OSLO, JO
    ) == (Opening("Good morning, Jo."))


def asked(found: Opening, at: datetime, seq: int) -> Event:
    """The event of an opening that was said."""
    return turn(found.text, at, seq=seq, kind=Kind.SAID, causes=found.causes)


def test_nothing_is_asked_twice() -> None:
    """What was asked once is not asked again; what was near is mentioned once, then asked about."""
    turns = [
        turn("I'm dreading the dentist on Thursday", seq=1),
        turn("The dentist on Thursday, I'm so nervous about the dentist on Thursday", seq=2),
    ]
    said: list[Event] = []
    found = []
    for days in (2, 2.1, 4, 4.1, 5, 6):
        now = MONDAY + timedelta(days=days)
        first = opening(turns, said, now, OSLO, JO)
        found.append(first.text.partition(". ")[2])
        if first.causes:
            said.append(asked(first, now, 10 + len(said)))
    assert sum("isn't it?" in text for text in found) == 1
    assert sum("How was it?" in text for text in found) == 1


def test_what_was_told_since_is_not_asked() -> None:
    """When the person has spoken of it afterwards, or called it off, there is nothing to ask."""
    first = turn("I'm dreading the dentist on Tuesday", seq=1)
    for later in ("The dentist was fine.", "My dentist cancelled!"):
        turns = [first, turn(later, MONDAY + timedelta(days=2), seq=2)]
        assert opening(turns, [], MONDAY + timedelta(days=3), OSLO, JO).causes == ()
    off = turn("They cancelled the dentist.", MONDAY + timedelta(hours=3), seq=2)
    assert opening([first, off], [], MONDAY + timedelta(days=3), OSLO, JO).causes == ()


def test_the_nearest_is_chosen_and_named_as_cause() -> None:
    """Of several things it takes the one that passed last, and names the turn it stands in."""
    turns = [
        turn("I have an exam on Tuesday", seq=1),
        turn("I'm dreading the dentist on Thursday", seq=2),
        turn("We had soup.", seq=3),
    ]
    found = opening(turns, [], MONDAY + timedelta(days=4), OSLO, JO)
    assert "dentist" in found.text
    assert found.causes == (turns[1].id,)


def test_old_matters_rest() -> None:
    """After two weeks nothing is dug up; a long absence is greeted without reproach."""
    found = opening(
        [turn("I dread the dentist on Tuesday")], [], MONDAY + timedelta(days=40), OSLO, JO
    )
    assert found == Opening("Good morning, Jo. Everything is where you left it.")


@pytest.mark.parametrize(
    ("hour", "greeting"),
    [(7, "Good morning"), (14, "Good afternoon"), (20, "Good evening"), (1, "Hello")],
)
def test_otherwise_a_greeting(hour: int, greeting: str) -> None:
    """With nothing to ask it greets by the hour where the person is, by name if it has one."""
    now = datetime(2026, 7, 1, hour, 30, tzinfo=UTC)
    assert opening([], [], now, "UTC", JO) == Opening(f"{greeting}, Jo.")
    assert opening([], [], now, "UTC", Profile()) == Opening(f"{greeting}.")


FEELINGS = ["I'm dreading", "I am so nervous about", "I'm looking forward to", "I dread", "I have",
            "I can't wait for", "I'm worried about", "we're flying to", "I've got"]  # fmt: skip
THINGS = ["the dentist", "my exam", "our trip to Lisbon", "Anna's wedding", "an interview",
          "the talk I have to give to my boss", "{x} and {y}", "a test", "it",
          "meeting her parents"]  # fmt: skip
TIMES = ["on Tuesday", "tomorrow", "next week", "at the weekend", "in three days", "on the 3rd",
         "", "tonight", "on 28 November", "at 9 on Friday morning"]  # fmt: skip
_DAYS = "monday tuesday wednesday thursday friday saturday sunday november december"
_TEMPLATE_WORDS = {
    word
    for form in [*texts()["form"], texts()["quote"], texts()["days"], texts()["greeting"]]
    for text in form.values()
    if isinstance(text, str)
    for word in plain(text).split()
} | set(f"jo your yours you yourself {_DAYS}".split())


@given(
    st.lists(
        st.builds(
            "{} {} {}{}".format,
            st.sampled_from(FEELINGS),
            st.one_of(st.sampled_from(THINGS), st.text(max_size=40)),
            st.sampled_from(TIMES),
            st.sampled_from(["", ".", ", and I can't sleep", " because of {0}", "!"]),
        ),
        min_size=1,
        max_size=4,
    ),
    st.floats(min_value=0, max_value=40),
)
def test_every_word_stands_in_the_source_or_the_template(said: list[str], days: float) -> None:
    """An opening's words are ours or the person's, whatever they said; none is added."""
    turns = [turn(text, seq=seq) for seq, text in enumerate(said, start=1)]
    found = opening(turns, [], MONDAY + timedelta(days=days), OSLO, JO)
    sources = [t for t in turns if t.id in found.causes]
    spoken = set(plain(" ".join(t.text() for t in sources)).split())
    new = [word for word in plain(found.text).split() if not word.isdigit()]
    assert [word for word in new if word not in spoken | _TEMPLATE_WORDS] == []


@given(st.text(max_size=300), st.floats(min_value=-5, max_value=30), st.sampled_from([OSLO, "UTC"]))
def test_any_turn_is_taken(text: str, days: float, zone: str) -> None:
    """No text breaks the search, and something is always said."""
    now = MONDAY + timedelta(days=days)
    assert opening([turn(text)], [], now, zone, JO).text.strip()


def test_the_tone() -> None:
    """No opening reproaches, clings or shouts."""
    wordings = [
        text
        for form in [*texts()["form"], texts()["quote"], texts()["greeting"]]
        for key, text in form.items()
        if isinstance(text, str) and key != "says"
    ]
    assert faults(wordings) == []
