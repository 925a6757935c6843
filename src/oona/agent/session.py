"""One conversation: what was said in it so far, as the model and the check need it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from oona.agent.elsewhere import ELSEWHERE, FROM_OUTSIDE
from oona.agent.speaking import same_words
from oona.agent.words import for_model
from oona.core.events import Event, Kind
from oona.core.labels import Integrity
from oona.core.language import Message
from oona.memory.fulltext import estimate_tokens
from oona.trust.check import Mode
from oona.trust.evidence import Evidence, sentences
from oona.trust.lexicon import Lexicon

CARRIED_WITHIN = timedelta(minutes=10)
CARRIED_TURNS = 2
"""After a short break the last turns are read again, for about half a second each."""

_REMEMBERED = 6
"""Replies within which the same sentence is not said again."""

_MOVED = 3
"""Turns for which a mood goes on that nothing more is said of."""

_TEMPLATE_TOKENS = 6
_ASIDES = 2
"""Answers from facts that the model's next turn is told of."""

_UNANSWERED = 3

_QUOTED = "I showed you what I have of it, word for word."
"""Stands for a reply that quotes a text from elsewhere, in which somebody may give orders."""


@dataclass
class Session:
    """The turns since the conversation was opened, oldest first.

    `messages` are exactly what the model was shown, so that a prompt only grows at its end.
    """

    messages: list[Message] = field(default_factory=list, init=False)
    asides: list[tuple[str, str]] = field(default_factory=list, init=False)
    unanswered: list[str] = field(default_factory=list, init=False)
    """What was said just before, to which no reply was heard: the next one is to it, too."""
    heard: list[Event] = field(default_factory=list, init=False)
    written: list[UUID] = field(default_factory=list, init=False)
    kept: set[UUID] = field(default_factory=set, init=False)
    questions_running: int = field(default=0, init=False)
    turns: int = field(default=0, init=False)
    paused: bool = field(default=False, init=False)
    mode: Mode = field(default=Mode.TALK, init=False)
    admitted: bool = field(default=False, init=False)
    jars: str = field(default="", init=False)
    """What tone the mood of the last turns does not bear."""
    _moved: int = field(default=0, init=False)

    def evidence(self, lexicon: Lexicon) -> Evidence:
        """What the person said themselves in this conversation; pastes and imports do not count."""
        evidence = Evidence(lexicon)
        for event in self.heard:
            if event.label.integrity is Integrity.PERSON:
                evidence.add(event.text(), str(event.id))
        return evidence

    def add(
        self,
        shown: str,
        reply: str,
        heard: Event,
        mode: Mode = Mode.TALK,
        *,
        aside: bool = False,
    ) -> None:
        """Take in a finished turn, as the model saw it (`shown`) and as it was said (`reply`).

        With `aside` code answered from facts: the model is told of it in passing, with its next
        turn. As examples of replies, bare values would teach it to say back what it hears.
        """
        if not reply:
            self.unanswered = [*self.unanswered, for_model(heard.text())][-_UNANSWERED:]
        elif aside:
            self.asides = [*self.asides, (shown, reply)][-_ASIDES:]
        else:
            self.messages.append(Message("user", shown))
            self.messages.append(Message("assistant", reply))
            self.asides, self.unanswered = [], []
        self.heard.append(heard)
        self.turns += 1
        self.mode = mode
        asked = reply.rstrip().endswith("?")
        self.questions_running = self.questions_running + 1 if asked else 0

    def feel(self, jars: str) -> None:
        """Take in the tone that this turn's mood does not bear; without one, the last goes on.

        It wears off after some turns.
        """
        if jars:
            self.jars, self._moved = jars, self.turns
        elif self.turns - self._moved > _MOVED:
            self.jars = ""

    def lately(self) -> frozenset[str]:
        """The sentences of the last replies, for `speak`."""
        said = (same_words(sentence) for reply in self.replies() for sentence in sentences(reply))
        return frozenset(said) - {""}

    def replies(self) -> list[str]:
        """The last replies that the model has read."""
        return [m.content for m in self.messages if m.role == "assistant"][-_REMEMBERED:]

    def fit(self, room: int) -> None:
        """Drop the older half of the turns when they no longer fit `room` tokens.

        Half at once, because every drop has the model read the rest of the conversation again.
        """
        while self.messages and self.tokens() > room:
            half = max(2, len(self.messages) // 4 * 2)
            del self.messages[:half]

    def tokens(self) -> int:
        """About how many tokens the conversation takes in a prompt."""
        return sum(estimate_tokens(m.content) + _TEMPLATE_TOKENS for m in self.messages)

    def begin_again(self, standing: list[Event]) -> None:
        """Hold nothing but `standing`: those of this conversation's events that were not erased.

        What the model was shown may have held notes and replies that are gone, so its messages are
        made anew from the turns that still stand on both sides.
        """
        there = {event.id for event in self.heard}
        heard = {event.id: event for event in standing if event.id in there}
        self.heard = list(heard.values())
        self.messages, self.asides, self.unanswered = [], [], []
        for event in standing:
            asked = heard.get(event.causes[0]) if event.causes else None
            if event.kind is Kind.SAID and event.text() and asked is not None:
                self.messages.append(Message("user", for_model(asked.text())))
                self.messages.append(Message("assistant", for_prompt(event)))

    def carry_on(self, recent: list[Event], now: datetime) -> None:
        """Begin with the last turns of a conversation that ended moments ago."""
        fresh = [e for e in recent if timedelta(0) <= now - e.at < CARRIED_WITHIN and e.text()]
        pending: Event | None = None
        pairs: list[tuple[Event, Event]] = []
        for event in fresh:
            if event.kind is Kind.HEARD:
                pending = event
            elif event.kind is Kind.SAID and pending is not None:
                pairs.append((pending, event))
                pending = None
        for heard, said in pairs[-CARRIED_TURNS:]:
            self.add(heard.text(), for_prompt(said), heard)


def for_prompt(said: Event) -> str:
    """A reply as a model may read it later: without the words that it quoted from elsewhere."""
    if said.word("rule") in (ELSEWHERE, FROM_OUTSIDE) or said.word("action") == "why":
        return _QUOTED
    return said.text()
