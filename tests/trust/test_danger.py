"""Danger: clear statements are found, and figures of speech are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.trust.contacts import Contacts
from oona.trust.danger import LONGEST, danger, reply
from tests.trust.danger_phrases import (
    EMERGENCY,
    GERMAN,
    HARMLESS,
    SELF_HARM,
    SOMEONE_ELSE,
    URGENT,
    VIOLENCE,
)

CONTACTS = Contacts.load()


def rule(text: str) -> str:
    """The rule that `text` wakes, or an empty text."""
    found = danger(text)
    return found.rule if found else ""


@pytest.mark.parametrize("text", SELF_HARM)
def test_despair_is_heard(text: str) -> None:
    """A clear statement that someone wants to die or to hurt themselves is recognised."""
    assert rule(text) == "danger.self-harm"


@pytest.mark.parametrize("text", URGENT)
def test_what_cannot_wait_is_told_apart(text: str) -> None:
    """A statement that something is done or about to be done is urgent."""
    assert rule(text) == "danger.self-harm.urgent"


@pytest.mark.parametrize("text", VIOLENCE)
def test_violence_against_the_person_is_heard(text: str) -> None:
    """Someone who is beaten, threatened or held is recognised."""
    assert rule(text) in ("danger.violence", "danger.violence.urgent")


@pytest.mark.parametrize("text", EMERGENCY)
def test_an_emergency_is_heard(text: str) -> None:
    """What needs an ambulance is recognised."""
    assert rule(text) == "danger.emergency.urgent"


@pytest.mark.parametrize("text", SOMEONE_ELSE)
def test_someone_else_in_despair(text: str) -> None:
    """A third person's despair gets the text for those who worry about them."""
    assert rule(text) == "danger.someone-else"


@pytest.mark.parametrize("text", HARMLESS)
def test_figures_of_speech_are_left_alone(text: str) -> None:
    """Idioms, denials, fiction, accidents and plain sadness go on to the conversation."""
    assert rule(text) == ""


@pytest.mark.parametrize(
    ("wanted", "text"), [(wanted, t) for wanted, ts in GERMAN.items() for t in ts.split("|")]
)
def test_despair_chooses_its_own_language(wanted: str, text: str) -> None:
    """German is heard by its file alone, whatever language the rest is set to."""
    assert rule(text) == wanted


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    """No text breaks the search, and what it finds can be answered."""
    found = danger(text)
    assert found is None or reply(found, "Europe/Oslo", CONTACTS)


_SMALL_TALK = ["We had soup.", "The train was late!", "She sings well;", "What a day?", "ok\n"]


@given(
    st.sampled_from(SELF_HARM[:40]),
    st.lists(st.sampled_from(_SMALL_TALK), max_size=5),
    st.lists(st.sampled_from(_SMALL_TALK), max_size=5),
)
def test_it_is_heard_among_other_things(text: str, before: list[str], after: list[str]) -> None:
    """What stands around it, in sentences of their own, does not hide it."""
    assert rule(" ".join([*before, f"{text.rstrip('.')}.", *after])) == "danger.self-harm"


def test_a_long_paste_is_not_searched_to_its_end() -> None:
    """What stands 20,000 characters on is no sentence somebody just said."""
    assert danger("la " * LONGEST + "I want to die") is None
