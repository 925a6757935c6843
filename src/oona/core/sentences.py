"""Sentence templates: how a few lines of data match the many ways a person says one thing.

A template is words with `[optional]` parts, `(one|or another)`, `*` for any one word, and `<named>`
parts defined beside it. It is matched against text without case, accents, apostrophes or
punctuation. The idea is that of the sentence templates of Hassil (Home Assistant), in a much
smaller form of our own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from oona.core.errors import BadInput

_APOSTROPHES = re.compile(r"(?<=\w)['’‘`\u00b4\u02bc](?=\w)")
_NO_WORD = re.compile(r"[\W_]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_TOKEN = re.compile(r"<(\w+)>|([()\[\]|])|([^\s()\[\]|<>]+)|(\s+)|(.)")


def plain(text: str) -> str:
    """`text` as templates see it: lower case, letters and digits, single spaces.

    "What's the time?" gives "whats the time", "Wie spät ist’s" gives "wie spaet ists".
    """
    if text.isascii():  # as most English is: the same in half the time
        return _NO_WORD.sub(" ", _APOSTROPHES.sub("", text.lower())).strip()
    text = unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS)
    text = _APOSTROPHES.sub("", text)
    bare = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NO_WORD.sub(" ", "".join(bare)).strip()


def expression(template: str, parts: Mapping[str, str] | None = None) -> str:
    """The regular expression of `template`; in it each word is followed by one space.

    Match it against `plain(text) + " "`. `parts` are the templates that `<names>` stand for.
    Raises BadInput where brackets do not close or a name is unknown.
    """
    return _Reader(template, parts or {}).read()


def any_of(templates: Iterable[str], parts: Mapping[str, str] | None = None) -> str:
    """The expression of whichever of `templates` fits; one that never fits if there is none."""
    found = [expression(template, parts) for template in templates]
    return "(?:" + "|".join(found) + ")" if found else "(?!)"


class _Reader:
    """One template, read from left to right."""

    _CLOSING = {"(": ")", "[": "]"}  # noqa: RUF012 - read only

    def __init__(self, template: str, parts: Mapping[str, str], within: tuple[str, ...] = ()):
        self._template = template
        self._parts = parts
        self._within = within
        self._tokens = list(_TOKEN.finditer(template))
        self._at = 0

    def read(self) -> str:
        found = self._choice("")
        if self._at < len(self._tokens):
            raise self._fault("a bracket closes that was never opened")
        return found

    def _choice(self, closing: str) -> str:
        """Alternatives up to the bracket that ends them."""
        choices = [""]
        while self._at < len(self._tokens):
            name, sign, word, space, other = self._tokens[self._at].groups()
            if other is not None:
                raise self._fault(f"{other!r} stands alone")
            if sign in (")", "]"):
                break
            self._at += 1
            if name is not None:
                choices[-1] += self._named(name)
            elif sign == "|":
                choices.append("")
            elif sign is not None:
                choices[-1] += self._bracket(sign)
            elif word == "*":
                choices[-1] += "[^ ]+ "
            elif space is None:
                choices[-1] += "".join(re.escape(part) + " " for part in plain(word).split())
        if closing and self._at >= len(self._tokens):
            raise self._fault(f"{closing!r} is missing")
        return choices[0] if len(choices) == 1 else "(?:" + "|".join(choices) + ")"

    def _bracket(self, sign: str) -> str:
        closing = self._CLOSING[sign]
        inner = self._choice(closing)
        if self._tokens[self._at].group() != closing:
            raise self._fault(f"{closing!r} is missing")
        self._at += 1
        return f"(?:{inner})" + ("?" if sign == "[" else "")

    def _named(self, name: str) -> str:
        if name not in self._parts or name in self._within:
            raise self._fault(f"<{name}> is not defined, or stands in itself")
        inner = _Reader(self._parts[name], self._parts, (*self._within, name)).read()
        return f"(?:{inner})"

    def _fault(self, what: str) -> BadInput:
        return BadInput(f"The sentence template {self._template!r} cannot be read: {what}.")
