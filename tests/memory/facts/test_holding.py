"""A reply's sentence about somebody is held against what was told of whom."""

from __future__ import annotations

import pytest

from oona.journal import Journal
from tests.lives import heard
from tests.memory.facts.conftest import Told


def wrong(told: Told, said: str, reply: str) -> str:
    """What `reply` to `said` says of the wrong one; `said` is not read for facts yet."""
    journal: Journal = told.journal
    [event] = journal.append(heard(said))
    return told.facts.holding(event).wrong(reply)


@pytest.fixture
def known(told: Told) -> Told:
    """A sister, a landlord and a colleague of one name."""
    told.tell("My sister Ruth lives in Cardiff. I live in Bristol.")
    told.tell("My colleague Kofi works at Aardman.")
    told.tell("Our landlord is called Ben.")
    return told


@pytest.mark.parametrize(
    ("said", "reply", "stumbles"),
    [
        ("mum lives in newport", "That's right! Ben lives in Newport.", "Newport"),
        ("mum lives in newport", "Your mum lives in Newport, then.", ""),
        ("mum lives in newport", "So she lives in Newport.", ""),
        ("whats my brother called?", "Your brother's name is Ruth.", "Ruth"),
        ("whats my sister called?", "Your sister's name is Ruth.", ""),
        ("where do i live", "You live in Cardiff.", "Cardiff"),
        ("where do i live", "You live in Bristol.", ""),
        ("where does ruth live", "Ruth lives in Swansea.", "Swansea"),
        ("ruth has her place in barry now", "Ruth lives in Barry, then.", ""),
        ("where does ruth live", "Does Ruth live in Bristol?", ""),
        ("ruth texted", "Ruth's daughter, Lottie, works at Aardman.", "Aardman"),
        ("tell me of cardiff", "Many people live in Cardiff.", ""),
    ],
)
def test_what_was_told_of_another_is_not_said(
    known: Told, said: str, reply: str, stumbles: str
) -> None:
    """One's town, name or work is not put on another; what may be so, and what asks, is let be."""
    assert wrong(known, said, reply) == stumbles
