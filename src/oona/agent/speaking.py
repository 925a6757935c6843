"""Speaking: the model's stream, cut into clauses, each judged before it is shown."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field

from oona.agent.clauses import ClauseCutter, Cutting
from oona.agent.replies import Clause, Cut
from oona.core.errors import OonaError
from oona.core.language import ChatRequest, LanguageModel, Piece, Usage
from oona.trust.check import Mode, Situation, judge, rests_on
from oona.trust.lexicon import plain, words
from oona.trust.tellings import adds

_MOST_QUEUED = 64
_LONG = 6
"""Words of a part of a sentence that is not said again."""

_REPEATED = 3
"""Words: shorter sentences ("I see.") may be said twice."""

_OF_LIFE = (Mode.TALK, Mode.LOOKUP)

Wrong = Callable[[str], str]
"""Gives what a clause says of somebody that was told of another, or otherwise; empty for nothing.
"""


def nothing_wrong(_clause: str) -> str:
    """Finds nothing wrong: where no facts are noted."""
    return ""


@dataclass
class Speech:
    """What came of one generation, filled in as it goes.

    `adds` says that it holds more than what it replies to, said back.
    """

    shown: list[str] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    rests: list[dict[str, object]] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    first_token_at: float = 0.0
    asked: bool = False
    adds: bool = False

    @property
    def text(self) -> str:
        return "".join(self.shown)


class Pump:
    """Reads a model's stream in a task of its own, so that it can be stopped between two pieces."""

    def __init__(self, model: LanguageModel, request: ChatRequest) -> None:
        self._queue: asyncio.Queue[Piece | Usage | OonaError | None] = asyncio.Queue(_MOST_QUEUED)
        self._task = asyncio.create_task(self._read(model, request), name="generation")
        self.stopped = False

    async def _read(self, model: LanguageModel, request: ChatRequest) -> None:
        try:
            async with aclosing(model.chat(request)) as stream:
                async for item in stream:
                    await self._queue.put(item)
        except OonaError as fault:
            await self._queue.put(fault)
        finally:
            with contextlib.suppress(asyncio.QueueFull):
                self._queue.put_nowait(None)

    def stop(self) -> None:
        """End the generation at once; what it had produced and nobody took is dropped."""
        self.stopped = True
        self._task.cancel()
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def items(self) -> AsyncIterator[Piece | Usage]:
        """The stream. Raises what the model raised."""
        while (item := await self._queue.get()) is not None:
            if isinstance(item, OonaError):
                raise item
            yield item

    async def close(self) -> None:
        """End the generation, and return when it has ended."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class Terms:
    """What one reply is held to.

    With `whole`, a sentence falls with any clause of it: `Speech` then holds what may be shown, and
    the clauses given are not to be. `lately` are the sentences of the last replies, as `same_words`
    gives them: a small model falls into saying one again and again. `wrong` gives what a clause
    says of somebody that was told of another. The reply goes on `after` what was shown of it
    before, and with the words that it `begins` with.
    """

    may_ask: bool
    whole: bool = False
    lately: frozenset[str] = frozenset()
    wrong: Wrong = nothing_wrong
    after: str = ""
    begins: str = ""


async def speak(
    pump: Pump, situation: Situation, speech: Speech, terms: Terms
) -> AsyncGenerator[Clause]:
    """The clauses of the model's reply that pass the check, as they pass it."""
    loop = asyncio.get_running_loop()
    # "In Tartu, Estonia": of a look-up, what was told is kept though what follows was not.
    cutter = ClauseCutter(1) if situation.mode is Mode.LOOKUP else ClauseCutter()
    sieve = _Sieve(situation, speech, terms)
    begun = terms.begins
    async for item in pump.items():
        if isinstance(item, Usage):
            speech.usage = item
            continue
        speech.first_token_at = speech.first_token_at or loop.time()
        text, begun = begun + item.text, ""
        for cutting in cutter.feed(text):
            if text := sieve.pass_on(cutting):
                yield Clause(text)
    if not pump.stopped:
        for cutting in cutter.flush():
            if speech.usage.finish == "length" and not cutting.ends_sentence and speech.shown:
                break  # the limit fell in the middle of a clause; half a clause is not shown
            if text := sieve.pass_on(cutting):
                yield Clause(text)
    if text := sieve.close():
        yield Clause(text)


def same_words(text: str) -> str:
    """`text` as it is compared with what was said before; empty where it is too short to matter."""
    there = [plain(word) for word in words(text)]
    return " ".join(there) if len(there) >= _REPEATED else ""


class _Sieve:
    """Judges clause after clause. Once a clause of a sentence is cut, so is the sentence's rest."""

    def __init__(self, situation: Situation, speech: Speech, terms: Terms) -> None:
        self._situation = situation
        self._lexicon = situation.evidence.lexicon
        self._speech = speech
        self._terms = terms
        self._began = (0, 0)
        self._before = ""
        self._dropping = False
        self._held = ""

    def pass_on(self, cutting: Cutting) -> str:
        """The text to show for this clause, or an empty one.

        A clause's closing comma waits for the next clause: if that is cut, a full stop stands in
        its place.
        """
        text = cutting.text
        if not self._before:
            self._began = len(self._speech.shown), len(self._speech.rests)
        rule, claim = self._rule(text)
        self._before = "" if cutting.ends_sentence else f"{self._before} {text}"
        if rule:
            self._speech.cuts.append(Cut(text, rule, claim))
        if rule or self._dropping:
            self._dropping = not cutting.ends_sentence
            if self._terms.whole:
                del self._speech.shown[self._began[0] :]
                del self._speech.rests[self._began[1] :]
                self._held = ""
            return self._end_held()
        lead = cutting.lead if self._speech.shown else " " if self._terms.after else ""
        if self._terms.after and not self._speech.shown:
            text = text[:1].upper() + text[1:]
        shown = self._held + lead + text
        self._held = ""
        if not cutting.ends_sentence and text[-1:] in ",;:":
            shown, self._held = shown[:-1], text[-1]
        if text.rstrip().endswith("?"):
            self._speech.asked = True
        self._speech.adds = self._speech.adds or adds(text, self._situation.asked, self._lexicon)
        if sources := rests_on(text, self._situation.evidence):
            self._speech.rests.append({"clause": text, "sources": list(sources)})
        self._speech.shown.append(shown)
        return shown

    def close(self) -> str:
        """The mark that ends a sentence whose rest was cut."""
        return self._end_held() if self._held or self._dropping else ""

    def _rule(self, text: str) -> tuple[str, str]:
        """The rule that keeps `text` back and the word it stumbled over; both empty for none."""
        if self._dropping:
            return "rest-of-sentence", ""
        if not words(text):
            return "wordless", text  # the quotation mark that a cut sentence has left behind
        if self._situation.mode is Mode.TALK and self._was_said(text):
            return "repeat", ""
        verdict = judge(text, self._situation, self._before, self._speech.text)
        if not verdict.passed:
            return verdict.rule, verdict.claim
        if self._situation.mode in _OF_LIFE and (
            claim := self._terms.wrong(f"{self._before} {text}")
        ):
            return "life", claim
        question = text.rstrip().endswith("?") and self._situation.mode is not Mode.FICTION
        spoken = self._speech.shown or self._terms.after
        if question and (self._speech.asked or not self._terms.may_ask) and spoken:
            return "second-question", ""
        return "", ""

    def _was_said(self, text: str) -> bool:
        """Whether it is a sentence of the last replies, or a long part of one, or of this one.

        A small model takes up even what code had said.
        """
        if self._terms.after and text.rstrip(".!?, ") in self._terms.after:
            return True
        said, lately = same_words(text), self._terms.lately
        if said in lately:
            return bool(said)
        return len(said.split()) >= _LONG and any(f" {said} " in f" {one} " for one in lately)

    def _end_held(self) -> str:
        self._held = ""
        if self._speech.shown and self._speech.text.rstrip()[-1:] not in '.!?…"”':
            self._speech.shown.append(".")
            return "."
        return ""
