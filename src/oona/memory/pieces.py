"""What is given of the turns that were found: pieces within a budget, none saying one thing twice.

A long turn is given by the sentences that bear on the question, so that a letter pasted a year ago
neither takes the whole budget nor is left out for its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from oona.core.events import Event
from oona.core.storage import Store
from oona.memory.fulltext import estimate_tokens
from oona.memory.recall import RecalledTurn

_AT_ONCE = 8
_SHARE_OF_BEST, _SHARE = 2, 3
"""The best piece takes half of the budget at most and others a third, so that three have a say."""

_LEAST = 14
"""Tokens: of a turn that is longer, less than this is no use."""

_READ = 40_000
"""Characters of a turn that are looked through for the sentences that bear."""

_SAME = 0.8
"""A piece that has its words in a chosen one, in order, and is no shorter than this share of it."""

_CUT = "…"
_SENTENCE = re.compile(r"\S.*?(?:[.!?…]+[\"'”’)\]]*(?=\s)|$)", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_FILLERS = frozenset(
    {
        *("a", "ah", "also", "an", "and", "anyway", "haha", "hey", "hi", "hmm", "just", "oh"),
        *("ok", "okay", "please", "quite", "really", "so", "the", "too", "uh", "um", "very"),
        *("well", "wow", "yeah", "yes"),
    }
)
"""Words without which an English sentence says the same. No word that denies, counts or dates is
one: a correction must not be taken for the repetition of what it corrects."""


def within(
    store: Store, ranked: Iterable[tuple[int, float]], stems: Sequence[str], budget: int
) -> Iterator[RecalledTurn]:
    """As many of `ranked` (seq and score, best first) as fit into `budget` tokens.

    `stems` are the question's, rarest first: by them a long turn is cut.
    """
    chosen: list[tuple[str, list[str]]] = []
    whole, full = budget, False
    rest = iter(ranked)
    while not full and (block := list(islice(rest, _AT_ONCE))):
        events = {event.seq: event for event in store.by_seq([seq for seq, _ in block])}
        full = bool(events)  # once nothing of a block fits, what is worse need not be read
        for seq, score in block:
            most = max(_LEAST, whole // (_SHARE if chosen else _SHARE_OF_BEST))
            text = _fitting(store, events[seq], stems, min(most, budget)) if seq in events else ""
            said = _said(text)
            if not said or any(_repeats(said, before) for before in _by(events[seq], chosen)):
                continue
            chosen.append((_whose(events[seq]), said))
            budget -= estimate_tokens(text)
            full = False
            yield RecalledTurn(events[seq], score, text)


def _fitting(store: Store, event: Event, stems: Sequence[str], room: int) -> str:
    """All of a turn, or what bears on `stems` of it, in at most `room` tokens; "" if too little."""
    text = event.text()
    if estimate_tokens(text) <= room:
        return text.strip()
    return excerpt(store, text, stems, room) if room >= _LEAST else ""


def excerpt(store: Store, text: str, stems: Sequence[str], room: int) -> str:
    """The sentences of `text` that hold most of `stems`, verbatim and in a row, within `room`.

    "…" stands where something was left out. Without a sentence that holds any, its beginning.
    """
    sentences = [found.group().strip() for found in _SENTENCE.finditer(text[:_READ])]
    sentences = [sentence for sentence in sentences if _WORD.search(sentence)]
    if not sentences:
        return ""
    worth = [_worth(store, sentence, stems) for sentence in sentences]
    first = last = worth.index(max(worth))
    room -= 2  # for what stands where something was left out
    if estimate_tokens(sentences[first]) > room:
        return _cut(store, sentences[first], stems, room)
    while True:
        free = room - estimate_tokens(" ".join(sentences[first : last + 1]))
        around = [place for place in (last + 1, first - 1) if 0 <= place < len(sentences)]
        fit = [place for place in around if estimate_tokens(sentences[place]) <= free]
        if not fit:
            break
        best = max(fit, key=worth.__getitem__)  # of two alike, what follows
        first, last = min(first, best), max(last, best)
    before = f"{_CUT} " if first else ""
    whole = last + 1 == len(sentences) and len(text) <= _READ
    return before + " ".join(sentences[first : last + 1]) + ("" if whole else f" {_CUT}")


def _worth(store: Store, text: str, stems: Sequence[str]) -> float:
    here = set(store.stems(text)) if stems else set()
    return sum(1 / (place + 1) for place, stem in enumerate(stems) if stem in here)


def _cut(store: Store, sentence: str, stems: Sequence[str], room: int) -> str:
    """Words of one long sentence around the rarest stem that it holds."""
    words = sentence.split()
    count = max(1, int(room / 1.4))
    worth = [_worth(store, word, stems) for word in words]
    middle = worth.index(max(worth))
    first = max(0, min(middle - count // 2, len(words) - count))
    part = " ".join(words[first : first + count])
    return f"{_CUT if first else ''} {part} {_CUT if first + count < len(words) else ''}".strip()


def _said(text: str) -> list[str]:
    """The words of `text` that say something; all of them where it has nothing but fillers."""
    words = [word.lower() for word in _WORD.findall(text)]
    return [word for word in words if word not in _FILLERS] or words or text.split()


def _whose(event: Event) -> str:
    return f"{event.actor}:{event.word('speaker')}"


def _by(event: Event, chosen: Sequence[tuple[str, list[str]]]) -> Iterator[list[str]]:
    """What was chosen of the same voice: "I moved" and "I moved" of two people are two things."""
    whose = _whose(event)
    return (said for who, said in chosen if who == whose)


def _repeats(words: Sequence[str], chosen: Sequence[str]) -> bool:
    """Whether `chosen` says all that `words` do, in that order."""
    if not _SAME * len(chosen) <= len(words) <= len(chosen):
        return False
    rest = iter(chosen)
    return all(word in rest for word in words)
