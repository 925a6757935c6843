"""Sentence templates."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.core.errors import BadInput
from oona.core.sentences import any_of, expression, plain


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("What's the TIME?", "whats the time"),
        ("  Wie spät ist’s ?", "wie spaet ists"),
        ("rock 'n' roll", "rock n roll"),
        ("Café, naïve", "cafe naive"),
        ("", ""),
        ("…!?", ""),
    ],
)
def test_plain(text: str, seen: str) -> None:
    """Case, accents, apostrophes and punctuation do not count."""
    assert plain(text) == seen


@given(st.text())
def test_plain_is_settled_after_one_time(text: str) -> None:
    """Plain text stays as it is, and holds single spaces only."""
    once = plain(text)
    assert plain(once) == once
    assert once == " ".join(once.split())


@pytest.mark.parametrize(
    ("template", "fits", "fits_not"),
    [
        ("a [b] c", ["a c", "a b c"], ["a", "a b", "a b b c"]),
        ("(a|b c) d", ["a d", "b c d"], ["d", "b d"]),
        ("[x [y]] z", ["z", "x z", "x y z"], ["y z"]),
        ("<who> sleeps", ["she sleeps", "the cat sleeps"], ["cat sleeps"]),
        ("my * sleeps", ["my cat sleeps"], ["my sleeps", "my old cat sleeps"]),
        ("what's up", ["whats up"], ["what s up"]),
    ],
)
def test_templates(template: str, fits: list[str], fits_not: list[str]) -> None:
    """Optional, alternative and named parts mean what they look like."""
    fitting = re.compile(expression(template, {"who": "(she|the <animal>)", "animal": "(cat|dog)"}))
    assert all(fitting.fullmatch(text + " ") for text in fits)
    assert not any(fitting.fullmatch(text + " ") for text in fits_not)


@pytest.mark.parametrize("template", ["(a", "a)", "[a", "a]", "(a]", "<nobody>", "<loop>", "a < b"])
def test_a_broken_template_is_named(template: str) -> None:
    """A bracket left open, an unknown part, or one that holds itself is refused."""
    with pytest.raises(BadInput, match="cannot be read"):
        expression(template, {"loop": "a <loop>"})


def test_no_templates_fit_nothing() -> None:
    """An empty list of templates fits no text at all, not every text."""
    assert re.search(any_of([]), "anything ") is None
