"""Made-up friends and diaries, with questions whose answers are known: what weights are fitted on.

A chat is two friends who write to each other over half a year; a diary is the same person telling a
companion. Both are put together by chance from `made.toml`, which was written for this. Questions
are worded otherwise than the turns that answer them. They ask for a detail (told a turn later,
often without a word of what it belongs to), for a time, for all matters of a kind, for two matters
at once, for what may be concluded, and of one friend what the other told.
"""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.recall.conversations import Conversation, Question, Turn

_SESSIONS = 20
_MATTERS = 34
"""That each one tells, of some sixty."""

_PACE = timedelta(seconds=40)
_FIRST_PERSON = (
    (r"\b([Hh])as I\b", r"\1ave I"),
    (r"\b([Dd])oes I\b", r"\1o I"),
    (r"\bIs I\b", "Am I"),
    (r"\bis I\b", "am I"),
    (r"\bof I\b", "of mine"),
    (
        r"\b(beside|to|did the nurse give|helps|awake in the tent|drove|impressed|gave|by) I\b",
        r"\1 me",
    ),
)


@dataclass
class _Made:
    """A conversation in the making."""

    name: str
    dice: random.Random
    words: dict[str, Any]
    speakers: tuple[str, ...]
    """Two names, or one: a diary, told to a companion."""

    at: datetime
    turns: list[Turn] = field(default_factory=list)
    told: dict[tuple[str, int, int], tuple[str, str]] = field(default_factory=dict)
    """For each matter of somebody, the turns in which it was told and explained."""

    def say(self, who: int, text: str, session: int) -> str:
        other = self.speakers[1 - who] if len(self.speakers) > 1 else ""
        text = text.format(other=other) if other else re.sub(r",? ?\{other\}(?=[,!?. ])", "", text)
        unit = f"{session}:{len(self.turns)}"
        speaker = self.speakers[who] if other else ""
        own = not other and who == 0
        self.turns.append(Turn(unit, str(session), self.at, text.strip(), speaker, own))
        self.at += _PACE
        return unit

    def one(self, kind: str) -> str:
        return str(self.dice.choice(self.words[kind]))

    def tell(self, who: int, topic: int, row: int, session: int) -> None:
        """One matter, with what the other says to it."""
        matter = self.words["topics"][topic]["rows"][row]
        time = self.one("times")
        text = self.dice.choice(matter[1:3]).replace("{time}", time)
        text = text.replace("{Time}", time[:1].upper() + time[1:])
        if self.dice.random() < 0.3:
            text = f"{text} {self.one('asides')}"
        at_once = self.dice.random() < 0.2
        if at_once:
            text = f"{text} {matter[4]}"
        first = second = self.say(who, text, session)
        self.say(1 - who, self.one("reactions"), session)
        if not at_once:
            thanks = self.dice.choice(["", "", "Thanks {other}! ", "Oh, you know. "])
            second = self.say(who, thanks + matter[4], session)
        if self.dice.random() < 0.6:
            self.say(1 - who, self.one("agreements"), session)
        self.told[self.speakers[who], topic, row] = (first, second)


def conversations(count: int = 20, seed: int = 1) -> list[Conversation]:
    """`count` of them, chats and diaries in turn."""
    words = tomllib.loads((Path(__file__).parent / "made.toml").read_text(encoding="utf-8"))
    return [_conversation(words, seed * 1_000 + n, diary=n % 2 == 1) for n in range(count)]


def _conversation(words: dict[str, Any], seed: int, *, diary: bool) -> Conversation:
    dice = random.Random(seed)
    speakers = ("I",) if diary else tuple(dice.sample(words["names"], 2))
    begin = datetime(2025, dice.randint(1, 12), 3, 18, tzinfo=UTC)
    made = _Made(f"{'diary' if diary else 'chat'}-{seed}", dice, words, speakers, begin)
    every = [(t, r) for t, topic in enumerate(words["topics"]) for r in range(len(topic["rows"]))]
    matters = [(who, *one) for who in range(len(speakers)) for one in dice.sample(every, _MATTERS)]
    dice.shuffle(matters)
    for session in range(_SESSIONS):
        made.say(0, made.one("greetings"), session)
        made.say(1, made.one("answers"), session)
        for who, topic, row in matters[session::_SESSIONS]:
            if dice.random() < 0.5:
                aside = dice.randrange(2)
                made.say(aside, made.one("asides"), session)
                made.say(1 - aside, made.one("agreements"), session)
            made.tell(who, topic, row, session)
        made.say(dice.randrange(2), made.one("goodbyes"), session)
        made.at += timedelta(days=dice.randint(4, 14), minutes=dice.randint(0, 300))
    return Conversation(made.name, "made", tuple(made.turns), tuple(_questions(made)))


def _questions(made: _Made) -> list[Question]:
    found: list[Question] = []

    def ask(who: str, text: str, category: str, *gold: str) -> None:
        text = text.replace("{who}", who)
        if who == "I":
            for pattern, mine in _FIRST_PERSON:
                text = re.sub(pattern, mine, text)
        found.append(Question(text, category, frozenset(gold)))

    kinds: dict[tuple[str, int], list[str]] = {}
    for (who, topic, row), (first, second) in made.told.items():
        done, _, _, detail, _, conclusion = made.words["topics"][topic]["rows"][row]
        kinds.setdefault((who, topic), []).append(first)
        others = [name for name in made.speakers if name != who]
        if others and made.dice.random() < 0.3 and (others[0], topic, row) not in made.told:
            ask(others[0], detail, "adversarial", second)
        elif made.dice.random() < 0.6:
            ask(who, detail, "single-hop", second)
        if made.dice.random() < 0.5:
            ask(who, f"When did {{who}} {done}?", "temporal", first)
        if conclusion:
            ask(who, conclusion, "inference", first)
    for (who, topic), gold in kinds.items():
        if len(gold) > 1:
            ask(who, made.dice.choice(made.words["topics"][topic]["many"]), "multi-hop", *gold)
    pairs = list(made.told.items())
    for _ in range(8):
        (one, (first, _)), (two, (second, _)) = made.dice.sample(pairs, 2)
        if one[0] == two[0]:
            does = [made.words["topics"][topic]["rows"][row][0] for _, topic, row in (one, two)]
            ask(
                one[0],
                f"Did {{who}} {does[0]} before or after {{who}} managed to {does[1]}?",
                "two-part",
                first,
                second,
            )
    return found
