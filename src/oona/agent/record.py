"""Writing a turn down: what was heard, what memory found, what was said, and where it came from."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from uuid import UUID

from oona.agent.moods import Lead
from oona.agent.replies import Cut, Done
from oona.agent.speaking import Speech
from oona.agent.words import Words
from oona.core.events import Actor, Draft, Event, Kind
from oona.core.ids import new_id
from oona.core.labels import COMPANION
from oona.core.language import ModelState
from oona.memory import Recalled, RecalledTurn


@dataclass
class Record:
    """The provenance of one reply, gathered while it is made."""

    rule: str = ""
    causes: list[UUID] = field(default_factory=list)
    lead: Lead | None = field(default=None, init=False)
    text: str = field(default="", init=False)
    recalled: Recalled | None = field(default=None, init=False)
    noted: tuple[Event, ...] = field(default=(), init=False)
    cuts: list[Cut] = field(default_factory=list, init=False)
    rests: list[dict[str, object]] = field(default_factory=list, init=False)
    model: ModelState | None = field(default=None, init=False)
    prompt: str = field(default="", init=False)
    seed: int = field(default=0, init=False)
    stopped: bool = field(default=False, init=False)
    timings: dict[str, int] = field(default_factory=dict, init=False)

    def shown(self, text: str, began: float) -> None:
        """Note some words of the model's as shown; `began` is when the person's came."""
        self.text += text
        self.timings.setdefault("phrased", int((time.monotonic() - began) * 1000))

    def heard(self, text: str, heard: str) -> str:
        """Keep of a reply `text` what was `heard`, its beginning, and of its sources theirs."""
        if heard != text:
            self.stopped = True
            if self.lead is not None and not heard.startswith(self.lead.text):
                self.lead = None
            self.rests = [rest for rest in self.rests if str(rest["clause"]).rstrip(",;:") in heard]
        return heard

    def take(self, speech: Speech, seed: int, began: float, *, stopped: bool) -> None:
        """Note what one generation did, whatever became of it; tokens add up over two.

        `began` is when the words came, on the monotonic clock in seconds.
        """
        self.cuts += speech.cuts
        self.rests = speech.rests
        self.seed, self.stopped = seed, stopped
        if speech.first_token_at:
            # asyncio's clock and time.monotonic are one clock on every platform we run on.
            first = int((speech.first_token_at - began) * 1000)
            self.timings.setdefault("first_token", first)
        for name, count in (
            ("prompt_tokens", speech.usage.prompt_tokens),
            ("cached_tokens", speech.usage.cached_tokens),
            ("completion_tokens", speech.usage.completion_tokens),
        ):
            self.timings[name] = self.timings.get(name, 0) + count

    def drafts(self, heard: Event, text: str, action: str) -> list[Draft]:
        """The events of the reply; what was said comes last."""
        drafts: list[Draft] = []
        causes = [heard.id, *(event.id for event in self.noted), *self.causes]
        if self.recalled is not None and self.recalled.turns:
            found = _recalled_draft(heard, self.recalled)
            drafts.append(found)
            if found.id is not None:
                causes.append(found.id)
        drafts.append(said_draft(text, self, tuple(dict.fromkeys(causes)), action))
        return drafts

    def _recalled(self) -> tuple[RecalledTurn, ...]:
        """What memory found; of an answer from facts, the turns in which they were told."""
        if self.recalled is not None:
            return self.recalled.turns
        return tuple(RecalledTurn(event, 1.0, event.text()) for event in self.noted)

    def done(self, heard: Event, said: Event, text: str, action: str) -> Done:
        """What the one who asked is told."""
        return Done(
            text=text,
            heard=heard.id,
            said=said.id,
            rule=self.rule,
            action=action,
            recalled=self._recalled(),
            cuts=tuple(self.cuts),
            stopped=self.stopped,
            model=self.model.name if self.model else "",
            scripted=self.model.scripted if self.model else False,
            prompt=self.prompt,
            seed=self.seed,
            timings=self.timings,
        )


def heard_draft(words: Words, text: str, *, withheld: bool) -> Draft:
    """What the person said; of words in danger only that there were some."""
    body: dict[str, object] = {"text": text, "via": words.via}
    if words.confidence_milli is not None:
        body["confidence_milli"] = words.confidence_milli
    if words.pasted:
        body["pasted"] = True
    if words.keep:
        body["keep"] = True
    if withheld:
        body = {"text": "", "via": words.via, "withheld": "danger"}
    actor = Actor.PERSON if words.label.integrity.name == "PERSON" else Actor.OUTSIDE
    return Draft(Kind.HEARD, actor, body, words.label)


def said_draft(text: str, record: Record, causes: tuple[UUID, ...] = (), action: str = "") -> Draft:
    """What the companion said, with everything that `why` will be asked for."""
    body: dict[str, object] = {"text": text, "rule": record.rule, "timings": record.timings}
    if record.lead is not None:
        body["lead"] = {"text": record.lead.text, "rule": record.lead.rule}
    if record.cuts:
        body["cuts"] = [{"text": cut.text, "rule": cut.rule} for cut in record.cuts]
    if record.rests:
        body["rests"] = record.rests
    if record.stopped:
        body["stopped"] = True
    if action:
        body["action"] = action
    if record.model is not None:
        body["model"] = {
            "name": record.model.name,
            "digest": record.model.digest,
            "scripted": record.model.scripted,
            "prompt": record.prompt,
            "seed": record.seed,
        }
    return Draft(Kind.SAID, Actor.COMPANION, body, COMPANION, causes or tuple(record.causes))


def _recalled_draft(heard: Event, found: Recalled) -> Draft:
    turns = [
        {"id": str(turn.event.id), "score_milli": round(turn.score * 1000)} for turn in found.turns
    ]
    body = {"terms": list(found.terms), "by": list(found.by), "turns": turns}
    causes = (heard.id, *(turn.event.id for turn in found.turns))
    # Its id is needed before it is written, so that what was said can name it as a cause.
    return Draft(Kind.RECALLED, Actor.COMPANION, body, COMPANION, causes, id=new_id(heard.at))
