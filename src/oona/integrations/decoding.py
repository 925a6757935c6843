"""The characters of a document, whatever wrote them."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator

from oona.core.importing import Document

_STEP = 1 << 20
_HEAD = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def head(document: Document) -> str:
    """The first characters of a document, about 64 Ki."""
    with document.open() as file:
        start = file.read(_HEAD)
    return start.decode(_encoding(start), "replace")


def mark(document: Document) -> str:
    """The same for the same document, and for hardly any other: a digest of its size and head."""
    with document.open() as file:
        start = file.read(_HEAD)
    return hashlib.blake2b(b"%d:%b" % (document.size, start), digest_size=16).hexdigest()


def characters(document: Document) -> Iterator[str]:
    """The document in pieces of about a million characters; what cannot be decoded is U+FFFD.

    What is no UTF-8 from its beginning on is read as Windows-1252, the other encoding in which
    notes are found.
    """
    with document.open() as file:
        piece = file.read(_STEP)
        decoder = codecs.getincrementaldecoder(_encoding(piece))("replace")
        while piece:
            yield decoder.decode(piece)
            piece = file.read(_STEP)
        yield decoder.decode(b"", final=True)


def lines(document: Document, longest: int) -> Iterator[tuple[int, str]]:
    """The lines of a document with their numbers, without their ends.

    Of one that is longer than about `longest` characters only that much is given, with the same
    number several times.
    """
    number, rest = 1, ""
    for piece in characters(document):
        rest += piece
        whole = rest.split("\n")
        rest = whole.pop()
        for line in whole:
            yield number, line.removesuffix("\r")
            number += 1
        if len(rest) > longest:
            yield number, rest
            rest = ""
    if rest:
        yield number, rest


def _encoding(start: bytes) -> str:
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    if start[1:2] == b"\0":  # ASCII in 16 bits, without a mark
        return "utf-16-le"
    # One bad byte among good letters is damage; bad ones without good ones are another encoding.
    text = start.decode("utf-8", "ignore")
    foreign = sum(letter > "\x7f" for letter in text)
    bad = start.decode("utf-8", "replace").count("\ufffd") - text.count("\ufffd")
    cut = 1 if len(start) in (_HEAD, _STEP) else 0  # a letter whose end comes later
    return "cp1252" if bad > foreign + cut else "utf-8"
