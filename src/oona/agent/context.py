"""Gathering what a reply may rest on: the conversation, what memory found, and the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from oona.agent.elsewhere import Quotation, look_elsewhere
from oona.agent.plan import Plan, make_plan, wants_advice, wants_outing
from oona.agent.prompts import Note
from oona.agent.session import Session
from oona.agent.when import said_when
from oona.agent.words import for_model
from oona.core.events import Event
from oona.core.labels import Integrity
from oona.core.language import ModelState
from oona.memory import Recalled, RecalledTurn
from oona.memory.fulltext import estimate_tokens
from oona.trust.check import Mode, Situation
from oona.trust.constraints import Constraint, constraints_in
from oona.trust.evidence import sentences
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

    elsewhere: Quotation | None = None
    """What stands only in a text from elsewhere: for code to quote, and for no model to read."""


def gather(
    asked: Event,
    recalled: Recalled,
    session: Session,
    lexicon: Lexicon,
    granted: str,
    now: datetime,
    budget: int,
    examples: frozenset[str],
) -> Context:
    """The context of `asked`.

    `granted` are words that may always be said (the person's name), `budget` the tokens that notes
    may take, `examples` the names in the prompt's own examples.
    """
    evidence = session.evidence(lexicon)
    theirs = [turn for turn in recalled.turns if turn.event.label.integrity is Integrity.PERSON]
    remembered = [turn.event for turn in theirs]
    events = {str(event.id): event for event in (*session.heard, *remembered)}
    there = {str(event.id) for event in session.heard}
    for event in remembered:
        if str(event.id) not in there:
            evidence.add(event.text(), str(event.id), follows=False)
    # No more is planned by than a model is shown: a pattern may take a pasted megabyte for hours.
    said = for_model(asked.text())
    plan = make_plan(said, evidence, lexicon, session.mode, admitted=session.admitted)
    constraints = tuple(
        constraint
        for event in events.values()
        for constraint in constraints_in(event.text(), str(event.id), lexicon)
    )
    advice = wants_advice(said, lexicon)
    if asked.label.integrity is Integrity.PERSON:
        evidence.add(asked.text(), str(asked.id))
        # Who only tells of an allergy wants it heard; a reply may then speak of walnuts.
        if advice:
            constraints += tuple(constraints_in(asked.text(), str(asked.id), lexicon))
    # A fear of heights bears on where to go on Saturday, not on a talk about the fear itself; and
    # who speaks of walnuts, wanting no advice, may be answered with them.
    outing, spoken = wants_outing(said, lexicon), lexicon.stems(said)
    constraints = tuple(
        c for c in constraints if (c.food or outing) and (advice or spoken.isdisjoint(c.stems))
    )
    evidence.grant(granted)
    for event in remembered:
        evidence.grant(said_when(event.at, event.zone, now))
    chosen = _choose(plan, theirs, constraints, events, session, budget, said)
    return Context(
        plan=plan,
        situation=Situation(evidence, plan.mode, asked.text(), constraints, examples),
        notes=tuple(_note(event, text, now) for event, text in chosen),
        noted=tuple(event for event, _text in chosen),
        events=events,
        careful=advice and bool(constraints) and plan.mode is Mode.TALK,
        elsewhere=look_elsewhere(
            said, plan, (turn.event for turn in recalled.imported), lexicon, now
        ),
    )


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
