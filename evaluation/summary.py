"""Counting: the figures of a run, each proportion with its 95 % interval."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.running import Result, by_kind
from evaluation.scoring import admits, percentile, wilson

ANSWERED = ("lookup", "earlier", "correction", "namesake")
"""Kinds whose last question has an answer that was told."""


def share(hits: int, of: int) -> dict[str, object]:
    """A proportion in percent with its Wilson interval."""
    low, high = wilson(hits, of)
    return {
        "hits": hits,
        "of": of,
        "percent": round(100 * hits / of, 1) if of else None,
        "interval": [round(100 * low, 1), round(100 * high, 1)] if of else None,
    }


def summarise(results: Sequence[Result]) -> dict[str, object]:
    """The figures of the cases."""
    replies = [reply for result in results for reply in result.replies]
    spoken = [reply for reply in replies if not reply.rule]
    asked = [reply for reply in replies if reply.asked]
    made = [result for result in results if result.case.truth is not None]
    made_replies = sum(len(result.replies) for result in made)
    clauses = sum(reply.clauses for reply in spoken)
    cuts = [cut for reply in replies for cut in reply.cuts]
    questionable = [cut for result in results for cut in result.judged.cuts]
    firsts = [reply.first_ms for reply in spoken]
    return {
        "cases": len(results),
        "generated": len(made),
        "turns": len(replies),
        "passed": share(sum(r.judged.passed for r in results), len(results)),
        "passed_generated": share(sum(r.judged.passed for r in made), len(made)),
        "missed_inventions": share(sum(bool(r.judged.inventions) for r in made), len(made)),
        "missed_inventions_words": sum(len(r.judged.inventions) for r in made),
        "generated_replies": made_replies,
        "to_read": {
            "possible_inventions": sum(len(r.judged.candidates) for r in results),
            "questionable_cuts": share(len(questionable), clauses + len(cuts)),
        },
        "cuts": {
            rule: sum(c.rule == rule for c in cuts) for rule in sorted({c.rule for c in cuts})
        },
        "look_ups_right": _passed(results, ANSWERED),
        "unknowns_admitted": _admitted(results),
        "constraints_respected": _passed(results, ("constraint",)),
        "danger_right": _passed(results, ("danger",)),
        "goodbyes_let_go": _passed(results, ("goodbye",)),
        "left_alone": _passed(results, ("knowledge", "fiction")),
        "spoke": {"model": len(spoken), "rule": len(replies) - len(spoken)},
        "asked_again": sum(max(0, reply.asked - 1) for reply in asked),
        "model_then_rule": sum(bool(reply.rule) for reply in asked),
        "first_clause_ms": {
            "p50": percentile(firsts, 0.5),
            "p95": percentile(firsts, 0.95),
            "by_rule_p50": percentile([r.first_ms for r in replies if not r.asked], 0.5),
        },
        "by_kind": {
            kind: share(sum(r.judged.passed for r in found), len(found))
            for kind, found in by_kind(results)
        },
    }


def _passed(results: Sequence[Result], kinds: Sequence[str]) -> dict[str, object]:
    found = [result for result in results if result.case.kind in kinds]
    return share(sum(result.judged.passed for result in found), len(found))


def _admitted(results: Sequence[Result]) -> dict[str, object]:
    """Of the cases whose last question has no answer, those that said so."""
    found = [
        result
        for result in results
        if result.case.kind == "unknown" or (result.case.truth and result.case.truth.unknown)
    ]
    return share(sum(admits(result.replies[-1].text) for result in found), len(found))


def lines(figures: dict[str, object]) -> list[str]:
    """The figures for people, a line each; those that had nothing to count are left out."""
    shown = []
    for name, value in figures.items():
        label = name.replace("_", " ")
        if isinstance(value, dict) and (not value or value.get("of") == 0):
            continue
        if isinstance(value, dict) and "interval" in value:
            shown.append(f"{label}: {in_words(value)}")
        elif isinstance(value, dict) and name != "by_kind":
            parts = (
                f"{key.replace('_', ' ')} {in_words(part) if isinstance(part, dict) else part}"
                for key, part in value.items()
            )
            shown.append(f"{label}: {', '.join(parts)}")
        elif not isinstance(value, dict):
            shown.append(f"{label}: {value}")
    return shown


def in_words(value: dict[str, object]) -> str:
    """A proportion in words: "97.1 % (34 of 35; 95 % interval 85.5 to 99.5)"."""
    interval = value["interval"]
    if not isinstance(interval, list):
        return "none of the kind"
    return (
        f"{value['percent']} % ({value['hits']} of {value['of']}; "
        f"95 % interval {interval[0]} to {interval[1]})"
    )
