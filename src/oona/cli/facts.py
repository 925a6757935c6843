"""`oona memory facts|correct|dispute`: what was concluded from what you told, and mending it."""

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

_STATUS = {
    "superseded": "no longer",
    "disputed": "in doubt",
    "retracted": "taken back",
}
_REASONS = {
    "which": "it is not clear who was meant",
    "contradiction": "fact {instead} says otherwise of the same time",
    "weaker": "fact {instead} is your own word, this is not",
    "asked": "you said that it is in doubt",
    "mended": "you said it was a mistake",
}
_CONCLUDED = "read by the model, in a quiet moment"
Number = Annotated[int, typer.Argument(help="Its number, as `oona memory facts` shows it.", min=1)]


def facts(
    whom: Annotated[
        str, typer.Argument(help="About whom: me, a name, “my sister”; everybody if left out.")
    ] = "",
    every: Annotated[
        bool, typer.Option("--all", "-a", help="Also what is no longer so, or was taken back.")
    ] = False,
    person: Person = ME,
    as_json: Json = False,
) -> None:
    """List what I concluded from what you told me, with your words. JSON is one fact a line."""

    async def read(conversation: Conversation) -> None:
        answer: dict[str, Any] = await conversation.ask("facts", whom=whom)
        found: list[dict[str, Any]] = answer["facts"]
        shown = [f for f in found if every or f["status"] in ("current", "disputed")]
        if as_json:
            for fact in shown:
                print(json.dumps(fact, ensure_ascii=False))
            return
        style = style_for(sys.stdout, colour=True)
        for fact in shown:
            _print_fact(fact, style)
        if answer["which"]:
            print(f"More than one may be meant: {_or(answer['which'])}. Those are facts of each.")
        elif not shown:
            about = f" about {visible(answer['whom'])}" if whom else ""
            print(f"You have told me nothing{about} that I took for a fact.")
        if hidden := len(found) - len(shown):
            print(style.quiet(f"{hidden} more that no longer hold; --all shows them."))

    with_companion(person, read)


def correct(
    fact: Number,
    text: Annotated[str, typer.Argument(help="What is right: a value, or a whole sentence.")],
    person: Person = ME,
    as_json: Json = False,
) -> None:
    """Correct a fact. Your correction is kept as your own word, and the mistake is taken back."""

    async def mend(conversation: Conversation) -> None:
        changed: dict[str, Any] = await conversation.ask("correct", fact=fact, text=text)
        if as_json:
            print(_json({name: changed[name] for name in ("before", "after", "now")}))
            return
        style = style_for(sys.stdout, colour=True)
        _print_change("It said:", changed["before"], style)
        _print_change("It now says:", changed["now"], style)
        print(f"What you told me before stays in the journal; fact {fact} no longer answers.")

    with_companion(person, mend)


def dispute(fact: Number, person: Person = ME, as_json: Json = False) -> None:
    """Put a fact in doubt: I then answer nothing from it, until you tell me how it is."""

    async def doubt(conversation: Conversation) -> None:
        changed: dict[str, Any] = await conversation.ask("dispute", fact=fact)
        if as_json:
            print(_json({name: changed[name] for name in ("before", "after")}))
            return
        style = style_for(sys.stdout, colour=True)
        _print_change("It says:", changed["before"], style)
        print("It is in doubt now, and I answer nothing from it. Tell me how it is, any time:")
        print(f"in a talk, or with `oona memory correct {fact} TEXT`.")

    with_companion(person, doubt)


def _print_fact(fact: dict[str, Any], style: Style) -> None:
    notes = [_STATUS[fact["status"]]] if fact["status"] in _STATUS else []
    if not fact["label"].startswith("person/"):
        notes.append(_CONCLUDED)
    if fact["when"]:
        notes.append(fact["when"])
    if reason := _REASONS.get(fact["reason"], "").format(instead=fact["instead"]):
        notes.append(reason)
    tail = style.quiet(f"  ({'; '.join(notes)})") if notes else ""
    number = style.quiet(f"{fact['fact']:>6}")
    print(f"{number}  {visible(fact['text'])}{tail}")
    for source in fact["sources"][-1:]:
        print(style.quiet(f"        {_quotation(source)}"))


def _print_change(head: str, fact: dict[str, Any], style: Style) -> None:
    print(f"{head} {style.warm(visible(fact['text']))}")
    for source in fact["sources"]:
        print(style.quiet(f"  {_quotation(source)}"))


def _quotation(source: dict[str, Any]) -> str:
    here = local(from_text(source["at"]), source["zone"])
    flat = " ".join(visible(source["quote"]).split())
    return f"“{flat}” ({here.day} {here:%B} {here.year})"


def _or(names: list[str]) -> str:
    shown = [visible(name) for name in names]
    return " or ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
