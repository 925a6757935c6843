"""A question answered from facts by code, or put back to the person where facts are in doubt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from oona.agent.answers import Answer
from oona.agent.elsewhere import FROM_OUTSIDE
from oona.agent.knowing.listing import listed
from oona.agent.knowing.words import Words, causes, joined, say
from oona.core.events import Event
from oona.core.labels import Integrity
from oona.memory.facts import ALL, Asks, Fact, Facts, Known, Mention, Question


@dataclass(frozen=True, slots=True)
class Open:
    """What was put to the person: which of several people was meant, or which of `facts` is so.

    `whom` are those who might be meant, in the order they were named; then `question` waits for it.
    With `unclear`, `facts` hold one that was told of one of `whom`.
    """

    question: Question
    facts: tuple[int, ...] = ()
    whom: tuple[Mention, ...] = ()
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, the facts it gave, what it leaves open, and the question it answers."""

    answer: Answer
    facts: tuple[int, ...] = ()
    open: Open | None = None
    question: Question | None = None


@dataclass(frozen=True)
class Answering:
    """Answers one question; `variant` chooses among wordings, `sentences` are quoted in a list."""

    facts: Facts
    words: Words
    variant: int
    quotes: tuple[tuple[Event, str], ...] = field(default=())

    def reply(self, known: Known) -> Reply | None:
        """What facts say to it, or None where they say nothing and others must look."""
        question = known.question
        if question is None:
            return None
        if known.which:
            return replace(self._which(known, question), question=question)
        if not known.found:
            return None
        found = self._by_kind(known, question)
        unknown = question.asks is Asks.NOW and question.relation != ALL
        if found is None and unknown and (known.namesakes or known.untold):
            # What was told of another, or of something else, must not stand in for it.
            found = self._said("unknown_of", [], whom=known.subject)
        return replace(found, question=question) if found is not None else None

    def _by_kind(self, known: Known, question: Question) -> Reply | None:
        if question.relation == ALL:
            return self._all(known)
        if question.asks is Asks.BEFORE:
            return self._before(known)
        if question.asks is Asks.SINCE:
            return self._since(known)
        if question.asks is Asks.WHETHER:
            return self._whether(known, question)
        return self._now(known, question)

    def _now(self, known: Known, question: Question) -> Reply | None:
        """How it is, how it was when that is over, or which of two it is."""
        if known.current:
            return self._current(known)
        if known.disputed:
            return self.in_doubt(known.disputed, question)
        if known.earlier and known.single:
            last = known.earlier[-1]
            text = self.words.bare(last)
            if span := self.words.span(last):
                text = f"{text}, {span}"
            return self._said("over", [last], answer=text)
        return None

    def _current(self, known: Known) -> Reply:
        found = known.current
        news = known.earlier if self.words.is_news(found[-1]) or known.earlier[-1:] else ()
        before = [f for f in news if f.value != found[-1].value] if known.single else []
        text = self.words.answer(found, before[-1:] if len(found) == 1 else ())
        weakest = min(found, key=lambda fact: fact.label.integrity)
        about = [*found, *before[-1:]]
        if known.later:
            newest = known.later[0]
            quote = " ".join(newest.text().split())
            when = self.words.of(newest.at, newest.zone)
            reply = self._said(
                "later", found, answer=self.words.answer(found), when=when, quote=quote
            )
            return replace(
                reply, answer=replace(reply.answer, causes=(*reply.answer.causes, newest.id))
            )
        if weakest.label.integrity is Integrity.OUTSIDE:
            return self._said("outside", about, answer=text)
        if weakest.label.integrity is Integrity.COMPANION:
            source = weakest.sources[-1]
            when = self.words.of(source.at, source.zone)
            return self._said("companion", about, answer=text, when=when, quote=source.quote)
        reply = self._said("plain", about, answer=text)
        return replace(reply, facts=tuple(fact.number for fact in found))

    def _before(self, known: Known) -> Reply | None:
        now = {fact.value for fact in known.current}
        earlier = [fact for fact in known.earlier if fact.value not in now]
        if not earlier:
            if not known.current:
                return None
            if known.mended:
                wrong = known.mended[-1]
                answer, old = self.words.answer(known.current), self.words.value(wrong)
                return self._said("before_mended", [*known.current, wrong], answer=answer, old=old)
            return self._said("no_before", known.current, answer=self.words.answer(known.current))
        last, *others = reversed(earlier)
        text = self.words.bare(last)
        span = self.words.span(last)
        if span and not (known.current and self.words.same_day(last, known.current[-1])):
            text = f"{text}, {span}"
        if others:
            text += f", and {self.words.bare(others[0])} before that"
        return self._said("plain", [last, *others[:1]], answer=text)

    def _since(self, known: Known) -> Reply | None:
        if not known.current:
            return None
        fact = known.current[-1]
        if fact.valid_from:
            return self._said("since", [fact], since=self.words.span(fact))
        return self._said("since_told", [fact], when=self.words.first_when(fact))

    def _whether(self, known: Known, question: Question) -> Reply | None:
        held = self.facts.holds(known, question.value)
        now = [fact for fact in held if fact in known.current]
        if now and not known.later:
            span = self.words.span(now[-1])
            return self._said("yes", now[-1:], tail=f", {span}" if span else "")
        if known.later:
            return self._current(known)
        if any(fact in known.disputed for fact in held) and not known.current:
            return self.in_doubt(known.disputed, question)
        over = [fact for fact in held if fact in known.earlier]
        if known.current and known.single:
            rule = "no_more" if over else "no"
            return self._said(
                rule, [*known.current, *over[-1:]], answer=self.words.answer(known.current)
            )
        return self._said("ended", over[-1:]) if over else None

    def in_doubt(self, disputed: tuple[Fact, ...], question: Question) -> Reply | None:
        """The facts that contradict each other, put to the person."""
        found = disputed[-3:]
        unclear = [fact for fact in found if fact.reason == "which"]
        if unclear:
            return self._unclear(unclear[-1], question)
        standing = [*found]
        if len(found) == 1 and found[0].reason == "weaker":
            standing = [*[f for f in self.facts.all() if f.number == found[0].instead], *found]
        rule = "disputed" if len(standing) > 1 else "doubted"
        reply = self._said(rule, standing, values=self.words.valued(standing))
        numbers = tuple(fact.number for fact in standing)
        return replace(reply, facts=numbers, open=Open(question, numbers))

    def _unclear(self, fact: Fact, question: Question) -> Reply:
        """What was told by a name alone, put to the person: was it told of this one?"""
        source = fact.sources[-1]
        when = self.words.of(source.at, source.zone)
        whom = self.facts.ask_this(replace(question, relation=ALL)).subject
        reply = self._said("unclear", [fact], when=when, quote=source.quote, whom=whom)
        waits = Open(question, (fact.number,), (question.subject,), unclear=True)
        return replace(reply, facts=(fact.number,), open=waits)

    def _which(self, known: Known, question: Question) -> Reply:
        """Several might be meant: their names where those are asked for, else which of them."""
        names = [one.name for one in known.whom]
        if question.relation == "name" and all(names):
            return Reply(Answer(say("said", "names", self.variant, answer=joined(names)), "fact"))
        rule = "which" if question.subject.name else "which_role"
        text = say("said", rule, self.variant, name=known.subject, whom=joined(known.which, "or"))
        return Reply(Answer(text, "fact.which"), open=Open(question, whom=known.whom))

    def _all(self, known: Known) -> Reply | None:
        found = listed(known, self.words, self.facts, self.variant, self.quotes)
        if found is None:
            return None
        text, rests_on, quoted = found
        used = tuple(dict.fromkeys([*causes(rests_on), *quoted]))
        numbers = tuple(fact.number for fact in rests_on)
        return Reply(Answer(text, _rule("list", rests_on), used), numbers)

    def _said(self, rule: str, found: list[Fact] | tuple[Fact, ...], **words: str) -> Reply:
        text = say("said", rule, self.variant, **words)
        numbers = tuple(fact.number for fact in found)
        return Reply(Answer(text, _rule(rule, found), causes(found)), numbers)


def _rule(rule: str, found: Iterable[Fact]) -> str:
    """The rule an answer goes by: where an import's words are in it, no model may read it."""
    outside = any(fact.label.integrity is Integrity.OUTSIDE for fact in found)
    return FROM_OUTSIDE if outside else f"fact.{rule}"
