"""A made year of talk: is a fact ever stale, invented, or back after it was forgotten?

`python -m benchmarks.life [--seed N] [--days N] [--json FILE]`. A seeded generator tells of a dozen
people: moves, new jobs, contradictions, corrections, jokes, plans, two Daniels. A third of what is
told is worded in ways that the extractor's rules were not written against. Every fact is then asked
for, as is what was never told, and what was forgotten is looked for. No language model takes part;
the last line on standard output is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from oona.core.clock import VirtualClock
from oona.core.events import Actor, Draft, Kind
from oona.core.labels import PERSON
from oona.journal import Journal
from oona.journal.heads import Heads
from oona.memory import Tombstones, TurnTexts
from oona.memory.facts import FactBook, Facts
from oona.memory.forgetting import Forgetting, Saying
from oona.store import SqliteStore
from oona.testing.lossy_disk import LossyDisk
from oona.trust.lexicon import STOP_WORDS

START = datetime(2025, 11, 24, 8, 0, tzinfo=UTC)
_OTHERWISE = 3
"""One telling in so many is worded otherwise than the rules are."""

PEOPLE = (
    "me", "my sister Anna", "my brother Daniel", "Daniel from work", "my wife Eva", "my mother",
    "my friend Kari", "my boss Ingrid", "my neighbour Tom", "my daughter Mia", "my cousin Per",
    "my uncle Olav",
)  # fmt: skip

VALUES = {
    "lives_in": "Oslo Bergen Molde Narvik Lisbon Paris Hamburg Kraków Turin Leeds Porto Ghent",
    "works_at": "Equinor Telenor Statkraft Airbus Siemens Yara Hydro Volvo Nokia Philips Bosch",
    "allergic_to": "walnuts peanuts shellfish eggs celery mustard strawberries lupin sesame",
    "birthday": "3_May 9_June 12_July 24_August 30_March 17_April 5_October 21_January",
    "likes": "jazz opera chess sailing gardening pottery skiing cycling poetry swimming",
}
SINGLE = ("lives_in", "works_at", "birthday")

KNOWN = {
    "lives_in": [
        "{Who} live[s] in {value}.",
        "{Who} moved to {value}.",
        "{Who} now live[s] in {value}.",
    ],
    "works_at": ["{Who} work[s] at {value}.", "{Who} got a new job at {value}."],
    "allergic_to": ["{Who} {be} allergic to {value}.", "{Who} can't eat {value}."],
    "birthday": ["{Whose} birthday is on {value}."],
    "likes": ["{Who} love[s] {value}.", "{Who} really like[s] {value}."],
}  # fmt: skip
OTHERWISE = {
    "lives_in": [
        "It's {value} that {who} call[s] home now.",
        "The post for {who_} goes to {value} these days.",
        "{value} has {who_} for a citizen now.",
    ],
    "works_at": ["{value} pays {whose} wages now.", "{Who} wear[s] a {value} badge these days."],
    "allergic_to": [
        "{value} would send {who_} to hospital.",
        "Keep {value} away from {who_}, please.",
    ],
    "birthday": ["There is cake for {who_} every {value}."],
    "likes": [
        "Nothing makes {who_} happier than {value}.",
        "{Who} could spend a whole day on {value}.",
    ],
}  # fmt: skip
ASKED = {
    "lives_in": "Where do[es] {who} live?",
    "works_at": "Where do[es] {who} work?",
    "allergic_to": "What {be} {who} allergic to?",
    "birthday": "When is {whose} birthday?",
    "likes": "What do[es] {who} like?",
}
NOISE = (
    "If I lived in {place}, I would swim every day.",
    "I wish my sister Anna lived in {place}.",
    "What is the weather like in {place}?",
    "I read a novel in which my brother Daniel lives in {place}. In the book he works at a zoo.",
    "Someone said to me: \"I live in {place}.\"",
    "My friend Kari thinks I live in {place}.",
    "We might move to {place} one day.",
    "I live in {place}, haha, just kidding.",
    "The train from {place} was late again.",
    "I slept badly and the coffee was cold.",
    "I was in {place} for a weekend, it rained.",
    "Should I visit {place} in spring?",
    "Work was long today. I need a walk.",
)  # fmt: skip


@dataclass
class Year:
    """The life as it is told, and what is true of it."""

    facts: Facts
    journal: Journal
    forgetting: Forgetting
    clock: VirtualClock
    dice: random.Random
    truth: dict[tuple[str, str], list[str]] = field(default_factory=dict, init=False)
    unsettled: set[tuple[str, str]] = field(default_factory=set, init=False)
    forgotten: set[tuple[str, str]] = field(default_factory=set, init=False)

    def say(self, text: str) -> None:
        """The person says something, and it is read."""
        self.clock.advance(timedelta(minutes=self.dice.randint(61, 300)))
        body = {"text": text, "via": "typed"}
        self.journal.append(Draft(Kind.HEARD, Actor.PERSON, body, PERSON))
        self.facts.catch_up()

    def day(self) -> None:
        """One day of talk."""
        self.clock.advance(timedelta(hours=12))
        for _ in range(self.dice.randint(1, 3)):
            place = self.dice.choice(VALUES["lives_in"].split())
            self.say(self.dice.choice(NOISE).format(place=place))
        if self.dice.random() < 0.5:
            self.tell()

    def tell(self) -> None:
        """Tell something new, something that changed, or something that contradicts itself."""
        pair = (self.dice.choice(PEOPLE), self.dice.choice([*VALUES, "lives_in"]))
        told = self.truth.get(pair, [])
        free = [v for v in VALUES[pair[1]].split() if v.replace("_", " ") not in told]
        if pair in self.forgotten or not free or (pair[1] == "birthday" and told) or len(told) > 3:
            return
        value = self.dice.choice(free).replace("_", " ")
        if pair[1] == "lives_in" and told and self.dice.random() < 0.1:
            other = self.dice.choice(free)
            if other != value:
                texts = [self._worded(KNOWN, pair, v) for v in (value, other)]
                self.say(" ".join(texts))
                self.unsettled.add(pair)
                return
        words = OTHERWISE if self.dice.randrange(_OTHERWISE) == 0 else KNOWN
        self.say(self._worded(words, pair, value))
        self.unsettled.discard(pair)
        self.truth.setdefault(pair, []).append(value)

    def forget(self) -> None:
        """Forget one thing that was told, all of it."""
        pair = self.dice.choice(sorted(self.truth))
        for value in self.truth.pop(pair):
            wish = [
                event
                for event in self.journal.read(kinds=[Kind.HEARD])
                if self._is(event.text(), pair, value)
            ]
            for event in wish:
                plan = self.forgetting.plan([Saying(event.text())])
                self.forgetting.carry_out(plan)
        self.forgotten.add(pair)
        self.unsettled.discard(pair)

    def _is(self, text: str, pair: tuple[str, str], value: str) -> bool:
        worded = [
            filled(form, pair[0], value) for table in (KNOWN, OTHERWISE) for form in table[pair[1]]
        ]
        return any(one in text for one in worded)

    def _worded(self, table: dict[str, list[str]], pair: tuple[str, str], value: str) -> str:
        return filled(self.dice.choice(table[pair[1]]), pair[0], value)


def filled(form: str, who: str, value: str = "") -> str:
    """A wording with its blanks filled."""
    me = who == "me"
    name = "I" if me else who
    whose = "my" if me else f"{who}'s"
    form = form.replace("do[es]", "do" if me else "does").replace("[s]", "" if me else "s")
    text = form.format(
        who=name,
        Who=name[:1].upper() + name[1:],
        who_="me" if me else who,
        whose=whose,
        Whose=whose[:1].upper() + whose[1:],
        be="am" if me else "is",
        value=value,
    )
    return text[:1].upper() + text[1:]


@dataclass
class Count:
    """How the questions were answered."""

    asked: int = 0
    right: int = 0
    silent: int = 0
    stale: int = 0
    invented: int = 0
    unanswerable: int = 0
    recognised: int = 0
    forgotten: int = 0
    unsure: int = field(default=0, init=False)
    outdated: int = field(default=0, init=False)
    resurfaced: int = field(default=0, init=False)

    def figures(self) -> dict[str, float]:
        """Shares of what was asked, in percent; `resurfaced` is a count."""
        return {
            "asked": self.asked,
            "right_percent": _percent(self.right, self.asked),
            "left_unsaid_percent": _percent(self.silent, self.asked),
            "quoting_a_later_word_percent": _percent(self.unsure, self.asked),
            "stale_percent": _percent(self.stale, self.asked),
            "stale_without_later_words_percent": _percent(self.outdated, self.asked),
            "invented_percent": _percent(self.invented, self.asked + self.unanswerable),
            "unanswerable": self.unanswerable,
            "unanswerable_recognised_percent": _percent(self.recognised, self.unanswerable),
            "forgotten": self.forgotten,
            "forgotten_resurfacing": self.resurfaced,
        }


def ask_everything(year: Year) -> Count:
    """Ask for every relation of everybody, told or not."""
    count = Count()
    for who in PEOPLE:
        for relation in VALUES:
            pair = (who, relation)
            known = year.facts.ask(filled(ASKED[relation], who))
            given = [year.facts.value(fact) for fact in known.current] if known else []
            told = year.truth.get(pair, [])
            if pair in year.forgotten:
                count.forgotten += 1
                count.resurfaced += bool(given)
            elif not told or pair in year.unsettled:
                count.unanswerable += 1
                count.recognised += not given
                count.invented += any(value not in told for value in given) and not told
            else:
                _judge(count, relation, given, told, unsure=bool(known and known.later))
    return count


def _judge(count: Count, relation: str, given: list[str], told: list[str], *, unsure: bool) -> None:
    """Count one answer. One that comes with later words of the person's is no assertion."""
    count.asked += 1
    count.outdated += relation in SINGLE and any(value in told[:-1] for value in given)
    count.invented += any(value not in told for value in given)
    if not given:
        count.silent += 1
    elif unsure and relation in SINGLE:
        count.unsure += 1
    elif relation in SINGLE:
        count.right += given == told[-1:]
        count.stale += any(value in told[:-1] for value in given)
    else:
        count.right += set(given) <= set(told)


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def live(folder: Path, seed: int, days: int) -> Count:
    """A life of `days`, then every question."""
    clock = VirtualClock(START)
    book = FactBook()
    disk = LossyDisk(0)  # in memory: what is measured is what is known, not how fast
    store = SqliteStore(Path("/life.db"), bytes(32), disk.vfs)
    views = (TurnTexts(), Tombstones(), book)
    journal = Journal(store, Heads(folder / f"heads-{seed}"), clock, "Europe/Oslo", views)
    facts = Facts(store, journal, book, clock)
    year = Year(facts, journal, Forgetting(store, journal, STOP_WORDS), clock, random.Random(seed))
    for day in range(days):
        year.day()
        if day % 45 == 44 and year.truth:
            year.forget()
    count = ask_everything(year)
    journal.close()
    return count


def main(arguments: list[str]) -> int:
    """Live some years, print what came of them, and one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.life", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the first life")
    parser.add_argument("--lives", type=int, default=5, help="how many")
    parser.add_argument("--days", type=int, default=365, help="of each")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here, too")
    given = parser.parse_args(arguments)
    total = Count()
    with tempfile.TemporaryDirectory(prefix="oona-life-") as folder:
        for seed in range(given.seed, given.seed + given.lives):
            one = live(Path(folder), seed, given.days)
            print(f"life {seed}: {one.figures()}", flush=True)
            for name, value in vars(one).items():
                setattr(total, name, getattr(total, name) + value)
    result = {"lives": given.lives, "days": given.days, "seed": given.seed, **total.figures()}
    if given.json:
        given.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
