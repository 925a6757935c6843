"""Joining blind judgements with their key: how often Oona was preferred, and on what grounds."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from evaluation.conversations import CRITERIA
from evaluation.summary import in_words, share
from evaluation.transcripts import read_lines
from oona.core.errors import BadInput

_VERDICTS = {"cut": {"right", "wrong"}, "reply": {"fine", "invented", "poor"}}


class BadJudgement(BadInput):
    """A line of judgements cannot be used as it is."""


def score_files(files: Sequence[Path], show: Callable[[str], None]) -> dict[str, object]:
    """The scores of judgements (judges are pooled) and of read lists (to-read.jsonl).

    Files of one run lie in one folder, its key beside them. The result is kept there as
    judged.json. Raises BadJudgement.
    """
    if not files:
        raise BadJudgement("Name at least one file of judgements.")
    found: dict[str, object] = {}
    for folder in dict.fromkeys(file.parent for file in files):
        judgements: list[dict[str, object]] = []
        verdicts: list[dict[str, object]] = []
        for file in files:
            if file.parent == folder:
                rows = read_lines(file)
                (verdicts if rows and "verdict" in rows[0] else judgements).extend(rows)
        result: dict[str, object] = {}
        if judgements:
            key = json.loads((folder / "key.json").read_text(encoding="utf-8"))
            result |= score(judgements, key)
        if verdicts:
            result |= read_verdicts(verdicts, folder)
        for name, value in result.items():
            words = in_words(value) if isinstance(value, dict) and "interval" in value else value
            show(f"{name}: {words}")
        _keep(folder, result)
        found |= result
    return found


def score(rows: Sequence[dict[str, object]], key: dict[str, str]) -> dict[str, object]:
    """Preference for Oona in percent and the mean of each criterion for both sides.

    Each tie counts as half in `preferred_ties_halved`, and not at all in `preferred`.
    """
    won = lost = ties = 0
    marks: dict[str, dict[str, list[int]]] = {c: {"oona": [], "bare": []} for c in CRITERIA}
    for row in rows:
        name = str(row.get("id"))
        if name not in key:
            raise BadJudgement(f"{name!r} stands in no key")
        prefer = row.get("prefer")
        if prefer is None:
            continue  # not judged yet
        if prefer not in ("A", "B", "tie"):
            raise BadJudgement(f"{name}: prefer is {prefer!r}, not A, B or tie")
        won += prefer == key[name]
        ties += prefer == "tie"
        lost += prefer not in (key[name], "tie")
        for letter in "AB":
            side = "oona" if key[name] == letter else "bare"
            _take(marks, side, row.get(letter), f"{name}, {letter}")
    judged = won + lost + ties
    return {
        "judged": judged,
        "preferred": share(won, won + lost),
        "ties": ties,
        "preferred_ties_halved": round(100 * (won + ties / 2) / judged, 1) if judged else None,
        "criteria": {
            name: {side: _mean(values) for side, values in sides.items()}
            for name, sides in marks.items()
        },
    }


def _take(marks: dict[str, dict[str, list[int]]], side: str, given: object, where: str) -> None:
    if not isinstance(given, dict):
        raise BadJudgement(f"{where}: no marks")
    for criterion in CRITERIA:
        mark = given.get(criterion)
        if mark is None:
            continue
        if mark not in (-1, 0, 1):
            raise BadJudgement(f"{where}: {criterion} is {mark!r}, not -1, 0 or 1")
        marks[criterion][side].append(mark)


def read_verdicts(rows: Sequence[dict[str, object]], folder: Path) -> dict[str, object]:
    """Wrong cuts, missed inventions and poor replies, by a person's reading of to-read.jsonl.

    A wrong cut is counted against all clauses that the model made in the run, the others against
    the replies that were read.
    """
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    clauses = summary["cases"]["to_read"]["questionable_cuts"]["of"]
    given = {kind: [str(r["verdict"]) for r in rows if r["type"] == kind] for kind in _VERDICTS}
    for kind, known in _VERDICTS.items():
        if wrong := {verdict for verdict in given[kind] if verdict} - known:
            raise BadJudgement(f"no verdict on a {kind} is called {', '.join(sorted(wrong))}")
    read = [verdict for verdict in given["reply"] if verdict]
    return {
        "cuts_unread": given["cut"].count(""),
        "replies_unread": given["reply"].count(""),
        # What was not read is not known to be right: no figure until all of it is.
        "wrong_cuts": share(0, 0)
        if "" in given["cut"]
        else share(given["cut"].count("wrong"), clauses),
        "inventions_read": share(read.count("invented"), len(read)),
        "poor_replies": share(read.count("poor"), len(read)),
    }


def _keep(folder: Path, result: dict[str, object]) -> None:
    file = folder / "judged.json"
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    file.write_text(json.dumps(known | result, indent=1) + "\n", encoding="utf-8")


def _mean(values: Sequence[int]) -> float | None:
    return round(sum(values) / len(values), 2) if values else None
