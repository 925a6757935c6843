"""`python -m benchmarks.recall --locomo FILE [--beam FILE…] [--json OUT]`: recall, measured.

Writes each conversation into a real journal, asks the recall that a conversation uses, and counts
what was found. The last line on standard output is one JSON object. Nothing is set by data set.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import machine
from benchmarks.recall import conversations, report
from benchmarks.recall.cached import Cached
from benchmarks.recall.conversations import Conversation
from benchmarks.recall.lives import Life, ask, first_recall, lived, recall
from benchmarks.recall.measures import measured
from benchmarks.recall.rivals import Rivals
from oona.app.embedders import embedders
from oona.app.paths import models_dir
from oona.core.embedding import Embedder

_RANKED = 64


def main(arguments: list[str]) -> int:
    """Measure, print, and write the JSON; 0 also when a figure is poor: it is no test."""
    given = _parsed(arguments)
    known = [
        Cached(embedder, given.cache) if given.cache else embedder
        for embedder in embedders(models_dir(), large=True)
        if given.embedders is None or embedder.name in given.embedders
    ]
    described = machine.describe(Path(tempfile.gettempdir()))
    print(machine.sentence(described))
    print("embedders:", ", ".join(e.name for e in known) or "none: by words alone", flush=True)
    results: dict[str, report.Result] = {}
    for conversation in _conversations(given.locomo, given.beam):
        print(f"  {conversation.name}", flush=True)
        result = results.setdefault(conversation.corpus, report.Result())
        with tempfile.TemporaryDirectory() as folder, lived(conversation, Path(folder)) as life:
            _measure(life, known, result)
        for embedder in known:
            if isinstance(embedder, Cached):
                embedder.save()
    for name, result in results.items():
        print(f"\n{report.table(name, result)}", flush=True)
    told = {
        "machine": described | {"load_after": machine.load()},
        "embedders": [embedder.name for embedder in known],
        "embeddings kept between runs": bool(given.cache),
        "corpora": {name: report.as_json(result) for name, result in results.items()},
    }
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print()
    print(json.dumps(told))
    return 0


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recall", description=__doc__)
    parser.add_argument("--locomo", type=Path, metavar="FILE", help="LoCoMo's conversations")
    parser.add_argument("--beam", type=Path, nargs="*", default=[], metavar="FILE", help="of BEAM")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures here, too")
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="keep embeddings here")
    parser.add_argument(
        "--embedders", nargs="*", metavar="NAME", help="only these; without a name, by words alone"
    )
    given = parser.parse_args(arguments)
    if not (given.locomo or given.beam):
        parser.error("name a file to measure with")
    return given


def _conversations(locomo: Path | None, beam: Sequence[Path]) -> list[Conversation]:
    found = conversations.locomo(locomo) if locomo else []
    return found + [conversations.beam(path) for path in beam]


def _measure(life: Life, known: Sequence[Embedder], result: report.Result) -> None:
    """Ask every question of one life by every method."""
    conversation = life.conversation
    session_of = {turn.unit: turn.session for turn in conversation.turns}
    methods = {report.OURS: recall(life, known)}
    if known:
        methods[f"{report.OURS}, words alone"] = recall(life, ())
    units = [turn.unit for turn in conversation.turns]
    rivals = Rivals(life, known)

    def note(method: str, ranking: list[str], seconds: float) -> None:
        scores = measured(ranking, question.gold, session_of)
        entry = report.Asked(conversation.name, question.category, scores, seconds)
        result.asked.setdefault(method, []).append(entry)

    for question in conversation.questions:
        for method, way in methods.items():
            note(method, *ask(life, way, question.text))
        note("first recall", *ask(life, first_recall(life), question.text))
        for method, rival in rivals.named().items():
            best = (-rival(question.text)).argsort(kind="stable")[:_RANKED]
            note(method, list(dict.fromkeys(units[place] for place in best)), 0.0)
    result.written += life.written
    if known:
        result.embedded.append(life.embedded / len(conversation.turns))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
