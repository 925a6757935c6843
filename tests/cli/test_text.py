"""Text at the terminal: wrapped between words, and with nothing in it that could do harm."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.cli.terminal import LONG_PASTE, Pastes
from oona.cli.text import Flow, Style, columns

WORDS = st.lists(st.text("abcdefghij,.", min_size=1, max_size=12), max_size=30)


def flowed(pieces: list[str], width: int, indent: int = 0) -> str:
    out = io.StringIO()
    flow = Flow(out, width, indent)
    for piece in pieces:
        flow.write(piece)
    flow.end()
    return out.getvalue()


@given(WORDS, st.integers(14, 60), st.integers(0, 2))
def test_lines_end_between_words(words: list[str], width: int, indent: int) -> None:
    """No line is wider than the width, and the words are the same, in the same order."""
    text = flowed([" ".join(words)], width, indent)
    assert text.split() == words
    assert all(columns(line) <= width for line in text.split("\n")[1:])


@given(WORDS, st.data())
def test_pieces_make_no_difference(words: list[str], data: st.DataObject) -> None:
    """A text looks the same in however many pieces it comes."""
    text = " ".join(words)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=5)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert flowed(pieces, 30) == flowed([text], 30)


def test_a_long_word_is_not_cut() -> None:
    """A word longer than the line, an address say, stays whole."""
    assert "x" * 50 in flowed(["see " + "x" * 50], 20)


@given(st.text())
def test_nothing_moves_the_cursor(text: str) -> None:
    """Whatever a reply holds, no control character and no bidi mark reaches the terminal."""
    shown = flowed([text], 30)
    assert not any(ord(sign) < 32 and sign != "\n" for sign in shown)
    assert not any(0x202A <= ord(sign) <= 0x202E or 0x7F <= ord(sign) < 0xA0 for sign in shown)


def test_colours_are_only_where_they_are_wanted() -> None:
    """Without colour no escape sequence is written."""
    assert Style(on=False).name("Mira") == "Mira"
    assert Style(on=True).name("Mira").startswith("\x1b[")


def test_wide_letters_take_two_columns() -> None:
    """Wide letters count twice and combining marks not at all."""
    assert (columns("abc"), columns("日本"), columns("e\u0301")) == (3, 4, 1)


@pytest.mark.parametrize("lines", [2, LONG_PASTE + 1, 10_000])
def test_pasted_lines_are_known_as_such(lines: int) -> None:
    """Several pasted lines come back whole, marked as pasted, however long they are."""
    pastes = Pastes()
    text = "\n".join(f"line {number}" for number in range(lines))
    shown = pastes.take(text.replace("\n", "\r\n"))
    assert shown.count("\n") < LONG_PASTE
    typed = pastes.restore(f"look: {shown}")
    assert (typed.text, typed.pasted) == (f"look: {text}", True)


def test_a_pasted_word_is_still_the_persons_line() -> None:
    """A paste of one line is taken as typed, and one that was deleted again is forgotten."""
    pastes = Pastes()
    assert pastes.restore(f"see {pastes.take('example.org')}").pasted is False
    pastes.take("a\nb")
    assert pastes.restore("never mind").pasted is False
