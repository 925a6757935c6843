"""How much of what is remembered a prompt may hold."""

from __future__ import annotations

from oona.agent.context import note_tokens
from oona.core.language import ModelState


def test_a_small_model_is_given_little_and_less_when_spoken_to() -> None:
    """A hundred tokens for who types, half for who speaks: the embedded model reads slowly."""
    embedded = ModelState("1.5b", ready=True, context=4096)
    assert (note_tokens("typed", embedded), note_tokens("spoken", embedded)) == (100, 50)


def test_a_quick_model_is_given_much_within_its_window() -> None:
    """1,500 tokens, or a fifth of the window where that is less; unknown windows count as wide."""
    for context, tokens in ((0, 1_500), (32_768, 1_500), (4_096, 819)):
        assert note_tokens("typed", ModelState("m", True, context=context, quick=True)) == tokens
