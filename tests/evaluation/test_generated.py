"""Cases made up as the evaluation runs."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.generated import Draw, generate, unseen
from evaluation.scoring import admits

COUNT = 32


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31))
def test_no_drawn_word_stands_in_a_file_of_ours(seed: int) -> None:
    """Names, towns and relations are in no prompt and no code, whatever the seed."""
    draw = Draw(Random(seed))
    for _ in range(10):
        assert unseen(draw.name())
        assert unseen(draw.town())
        assert unseen(draw.relation())


def test_a_word_of_a_prompt_counts_as_seen() -> None:
    """What stands in a prompt of ours is found there."""
    assert not unseen("librarian")
    assert not unseen("Dr Healy")


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**31))
def test_a_case_knows_the_words_of_the_other_cases_as_strange(seed: int) -> None:
    """What one case says is never strange to it, and what others say always is."""
    cases = generate(seed, COUNT)
    for case in cases:
        said = " ".join(turn.say for turn in case.turns)
        assert case.truth is not None
        assert case.truth.strange
        assert not [word for word in case.truth.strange if word in said]


def test_the_seed_decides_what_is_generated() -> None:
    """The same seed gives the same cases, another seed others."""
    assert generate(4, COUNT) == generate(4, COUNT)
    assert generate(4, COUNT) != generate(5, COUNT)


def test_an_expected_answer_was_told_before_it_is_asked_for() -> None:
    """A look-up's pattern names only what an earlier turn of its case said."""
    for case in generate(11, COUNT):
        if case.truth is None or case.truth.unknown or case.kind != "lookup":
            continue
        told = " ".join(turn.say for turn in case.turns[:-1])
        assert any(re.search(pattern, told) for pattern in case.turns[-1].any), case


@pytest.mark.parametrize(
    ("reply", "admitted"),
    [
        ("You haven’t told me about your sauna tutor. Is there one?", True),
        ("I don't know; you haven't said.", True),
        ("Nothing about your lodger yet, as far as you've told me.", True),
        ("Bril hasn't come up between us yet.", True),
        ("His name is Bril.", False),
        ("I know: it's Bril.", False),
    ],
)
def test_an_admission_is_told_from_an_answer(reply: str, admitted: bool) -> None:
    """Saying that something was never told counts as admitting it, naming someone does not."""
    assert admits(reply.replace("’", "'")) is admitted
