"""`oona settings`: what is settled between you and your companion, and how this machine runs it."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from oona.agent.profile import CHOICES
from oona.agent.words import visible
from oona.app import settings as settings_file
from oona.app.conversation import Conversation
from oona.app.paths import Paths
from oona.app.settings import SETTINGS, Settings
from oona.cli.context import with_companion
from oona.cli.options import ME, Json, Person
from oona.cli.text import Style, note, style_for
from oona.core.errors import BadInput

_HIDDEN = "first-run"
_MACHINE = {setting.key: setting for setting in SETTINGS}
_CHOICES = {choice.key: choice for choice in CHOICES if choice.key != _HIDDEN}


def _keys(incomplete: str) -> list[str]:
    return [key for key in (*_CHOICES, *_MACHINE) if key.startswith(incomplete)]


def settings(
    key: Annotated[
        str | None, typer.Argument(help="Which setting; none shows all.", autocompletion=_keys)
    ] = None,
    value: Annotated[
        str | None, typer.Argument(help="Its new value; - reads it from standard input.")
    ] = None,
    defaults: Annotated[
        bool, typer.Option("--defaults", help="Set the person up with every default; ask nothing.")
    ] = False,
    person: Person = ME,
    as_json: Json = False,
) -> None:
    """Show or change what is settled. All of it can be changed at any time."""
    paths = Paths.find()
    if defaults:
        with_companion(person, _take_defaults)
        print("Set up with every default. `oona settings` shows them.")
    elif key is None:
        _show(paths, person, as_json=as_json)
    elif key in _MACHINE:
        _machine(paths, key, value)
    elif key in _CHOICES:
        _choice(person, key, value)
    else:
        known = ", ".join((*_CHOICES, *_MACHINE))
        raise BadInput(f"There is no setting {key[:40]!r}.", f"These exist: {known}.")


async def _take_defaults(conversation: Conversation) -> None:
    await conversation.ask("meet", defaults=True)


def _machine(paths: Paths, key: str, value: str | None) -> None:
    if value is None:
        print(visible(settings_file.load(paths.config).shown()[key]))
        return
    settings_file.save(paths.config, key, _read(value))
    now = settings_file.load(paths.config)
    print(_is(key, now.shown()[key]))
    if key in now.from_variables:
        note(f"The variable {_MACHINE[key].variable} overrides it for now.")
    note("It holds from the next time Oona starts: once its windows are closed.")


def _choice(person: str, key: str, value: str | None) -> None:
    async def settle(conversation: Conversation) -> None:
        if value is not None:
            await conversation.ask("settle", values={key: _read(value)})
        now = (await _values(conversation))[key]
        print(visible(now) if value is None else _is(key, now))

    with_companion(person, settle)


def _is(key: str, value: str) -> str:
    return f"{key} is {visible(value)}." if value else f"{key} is empty."


def _read(value: str) -> str:
    """The value; from standard input for -, so that a key need not stand in a shell's history."""
    return sys.stdin.readline().rstrip("\r\n") if value == "-" else value


def _show(paths: Paths, person: str, *, as_json: bool) -> None:
    machine = settings_file.load(paths.config)
    settled = with_companion(person, _values)
    if as_json:
        values = {key: settled.get(key, "") for key in _CHOICES}
        print(json.dumps({"settled": values, "machine": machine.shown()}, indent=2))
        return
    style = style_for(sys.stdout, machine.colour)
    print(style.name("Between you and me"))
    for choice in _CHOICES.values():
        about = choice.about + (f" ({', '.join(choice.options)})" if choice.options else "")
        print(_row(choice.key, settled.get(choice.key, ""), about, style))
    print("\n" + style.name("On this machine") + style.quiet(f"  {paths.config}"))
    for setting in SETTINGS:
        print(_row(setting.key, _machine_value(machine, setting.key), setting.about, style))


def _machine_value(machine: Settings, key: str) -> str:
    by = f" (by {_MACHINE[key].variable})" if key in machine.from_variables else ""
    return machine.shown()[key] + by


def _row(key: str, value: str, about: str, style: Style) -> str:
    return f"  {key:<16}{visible(value) or '–':<20}  {style.quiet(about)}"


async def _values(conversation: Conversation) -> dict[str, str]:
    values = (await conversation.ask("profile"))["values"]
    return {str(k): str(v) for k, v in values.items()} if isinstance(values, dict) else {}
