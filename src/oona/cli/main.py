"""The `oona` command: what it is made of, and how it ends when something goes wrong."""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import Annotated

import typer

import oona
from oona.agent.words import visible
from oona.cli import doctor, journal, models, portable, say, settings, talk, why
from oona.core.errors import OonaError

_STOPPED = 130  # what shells expect of a program that Ctrl-C ended

app = typer.Typer(
    name="oona",
    help="A private companion that lives on your own machine, remembers, and can say why.",
    epilog="Nothing leaves this machine that you have not allowed.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"Oona {oona.__version__}")
        raise typer.Exit


app.command("talk")(talk.talk)
app.command("say")(say.say)
app.command("why")(why.why)
app.add_typer(journal.app)
app.command("settings")(settings.settings)
app.add_typer(models.app)
app.command("doctor")(doctor.doctor)
app.command("export")(portable.export)
app.command("import")(portable.import_)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """A private companion that lives on your own machine, remembers, and can say why."""
    if context.invoked_subcommand is None:
        talk.talk()


def main() -> None:
    """Run the command that was typed."""
    sys.excepthook = _defect
    try:
        app()
    except OonaError as error:
        tell(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(_STOPPED)
    except BrokenPipeError:
        # Whoever read our output has gone; the interpreter's own flush at exit must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def tell(error: OonaError) -> None:
    """Say what went wrong and what to do."""
    print(visible(error.message), file=sys.stderr)
    if error.hint:
        print(visible(error.hint), file=sys.stderr)


def _defect(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    from oona.app.paths import Paths
    from oona.app.trace import outline, write_trace
    from oona.core.clock import SystemClock

    print("Something in me broke that should not have. I am sorry.", file=sys.stderr)
    where = write_trace(Paths.find().logs, error, SystemClock())
    if where is not None:
        print(f"Where it happened is in {where}, without any of your words.", file=sys.stderr)
    else:
        print(outline(error), file=sys.stderr)
