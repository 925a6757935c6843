"""`oona models`: which models there are, and bringing, checking and removing their files."""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as Bars
from rich.table import Table

from oona.app.paths import models_dir
from oona.core.clock import Clock, SystemClock
from oona.providers.weights import Progress, Verdict, Weights, load

_WINDOW = 20.0
_LINE_EVERY = 10.0
_STOPPED = 130  # what shells expect of a program that Ctrl-C ended

app = typer.Typer(
    name="models",
    help="The language models: what there is, what is here, and fetching one.",
    no_args_is_help=True,
)


def _weights() -> Weights:
    return Weights(models_dir())


def _names(incomplete: str) -> list[str]:
    return [model.name for model in load() if model.name.startswith(incomplete)]


Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Name = Annotated[str, typer.Argument(help="A name from `oona models list`.", autocompletion=_names)]


@app.command("list")
def list_models(as_json: Json = False) -> None:
    """Show every model Oona knows, and which are here."""
    weights = _weights()
    if as_json:
        rows = [
            {
                "name": model.name,
                "title": model.title,
                "size": model.size,
                "sha256": model.sha256,
                "licence": model.licence,
                "parameters": model.parameters,
                "memory": model.memory,
                "roles": sorted(model.roles),
                "run_by_us": model.run_by_us,
                "installed": weights.installed(model.name) is not None,
                "arrived": weights.arrived(model.name),
                "path": str(weights.path(model.name)),
            }
            for model in weights.catalogue
        ]
        print(json.dumps(rows, indent=2))
        return
    table = Table(box=None, pad_edge=False)
    for column in ("Name", "Model", "Size", "Memory", "Licence", "For", "Here"):
        table.add_column(column, justify="right" if column in ("Size", "Memory") else "left")
    for model in weights.catalogue:
        table.add_row(
            model.name,
            escape(model.title) + ("" if model.run_by_us else "\n[dim]not run by us[/dim]"),
            _size(model.size),
            _size(model.memory),
            model.licence,
            ", ".join(sorted(model.roles)),
            _here(weights, model.name),
        )
    Console().print(table)


def _here(weights: Weights, name: str) -> str:
    if weights.installed(name):
        return "yes"
    arrived = weights.arrived(name)
    return f"{_size(arrived)} of it" if arrived else "no"


@app.command()
def fetch(
    name: Annotated[
        str | None,
        typer.Argument(
            help="A name from `oona models list`; without one, what suits this machine.",
            autocompletion=_names,
        ),
    ] = None,
    path: Annotated[
        Path | None,
        typer.Option("--from", help="Take the bytes from this file or folder and nowhere else."),
    ] = None,
) -> None:
    """Bring a model's file here and verify it. Goes on from what has arrived before."""
    weights = _weights()
    model = weights.catalogue.get(name) if name else weights.default()
    console = Console()
    if here := weights.installed(model.name):
        console.print(f"{model.title} is here already: {here}", markup=False, soft_wrap=True)
        return
    console.print(f"{model.title}, {_size(model.size)}, {model.licence}", markup=False)
    try:
        with FetchDisplay(console, SystemClock()) as display:
            here = weights.fetch(model.name, progress=display.show, path=path)
    except KeyboardInterrupt:
        kept = _size(weights.arrived(model.name))
        console.print(f"Stopped. {kept} are kept, and the next fetch goes on from there.")
        raise typer.Exit(_STOPPED) from None
    console.print(f"Here and verified: {here}", markup=False, soft_wrap=True)


@app.command()
def verify(
    name: Annotated[
        str | None,
        typer.Argument(help="Only this model; else all that are here.", autocompletion=_names),
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave a damaged file in place.")] = False,
    as_json: Json = False,
) -> None:
    """Read the stored files again and compare their hashes. A damaged one is deleted."""
    weights = _weights()
    if name:
        names = [weights.catalogue.get(name).name]
    else:
        names = [m.name for m in weights.catalogue if weights.path(m.name).exists()]
    console = Console(stderr=as_json)
    verdicts = []
    with FetchDisplay(console, SystemClock()) as display:
        for each in names:
            verdicts.append(weights.verify(each, progress=display.show, delete_bad=not keep))
            if not as_json:
                console.print(_sentence(verdicts[-1], keep), markup=False, soft_wrap=True)
    if as_json:
        rows = [
            {
                "name": verdict.model.name,
                "state": verdict.state,
                "path": str(verdict.path),
                "expected": verdict.model.sha256,
                "came": verdict.came,
                "deleted": verdict.state == "bad" and not keep,
            }
            for verdict in verdicts
        ]
        print(json.dumps(rows, indent=2))
    elif not names:
        console.print("No model is here. `oona models fetch` brings one.")
    if any(verdict.state != "good" for verdict in verdicts):
        raise typer.Exit(1)


def _sentence(verdict: Verdict, keep: bool) -> str:
    name = verdict.model.name
    if verdict.state == "good":
        return f"{name}: good."
    if verdict.state == "missing":
        return f"{name}: not here. `oona models fetch {name}` brings it."
    done = (
        f"It was kept; `oona models remove {name}` deletes it."
        if keep
        else f"It was deleted; `oona models fetch {name}` brings it again."
    )
    return f"{name}: damaged. Expected {verdict.model.sha256}, found {verdict.came}. {done}"


@app.command()
def remove(name: Name) -> None:
    """Delete a model's file, and what has arrived of one."""
    freed = _weights().remove(name)
    print(f"{name}: removed, {_size(freed)}." if freed else f"{name}: was not here.")


class Pace:
    """Bytes a second over the last 20 seconds, and the time left at that pace."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def words(self, progress: Progress) -> str:
        """One line for a person: how much of how much, how fast, and how long still."""
        now = self._clock.monotonic()
        if self._seen and progress.done < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, progress.done))
        while len(self._seen) > 2 and now - self._seen[1][0] > _WINDOW:
            self._seen.popleft()
        text = f"{_size(progress.done)} of {_size(progress.total)}"
        (then, had), (_, has) = self._seen[0], self._seen[-1]
        if has > had and now > then:
            rate = (has - had) / (now - then)
            left = round((progress.total - progress.done) / rate)
            text += f", {rate / 1e6:.1f} MB/s, {_duration(left)} left"
        return text


class FetchDisplay:
    """Shows progress: a bar on a terminal, else a line now and then."""

    def __init__(self, console: Console, clock: Clock) -> None:
        self._console = console
        self._clock = clock
        self._pace = Pace(clock)
        self._last: Progress | None = None
        self._line_at = float("-inf")
        self._notes = 0
        self._bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task = self._bars.add_task("", total=None, visible=False)

    def __enter__(self) -> FetchDisplay:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def show(self, progress: Progress) -> None:
        """Take in one report of a fetch or a check."""
        last, self._last = self._last, progress
        for note in progress.notes[self._notes :]:
            self._console.print(f"Passed over. {note}", markup=False, soft_wrap=True)
        self._notes = len(progress.notes)
        turned = not last or (last.phase, last.source) != (progress.phase, progress.source)
        if self._console.is_terminal:
            self._move_bar(progress, turned)
        else:
            self._write_line(progress, turned)

    def _move_bar(self, progress: Progress, turned: bool) -> None:
        if turned:
            if progress.phase != "checking":
                self._console.print(f"{_heading(progress)}.", markup=False, soft_wrap=True)
            self._bars.reset(
                self._task,
                description=progress.phase.capitalize(),
                total=progress.total,
                completed=progress.done,
                visible=True,
            )
        self._bars.update(self._task, completed=progress.done)

    def _write_line(self, progress: Progress, turned: bool) -> None:
        words = self._pace.words(progress)
        now = self._clock.monotonic()
        if turned or now - self._line_at >= _LINE_EVERY:
            self._line_at = now
            self._console.print(f"{_heading(progress)}: {words}", markup=False, soft_wrap=True)


def _heading(progress: Progress) -> str:
    verb = {"waiting": "Waiting for", "checking": "Checking", "fetching": "Fetching from"}
    return f"{verb[progress.phase]} {progress.source}"


def _size(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 999_500_000 else f"{size / 1e6:.0f} MB"


def _duration(seconds: int) -> str:
    return f"{seconds} s" if seconds < 100 else f"{round(seconds / 60)} min"
