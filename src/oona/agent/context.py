"""Gathering what a reply may rest on: the conversation, what memory found, and the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from oona.agent.elsewhere import Quotation, look_elsewhere
from oona.agent.moods import Lead
from oona.agent.plan import Plan, make_plan, wants_advice, wants_outing
from oona.agent.prompts import Note
from oona.agent.session import Session
from oona.agent.speaking import Wrong, nothing_wrong
from oona.agent.when import said_when
from oona.agent.words import for_model
from oona.core.events import Event
from oona.core.labels import Integrity
from oona.core.language import ModelState
from oona.memory import Recalled, RecalledTurn
from oona.memory.facts import Holding
from oona.memory.fulltext import estimate_tokens
from oona.trust.check import Mode, Situation
from oona.trust.constraints import Constraint, constraints_in
from oona.trust.evidence import Evidence, Sentence, sentences
from oona.trust.lexicon import Lexicon, plain, words

_TO_A_SENTENCE = 50
"""Tokens of the budget for each sentence of a remembered turn; two of it may stand at any rate."""

_NOTE_TOKENS = {"typed": 100, "spoken": 50}
"""What notes may take of a prompt. The embedded model reads some 77 tokens a second, and who speaks
waits for the first sound."""

_NOTE_TOKENS_QUICK = 1_500
_OF_CONTEXT = 5
"""A model's window is shared with its instructions, the conversation and the reply."""


def note_tokens(via: str, model: ModelState) -> int:
    """The tokens that what is remembered may take of a turn's prompt."""
    if not model.quick:
        return _NOTE_TOKENS.get(via, _NOTE_TOKENS["typed"])
    return min(_NOTE_TOKENS_QUICK, (model.context or 1 << 20) // _OF_CONTEXT)


_FEW = 3
"""Words; fewer tell nothing."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn of the person's; `asked` is the whole question that "And Leon?" stands for.

    `amended` are turns that amend another, by the id of that one; `holding` are the facts by now.
    """

    event: Event
    asked: str = ""
    amended: Mapping[str, Event] = field(default_factory=dict)
    holding: Holding | None = None
    bound: tuple[Event, ...] = ()
    """Turns that told what somebody cannot have, which bear on advice whatever is asked."""

    @property
    def names(self) -> frozenset[str]:
        """The names of everybody told of, which many type without capitals."""
        return self.holding.names if self.holding is not None else frozenset()


@dataclass(frozen=True)
class Context:
    """What one turn goes by. `events` are the person's turns it may rest on, by id as text."""

    plan: Plan
    situation: Situation
    notes: tuple[Note, ...]
    noted: tuple[Event, ...]
    events: dict[str, Event]
    careful: bool = False
    """Advice is asked for where somebody cannot have something: judged whole before it is shown."""

    tells: bool = False
    """Something is told, if only in two words, and nothing is asked or asked for."""

    elsewhere: Quotation | None = None
    """What stands only in a text from elsewhere: for code to quote, and for no model to read."""

    wrong: Wrong = nothing_wrong
    """What a clause says of somebody that was told of another."""

    asked: str = ""
    """What was said; of "And Leon?" the whole question it stands for."""

    lead: Lead | None = None
    """The first words of the reply, where code says them."""

    def received(self, lead: Lead | None, jars: str) -> Context:
        """The same turn, received with `lead`, in a reply to which nothing may sound as `jars`."""
        return replace(self, lead=lead, situation=replace(self.situation, jars=jars))

    def quotes(self) -> list[tuple[Event, Sentence]]:
        """The sentences that bear on a look-up, newest first, each with its turn."""
        bearing = [one for one in self.plan.support if one.source in self.events]
        found = [(self.events[one.source], one) for one in bearing]
        return sorted(found, key=lambda pair: pair[0].seq, reverse=True)


def gather(
    turn: Heard,
    recalled: Recalled,
    session: Session,
    lexicon: Lexicon,
    granted: str,
    now: datetime,
    budget: int,
    examples: frozenset[str],
) -> Context:
    """The context of `turn`.

    `granted` are words that may always be said (the person's name), `budget` the tokens that notes
    may take, `examples` the names in the prompt's own examples.
    """
    heard, asked = turn.event, turn.asked or turn.event.text()
    theirs = [one for one in recalled.turns if one.event.label.integrity is Integrity.PERSON]
    remembered = [one.event for one in theirs]
    there = {event.id for event in session.heard}
    remembered += [one for one in turn.amended.values() if one.id not in there]
    remembered += [event for event in turn.bound if event.id not in there]
    told = sorted(
        {event.id: event for event in (*session.heard, *remembered)}.values(),
        key=lambda event: event.seq,
    )
    events = {str(event.id): event for event in told}
    evidence = _evidence(told, there, turn, lexicon)
    # No more is planned by than a model is shown: a pattern may take a pasted megabyte for hours.
    said = for_model(asked)
    plan = make_plan(said, evidence, lexicon, session.mode, admitted=session.admitted)
    advice = wants_advice(said, lexicon)
    own = heard.label.integrity is Integrity.PERSON
    if own:
        evidence.add(heard.text(), str(heard.id))
    # Who only tells of an allergy wants it heard; a reply may then speak of walnuts.
    binding = [*told, heard] if own and advice else told
    constraints = _constraints(binding, said, lexicon, advice=advice)
    cautions = _constraints([heard], said, lexicon, advice=True) if own and not advice else ()
    evidence.grant(granted)
    for event in remembered:
        evidence.grant(said_when(event.at, event.zone, now))
    chosen = _choose(plan, theirs, constraints, events, session, budget, said)
    tells = plan.mode is Mode.TALK and not advice and _asks_nothing(said, lexicon)
    telling = tells and len(words(said)) >= _FEW
    return Context(
        plan=plan,
        situation=Situation(
            evidence, plan.mode, asked, constraints, examples, telling=telling, cautions=cautions
        ),
        notes=tuple(_note(event, text, now) for event, text in chosen),
        noted=tuple(event for event, _text in chosen),
        events=events,
        tells=tells and len(words(said)) > 1,
        careful=advice and bool(constraints) and plan.mode is Mode.TALK,
        elsewhere=look_elsewhere(
            said, plan, (turn.event for turn in recalled.imported), lexicon, now
        ),
        asked=asked,
        wrong=turn.holding.wrong if turn.holding is not None else nothing_wrong,
    )


def _constraints(
    told: list[Event], said: str, lexicon: Lexicon, *, advice: bool
) -> tuple[Constraint, ...]:
    """What somebody cannot have and a reply to `said` must not offer; `told` are the turns."""
    # A fear of heights bears on where to go on Saturday, not on a talk about the fear itself; and
    # who speaks of walnuts, wanting no advice, may be answered with them.
    outing, spoken = wants_outing(said, lexicon), lexicon.stems(said)
    return tuple(
        one
        for event in told
        for one in constraints_in(event.text(), str(event.id), lexicon)
        if (one.food or outing) and (advice or spoken.isdisjoint(one.stems))
    )


def _asks_nothing(said: str, lexicon: Lexicon) -> bool:
    return not any(map(lexicon.is_question, sentences(said)))


def _evidence(told: list[Event], there: set[UUID], turn: Heard, lexicon: Lexicon) -> Evidence:
    """What the person said themselves, in the order of telling.

    `there` are the turns of the running conversation, in which "she" may point back.
    """
    evidence = Evidence(lexicon)
    evidence.names |= {plain(part) for name in turn.names for part in name.split()}
    of = {event.id: events for events, event in turn.amended.items()}
    texts = {str(event.id): event.text() for event in told}
    for event in told:
        if event.label.integrity is Integrity.PERSON:
            text = texts.get(of.get(event.id, ""), "")
            evidence.add(
                event.text(),
                str(event.id),
                follows=event.id in there,
                amends=lexicon.stems(text) if text else frozenset(),
            )
    return evidence


def _choose(
    plan: Plan,
    remembered: list[RecalledTurn],
    constraints: tuple[Constraint, ...],
    events: dict[str, Event],
    session: Session,
    budget: int,
    said: str,
) -> list[tuple[Event, str]]:
    """The sentences to put before the model, best first while choosing, oldest first when shown.

    One that was just `said` again, or stands among them already, would only cost time.
    """
    bearing = [plan.current] if plan.current is not None else list(reversed(plan.support))
    wanted: list[tuple[str, str]] = [(s.source, s.text) for s in bearing if s.source]
    if plan.mode in (Mode.TALK, Mode.LOOKUP):
        wanted += [(c.source, c.said) for c in constraints]
    if plan.mode is Mode.TALK:
        present = {event.id for event in session.heard}
        for turn in remembered:
            if turn.event.id not in present:
                said_then = sentences(turn.text)[: max(2, budget // _TO_A_SENTENCE)]
                wanted += [(str(turn.event.id), s.strip("… ")) for s in said_then]
    chosen: dict[tuple[str, str], int] = {}
    there = {_bare(sentence) for sentence in sentences(said)}
    for source, text in wanted:
        price = estimate_tokens(text) + 8
        if _bare(text) in there or price > budget or source not in events:
            continue
        there.add(_bare(text))
        budget -= price
        chosen[(source, text)] = events[source].seq
    ordered = sorted(chosen, key=lambda pair: chosen[pair])
    return [(events[source], text) for source, text in ordered]


def _bare(text: str) -> str:
    return " ".join(map(plain, words(text)))


def _note(event: Event, text: str, now: datetime) -> Note:
    return Note(said_when(event.at, event.zone, now), text)
