"""What stands only in texts from elsewhere: quoted by code, with its origin, or not at all.

An imported text is nobody's word to Oona. It is no evidence in the check, no fact, and no model
reads it, so that a line in it that gives orders gives them to nobody. Where the person asks for
something that they told Oona nothing of, one sentence of it may be quoted, for what it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from oona.agent.plan import Plan, make_plan
from oona.agent.when import said_when
from oona.agent.words import visible
from oona.core.events import Event
from oona.core.importing import Role
from oona.core.origin import has_own_time, said_at, said_by, source
from oona.trust.check import Mode
from oona.trust.evidence import Evidence, Sentence
from oona.trust.lexicon import Lexicon

ELSEWHERE = "elsewhere"
"""The rule of a reply that quotes a text from elsewhere."""

FROM_OUTSIDE = "fact.outside"
"""The rule of an answer from facts that an outside text told, alone or with others."""

TOKENS = 1_000
"""How much of texts from elsewhere is looked through; code reads it in a few milliseconds."""

_MOST_READ = 4_000
"""Characters of one text; what answers a question stands in its first pages or is not found."""

_MOST_QUOTED = 300
_FEWEST_SHARED = 2


@dataclass(frozen=True, slots=True)
class Quotation:
    """One sentence from elsewhere, what it is from, and the event that holds it.

    `rule` names the phrase that says it: of the person's own side of a conversation, or of a note.
    """

    event: Event
    text: str
    whence: str
    when: str

    @property
    def rule(self) -> str:
        """The phrase that tells it."""
        kind = "elsewhere" if said_by(self.event) is Role.PERSON else "elsewhere_note"
        return kind if self.when else f"{kind}_undated"


def look_elsewhere(
    asked: str, ours: Plan, imported: Iterable[Event], lexicon: Lexicon, now: datetime
) -> Quotation | None:
    """What `imported` texts hold of what is asked, where the person told nothing of it (`ours`).

    What somebody else said in them (an assistant, mostly) is not looked at: it says "I", too.
    """
    if ours.guess or ours.deed or ours.recount or ours.mode is Mode.FICTION:
        return None
    if ours.mode is Mode.LOOKUP and ours.known and not ours.lacking:
        return None
    events = {
        str(event.id): event
        for event in imported
        if said_by(event) in (Role.PERSON, Role.NOTE) and event.text()
    }
    evidence = Evidence(lexicon)
    for name, event in events.items():
        evidence.add(visible(event.text()[:_MOST_READ]), name, follows=False)
    plan = make_plan(asked, evidence, lexicon, Mode.TALK)
    sentence = _answering(plan, ours, asked, lexicon)
    if sentence is None:
        return None
    event = events[sentence.source]
    text = " ".join(sentence.text.split()).replace("“", "'").replace("”", "'")
    if len(text) > _MOST_QUOTED:
        text = text[:_MOST_QUOTED].rsplit(" ", 1)[0] + " …"
    when = said_when(said_at(event), event.zone, now) if has_own_time(event) else ""
    return Quotation(event, text, visible(source(event)), when)


def _answering(plan: Plan, ours: Plan, asked: str, lexicon: Lexicon) -> Sentence | None:
    """The sentence to quote: one that holds what is asked, not merely a word of it."""
    if plan.mode is not Mode.LOOKUP or plan.recount or plan.lacking:
        return None
    found = plan.current or (plan.support[-1] if plan.yes_no and plan.support else None)
    if found is None or ours.mode is Mode.LOOKUP:
        return found
    # It was no question about their life by what they told us; two words of it have to agree.
    shared = lexicon.stems(asked) & found.stems - lexicon.weak - lexicon.soft
    return found if len(shared) >= _FEWEST_SHARED else None
