"""Answers that code gives.

Where nothing was told, where the person's own words say it best, and where nothing of the model's
reply could be said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from oona.agent.context import Context
from oona.agent.elsewhere import ELSEWHERE
from oona.agent.moods import CHEERFUL
from oona.agent.phrases import phrase
from oona.agent.speaking import Speech
from oona.agent.when import said_when
from oona.core.events import Event
from oona.core.labels import Integrity
from oona.trust.check import Mode
from oona.trust.constraints import constraints_in
from oona.trust.evidence import Sentence
from oona.trust.lexicon import plain, words

MOST_QUOTED = 3
_SELF = frozenset({"i", "im", "i'm", "me", "my", "we", "myself"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply by rule, and the events it rests on.

    With `retry`, a second draw of the model's is worth trying first.
    """

    text: str
    rule: str
    causes: tuple[UUID, ...] = ()
    retry: bool = False


def by_code(context: Context, heard: Event, now: datetime, *, may_ask: bool) -> Answer | None:
    """The answer where no model is needed, else None."""
    plan = context.plan
    if heard.label.integrity is not Integrity.PERSON:
        return Answer(phrase("outside", heard.seq), "outside")
    if plan.guess:
        return Answer(phrase("no_guess", heard.seq), "no_guess")
    if plan.deed:
        return Answer(phrase("cut_deed", heard.seq), "cannot-act")
    if (found := context.elsewhere) is not None:
        text = phrase(found.rule, heard.seq, when=found.when, whence=found.whence, text=found.text)
        return Answer(text, ELSEWHERE, (found.event.id,))
    if plan.mode is Mode.LOOKUP:
        return _looked_up(context, heard, now, may_ask=may_ask)
    return _may_eat(context, heard, now) if plan.mode is Mode.TALK else None


def _may_eat(context: Context, heard: Event, now: datetime) -> Answer | None:
    """Of food that somebody with an allergy asks for: what was told, and never a guess.

    What is in a spread or a sauce neither the lists nor a small model know.
    """
    lexicon = context.situation.evidence.lexicon
    asked = re.match(lexicon.asks["may_eat"], plain(context.asked).strip())
    if asked is None:
        return None
    who = asked["whom"] or asked["who"] or "i"
    for constraint in reversed(context.situation.constraints):
        spoken = {plain(word).split("'")[0] for word in words(constraint.said)}
        own = who in _SELF and not spoken.isdisjoint(_SELF)
        if constraint.food and constraint.source in context.events and (own or who in spoken):
            event = context.events[constraint.source]
            when = said_when(event.at, event.zone, now)
            text = phrase(
                "may_eat", heard.seq, when=when, text=constraint.said, what=asked["what"].strip()
            )
            return Answer(text, "may_eat", (event.id,))
    return None


def _looked_up(context: Context, heard: Event, now: datetime, *, may_ask: bool) -> Answer | None:
    plan = context.plan
    if not plan.known:
        return _unknown(context, heard, now, may_ask=may_ask)
    if plan.lacking or (plan.amount and plan.current is None and not plan.recount):
        return _quote(context, "not_that", plan.support, heard, now)
    if plan.recount or plan.yes_no:
        affirmed = plan.yes_no and not plan.recount and _affirms(plan.support[-1], context)
        return _quote(context, "told_yes" if affirmed else "told", plan.support, heard, now)
    return None


def instead(
    context: Context,
    speech: Speech,
    heard: Event,
    now: datetime,
    said: str,
    *,
    may_ask: bool = True,
) -> Answer | None:
    """What to say in place of the model's reply, or None when it may stand.

    It may not when all of it was cut, when it offered what must not be, or when a look-up was
    answered without anything of what was told. `said` is what was shown of the reply so far.
    """
    plan = context.plan
    if plan.mode is Mode.LOOKUP:
        if speech.text and _answers(context, speech.text):
            return None
        return _told_of_it(context, heard, now)
    rules = {cut.rule for cut in speech.cuts}
    if "constraint" in rules and context.situation.constraints:
        return _constraint(context, speech, heard)
    if "deed" not in rules and (context.lead is not None or context.situation.telling):
        return _received(context, speech, heard, said, may_ask=may_ask)
    if speech.text:
        return None
    rule = "cut_deed" if "deed" in rules else "cut_other"
    return Answer(phrase(rule, heard.seq), rule, retry=rule == "cut_other")


def _received(
    context: Context, speech: Speech, heard: Event, said: str, *, may_ask: bool
) -> Answer | None:
    """What to say to a telling whose reply is gone, or only says back what was told."""
    if context.lead is not None:
        after = Answer(context.lead.then, context.lead.rule, retry=True)
        return None if speech.text else after
    lexicon = context.situation.evidence.lexicon
    back = lexicon.stems(said) & lexicon.stems(context.situation.asked)
    if speech.adds or (said and not back):
        return None  # "See you!" wants nothing after it
    if context.situation.jars == CHEERFUL:
        rule = "heard_telling"
    elif said:
        rule = "kept_telling"
    else:
        rule = "cut_telling" if may_ask else "cut_telling_plain"
    # A question would have been cut, so another draw would say no more.
    return Answer(phrase(rule, heard.seq), rule, retry=may_ask or not said)


def _told_of_it(context: Context, heard: Event, now: datetime) -> Answer:
    """The person's own sentence: the answer where it has the question's words, else all that is."""
    plan = context.plan
    if plan.current is not None:
        return _quote(context, "told", [plan.current], heard, now)
    return _quote(context, "not_that", plan.support, heard, now)


def _unknown(context: Context, heard: Event, now: datetime, *, may_ask: bool) -> Answer:
    plan = context.plan
    near = _near(context)
    if near:
        return _quote(context, "not_that", near, heard, now)
    kind = "unknown_thing"
    if plan.relation:
        plural = plan.subject.endswith("s") or plan.subject == "children"
        kind = "unknown_relations" if plural else "unknown_relation"
    elif plan.person:
        kind = "unknown_person"
    elif plan.recount:
        kind = "nothing_yet"
    if not may_ask and kind != "nothing_yet":
        kind += "_plain"
    return Answer(phrase(kind, heard.seq, subject=plan.subject), kind)


def _near(context: Context) -> list[Sentence]:
    """What was told about the one who was asked of, when it does not answer the question."""
    focus = set(context.plan.focus)
    if not focus or not context.plan.yes_no:
        return []
    told = [s for s in context.situation.evidence.sentences if not s.question and s.source]
    return [s for s in told if focus & s.stems and s.source in context.events][-1:]


def _quote(
    context: Context,
    rule: str,
    support: tuple[Sentence, ...] | list[Sentence],
    heard: Event,
    now: datetime,
) -> Answer:
    """The person's own words, newest first, with the day they were said on."""
    unique = {s.text: s for s in support if s.source in context.events}
    newest = sorted(unique.values(), key=lambda s: context.events[s.source].seq, reverse=True)
    if not newest:
        return Answer(phrase("unknown_thing_plain", heard.seq), "unknown_thing")
    chosen = newest[: MOST_QUOTED if context.plan.recount else 1]
    lines: list[str] = []
    for place, sentence in enumerate(chosen):
        event = context.events[sentence.source]
        lines.append(
            phrase(
                rule if place == 0 else "told_more",
                heard.seq,
                when=said_when(event.at, event.zone, now),
                text=sentence.text,
            )
        )
    causes = tuple(dict.fromkeys(context.events[s.source].id for s in chosen))
    return Answer(" ".join(lines), rule, causes)


def _affirms(sentence: Sentence, context: Context) -> bool:
    """Whether a sentence with all the words of a yes-or-no question says yes to it.

    "She is allergic to rhubarb" has all the words of "can she eat rhubarb?", and says no.
    """
    lexicon = context.situation.evidence.lexicon
    constrains = bool(constraints_in(sentence.text, sentence.source, lexicon))
    asked = lexicon.stems(context.situation.asked)
    # "The rent stays the same" has the one weighty word of "is my rent going up?", and no answer.
    whole = {lexicon.stem(word) for word in lexicon.content(context.situation.asked)}
    if any(stem not in sentence.stems for stem in whole & lexicon.soft) or _asks_of_now(context):
        return False
    return not sentence.negated and (not constrains or bool(asked & lexicon.constrained))


def _asks_of_now(context: Context) -> bool:
    """Whether it is asked if something is still so, which what was told once does not say."""
    return not {"still", "yet"}.isdisjoint(plain(word) for word in words(context.asked))


def _constraint(context: Context, speech: Speech, heard: Event) -> Answer:
    words = {w for cut in speech.cuts for w in context.situation.evidence.lexicon.stems(cut.text)}
    for constraint in context.situation.constraints:
        if words & constraint.stems and constraint.source in context.events:
            kind = "cut_constraint" if constraint.food else "cut_fear"
            text = phrase(kind, heard.seq, text=constraint.said, what=constraint.what)
            cause = context.events[constraint.source].id
            return Answer(text, "cut_constraint", (cause,), retry=True)
    return Answer(phrase("cut_other", heard.seq), "cut_other")


def _answers(context: Context, text: str) -> bool:
    """Whether a reply to a look-up holds something of what was told that the question did not."""
    lexicon = context.situation.evidence.lexicon
    asked = lexicon.stems(context.situation.asked)
    said = {lexicon.stem(word) for word in lexicon.content(text)} | {
        word for word in text.split() if word.strip(".,!").isdigit()
    }
    current = context.plan.current
    bearing = [current] if current is not None else context.plan.support
    told = frozenset[str]().union(*(s.stems for s in bearing))
    return bool((said - asked) & told)
