"""The command line of the evaluation: `python -m evaluation --help`.

The last line on stdout is the summary as JSON with the machine named; all else goes to stderr.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import secrets
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from benchmarks.machine import describe
from evaluation import conversations, judgements, reality
from evaluation.cases import Case, load
from evaluation.companion import Chosen, model, recalls_by
from evaluation.generated import generate
from evaluation.running import run
from evaluation.summary import lines, summarise
from evaluation.transcripts import write_cases
from oona.core.errors import BadInput, OonaError

T = TypeVar("T")
HERE = Path(__file__).parent
DEFAULT_MODEL = "qwen2.5-coder-1.5b"
_STOPPED = 130  # what shells expect of a program that Ctrl-C ended


def main(words: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; 0 when it ran, whatever the figures are."""
    options = _parser().parse_args(words)
    try:
        if options.what == "score":
            summary = judgements.score_files(options.files, _shown)
        elif options.what == "reality":
            summary = reality.write(options.out or reality.latest())
        else:
            summary = asyncio.run(_evaluate(options))
    except OonaError as fault:
        _shown(str(fault))
        return 1
    except KeyboardInterrupt:
        _shown("\nStopped. Only what was finished is kept.")
        return _STOPPED
    print(json.dumps(summary, ensure_ascii=False))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument(
        "what",
        nargs="?",
        default="all",
        choices=["all", "cases", "conversations", "reality", "score"],
        help="all: cases, conversations, reality. score: join judgements with their key",
    )
    parser.add_argument("files", nargs="*", type=Path, help="for score: judgements as JSON lines")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="a name of the catalogue")
    parser.add_argument("--weights", type=Path, help="a GGUF file instead of the catalogue's")
    parser.add_argument("--url", default="", help="an OpenAI-compatible endpoint instead")
    parser.add_argument("--seed", type=int, help="what is generated and shuffled; random if unset")
    parser.add_argument("--only", help="kinds or ids of cases and conversations, with commas")
    parser.add_argument("--most", type=int, help="at most so many cases and conversations")
    parser.add_argument("--generated", type=int, help="how many; half as many as are written")
    parser.add_argument("--minutes", type=float, help="begin no conversation after so many")
    parser.add_argument("--out", type=Path, help="where transcripts go")
    return parser


def _shown(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


async def _evaluate(options: argparse.Namespace) -> dict[str, object]:
    seed = options.seed if options.seed is not None else secrets.randbelow(1 << 31)
    now = datetime.now(UTC)
    out = options.out or HERE / "out" / f"{now:%Y-%m-%d-%H%M}-{options.model}"
    cases, talks = _chosen(options, seed)
    _shown(f"{len(cases)} cases, {len(talks)} conversations; seed {seed}; transcripts go to {out}")
    _shown(
        f"loading {options.model}; the first time its prompt is read, a minute on a busy machine"
    )
    chosen = Chosen(
        options.model, options.weights, options.url, os.environ.get("OONA_MODEL_KEY", "")
    )
    summary: dict[str, object] = {
        "at": now.isoformat(timespec="seconds"),
        "seed": seed,
        "model": options.model,
        "recall": ["words", *(embedder.name for embedder in recalls_by())],
        "machine": describe(HERE),
    }
    began = time.monotonic()
    async with model(chosen) as language:
        summary["start_s"] = round(time.monotonic() - began, 1)
        out.mkdir(parents=True, exist_ok=True)
        if cases:
            results = await run(cases, language, _shown)
            figures = summarise(results)
            write_cases(out, results, figures)
            summary["cases"] = figures
            for line in lines(figures):
                _shown(line)
            _keep(out, summary)
        if talks:
            until = began + 60 * options.minutes if options.minutes else math.inf
            summary["conversations"] = await conversations.run(
                talks, language, seed, out, _shown, until
            )
    summary["took_s"] = round(time.monotonic() - began)
    _keep(out, summary)
    if options.what == "all":
        if options.only or options.most is not None:
            _shown("docs/reality.md stays as it is: this run was limited")
        else:
            reality.write(out)
    return summary


def _keep(out: Path, summary: dict[str, object]) -> None:
    text = json.dumps(summary, indent=1, ensure_ascii=False)
    (out / "summary.json").write_text(text + "\n", encoding="utf-8")


def _chosen(options: argparse.Namespace, seed: int) -> tuple[list[Case], list[conversations.Talk]]:
    """What to run. Raises BadInput where --only names nothing."""
    cases, talks = _cases(options, seed), conversations.load()
    talks = _limited(options, [(talk, talk.id, talk.id) for talk in talks])
    cases = cases if options.what in ("all", "cases") else []
    talks = talks if options.what in ("all", "conversations") else []
    if not cases and not talks:
        kinds = ", ".join(sorted({case.kind for case in load()}))
        raise BadInput(
            f"Nothing to run is called {options.only!r}.",
            f"--only takes kinds ({kinds}) and beginnings of the ids in evaluation/cases.",
        )
    return cases, talks


def _cases(options: argparse.Namespace, seed: int) -> list[Case]:
    written = load()
    count = options.generated if options.generated is not None else (len(written) + 1) // 2
    everything = [*written, *generate(seed, count)]
    return _limited(options, [(case, case.kind, case.id) for case in everything])


def _limited(options: argparse.Namespace, found: list[tuple[T, str, str]]) -> list[T]:
    """Those that --only names by kind, id or beginning of the id, up to --most."""
    only = options.only.split(",") if options.only else []
    kept = [
        thing
        for thing, kind, name in found
        if not only or any(word == kind or name.startswith(word) for word in only)
    ]
    return kept[: options.most] if options.most is not None else kept


if __name__ == "__main__":
    sys.exit(main())
