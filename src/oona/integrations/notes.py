"""Plain writing: a conversation with the speakers' names before what they say, or else notes.

It is a conversation where both sides are named in the usual ways ("User:", "**You:**",
"### Assistant", "ChatGPT said:"); otherwise each paragraph and each item of a list is a note of its
own, dated by the heading it stands under.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from oona.core.importing import Document, Found, ImportedText, LeftOut, Role
from oona.integrations.decoding import head, lines
from oona.integrations.roles import role_of
from oona.integrations.times import named_day

_LONGEST_LINE = 100_000
_LONGEST_NOTE = 8_000
_LONGEST_TURN = 100_000
_MOST_HEADING = 60

_MARKER = re.compile(
    r"(?P<hashes>\#{1,6}[ ]+)?"
    r"(?:\[?(?P<before>\d{4}[-/]\d\d[-/]\d\d[T ,]+\d{1,2}:\d\d(?::\d\d)?)\]?[ ]*[-–]?[ ]*)?"
    r"[*_]{0,3}(?P<name>[\w.-]{1,20})(?:[ ]said)?[*_]{0,3}"
    r"[ ]*(?:[(\[](?P<after>[^()\[\]]{6,40})[)\]])?[*_]{0,3}"
    r"(?P<colon>[ ]?:)?[*_]{0,3}(?P<text>[ ].*|)"
)
_HEADING = re.compile(r"#{1,6}\s+(.+?)\s*#*\s*$")
_UNDERLINE = re.compile(r"\s*(?:-{3,}|={3,}|\*{3,}|_{3,})\s*")
_ITEM = re.compile(r"(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(?=\S)")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_FRONT = re.compile(r"(date|created|created_at|title)\s*:\s*[\"']?(.+?)[\"']?\s*$", re.IGNORECASE)


def is_conversation(text: str) -> bool:
    """Whether both sides of a conversation are named in `text`."""
    roles = {marker[0] for line in text.splitlines() if (marker := _marked(line))}
    return {Role.PERSON, Role.OTHER} <= roles


def read_writing(document: Document, *, said: str = "") -> Iterator[Found]:
    """The texts of a document; `said` is its day, where something else than itself tells it."""
    reader = _Reader(document.name, said or named_day(document.name))
    talk = is_conversation(head(document))
    take = reader.talk if talk else reader.note
    for number, line in lines(document, _LONGEST_LINE):
        if not reader.front_matter(number, line):
            yield from take(number, line)
    yield from reader.finish()


def _marked(line: str) -> tuple[Role, str, str, str] | None:
    """The role, name, time and first words of a line that begins with a speaker's name."""
    found = _MARKER.fullmatch(line.rstrip())
    if found is None or not (found["colon"] or (found["hashes"] and not found["text"].strip())):
        return None
    role = role_of(found["name"])
    if role is None:
        return None
    when = named_day(found["before"] or found["after"] or "")
    return role, found["name"], when, found["text"].strip()


class _Reader:
    def __init__(self, name: str, said: str) -> None:
        self._name = name
        self._said = said
        self._title = ""
        self._thread = ""
        self._block: list[str] = []
        self._size = 0
        self._first = 1
        self._role = Role.NOTE
        self._speaker = ""
        self._fenced = False
        self._in_front = False

    def front_matter(self, number: int, line: str) -> bool:
        """Whether a line belongs to the fields before a text, between two lines of hyphens."""
        if number == 1 and line.strip() == "---":
            self._in_front = True
        elif self._in_front:
            self._in_front = line.strip() not in ("---", "...")
            if found := _FRONT.match(line):
                if found[1].lower() == "title":
                    self._title = found[2]
                else:
                    self._said = named_day(found[2]) or self._said
            return True
        return self._in_front

    def note(self, number: int, line: str) -> Iterator[Found]:
        """Take in a line of notes."""
        if _FENCE.match(line):
            self._fenced = not self._fenced
        elif not self._fenced:
            if found := _HEADING.match(line):
                yield from self.finish()
                self._title = found[1]
                self._said = named_day(found[1]) or self._said
                return
            if not line.strip() or _UNDERLINE.fullmatch(line):
                yield from self.finish()
                return
            if item := _ITEM.match(line):
                yield from self.finish()
                line = line[item.end() :]
        if self._size > _LONGEST_NOTE:
            yield from self.finish()
        self._add(number, line)

    def talk(self, number: int, line: str) -> Iterator[Found]:
        """Take in a line of a conversation."""
        if _FENCE.match(line):
            self._fenced = not self._fenced
        elif not self._fenced:
            if marker := _marked(line):
                yield from self.finish()
                self._role, name, when, line = marker
                self._speaker = name if self._role is Role.OTHER else ""
                self._said = when or self._said
            elif (found := _HEADING.match(line)) and len(found[1]) <= _MOST_HEADING:
                if day := named_day(found[1]):
                    yield from self.finish()
                    self._said = day
                    return
                if self._role is Role.NOTE:
                    self._title = found[1]
                    return
            elif _UNDERLINE.fullmatch(line):
                return
        if self._size > _LONGEST_TURN:
            yield from self.finish()
        self._add(number, line)

    def finish(self) -> Iterator[Found]:
        """What was taken in since the last text, as one."""
        text = "\n".join(self._block).strip()
        self._block, self._size = [], 0
        if not text:
            return
        if text.startswith("<!--") and text.endswith("-->"):
            yield LeftOut("comments that are not shown")
            return
        talk = self._role is not Role.NOTE
        if talk and not self._thread:
            self._thread = text[:200]
        thread = self._thread if talk else ""
        place = f"line {self._first} of {self._name}"
        yield ImportedText(text, self._role, self._speaker, self._said, thread, self._title, place)

    def _add(self, number: int, line: str) -> None:
        if not self._block:
            self._first = number
        self._block.append(line.rstrip())
        self._size += len(line) + 1
