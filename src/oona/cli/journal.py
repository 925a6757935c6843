"""`oona journal`: everything that passed between you, and whether it is what was written."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from oona.agent.words import visible
from oona.app.conversation import Conversation
from oona.cli.context import with_companion
from oona.cli.options import ME, Json, Person
from oona.cli.text import Style, style_for
from oona.core.clock import from_text, local

_PAGE = 200
_MOST_SHOWN = 2_000
_WHO = {"person": "you", "companion": "companion", "system": "system", "outside": "outside"}
Settle = Annotated[
    bool,
    typer.Option(
        "--settle",
        help="First accept the journal as it ends now, after its end was found cut off.",
    ),
]

app = typer.Typer(
    name="journal",
    help="Everything that passed between you, and whether it is what was written.",
    no_args_is_help=True,
)


@app.command("show")
def show(
    last: Annotated[int, typer.Option("--last", "-n", min=1, help="How many events.")] = 20,
    everything: Annotated[bool, typer.Option("--all", help="From the first event on.")] = False,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", "-k", help="Only events of this kind, as in turn.heard."),
    ] = None,
    person: Person = ME,
    as_json: Json = False,
) -> None:
    """Show the last events, oldest first. JSON is one event a line."""
    style = style_for(sys.stdout, colour=True)

    async def read(conversation: Conversation) -> None:
        async for event in _events(conversation, last, kind or [], everything=everything):
            if as_json:
                print(json.dumps(event, ensure_ascii=False))
            else:
                print(_line(event, style))

    with_companion(person, read)


@app.command("verify")
def verify(person: Person = ME, as_json: Json = False, settle: Settle = False) -> None:
    """Check that every event is what was written, and that every gap is accounted for."""

    async def check(conversation: Conversation) -> bool:
        if settle:
            head = (await conversation.ask("accept"))["head"]
            print(f"From now on your journal counts as whole up to event {head}.")
        found = await conversation.ask("verify")
        if as_json:
            fields = ("sound", "events", "erased", "head", "faults", "notes")
            print(json.dumps({name: found.get(name) for name in fields}, indent=2))
            return bool(found["sound"])
        faults = found.get("faults")
        for fault in faults if isinstance(faults, list) else []:
            print(visible(str(fault)))
        notes = found.get("notes")
        for note in notes if isinstance(notes, list) else []:
            print(visible(str(note)))
        print(_verdict(found))
        return bool(found["sound"])

    if not with_companion(person, check):
        raise typer.Exit(1)


def _verdict(found: dict[str, Any]) -> str:
    erased = f", {found['erased']:,} of them erased with a receipt" if found["erased"] else ""
    count = f"{found['events']:,} event{'' if found['events'] == 1 else 's'}"
    if found["sound"]:
        return f"{count}{erased}: all as they were written."
    return (
        f"{count} read{erased}. If you put an older copy back yourself, `oona journal verify "
        "--settle` takes it as it ends. Else, to go on from your last export, move this person's "
        "folder aside, then use `oona import`."
    )


async def _events(  # type: ignore[no-untyped-def]
    conversation: Conversation, last: int, kinds: list[str], *, everything: bool
):
    if not everything:
        page = await conversation.ask("journal", limit=last, kinds=kinds)
        for event in _list(page):
            yield event
        return
    after = 0
    while events := _list(await conversation.ask("journal", after=after, limit=_PAGE, kinds=kinds)):
        for event in events:
            yield event
        after = int(events[-1]["seq"])


def _list(page: dict[str, object]) -> list[dict[str, Any]]:
    events = page.get("events")
    return events if isinstance(events, list) else []


def _line(event: dict[str, Any], style: Style) -> str:
    at = local(from_text(event["at"]), event["zone"])
    head = style.quiet(f"{event['seq']:>5}  {at:%Y-%m-%d %H:%M}  ") + f"{event['kind']:<16}"
    who = style.quiet(f"{_WHO.get(event['actor'], event['actor']):<10}")
    return f"{head} {who} {_content(event, style)}"


def _content(event: dict[str, Any], style: Style) -> str:
    body = event["body"]
    if body is None:
        return style.quiet("(erased)")
    if event["kind"] == "erased" and isinstance(entries := body.get("events"), list):
        count = f"{len(entries):,} {'entry' if len(entries) == 1 else 'entries'}"
        return style.quiet(visible(f"{count} erased ({body.get('reason')})"))
    if isinstance(text := body.get("text"), str):
        shown = " ".join(visible(text).split())
        return shown[:_MOST_SHOWN] + (" […]" if len(shown) > _MOST_SHOWN else "")
    if isinstance(quote := body.get("quote"), str):
        said = " ".join(visible(quote).split())
        return f"{body.get('relation')}: {visible(str(body.get('value')))} “{said[:_MOST_SHOWN]}”"
    shown = json.dumps(body, ensure_ascii=False)
    return style.quiet(visible(shown[:_MOST_SHOWN]))
