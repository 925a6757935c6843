"""A year as it is lived: told in chat, written in mail and calendar, and some of it forgotten."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.life.wording import Wordings, filled, table, with_pronoun
from benchmarks.life.world import CHANGING, NAMESAKES, PEOPLE, VALUES, How, Someone, Truth
from oona.core.clock import VirtualClock
from oona.core.events import Actor, Draft, Event, Kind
from oona.core.labels import OUTSIDE, PERSON
from oona.journal import Journal
from oona.journal.heads import Heads
from oona.memory import Tombstones, TurnTexts
from oona.memory.facts import FactBook, Facts
from oona.memory.forgetting import Forgetting, OneEvent
from oona.store import SqliteStore
from oona.testing.lossy_disk import LossyDisk
from oona.trust.lexicon import STOP_WORDS

START = datetime(2025, 11, 24, 8, 0, tzinfo=UTC)
KNOWN = Wordings("worded")

_OTHERWISE = 3
"""One telling in so many is worded otherwise than the rules are."""

_UNTOLD = 4
"""One relation in so many is never told, and asked for all the same."""

_MOST = 5
"""Times that something of a home or an employer is told: it changes, ends, is put right."""

_EVERY_DAYS = 45
"""So often one thing is forgotten."""

Pair = tuple[Someone, str]


@dataclass
class Year:
    """The life as it is told, and what is true of it."""

    facts: Facts
    journal: Journal
    forgetting: Forgetting
    clock: VirtualClock
    dice: random.Random
    other: Wordings
    truth: dict[Pair, Truth] = field(default_factory=dict, init=False)
    said: dict[Pair, list[Event]] = field(default_factory=dict, init=False)
    """Every turn in which something of a pair was told, to be forgotten by."""
    times: dict[Pair, int] = field(default_factory=dict, init=False)
    """How often something of a pair is still to be told; of some nothing ever is."""
    loose: set[str] = field(default_factory=set, init=False)
    """Relations of which something was told of a bare "Daniel"."""

    def __post_init__(self) -> None:
        for who in PEOPLE:
            for relation in VALUES:
                most = 1 if relation == "birthday" else _MOST if relation in CHANGING else 3
                told = self.dice.randrange(_UNTOLD) > 0
                self.times[who, relation] = self.dice.randint(1, most) if told else 0

    # What happens.

    def day(self, number: int) -> None:
        """One day: some talk, now and then news, mail and an entry in the calendar."""
        self.clock.advance(timedelta(hours=12))
        for _ in range(self.dice.randint(1, 3)):
            self._chat()
        if self.dice.random() < 0.6:
            self._happening()
        if self.dice.random() < 0.4:
            self._outside()
        if number % _EVERY_DAYS == _EVERY_DAYS - 1 and self.truth:
            self._forget()

    def _happening(self) -> None:
        chance = self.dice.random()
        if chance < 0.12:
            self._idle((self.dice.choice(PEOPLE), self.dice.choice(CHANGING)))
        elif chance < 0.16:
            self._bare_name()
        elif able := [pair for pair, times in self.times.items() if times]:
            pair = self.dice.choice(able)
            self.times[pair] -= 1
            self._tell(pair)

    def _tell(self, pair: Pair) -> None:
        """Tell something new, something that changed, ended, or contradicts itself."""
        truth = self.truth.get(pair)
        relation = pair[1]
        told = [*truth.told, *truth.taken_back] if truth else []
        free = [value for value in VALUES[relation] if value not in told]
        chance = self.dice.random()
        if relation in CHANGING and truth and truth.current and chance < 0.2:
            self._end(pair, truth)
        elif relation == "lives_in" and truth and truth.current and chance < 0.3:
            self._contradict(pair, truth, free)
        elif relation == "lives_in" and chance < 0.45:
            self._mend(pair, free)
        else:
            self._state(pair, self.dice.choice(free))

    def _state(self, pair: Pair, value: str) -> None:
        otherwise = self._say_of(pair, "told", value)
        truth = self.truth.setdefault(pair, Truth())
        truth.how = How.CHANGED if truth.told else How.SAME
        truth.told.append(value)
        truth.otherwise = otherwise

    def _end(self, pair: Pair, truth: Truth) -> None:
        truth.otherwise = self._say_of(pair, "ended", truth.told[-1])
        truth.how = How.ENDED

    def _contradict(self, pair: Pair, truth: Truth, free: list[str]) -> None:
        """Two values in one breath: only the person can say which."""
        first, second = self.dice.sample(free, 2)
        form = KNOWN.forms(pair[1], "told", pair[0])[0]
        self._say(" ".join(filled(form, pair[0], value) for value in (first, second)), pair)
        truth.taken_back += [first, second]
        truth.how = How.CONTRADICTED

    def _mend(self, pair: Pair, free: list[str]) -> None:
        """Say something wrong and put it right at once."""
        wrong, value = self.dice.sample(free, 2)
        self._say_of(pair, "told", wrong, KNOWN)
        otherwise = self._say_of(pair, "mended", value, wrong=wrong, after=timedelta(minutes=1))
        truth = self.truth.setdefault(pair, Truth())
        truth.taken_back.append(wrong)
        truth.told.append(value)
        truth.how, truth.otherwise = How.MENDED, otherwise

    def _idle(self, pair: Pair) -> None:
        """A plan, a wish, a rumour: nothing changes."""
        truth = self.truth.get(pair)
        told = truth.told if truth else []
        value = self.dice.choice([one for one in VALUES[pair[1]] if one not in told])
        self._say_of(pair, "idle", value)

    def _bare_name(self) -> None:
        """Something of "Daniel", of whom there are two."""
        relation = self.dice.choice(CHANGING)
        if not all(any(who == one for one, _ in self.truth) for who in NAMESAKES):
            return
        value = self.dice.choice(VALUES[relation])
        form = self.dice.choice(KNOWN.forms(relation, "told", NAMESAKES[0]))
        self._say(filled(form, NAMESAKES[0], value, said=NAMESAKES[0].name))
        self.loose.add(relation)

    def _chat(self) -> None:
        lines = self.dice.choice([KNOWN, self.other]).chatter()
        self._say(self._blanks(self.dice.choice(lines)))

    def _outside(self) -> None:
        mail, chance = table("outside")["mail"], self.dice.random()
        if chance < 0.15:
            who, relation = self.dice.choice(PEOPLE[1:]), self.dice.choice(CHANGING)
            value = self.dice.choice(VALUES[relation])
            self._write("mail", filled(mail["news"][relation], who, value))
            if truth := self.truth.get((who, relation)):
                truth.others.append(value)
            return
        origin = "mail" if chance < 0.6 else "calendar"
        lines = (mail["noise"] if origin == "mail" else table("outside")["calendar"])["lines"]
        self._write(origin, self._blanks(self.dice.choice(lines)))

    def _forget(self) -> None:
        """Forget one thing that was told, every turn that told of it."""
        able = [pair for pair, truth in self.truth.items() if truth.how is not How.FORGOTTEN]
        pair = self.dice.choice(able)
        wishes = [OneEvent(event.id) for event in self.said[pair]]
        self.forgetting.carry_out(self.forgetting.plan(wishes))
        self.times[pair] = 0
        truth = self.truth[pair]
        truth.taken_back, truth.told, truth.how = truth.told + truth.taken_back, [], How.FORGOTTEN

    # How it is said.

    def _say_of(
        self,
        pair: Pair,
        what: str,
        value: str,
        table_of: Wordings | None = None,
        *,
        wrong: str = "",
        after: timedelta | None = None,
    ) -> bool:
        """Say it in the words of the rules or otherwise; gives whether it was otherwise."""
        who, relation = pair
        chosen = table_of or (self.other if self.dice.randrange(_OTHERWISE) == 0 else KNOWN)
        form = self.dice.choice(chosen.forms(relation, what, who))
        said = self.dice.choice(who.short) if who.short and self.dice.random() < 0.4 else ""
        if what == "told" and self.dice.random() < 0.15 and (after_name := with_pronoun(form, who)):
            form, said = after_name, ""
        self._say(filled(form, who, value, said=said, wrong=wrong), pair, after)
        return chosen is not KNOWN

    def _say(self, text: str, pair: Pair | None = None, after: timedelta | None = None) -> None:
        self.clock.advance(after or timedelta(minutes=self.dice.randint(61, 200)))
        body = {"text": text, "via": "typed"}
        [turn] = self.journal.append(Draft(Kind.HEARD, Actor.PERSON, body, PERSON))
        self.facts.catch_up()
        if pair is not None:
            self.said.setdefault(pair, []).append(turn)

    def _write(self, origin: str, text: str) -> None:
        body = {"text": text, "origin": origin}
        self.journal.append(Draft(Kind.HEARD, Actor.OUTSIDE, body, OUTSIDE))
        self.facts.catch_up()

    def _blanks(self, line: str) -> str:
        who = self.dice.choice(PEOPLE[1:])
        return filled(
            line,
            who,
            place=self.dice.choice(VALUES["lives_in"]),
            org=self.dice.choice(VALUES["works_at"]),
            food=self.dice.choice(VALUES["allergic_to"]),
            hobby=self.dice.choice(VALUES["likes"]),
        )


def lived(folder: Path, seed: int, days: int, other: str = "held_out") -> Year:
    """A life of `days`; its heads lie in `folder`, its file in memory. Close its journal."""
    clock = VirtualClock(START)
    book = FactBook()
    disk = LossyDisk(0)  # in memory: what is measured is what is known, not how fast
    store = SqliteStore(Path("/life.db"), bytes(32), disk.vfs)
    views = (TurnTexts(), Tombstones(), book)
    journal = Journal(store, Heads(folder / f"heads-{other}-{seed}"), clock, "Europe/Oslo", views)
    facts = Facts(store, journal, book, clock)
    forgetting = Forgetting(store, journal, STOP_WORDS)
    year = Year(facts, journal, forgetting, clock, random.Random(seed), Wordings(other))
    for day in range(days):
        year.day(day)
    return year
