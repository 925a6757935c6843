"""The last stage of the first conversation: a name is proposed, refused, chosen."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from oona.agent.naming import Naming, Proposal, Verdict, VerdictKind, understand
from oona.agent.naming.choice import is_command
from oona.agent.profile import settle
from oona.core.errors import BadInput
from oona.core.events import Draft
from oona.core.sentences import plain

_ASIDE = re.compile(r"\[\[(.*?)\{unused\}\]\]")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer led to. `name` is None while it is still open, empty where none is wanted."""

    say: str
    drafts: tuple[Draft, ...] = ()
    name: str | None = None


class NameStage:
    """One search for a name."""

    def __init__(self, naming: Naming, skip: re.Pattern[str], seed: int = 0) -> None:
        """`skip` fits (plain, with a space behind) what declines to answer at all."""
        self._skip = skip
        self._naming = naming
        self._seed = seed
        self._texts: dict[str, Any] = _texts()
        self._missed = False
        self._again = False
        self._refused = 0
        self._shown: Proposal | None = None
        self._exhausted = False

    @property
    def hint(self) -> str:
        """How a proposal may be answered."""
        return str(self._texts["hint"])

    def ask(self) -> str:
        """The proposal in words. The first call compares the names, which takes about a second."""
        proposal = self._proposal()
        if proposal is None:
            return str(self._texts["none_left"])
        if self._again:
            return _fill(str(self._texts["again"]), proposal)
        if not self._refused:
            return _fill(str(self._texts["propose"]), proposal)
        return _fill(self._vary("next", self._refused), proposal)

    def take(self, text: str) -> Outcome:
        """Take what the person says to it."""
        proposal = self._proposal()
        verdict = understand(text, proposal.name if proposal else "")
        if verdict.kind is VerdictKind.UNCLEAR and self._skip.fullmatch(plain(text) + " "):
            verdict = Verdict(VerdictKind.SKIP)
        match verdict.kind:
            case VerdictKind.SKIP:
                drafts = (proposal.draft("open"),) if proposal else ()
                return Outcome(str(self._texts["skipped"]), drafts, "")
            case VerdictKind.OWN:
                return self._own(verdict.name, proposal)
            case _ if proposal is None:
                return self._unclear()
            case VerdictKind.YES:
                say = self._vary("accepted", self._seed).format(name=proposal.name)
                return Outcome(say, (proposal.draft("accepted"),), proposal.name)
            case VerdictKind.WHY:
                self._again = True
                return Outcome(_fill(str(self._texts["why"]), proposal))
            case VerdictKind.ANOTHER | VerdictKind.SHORTER:
                return self._next(proposal, shorter=verdict.kind is VerdictKind.SHORTER)
            case _:
                return self._unclear()

    def _proposal(self) -> Proposal | None:
        if self._shown is None and not self._exhausted:
            self._shown = self._naming.propose()
            self._exhausted = self._shown is None
        return self._shown

    def _own(self, name: str, proposal: Proposal | None) -> Outcome:
        try:
            settle("companion.name", name)
        except BadInput as fault:
            return Outcome(str(fault))
        if is_command(name):
            return Outcome(str(self._texts["command"]).format(name=name))
        drafts = (proposal.draft("replaced"),) if proposal else ()
        return Outcome(self._vary("own", self._seed).format(name=name), drafts, name)

    def _next(self, proposal: Proposal, *, shorter: bool) -> Outcome:
        self._naming.decline(proposal.name)
        self._refused += 1
        self._missed = self._again = False
        self._shown = self._naming.propose(proposal.name if shorter else "")
        say = ""
        if self._shown is None and shorter:
            say = str(self._texts["none_shorter"])
            self._shown = self._naming.propose()
        self._exhausted = self._shown is None
        return Outcome(say, (proposal.draft("declined"),))

    def _unclear(self) -> Outcome:
        if self._missed:
            drafts = (self._shown.draft("open"),) if self._shown else ()
            return Outcome(str(self._texts["gave_up"]), drafts, "")
        self._missed = self._again = True
        return Outcome(str(self._texts["unclear"]))

    def _vary(self, key: str, by: int) -> str:
        wordings: list[str] = self._texts[key]
        return wordings[by % len(wordings)]


def _fill(text: str, proposal: Proposal) -> str:
    facts = proposal.facts()
    return _ASIDE.sub(lambda aside: aside[1] if facts["unused"] else "", text).format(**facts)


@cache
def _texts() -> dict[str, Any]:
    file = resources.files("oona.agent").joinpath("data", "naming", "en.toml")
    texts: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))["texts"]
    return texts
