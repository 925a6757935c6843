"""How words sound and how far they are apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.agent.naming.sounds import VOWELS, Lexicon, distance, gap, sounds, syllables

SOUNDS = "iIeEaAOoUuV@YWQpbtdkgfvTDszSZhCJmnNlrwj"
heard = st.text(alphabet=SOUNDS, max_size=6)


@pytest.mark.parametrize(
    ("word", "as_heard"),
    [
        ("Mira", "mir@"),
        ("Timo", "timo"),
        ("Oona", "un@"),
        ("shop", "SOp"),
        ("cake", "kEk"),
        ("night", "nYt"),
        ("Kofi", "kofi"),
        ("", ""),
        ("42", ""),
    ],
)
def test_letters_become_sounds(word: str, as_heard: str) -> None:
    """Words are read roughly as an English reader would."""
    assert sounds(word) == as_heard


def test_what_is_written_differently_may_sound_alike() -> None:
    """Near-homophones are near, whatever their letters."""
    assert distance(sounds("Oona"), sounds("Una")) == 0
    assert distance(sounds("Sara"), sounds("Zara")) < distance(sounds("Sara"), sounds("Mara"))
    assert distance(sounds("Tim"), sounds("Kim")) < 1 < distance(sounds("Tim"), sounds("Rosa"))


@given(st.text())
def test_any_text_has_sounds_of_the_alphabet(text: str) -> None:
    """Whatever the letters, only known sounds come out."""
    assert set(sounds(text)) <= set(SOUNDS)
    assert syllables(sounds(text)) == sum(s in VOWELS for s in sounds(text))


@given(heard, heard, heard)
def test_distance_is_a_distance(one: str, two: str, three: str) -> None:
    """It is nought for the same sounds only, the same both ways, and no detour is shorter."""
    assert distance(one, two) == pytest.approx(distance(two, one))
    assert (distance(one, two) == 0) == (one == two)
    by_way = distance(one, three) + distance(three, two)
    if all(gap(a, b) <= gap(a, "") + gap("", b) for a in one for b in two):
        assert distance(one, two) <= by_way + 1.2


@given(heard, st.lists(heard.filter(bool), min_size=1, max_size=12))
def test_the_tree_finds_what_a_walk_through_the_list_finds(word: str, others: list[str]) -> None:
    """The pruned search gives the same nearest distance as comparing with every word."""
    tree = Lexicon((other, other) for other in others)
    found, nearest = tree.nearest(word, at_most=50.0)
    assert found == pytest.approx(min(distance(word, other) for other in others))
    assert distance(word, nearest) == pytest.approx(found)


@given(heard, st.lists(heard.filter(bool), max_size=6), st.floats(min_value=0.1, max_value=3))
def test_nothing_nearer_is_said_to_be_nothing(word: str, others: list[str], most: float) -> None:
    """Where no word is nearer than the bound, the bound and no word come back."""
    found, nearest = Lexicon((other, other) for other in others).nearest(word, at_most=most)
    assert (nearest == "") == all(distance(word, other) >= most for other in others)
    assert found <= most
