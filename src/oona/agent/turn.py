"""The only turn loop: journal, reflex, recall, plan, speak, journal."""

from __future__ import annotations

import secrets
import time
from asyncio import CancelledError
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from oona.agent import answers, elsewhere, prompts
from oona.agent.amending import amendments
from oona.agent.answers import Answer
from oona.agent.context import Context, Heard, gather, note_tokens
from oona.agent.drawing import QUESTIONS_RUNNING, Drawing
from oona.agent.forget import Asked, Forget, Forgetter
from oona.agent.knowing import Knowing
from oona.agent.moods import Mood, Moods, lead
from oona.agent.opening import opening
from oona.agent.phrases import phrase
from oona.agent.plan import wants_advice
from oona.agent.profile import Profile, read_profile
from oona.agent.record import Record, heard_draft, said_draft
from oona.agent.recounting import recounted
from oona.agent.reflexes import Reflexes
from oona.agent.replies import Audience, Clause, Composed, Done, Item
from oona.agent.session import Session, for_prompt
from oona.agent.when import day_words
from oona.agent.words import Words, accept, for_model, visible
from oona.core.clock import Clock, local
from oona.core.errors import BadInput, ModelUnavailable, NotFound, StorageFault
from oona.core.events import Actor, Draft, Event, Kind
from oona.core.labels import COMPANION, Integrity
from oona.core.language import ChatRequest, Forgetful, LanguageModel, Message
from oona.journal import Journal
from oona.memory import Recall
from oona.memory.facts import Facts, Holding
from oona.memory.timeline import Timeline
from oona.trust.check import Mode
from oona.trust.danger import Danger
from oona.trust.lexicon import Lexicon
from oona.trust.why import Why, why

REPLY_TOKENS = {"brief": 45, "normal": 80, "chatty": 130}
SPOKEN_TOKENS = {"brief": 30, "normal": 50, "chatty": 80}
"""What is heard takes ten times as long as what is read, and cannot be skimmed."""

FICTION_TOKENS = 220
TEMPERATURE = 0.4
CONTEXT_TOKENS = 4096
RECENT = 4
LOOKED_BACK = 400
"""Turns and replies that an opening may follow from; it takes only the last two weeks of them."""


class Watch(Protocol):
    """Finds danger in words, and what to say to it; `trust.danger` behind the person's contacts."""

    def find(self, text: str) -> Danger | None: ...

    def reply(self, danger: Danger) -> str: ...


Io = Callable[..., Awaitable[Any]]
"""Runs a blocking call on the one thread that owns the journal."""


@dataclass(frozen=True)
class Parts:
    """What the loop is made of; `app` puts them together."""

    journal: Journal
    recall: Recall
    model: LanguageModel
    clock: Clock
    lexicon: Lexicon
    reflexes: Reflexes
    watch: Watch
    io: Io
    forgetter: Forgetter | None = None
    caches: Forgetful | None = None
    facts: Facts | None = None
    timeline: Timeline | None = None
    moods: Moods | None = None


@dataclass
class _Turn:
    """One turn in the making."""

    words: Words
    began: float
    heard: Event
    profile: Profile
    audience: Audience | None = None
    record: Record = field(default_factory=Record)


@dataclass(frozen=True, slots=True)
class Opening:
    """How a conversation opens: what the companion says first, or nothing."""

    text: str = ""
    met: bool = False


class TurnLoop:
    """One person's conversation. One turn at a time; the owner process sees to that."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._session: Session | None = None
        self._drawing = Drawing(parts.model, parts.clock)
        self._prompt = prompts.load()
        self._forget = Forget(parts.forgetter, parts.io) if parts.forgetter else None
        self._knowing: Knowing | None = None

    async def open_session(self, client: str) -> Opening:
        """Begin a conversation, and give what the companion says first (from the journal)."""
        parts = self._parts
        profile = await self._profile()
        now = parts.clock.now()
        recent: list[Event] = await parts.io(
            lambda: parts.journal.newest(Kind.HEARD, Kind.SAID, limit=RECENT)
        )
        session = self._session = Session()
        self._knowing = None
        session.carry_on(list(reversed(recent)), now)
        await self._append(Draft(Kind.OPENED, Actor.SYSTEM, {"client": client}, COMPANION))
        if client != "talk" or session.turns or not profile.met:
            return Opening(met=profile.met)
        heard: list[Event] = await parts.io(
            lambda: parts.journal.newest(Kind.HEARD, limit=LOOKED_BACK)
        )
        replies: list[Event] = await parts.io(
            lambda: parts.journal.newest(Kind.SAID, limit=LOOKED_BACK)
        )
        earlier = [event for event in heard if event.label.integrity is Integrity.PERSON]
        first = opening(earlier, _openings(replies), now, parts.journal.zone, profile)
        if first.text:
            record = Record(rule="opening", causes=list(first.causes))
            said = await self._append(said_draft(first.text, record))
            session.written.append(said.id)
        return Opening(first.text, met=True)

    async def close_session(self) -> None:
        """End the conversation, and forget of it what the person asked not to be kept."""
        session, self._session = self._session, None
        if session is None:
            return
        await self._append(Draft(Kind.CLOSED, Actor.SYSTEM, {"turns": session.turns}, COMPANION))
        keep = (await self._profile())["memory.keep"]
        if keep != "everything":
            gone = [i for i in session.written if keep == "nothing" or i not in session.kept]
            if gone:
                await self._parts.io(self._parts.journal.erase, gone, "setting memory.keep")

    async def forget(self) -> None:
        """Drop from the running conversation whatever the journal no longer holds."""
        session = self._session
        if session is not None:
            ids = [*session.written, *(event.id for event in session.heard)]
            found: list[Event] = await self._parts.io(self._parts.journal.get, ids)
            session.begin_again([event for event in found if event.raw is not None])
        self._knowing = None

    def stop(self) -> None:
        """Stop the reply that is being said; what was shown of it is kept, and nothing else."""
        self._drawing.stop()

    async def turn(self, words: Words, audience: Audience | None = None) -> AsyncGenerator[Item]:
        """Answer `words`: clauses as they pass the check, then Done when all of it is written.

        A reply with an `audience` is written when they have heard it, as far as they did; Composed
        tells that no clause will follow.

        Raises BadInput for what cannot be taken; nothing of it is then in the journal.
        """
        began = time.monotonic()
        text = accept(words.text)
        if not visible(text).strip():
            raise BadInput("Nothing readable came in.", "Say it again?")
        session = self._session = self._session or Session()
        danger = self._parts.watch.find(text)
        if danger is None:
            self._parts.recall.expect(text)  # while it is written down
        heard = await self._append(heard_draft(words, text, withheld=danger is not None))
        session.written.append(heard.id)
        turn = _Turn(words, began, heard, await self._profile(), audience)
        turn.record.timings["journalled"] = _since(began)
        # Each generator is closed by the one that reads it, at once: a generation must not live on
        # until the garbage collector finds that nobody listens.
        async with aclosing(await self._route(turn, session, text, danger)) as items:
            async for item in items:
                yield item
        await self._note_facts(session, heard)

    async def _note_facts(self, session: Session, heard: Event) -> None:
        """Note what was told, once the reply is out; what a full disk prevents is done later."""
        if self._parts.facts is not None:
            with suppress(StorageFault):
                noted: list[Event] = await self._parts.io(self._parts.facts.catch_up)
                session.written += (event.id for event in noted)
                if heard.id in session.kept:
                    session.kept.update(event.id for event in noted)

    async def _route(
        self, turn: _Turn, session: Session, text: str, danger: Danger | None
    ) -> AsyncGenerator[Item]:
        """Who answers: a fixed text, a reflex, code, or the model."""
        parts = self._parts
        if danger is not None:
            return self._by_rule(turn, f"danger.{danger.kind}", parts.watch.reply(danger))
        if turn.words.keep:
            rule = "remembered" if turn.words.label.integrity is Integrity.PERSON else "kept"
            return self._by_rule(turn, rule, phrase(rule, turn.heard.seq), session=session)
        if (asked := await self._asked_to_forget(turn)) is not None:
            turn.record.causes = list(asked.causes)
            return self._by_rule(turn, asked.rule, asked.text)
        names = [turn.profile.companion]
        reflex = parts.reflexes.match(text, names=names, paused=session.paused)
        session.paused = reflex is not None and reflex.action == "pause"
        if reflex is not None:
            reply = parts.reflexes.reply(reflex, self._facts(turn.profile), turn.heard.seq)
            if reflex.action == "why":
                reply = f"{reply}\n{await self._account()}"
            return self._by_rule(turn, f"reflex.{reflex.id}", reply, reflex.action)
        if (recount := await self._recounted(turn)) is not None:
            turn.record.causes = list(recount.causes)
            return self._by_rule(turn, recount.rule, recount.text, session=session)
        whole, known = await self._known(turn, session)
        if known is not None:
            turn.record.causes = list(known.causes)
            return self._by_rule(turn, known.rule, known.text, session=session)
        return await self._looked_up(turn, session, whole)

    async def _known(self, turn: _Turn, session: Session) -> tuple[str, Answer | None]:
        """What is asked, made whole ("And Leon?"), and the answer of facts where they have one."""
        parts = self._parts
        if parts.facts is None:
            return turn.heard.text(), None
        if self._knowing is None:
            self._knowing = Knowing(parts.facts, parts.journal, parts.lexicon)
        before = turn.heard.seq
        found: tuple[str, Answer | None] = await parts.io(
            self._knowing.take, turn.heard, parts.clock.now()
        )
        if found[1] is not None:
            told: list[Event] = await parts.io(parts.journal.get, list(found[1].causes))
            turn.record.noted = tuple(event for event in told if event.kind is Kind.HEARD)
            kinds = (Kind.FACT, Kind.DISPUTED)
            written = await parts.io(lambda: list(parts.journal.read(after=before, kinds=kinds)))
            session.written += (event.id for event in written)
        return found

    async def _looked_up(self, turn: _Turn, session: Session, asked: str) -> AsyncGenerator[Item]:
        """The answer from what memory finds, by code or by the model."""
        parts = self._parts
        budget = note_tokens(turn.words.via, parts.model.state())
        holding: Holding | None = None
        bound: tuple[Event, ...] = ()
        if parts.facts is not None:
            holding = await parts.io(parts.facts.holding, turn.heard)
            asked = holding.with_capitals(asked)
            if wants_advice(for_model(asked), parts.lexicon):
                bound = tuple(await parts.io(parts.journal.get, holding.binding()))
        found = await parts.io(parts.recall.find, asked, budget, turn.heard.seq, elsewhere.TOKENS)
        turn.record.recalled = found
        turn.record.timings["recalled"] = _since(turn.began)
        now = parts.clock.now()
        told = [*session.heard, *(one.event for one in found.turns)]
        amended = await parts.io(amendments, parts.journal, told, turn.heard.seq, parts.lexicon)
        context = gather(
            Heard(turn.heard, asked, amended, holding, bound),
            found,
            session,
            parts.lexicon,
            turn.profile.person,
            now,
            budget,
            self._prompt.names,
        )
        turn.record.noted = context.noted
        by_code: Answer | None = None
        if self._knowing is not None:
            quotes = context.quotes()
            by_code = await parts.io(self._knowing.told, turn.heard, quotes, now)
            if by_code is None and context.plan.mode is Mode.LOOKUP:
                self._knowing.looked_up(asked, context.plan.subject)
        if by_code is None:
            may_ask = session.questions_running < 1
            by_code = answers.by_code(context, turn.heard, now, may_ask=may_ask)
        if by_code is not None:
            turn.record.causes = list(by_code.causes)
            return self._by_rule(turn, by_code.rule, by_code.text, session=session)
        context = await self._received(turn, session, context)
        first = context.lead
        if first is not None and session.questions_running >= QUESTIONS_RUNNING:
            turn.record.lead = None  # what a model would say now is mostly one more question
            whole = f"{first.text} {first.plainly}"
            return self._by_rule(turn, first.rule, whole, session=session)
        return self._with_model(turn, session, context)

    async def _received(self, turn: _Turn, session: Session, context: Context) -> Context:
        """The same turn, with the first words of the reply, where its mood asks for them."""
        parts = self._parts
        if parts.moods is None or parts.model.state().quick:
            return context
        mood: Mood | None = None
        if context.tells and not context.careful:
            mood = await parts.io(parts.moods.read, context.asked, session.jars)
        session.feel(mood.jars if mood is not None else "")
        if mood is not None:
            turn.record.lead = lead(mood, turn.heard.seq, session.replies())
        return context.received(turn.record.lead, session.jars)

    async def _recounted(self, turn: _Turn) -> answers.Answer | None:
        """What was talked about, where that is asked for."""
        parts = self._parts
        if parts.timeline is None or turn.heard.label.integrity is not Integrity.PERSON:
            return None
        found: answers.Answer | None = await parts.io(
            recounted,
            turn.heard,
            parts.timeline,
            parts.lexicon,
            parts.clock.now(),
            parts.journal.zone,
        )
        return found

    async def _asked_to_forget(self, turn: _Turn) -> Asked | None:
        """The reply to a wish to forget, after what was agreed to is gone from everywhere."""
        parts = self._parts
        if self._forget is None:
            return None
        today = local(parts.clock.now(), parts.journal.zone).date()
        try:
            reply = await self._forget.answer(turn.heard, today)
        except StorageFault:  # it is erased all the same, and must not stay in a cache
            await self._drop_erased()
            raise
        if reply is not None and reply.erased:
            await self._drop_erased()
        return reply

    async def _drop_erased(self) -> None:
        await self.forget()
        if self._parts.caches is not None:
            await self._parts.caches.forget()

    async def _with_model(
        self, turn: _Turn, session: Session, context: Context
    ) -> AsyncGenerator[Item]:
        shown = self._shown(turn, session, context)
        request = self._request(turn, session, context, shown)
        drawn = self._drawing.clauses(
            turn.heard, turn.began, turn.record, session, context, request
        )
        try:
            try:
                async with aclosing(drawn) as clauses:
                    async for clause in clauses:
                        turn.record.timings.setdefault("first_clause", _since(turn.began))
                        yield clause
            except ModelUnavailable as fault:
                await self._fault(turn, fault)
                yield self._broken_off(turn, fault)
            if turn.audience is not None:
                yield Composed()
        except (GeneratorExit, CancelledError):
            turn.record.stopped = True  # whoever listened is gone; what they saw is kept
            if turn.audience is not None:
                turn.audience.leave()
            raise
        finally:
            turn.record.model = self._parts.model.state()
            turn.record.prompt = self._prompt.version
            mode = context.plan.mode
            done = await self._finish(turn, turn.record.text, session, shown, mode=mode)
        yield done

    @staticmethod
    def _broken_off(turn: _Turn, fault: ModelUnavailable) -> Clause:
        if turn.record.text:
            clause = Clause(" …")
        else:
            turn.record.rule = "no-model"
            clause = Clause(phrase("no_model", 0, detail=str(fault)))
        turn.record.text += clause.text
        return clause

    async def _by_rule(
        self, turn: _Turn, rule: str, text: str, action: str = "", session: Session | None = None
    ) -> AsyncGenerator[Item]:
        turn.record.rule = rule
        turn.record.timings["first_clause"] = _since(turn.began)
        yield Clause(text)
        if turn.audience is not None:
            yield Composed()
        yield await self._finish(turn, text, session, for_model(turn.heard.text()), action)

    async def _finish(
        self,
        turn: _Turn,
        text: str,
        session: Session | None,
        shown: str,
        action: str = "",
        mode: Mode = Mode.TALK,
    ) -> Done:
        turn.record.timings["total"] = _since(turn.began)
        if turn.audience is not None:
            text = turn.record.heard(text, await turn.audience.heard(text))
        drafts = turn.record.drafts(turn.heard, text, action)
        events: list[Event] = await self._parts.io(self._parts.journal.append, *drafts)
        said = events[-1]
        current = self._session
        if current is not None:
            current.written.extend(event.id for event in events)
            if turn.words.keep or "remember" in turn.heard.text().lower():
                current.kept |= {turn.heard.id, *(event.id for event in events)}
        if session is not None:
            aside = turn.record.rule.startswith("fact.")
            session.add(shown, for_prompt(said), turn.heard, mode, aside=aside)
            session.admitted = turn.record.rule.startswith(("unknown", "not_that", "no_guess"))
        return turn.record.done(turn.heard, said, text, action)

    def _shown(self, turn: _Turn, session: Session, context: Context) -> str:
        """The turn as the model sees it."""
        opening_line = ""
        if not session.messages:
            day = day_words(self._parts.clock.now(), self._parts.journal.zone)
            opening_line = self._prompt.opening(turn.profile.person, day)
        return self._prompt.turn(
            " ".join([*session.unanswered, for_model(context.asked)]),
            context.notes,
            asks_life=context.plan.mode is Mode.LOOKUP,
            opening=opening_line,
            asides=session.asides,
        )

    def _request(self, turn: _Turn, session: Session, context: Context, shown: str) -> ChatRequest:
        lengths = SPOKEN_TOKENS if turn.words.via == "spoken" else REPLY_TOKENS
        most = lengths[turn.profile["talk.length"]]
        if context.plan.mode is Mode.FICTION:
            most = FICTION_TOKENS
        state = self._parts.model.state()
        room = (state.context or CONTEXT_TOKENS) - most - note_tokens(turn.words.via, state)
        session.fit(room - self._prompt.tokens - 100)
        messages = [*self._prompt.prefix, *session.messages, Message("user", shown)]
        seed = secrets.randbelow(1 << 31)
        return ChatRequest(messages, most, TEMPERATURE, seed, ban=self._prompt.ban)

    def _facts(self, profile: Profile) -> dict[str, str]:
        parts = self._parts
        model = parts.model.state()
        return parts.reflexes.moment(parts.clock.now(), parts.journal.zone) | {
            "companion": profile.companion,
            "person": profile.person,
            "model": model.name if model.ready else "",
        }

    async def _account(self) -> str:
        try:
            account: Why = await self._parts.io(why, self._parts.journal)
        except NotFound as nothing:
            return nothing.message
        return account.text

    async def _profile(self) -> Profile:
        profile: Profile = await self._parts.io(read_profile, self._parts.journal)
        return profile

    async def _append(self, draft: Draft) -> Event:
        events: list[Event] = await self._parts.io(self._parts.journal.append, draft)
        return events[0]

    async def _fault(self, turn: _Turn, fault: ModelUnavailable) -> None:
        body = {"code": fault.code, "message": fault.message}
        await self._append(Draft(Kind.FAULT, Actor.SYSTEM, body, COMPANION, (turn.heard.id,)))


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


def _openings(recent: list[Event]) -> list[Event]:
    return [e for e in recent if e.kind is Kind.SAID and e.word("rule") == "opening"]
