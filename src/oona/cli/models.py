"""`oona models`: which models there are, and bringing, checking and removing their files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oona.app.paths import models_dir
from oona.cli.sizes import size_words
from oona.core.clock import SystemClock

if TYPE_CHECKING:
    from rich.console import Console

    from oona.providers.weights import Model, Verdict, Weights

_STOPPED = 130  # what shells expect of a program that Ctrl-C ended
_FOR = {"chat": "talking", "hearing": "hearing", "plumbing": "tests", "recall": "remembering"}

app = typer.Typer(
    name="models",
    help="The models: what there is, what is here, and fetching one.",
    no_args_is_help=True,
)


def _weights() -> Weights:
    from oona.providers.weights import Weights

    return Weights(models_dir())


def _names(incomplete: str) -> list[str]:
    from oona.providers.weights import load

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
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("Name", "Model", "Size", "Memory", "Licence", "For", "Here"):
        table.add_column(column, justify="right" if column in ("Size", "Memory") else "left")
    for model in weights.catalogue:
        table.add_row(
            model.name,
            escape(model.title) + ("" if model.run_by_us else "\n[dim]not run by us[/dim]"),
            size_words(model.size),
            size_words(model.memory),
            model.licence,
            ", ".join(sorted(_FOR[role] for role in model.roles)),
            _here(weights, model.name),
        )
    Console(highlight=False).print(table)


def _here(weights: Weights, name: str) -> str:
    if weights.installed(name):
        return "yes"
    arrived = weights.arrived(name)
    return f"{size_words(arrived)} of it" if arrived else "no"


@app.command()
def fetch(
    name: Annotated[
        str | None,
        typer.Argument(
            help="A name from `oona models list`, or hearing for all that hears; without one, "
            "what suits this machine.",
            autocompletion=_names,
        ),
    ] = None,
    path: Annotated[
        Path | None,
        typer.Option("--from", help="Take the bytes from this file or folder and nowhere else."),
    ] = None,
) -> None:
    """Bring a model's file here and verify it. Goes on from what has arrived before.

    Without a name that is a language model, and what recall by meaning needs.
    """
    from rich.console import Console

    weights = _weights()
    console = Console(highlight=False)
    if name in ("hearing", "recall"):  # several files that are of use together
        wanted = [model for model in weights.catalogue if name in model.roles]
    elif name:
        wanted = [weights.catalogue.get(name)]
    else:
        wanted = [weights.default()]
        if path is None:
            wanted += [model for model in weights.catalogue if "recall" in model.roles]
    for model in wanted:
        _fetch(weights, model, path, console)


def _fetch(weights: Weights, model: Model, path: Path | None, console: Console) -> None:
    from oona.cli.fetching import FetchDisplay

    if here := weights.installed(model.name):
        console.print(f"{model.title} is here already: {here}", markup=False, soft_wrap=True)
        return
    console.print(f"{model.title}, {size_words(model.size)}, {model.licence}", markup=False)
    try:
        with FetchDisplay(console, SystemClock()) as display:
            here = weights.fetch(model.name, progress=display.show, path=path)
    except KeyboardInterrupt:
        kept = size_words(weights.arrived(model.name))
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
    from rich.console import Console

    from oona.cli.fetching import FetchDisplay

    weights = _weights()
    if name:
        names = [weights.catalogue.get(name).name]
    else:
        names = [m.name for m in weights.catalogue if weights.path(m.name).exists()]
    console = Console(stderr=as_json, highlight=False)
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
    print(f"{name}: removed, {size_words(freed)}." if freed else f"{name}: was not here.")
