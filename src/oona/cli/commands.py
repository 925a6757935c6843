"""The commands of `oona` and their options, as typer knows them."""

from __future__ import annotations

from typing import Annotated

import typer

import oona
from oona.cli import doctor, hear, journal, memory, models, portable, say, settings, talk, why
from oona.cli.options import ME, Person
from oona.core.errors import BadInput

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


@app.command("talk")
def _talk(person: Person = ME) -> None:
    """Talk, until one of you says goodbye (or Ctrl-D). Ctrl-C stops a reply."""
    talk.talk(person)


app.command("say")(say.say)
app.command("remember")(say.remember)
app.command("hear")(hear.hear)
app.command("why")(why.why)
app.add_typer(memory.app)
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
    person: Person = ME,
) -> None:
    """A private companion that lives on your own machine, remembers, and can say why."""
    if context.invoked_subcommand is None:
        talk.talk(person)
    elif person != ME:
        # Taken silently here, "oona --person ann say ..." would be said to somebody else.
        command = context.invoked_subcommand
        raise BadInput(
            "Whose companion is said after the command.", f"oona {command} --person {person} …"
        )
