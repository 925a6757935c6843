"""Why: how a reply came about, told from the journal alone and in plain words.

A graph walk along `causes` (the idea of W3C PROV): from what was said to what was heard, what
memory found, which rule or prompt spoke, and what the check kept back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from oona.core.clock import local
from oona.core.errors import NotFound
from oona.core.events import Event, Kind
from oona.core.origin import origin
from oona.journal import Journal

_RULES = {
    "self": "it spoke of itself as something it is not, or in a product's phrases",
    "pull": "it pulled at you, or claimed feelings I don't have",
    "servile": "it was a stock phrase that says nothing",
    "human-life": "it claimed a human life I don't have",
    "deed": "it claimed a thing done or promised that no receipt shows",
    "constraint": "it offered what you said must not be",
    "tone": "it did not fit how you felt",
    "doubt": "it doubted what you had just told me",
    "remark": "it passed a verdict on what you told me, and said nothing else",
    "echo": "it only said back what you had just told me",
    "told-already": "it asked for what you had just told me",
    "life": "it claimed something about your life that you never told me",
    "second-question": "one question at a time is enough",
    "rest-of-sentence": "it was the rest of a sentence that was cut",
}
_SPOKE = {
    "opening": "the opening, computed from our earlier talk",
    "unknown_relation": "the rule that I don't guess at people you haven't told me about",
    "unknown_person": "the rule that I don't guess at people you haven't told me about",
    "unknown_thing": "the rule that I don't guess at your life",
    "nothing_yet": "the rule that I don't guess at your life",
    "not_that": "the rule that I quote you rather than guess",
    "remembered": "the rule that what you ask me to remember is kept as you said it",
    "kept": "the rule that a text from elsewhere is kept but not taken for your word",
    "told": "the rule that look-ups are answered in your own words",
    "told_yes": "the rule that look-ups are answered in your own words",
    "amended": "the rule that what you put right is taken as you say it",
    "may_eat": "the rule that I never guess whether food is safe for someone",
    "no_guess": "the rule that I don't guess at your life",
    "cannot-act": "the rule that I never promise what I cannot do",
    "cut_deed": "the rule that I never promise what I cannot do",
    "cut_constraint": "the rule that what someone cannot have is not offered",
    "kept_telling": "a plain sentence of ours, since the model had nothing to add to what you told",
    "heard_telling": "a plain sentence of ours, since nothing of the model's seemed right to say",
    "cut_telling": "a plain sentence of ours, since nothing the model said could be stood behind",
    "cut_other": "a plain sentence of ours, since nothing the model said could be stood behind",
    "no-model": "a plain sentence of ours, since the language model was away",
    "elsewhere": "the rule that texts from elsewhere are quoted with their origin",
    "outside": "the rule that pasted text is kept but not taken for your word",
}


@dataclass(frozen=True)
class Why:
    """The account of one reply: `text` for people, `data` as JSON."""

    text: str
    data: dict[str, object]


def why(journal: Journal, event_id: UUID | None = None) -> Why:
    """The account of the reply `event_id`, or of the last one.

    Raises NotFound when there is no such reply.
    """
    said = _find(journal, event_id)
    causes = journal.get(said.causes)
    heard = next((e for e in causes if e.kind is Kind.HEARD and e.id == said.causes[0]), None)
    found = next((e for e in causes if e.kind is Kind.RECALLED), None)
    noted = [e for e in causes if e.kind in (Kind.HEARD, Kind.IMPORTED) and e is not heard]
    body = said.body or {}
    lines = [f"I said: “{said.text()}”" if said.text() else "What I said was erased since."]
    lines += _asked(heard)
    facts = [e for e in causes if e.kind is Kind.FACT]
    lines += _remembered(noted)
    lines += _facts(facts)
    lines += _spoke(body)
    lines += _cut(body)
    lines += _rests(journal, body)
    lines += _timings(body)
    lines.append(f"It stands in your journal as event {said.seq} ({said.id}).")
    data: dict[str, object] = {
        "said": _brief(said),
        "heard": _brief(heard) if heard else None,
        "remembered": [_brief(event) for event in noted],
        "facts": [_noted(event) for event in facts],
        "searched": (found.body or {}) if found else {},
        "rule": body.get("rule", ""),
        "cuts": body.get("cuts", []),
        "rests": body.get("rests", []),
        "model": body.get("model", {}),
        "timings": body.get("timings", {}),
    }
    return Why("\n".join(lines), data)


def _find(journal: Journal, event_id: UUID | None) -> Event:
    if event_id is None:
        last = journal.newest(Kind.SAID, limit=1)
        if not last:
            raise NotFound("I haven't said anything yet.", "Say something to me first.")
        return last[0]
    found = journal.get([event_id])
    if not found:
        raise NotFound(f"There is no event {event_id} in your journal.")
    event = found[0]
    if event.kind is Kind.SAID:
        return event
    for candidate in journal.read(after=event.seq, kinds=[Kind.SAID]):
        if event.id in candidate.causes:
            return candidate
    raise NotFound(
        f"Event {event.seq} is not something I said, and I said nothing because of it.",
        "`oona journal show` lists what I said.",
    )


def _asked(heard: Event | None) -> list[str]:
    if heard is None:
        return ["You had not said anything; I began."]
    if heard.word("withheld"):
        return ["You had said something that I keep no words of, because it was about danger."]
    if not heard.text():
        return [f"What you had said ({moment(heard.at, heard.zone)}) was erased since."]
    return [f"You had said ({moment(heard.at, heard.zone)}): “{_short(heard.text())}”"]


def _remembered(noted: list[Event]) -> list[str]:
    if not noted:
        return ["I remembered nothing for it."]
    lines = ["I remembered:"]
    for event in noted:
        text = f"“{_short(event.text())}”" if event.text() else "something erased since"
        if event.kind is Kind.IMPORTED:
            whence = origin(event)
            lines.append(f"  - from {whence}: {text} (event {event.seq}, not taken for your word)")
            continue
        lines.append(f"  - {moment(event.at, event.zone)}, you said: {text} (event {event.seq})")
    return lines


def _facts(facts: list[Event]) -> list[str]:
    if not facts:
        return []
    lines = ["What I had noted from your words:"]
    for event in facts:
        noted = _noted(event)
        if not noted["relation"]:
            lines.append("  - something erased since")
            continue
        relation = str(noted["relation"]).replace("_", " ")
        whom = f"{noted['subject']}, " if noted["subject"] else ""
        lines.append(f"  - {whom}{relation}: {noted['value']} (fact {event.seq})")
    return lines


def _noted(event: Event) -> dict[str, object]:
    """A noted fact; its subject is empty where that is the person."""
    subject = (event.body or {}).get("subject")
    parts = subject if isinstance(subject, dict) else {}
    whom = " ".join(str(parts[name]) for name in ("kind", "role", "name") if name in parts)
    return {
        "fact": event.seq,
        "subject": whom,
        "relation": event.word("relation"),
        "value": event.word("value"),
        "quote": event.word("quote"),
    }


def _spoke(body: Mapping[str, object]) -> list[str]:
    rule = str(body.get("rule", ""))
    model = body.get("model")
    lines: list[str] = []
    if rule:
        about = _SPOKE.get(rule.removesuffix("_plain"))
        if rule.split(".", maxsplit=1)[0] == "fact":
            about = "the rule that what you told me is answered from the facts noted of it"
        if rule.startswith("reflex."):
            about = f"a fixed answer of ours for this question ({rule})"
        elif rule.startswith("mood."):
            about = f"plain words of ours, for how what you told sounded to me ({rule})"
        elif rule.startswith("danger."):
            about = "a fixed answer of ours for danger, written beforehand by people"
        lines.append(f"What spoke was {about or rule}; no model chose the words.")
    opened = body.get("lead")
    if isinstance(opened, dict) and not rule:
        lines.append(
            f"The first words, “{opened['text']}”, were ours, for how what you told sounded to me "
            f"({opened['rule']}). The model went on from there."
        )
    if isinstance(model, dict):
        kind = "a script, not a model" if model.get("scripted") else f"the model {model['name']}"
        verb = "Before that," if rule else "The words came from"
        tail = " was asked" if rule else ""
        lines.append(
            f"{verb} {kind}{tail}, with our prompt {model['prompt']} and seed {model['seed']}."
        )
    if body.get("stopped"):
        lines.append("You stopped me in the middle of it.")
    return lines


def _cut(body: Mapping[str, object]) -> list[str]:
    cuts = body.get("cuts")
    if not isinstance(cuts, list) or not cuts:
        return []
    return [
        "The check kept back:",
        *(
            f"  - “{_short(str(cut['text']))}”, because {_RULES.get(cut['rule'], cut['rule'])}"
            for cut in cuts
        ),
    ]


def _rests(journal: Journal, body: Mapping[str, object]) -> list[str]:
    rests = body.get("rests")
    lines: list[str] = []
    for rest in rests if isinstance(rests, list) else []:
        events = journal.get([UUID(source) for source in rest["sources"]])
        numbers = ", ".join(str(event.seq) for event in events)
        if numbers:
            lines.append(f"“{_short(rest['clause'])}” rests on what you said (event {numbers}).")
    return lines


def _timings(body: Mapping[str, object]) -> list[str]:
    timings = body.get("timings")
    if not isinstance(timings, dict) or "total" not in timings:
        return []
    parts = [
        f"{label} {timings[name]} ms"
        for name, label in (
            ("journalled", "written down after"),
            ("recalled", "memory searched by"),
            ("first_token", "first word of the model at"),
            ("first_clause", "first words shown at"),
            ("phrased", "the model's own at"),
            ("total", "done at"),
        )
        if name in timings
    ]
    return ["Time: " + ", ".join(parts) + "."]


def moment(at: datetime, zone: str) -> str:
    """A moment as a person reads it, in the zone they were in."""
    here = local(at, zone)
    return f"{here:%A} {here.day} {here:%B} {here.year}, {here:%H:%M}"


def _brief(event: Event) -> dict[str, object]:
    return {
        "id": str(event.id),
        "seq": event.seq,
        "at": event.at.isoformat(),
        "text": event.text(),
        "label": str(event.label),
        **({"origin": origin(event)} if event.kind is Kind.IMPORTED else {}),
    }


def _short(text: str, most: int = 240) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
