"""Transcripts: every word of a run, as JSON lines for programs and as Markdown for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from evaluation.running import Result, by_kind
from evaluation.summary import lines


def write_lines(file: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Write one JSON object a line."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    file.write_text(text, encoding="utf-8")


def read_lines(file: Path) -> list[dict[str, object]]:
    """The objects of a file of JSON lines; blank lines do not count."""
    return [
        json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()
    ]


def write_cases(out: Path, results: Sequence[Result], figures: dict[str, object]) -> None:
    """cases.jsonl, cases.md and to-read.jsonl in `out`."""
    write_lines(out / "cases.jsonl", (_row(result) for result in results))
    write_lines(out / "to-read.jsonl", (row for result in results for row in _to_read(result)))
    parts = ["# Cases", "", *(f"- {line}" for line in lines(figures))]
    for kind, found in by_kind(results):
        parts += ["", f"## {kind}"]
        for result in found:
            parts += ["", *_markdown(result)]
    (out / "cases.md").write_text("\n".join(parts) + "\n", encoding="utf-8")


def _row(result: Result) -> dict[str, object]:
    return {
        "id": result.case.id,
        "kind": result.case.kind,
        "generated": result.case.truth is not None,
        "passed": result.judged.passed,
        "faults": result.judged.faults,
        "inventions": result.judged.inventions,
        "candidates": result.judged.candidates,
        "turns": [
            {key: value for key, value in asdict(reply).items() if key != "heard"}
            | {"later": turn.later}
            for turn, reply in zip(result.case.turns, result.replies, strict=True)
        ],
    }


def _to_read(result: Result) -> Iterable[dict[str, object]]:
    """What a person is to decide, by filling in `verdict`.

    For a cut "right" or "wrong" (to have cut it); for a reply "fine", "invented" (it says of the
    person, of a deed or of a life of its own what is not so) or "poor" (it does not fit).
    """
    for cut in result.judged.cuts:
        yield {
            "type": "cut",
            "case": result.case.id,
            "rule": cut.rule,
            "text": cut.text,
            "said": [reply.say for reply in result.replies],
            "verdict": "",
        }
    for number, reply in enumerate(result.replies):
        if reply.rule:
            continue
        words = {*result.judged.candidates, *result.judged.inventions}
        yield {
            "type": "reply",
            "case": result.case.id,
            "said": [earlier.say for earlier in result.replies[: number + 1]],
            "text": reply.text,
            "suspect": sorted(word for word in words if word in reply.text),
            "verdict": "",
        }


def _markdown(result: Result) -> list[str]:
    mark = "passed" if result.judged.passed else "FAILED"
    shown = [f"### {result.case.id}: {mark}"]
    for turn, reply in zip(result.case.turns, result.replies, strict=True):
        if turn.later is not None:
            shown.append(f"*{turn.later or 'no'} days later, another session*  ")
        who = f"by rule {reply.rule}" if reply.rule else "model"
        again = f", asked {reply.asked} times" if reply.asked > 1 else ""
        shown.append(f"> {reply.say}  ")
        shown.append("")
        shown.append(f"{reply.text} *({who}, {reply.first_ms} ms{again})*")
        shown += [f"- cut by {cut.rule}: {cut.text}" for cut in reply.cuts]
        shown.append("")
    shown += [f"- **fault**: {fault}" for fault in result.judged.faults]
    shown += [f"- **invented**: {word}" for word in result.judged.inventions]
    shown += [f"- to read: {word}" for word in result.judged.candidates]
    return shown
