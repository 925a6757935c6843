"""How events and replies are told to a client: plain JSON."""

from __future__ import annotations

from oona.agent.replies import Done
from oona.core.clock import to_text
from oona.core.events import Event
from oona.core.language import ModelState
from oona.core.origin import has_own_time, origin, said_at, said_by, source
from oona.memory import RecalledTurn


def event_view(event: Event) -> dict[str, object]:
    """One event. `body` is null once it was erased."""
    return {
        "seq": event.seq,
        "id": str(event.id),
        "at": to_text(event.at),
        "zone": event.zone,
        "kind": event.kind.value,
        "actor": event.actor.value,
        "label": str(event.label),
        "causes": [str(cause) for cause in event.causes],
        "body": event.body,
        "hash": event.hash.hex(),
    }


def origin_view(event: Event) -> dict[str, object]:
    """When the words of a turn were said, and of an import by whom and where it is from."""
    view: dict[str, object] = {"at": to_text(said_at(event)), "zone": event.zone}
    if (role := said_by(event)) is not None:
        view |= {
            "origin": origin(event),
            "source": source(event),
            "by": role.value,
            "speaker": event.word("speaker"),
            "title": event.word("title"),
            "dated": has_own_time(event),
        }
    return view


def source_view(turn: RecalledTurn) -> dict[str, object]:
    """One turn that was recalled, with what makes it a source: when, who, and how far to trust."""
    event = turn.event
    return {
        "event": str(event.id),
        **origin_view(event),
        "actor": event.actor.value,
        "label": str(event.label),
        "score": round(turn.score, 3),
        "text": turn.text,
    }


def done_view(done: Done) -> dict[str, object]:
    """The end of a turn; `timings_ms` are milliseconds since the words came."""
    counts = {name: value for name, value in done.timings.items() if name.endswith("_tokens")}
    return {
        "reply": done.text,
        "heard": str(done.heard),
        "said": str(done.said),
        "rule": done.rule,
        "action": done.action,
        "recalled": [source_view(turn) for turn in done.recalled],
        "cuts": [{"text": cut.text, "rule": cut.rule} for cut in done.cuts],
        "stopped": done.stopped,
        "model": done.model,
        "scripted": done.scripted,
        "prompt": done.prompt,
        "seed": done.seed,
        "timings_ms": {name: done.timings[name] for name in done.timings if name not in counts},
        "tokens": counts,
    }


def state_view(state: ModelState) -> dict[str, object]:
    """The model, and whether it can answer now."""
    return {
        "name": state.name,
        "ready": state.ready,
        "detail": state.detail,
        "digest": state.digest,
        "scripted": state.scripted,
        "context": state.context,
    }
