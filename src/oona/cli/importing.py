"""`oona memory import`: bringing in what was written elsewhere, with a bar and a plain report."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from oona.agent.words import visible
from oona.app.conversation import Conversation
from oona.cli.context import with_companion
from oona.cli.options import ME, Json, Person
from oona.cli.text import Flow, style_for, width

if TYPE_CHECKING:
    from oona.app.importing import Report

_MOST_LINES = 20
_STOPPED = 130
_NOTHING = 1
_CORAL = "#e06c56"

Paths = Annotated[
    list[Path],
    typer.Argument(
        help="Exports of ChatGPT or Claude (.zip or conversations.json), .jsonl, .md or .txt "
        "files, or the folder of a workspace."
    ),
]
Format = Annotated[
    str,
    typer.Option(
        "--format", "-f", help="auto, chatgpt, claude, jsonl, markdown, text or workspace."
    ),
]


def import_(
    paths: Paths,
    wanted: Format = "auto",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would come in.")
    ] = False,
    person: Person = ME,
    as_json: Json = False,
) -> None:
    """Bring in what you wrote elsewhere. It is kept with its origin, never taken for your word.

    It may be interrupted and begun again, and a newer export adds only what is new.
    """
    from oona.app.importing import Import, choose

    chosen = choose([path.expanduser().absolute() for path in paths], wanted)

    async def bring(conversation: Conversation) -> Report:
        with _Bar(sum(document.size for document, _ in chosen)) as bar:
            return await Import(conversation, chosen, bar.show, dry_run=dry_run).run()

    report = with_companion(person, bring)
    if as_json:
        print(json.dumps(_view(report), ensure_ascii=False, indent=2))
    else:
        _tell(report, sorted({importer.origin for _, importer in chosen}), dry_run=dry_run)
    if report.stopped:
        raise typer.Exit(_STOPPED)
    if not report.counts["read"]:
        raise typer.Exit(_NOTHING)


class _Bar:
    """How far it is: a bar on a terminal, and nothing elsewhere."""

    def __init__(self, size: int) -> None:
        console = Console(stderr=True)
        self._bars = Progress(
            TextColumn("Reading"),
            BarColumn(complete_style=_CORAL, finished_style=_CORAL),
            TextColumn("{task.fields[words]}", markup=False),
            TimeRemainingColumn(compact=True),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task = self._bars.add_task("", total=max(1, size), words="")

    def __enter__(self) -> _Bar:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def show(self, report: Report) -> None:
        """Take in how far it is."""
        counts = report.counts
        words = f"{counts['read']:,} texts, {counts['new']:,} new"
        self._bars.update(self._task, completed=report.bytes, words=words)


def _tell(report: Report, origins: list[str], *, dry_run: bool) -> None:
    style = style_for(sys.stdout, colour=True)
    flow = Flow(sys.stdout, width() if sys.stdout.isatty() else 1 << 30)
    counts = report.counts
    whence = " and ".join(origins).replace(" {name}", "s").replace("{name}", "notes")
    where = f" in {_count(counts['conversations'], 'conversation')}" * bool(counts["conversations"])
    flow.write(f"Read {_count(counts['read'], 'text')}{where} from {whence}{_span(report)}.")
    flow.end()
    came = "came in; they can be found at once, and count as texts from elsewhere"
    for number, words in (
        (counts["new"], "would come in" if dry_run else came),
        (counts["known"], "were here already"),
        (counts["forgotten"], "hold what you had me forget, and stay out"),
    ):
        if number:
            print(f"  {style.warm(f'{number:,}')} {words}.")
    if report.left_out:
        listed = ", ".join(f"{number:,} {what}" for what, number in report.left_out.most_common())
        flow.write(f"Left out: {listed}.")
        flow.end()
    if report.not_understood:
        print(style.warm(f"{_count(counts['not_understood'], 'place')} I did not understand:"))
        for fault in report.not_understood[:_MOST_LINES]:
            print(visible(f"  {fault.place}: {fault.why}".replace("\n", " ")))
        if (more := counts["not_understood"] - _MOST_LINES) > 0:
            print(style.quiet(f"  … and {more:,} more; `--json` lists them."))
    if report.runs and not dry_run:
        numbers = " --also ".join(map(str, report.runs))
        flow.write(f"To take it back: `oona memory forget {numbers}`.")
        flow.end()
    if report.stopped:
        print("Stopped. What came in stays; the same command again goes on from there.")


def _span(report: Report) -> str:
    """From which month to which its texts are."""
    if not report.first:
        return ""
    first, last = (f"{day:%B} {day.year}" for day in map(_day, (report.first, report.last)))
    return f", {first}" if first == last else f", {first} to {last}"


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _count(number: int, one: str) -> str:
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


def _view(report: Report) -> dict[str, object]:
    names = ("read", "new", "known", "forgotten", "conversations")
    return {
        **{name: report.counts[name] for name in names},
        "left_out": dict(report.left_out),
        "not_understood": [{"place": one.place, "why": one.why} for one in report.not_understood],
        "not_understood_count": report.counts["not_understood"],
        "first": report.first,
        "last": report.last,
        "events": report.runs,
        "stopped": report.stopped,
    }
