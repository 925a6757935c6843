"""Drawing a reply: the model's clauses as they pass the check, a second draw, or code instead."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from oona.agent import answers
from oona.agent.context import Context
from oona.agent.record import Record
from oona.agent.replies import Clause
from oona.agent.session import Session
from oona.agent.speaking import Pump, Speech, Terms, speak
from oona.core.clock import Clock
from oona.core.events import Event
from oona.core.language import ChatRequest, LanguageModel, Message
from oona.trust.check import Mode

QUESTIONS_RUNNING = 2
"""After this many replies in a row that ended with a question, the next one does not ask."""


@dataclass
class Drawing:
    """Draws replies from one model, one at a time."""

    model: LanguageModel
    clock: Clock
    _pump: Pump | None = field(default=None, init=False)

    def stop(self) -> None:
        """Stop the reply that is being drawn."""
        if self._pump is not None:
            self._pump.stop()

    async def clauses(
        self, heard: Event, began: float, record: Record, session: Session, context: Context,
        request: ChatRequest,
    ) -> AsyncGenerator[Clause]:  # fmt: skip
        """The model's clauses, or what code says in their place; `record` takes note of all.

        Where all was cut, the model is asked once more with another seed before code speaks: small
        models have bad draws. A look-up is judged as a whole (does it answer at all?) before any
        of it is shown, and so is advice where somebody cannot have something. All else is shown as
        it comes: after a lead, or after what only says back what was told, the model is asked to
        go on from what is shown.
        """
        held = context.plan.mode is Mode.LOOKUP or context.careful
        telling = context.situation.telling
        begins = ""
        if (lead := record.lead) is not None:
            record.text, begins = lead.text, lead.begins
            yield Clause(lead.text)
        fallback: answers.Answer | None = None
        speech = Speech()
        again = _going_on(request, record.text, begins)
        for attempt in (1, 2):
            speech = Speech()
            may_ask = session.questions_running < QUESTIONS_RUNNING
            terms = Terms(
                may_ask, context.careful, session.lately(), context.wrong, record.text, begins
            )
            self._pump = pump = Pump(self.model, again)
            try:
                stream = speak(pump, context.situation, speech, terms)
                async with aclosing(stream) as clauses:
                    async for clause in clauses:
                        if not held:
                            record.shown(clause.text, began)
                            yield clause
            finally:
                await pump.close()
                self._pump = None
                record.take(speech, again.seed, began, stopped=pump.stopped)
            fallback = answers.instead(
                context, speech, heard, self.clock.now(), record.text, may_ask=may_ask
            )
            if fallback is not None and fallback.retry and speech.text and not (held or telling):
                fallback = None  # what was shown cannot be drawn again
            if record.stopped or attempt == 2 or fallback is None or not fallback.retry:
                break
            begins = ""
            again = _asked_again(_going_on(request, record.text), speech)
        if not record.stopped and (rest := _rest(record, fallback, speech.text if held else "")):
            record.text += rest
            yield Clause(rest)


def _going_on(request: ChatRequest, said: str, begins: str = "") -> ChatRequest:
    """`request`, with what was `said` of the reply in the model's mouth, and what it begins."""
    if not said:
        return request
    mouth = Message("assistant", f"{said} {begins}".rstrip())
    return replace(request, messages=[*request.messages, mouth])


def _rest(record: Record, fallback: answers.Answer | None, held: str) -> str:
    """What is still to be shown: code's answer, or what was held back until it was whole."""
    if fallback is None:
        return held
    record.rule = fallback.rule
    record.causes += fallback.causes
    return f" {fallback.text}" if record.text else fallback.text


def _asked_again(request: ChatRequest, speech: Speech) -> ChatRequest:
    """The same request with another seed, in which what spoilt the first draw cannot be chosen.

    (Telling a small model what to leave out has the opposite effect: it speaks of little else.)
    """
    offered = {
        cut.claim.lower().removesuffix("s") for cut in speech.cuts if cut.rule == "constraint"
    }
    words = [form for word in sorted(offered) for form in (word, f"{word}s")]
    if any(cut.rule == "servile" for cut in speech.cuts):
        words += ["sorry", "can't", "help"]
    spellings = [s for w in words for s in (f" {w}", f" {w.capitalize()}", w, w.capitalize())]
    warmer = 2 * request.temperature if speech.text and not speech.adds else request.temperature
    return replace(
        request, seed=request.seed + 1, temperature=warmer, ban=[*request.ban, *spellings]
    )
