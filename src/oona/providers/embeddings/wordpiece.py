"""The WordPiece tokenizer of BERT's uncased models (Devlin et al., 2019), on the stdlib alone.

The usual package for it brings a client of a model hub along, which has no place in a companion
that stays offline.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from oona.core.errors import WeightsFault

_LONGEST_WORD = 100
_UNKNOWN, _FIRST, _LAST = "[UNK]", "[CLS]", "[SEP]"
_CJK = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2CEAF),
    (0x2F800, 0x2FA1F),
)


class WordPiece:
    """Cuts a text into the pieces of a vocabulary, given as a file with one piece a line.

    Raises WeightsFault when the file is no such vocabulary.
    """

    def __init__(self, vocabulary: Path) -> None:
        try:
            pieces = vocabulary.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as fault:
            raise WeightsFault(f"The vocabulary in {vocabulary} cannot be read: {fault}.") from None
        self._ids = {piece: number for number, piece in enumerate(pieces) if piece}
        try:
            self._unknown, self._first, self._last = (
                self._ids[mark] for mark in (_UNKNOWN, _FIRST, _LAST)
            )
        except KeyError as missing:
            raise WeightsFault(f"{vocabulary} is no vocabulary: it lacks {missing}.") from None

    def __len__(self) -> int:
        return len(self._ids)

    def ids(self, text: str, most: int) -> list[int]:
        """The numbers of the pieces of `text`, framed by the marks; at most `most` in all."""
        found: list[int] = [self._first]
        for word in _words(text):
            found += self._split(word)
            if len(found) >= most:
                break
        return [*found[: most - 1], self._last]

    def _split(self, word: str) -> tuple[int, ...]:
        """Greedily, the longest known piece first."""
        if len(word) > _LONGEST_WORD:
            return (self._unknown,)
        found: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = ("##" if start else "") + word[start:end]
                if piece in self._ids:
                    found.append(self._ids[piece])
                    start = end
                    break
            else:
                return (self._unknown,)
        return tuple(found)


def _words(text: str) -> Iterator[str]:
    """Lower case without accents; every mark of punctuation and every ideograph is a word."""
    plain = unicodedata.normalize("NFD", text).lower()
    word: list[str] = []
    for letter in plain:
        category = unicodedata.category(letter)
        if category == "Mn" or letter in "\0\ufffd":
            continue
        if letter.isspace() or category == "Zs":
            alone = ""
        elif category.startswith("C"):
            continue
        elif category.startswith("P") or _is_ascii_mark(letter) or _is_ideograph(letter):
            alone = letter
        else:
            word.append(letter)
            continue
        if word:
            yield "".join(word)
            word.clear()
        if alone:
            yield alone
    if word:
        yield "".join(word)


def _is_ascii_mark(letter: str) -> bool:
    return "!" <= letter <= "~" and not letter.isalnum()


def _is_ideograph(letter: str) -> bool:
    code = ord(letter)
    return code >= _CJK[0][0] and any(low <= code <= high for low, high in _CJK)
