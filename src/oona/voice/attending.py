"""What words said over a reply mean: that somebody listens, that they want to speak, or "stop"."""

from __future__ import annotations

import re
from enum import Enum, auto
from itertools import groupby

from oona.core.sentences import plain


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for phrase in text.split(","))


_NODS = _words(
    """
    mm mmm mmmm hm hmm hmmm mhm mmhm mhmm uhhuh uh huh um ah aha oh ooh wow yeah yea yep yup yes ya
    right alright okay ok k sure exactly true totally absolutely indeed definitely really great good
    nice cool fine lovely perfect interesting funny ha haha
    """
)
"""Who says no more than these listens (backchannels: Yngve, 1970)."""

_HUMMED = re.compile(r"[aeu]?(?:[mh]+[au]?)+")
"""What a transcriber makes of a "mm-hm": "Mama", "hum", "aha"."""

_NODDING = _phrases(
    """
    i see, i know, got it, of course, go on, no way, thats right, thats true, thats good,
    thats great, thats nice, makes sense, fair enough, thank you, good to know, sounds good,
    oh no, all right, i understand
    """
)

_BEFORE = _words("oh no okay ok please hey hi well uh um yeah yes right sorry but just")
_STOPS = _phrases(
    """
    stop, wait, quiet, be quiet, hush, shush, shh, enough, thats enough, shut up, hold on, hang on,
    pause, never mind, nevermind, one second, one moment, a second, a moment
    """
)
"""What begins with one of these, after a word or two of `_BEFORE`, means "stop"."""


class Meaning(Enum):
    """What somebody means who speaks over a reply."""

    NOTHING = auto()
    """No words: a cough, a noise."""

    NOD = auto()
    """They listen, and say so."""

    TURN = auto()
    """They want to say something."""

    STOP = auto()


def meaning(text: str, *, whole: bool = True) -> Meaning:
    """What `text` means; unless it is `whole`, more may be coming."""
    words = plain(text).split()
    if not words:
        return Meaning.NOTHING
    if _is_stop(words):
        return Meaning.STOP
    return Meaning.TURN if wanting(text, whole=whole) else Meaning.NOD


def wanting(text: str, *, whole: bool = True) -> int:
    """How many words of `text` say more than that somebody listens.

    Of one that is not `whole`, the end may yet become a nod, and does not count then. Transcribers
    repeat a word where they hear half of one: it counts once.
    """
    words, count, at = [word for word, _ in groupby(plain(text).split())], 0, 0
    while at < len(words):
        rest = tuple(words[at:])
        if not whole and _may_become_nod(rest):
            break
        nod = next((nod for nod in _NODDING if rest[: len(nod)] == nod), None)
        count += nod is None and not _is_nod(words[at])
        at += len(nod) if nod else 1
    return count


def _is_nod(word: str) -> bool:
    return word in _NODS or _HUMMED.fullmatch(word) is not None


def _may_become_nod(words: tuple[str, ...]) -> bool:
    """Whether more would make a nod of it: "I" is the beginning of "I see", "real" of "really"."""
    if len(words) == 1 and any(nod.startswith(words[0]) for nod in _NODS):
        return True
    return any(words == nod[: len(words)] for nod in _NODDING)


def _is_stop(words: list[str]) -> bool:
    for skipped in range(min(3, len(words))):
        if any(tuple(words[skipped : skipped + len(stop)]) == stop for stop in _STOPS):
            return True
        if words[skipped] not in _BEFORE:
            return False
    return False
