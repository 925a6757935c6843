"""The tokenizer of the embedder."""

from __future__ import annotations

from pathlib import Path

import pytest

from oona.core.errors import WeightsFault
from oona.providers.embeddings.wordpiece import WordPiece

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "play", "##ing", "cafe", "!", "##s", "日", "a"]


@pytest.fixture
def wordpiece(tmp_path: Path) -> WordPiece:
    """A tokenizer that knows a handful of pieces."""
    (tmp_path / "vocabulary").write_text("\n".join(PIECES) + "\n", encoding="utf-8")
    return WordPiece(tmp_path / "vocabulary")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("playing", ["play", "##ing"]),
        ("Plays!", ["play", "##s", "!"]),
        ("CAFÉ", ["cafe"]),
        ("zebra play", ["[UNK]", "play"]),
        ("日日", ["日", "日"]),
        ("pl\0ay\u200b", ["play"]),
        ("a" * 101, ["[UNK]"]),
        ("", []),
    ],
)
def test_words_are_cut_into_the_longest_pieces(
    wordpiece: WordPiece, text: str, pieces: list[str]
) -> None:
    """Greedy from the left, case and accents gone, ideographs and marks alone, framed."""
    wanted = [2, *(PIECES.index(piece) for piece in pieces), 3]
    assert wordpiece.ids(text, 64) == wanted


def test_a_long_text_ends_with_the_frame(wordpiece: WordPiece) -> None:
    """No more pieces than the window, the last of them the closing mark."""
    found = wordpiece.ids("play " * 50, 10)
    assert len(found) == 10
    assert found[-1] == 3


def test_what_is_no_vocabulary_is_said_so(tmp_path: Path) -> None:
    """A missing or wrong file is a fault that names it."""
    (tmp_path / "wrong").write_text("one\ntwo\n", encoding="utf-8")
    for name in ("wrong", "missing"):
        with pytest.raises(WeightsFault, match=name):
            WordPiece(tmp_path / name)
