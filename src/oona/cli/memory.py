"""`oona memory`: what is remembered, and how it is forgotten for good."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from oona.agent.words import visible
from oona.app.conversation import Conversation
from oona.cli import facts, importing, rereading
from oona.cli import timeline as by_day
from oona.cli.context import with_companion
from oona.cli.options import ME, Json, Person
from oona.cli.text import Flow, Style, note, style_for, width
from oona.core.clock import from_text, local
from oona.core.errors import BadInput

_MOST_LINES = 12
"""Items of each part that a preview shows; the rest are counted."""

_PARTS = {
    "told": ("thing you told me", "things you told me"),
    "outside": ("text you gave me from elsewhere", "texts you gave me from elsewhere"),
    "replies": ("reply of mine that rests on it", "replies of mine that rest on it"),
    "facts": ("thing I had concluded from it", "things I had concluded from it"),
    "lookups": ("note of what I looked up", "notes of what I looked up"),
    "other": ("other entry that holds it", "other entries that hold it"),
}
_STANDING = {
    "current": ("fact that stands", "facts that stand"),
    "disputed": ("in doubt", "in doubt"),
    "superseded": ("that was so before", "that were so before"),
    "retracted": ("taken back", "taken back"),
}
_WHO = {"person": "you", "companion": "me", "outside": "outside", "system": "system"}
_NO = 1
_CLOSEST = 3
_PATIENCE_S = 2.0
_LOOKING = "Looking through all we said…"

app = typer.Typer(
    name="memory",
    help="What is remembered, where it comes from, and how it is forgotten.",
    no_args_is_help=True,
)
Many = Annotated[int, typer.Option("--last", "-n", min=1, max=500, help="How many at most.")]


@app.command("search")
def search(
    text: Annotated[str, typer.Argument(help="What to look for.")],
    most: Many = 10,
    person: Person = ME,
    as_json: Json = False,
) -> None:
    """Find what was said that bears on a text, best first. JSON is one memory a line."""

    async def find(conversation: Conversation) -> None:
        found = _list(await conversation.ask("search", text=text, limit=most), "memories")
        _print_memories(found, as_json=as_json, by_day=False)
        if not found and not as_json:
            print(f"I find nothing about {_quoted(text)}.")

    with_companion(person, find)


@app.command("list")
def list_(
    days: Annotated[
        int, typer.Option("--days", "-d", min=0, help="How many days back; 0 for all of it.")
    ] = 7,
    most: Many = 50,
    person: Person = ME,
    as_json: Json = False,
) -> None:
    """List what you told, oldest first. JSON is one memory a line."""

    async def read(conversation: Conversation) -> None:
        answer = await conversation.ask("memories", days=days, limit=most)
        found = _list(answer, "memories")
        _print_memories(found, as_json=as_json)
        if as_json:
            return
        if not found:
            when = f" in the last {_count(days, 'day', 'days')}" if days else ""
            print(f"You told me nothing{when} that I still have.")
        elif len(found) == most:
            print(f"The last {most}; `--last` shows more.")

    with_companion(person, read)


@app.command("show")
def show(
    event: Annotated[str, typer.Argument(help="Its number in the journal, or its id.")],
    person: Person = ME,
    as_json: Json = False,
) -> None:
    """Show one memory in full: its words, whose they are, what it rests on and what rests on it."""

    async def look(conversation: Conversation) -> None:
        found = await conversation.ask("memory", event=event)
        if as_json:
            fields = ("event", "rests_on", "basis_of", "facts")
            _print_json({name: found[name] for name in fields})
        else:
            _print_one(found)

    with_companion(person, look)


app.command("import")(importing.import_)
app.command("facts")(facts.facts)
app.command("correct")(facts.correct)
app.command("dispute")(facts.dispute)
app.command("timeline")(by_day.timeline)
app.command("reread")(rereading.reread)


@app.command("stats")
def stats(person: Person = ME, as_json: Json = False) -> None:
    """Say how much is remembered, since when, and how much was forgotten."""
    names = ("told", "outside", "replies", "erased", "kept_out", "first", "last", "facts", "idle")

    async def count(conversation: Conversation) -> None:
        found: dict[str, Any] = await conversation.ask("stats")
        if as_json:
            _print_json({name: found[name] for name in names})
            return
        since = f", the first on {_when(found['first'], found['zone'])}" if found["first"] else ""
        print(f"{_count(found['told'], *_PARTS['told'])}{since}.")
        if found["outside"]:
            print(f"{_count(found['outside'], *_PARTS['outside'])}.")
        print(f"{_count(found['replies'], 'reply', 'replies')} of mine.")
        print(_noted(found["facts"]))
        if learned := found["idle"]["turns"]:
            took = _count(round(found["idle"]["milliseconds"] / 60_000), "minute", "minutes")
            print(
                f"In quiet moments I read {_count(learned, 'turn', 'turns')} again ({took}): "
                f"{_count(found['idle']['facts'], 'fact', 'facts')}, "
                f"{_count(found['idle']['gists'], 'gist', 'gists')}."
            )
        if found["erased"]:
            erased = _count(found["erased"], "entry was", "entries were")
            print(f"{erased} erased for good; an import will not bring them back.")

    with_companion(person, count)


def _noted(counts: dict[str, int]) -> str:
    """How many facts were noted, and how they stand."""
    known = [_count(counts[one], *_STANDING[one]) for one in _STANDING if counts.get(one)]
    return f"Noted from them: {_and(known) if known else 'no facts yet'}."


@app.command("forget")
def forget(
    what: Annotated[
        str,
        typer.Argument(
            help="A name or words, the number or id of an event, days (2026-11-03, "
            "2026-11-01..2026-11-07, yesterday, last 3 days), or last; - reads it."
        ),
    ],
    also: Annotated[
        list[str] | None, typer.Option("--also", "-a", help="Something more; can be repeated.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False,
    person: Person = ME,
    as_json: Json = False,
) -> None:
    """Forget something for good: show what would be erased, ask, then erase it everywhere."""
    what = sys.stdin.readline().strip() if what == "-" else what  # shells keep what was typed
    whats = [what, *(also or [])]
    asking = not dry_run and not yes and not as_json and sys.stdin.isatty()

    async def ask(conversation: Conversation) -> bool:
        waiting = asyncio.get_running_loop().call_later(_PATIENCE_S, note, _LOOKING)
        plan: dict[str, Any] = await conversation.ask("forget", whats=whats)
        waiting.cancel()
        while True:
            if not as_json:
                _print_plan(plan, whats)
            if not plan["items"]:
                break
            if dry_run or not (yes or (asking and typer.confirm("Shall I forget this for good?"))):
                break
            plan = await conversation.ask("forget", whats=whats, agreed=plan["plan"])
            if plan["done"]:
                break
            if not as_json:
                print("Something was added meanwhile; this is how it is now.\n")
        if not as_json and not (plan["done"] or plan["items"] or plan["settings"]):
            await _print_closest(conversation, what)
        if as_json:
            _print_json({name: plan[name] for name in plan if name not in ("id", "type")})
        elif plan["done"]:
            _print_receipt(plan)
        elif plan["items"] and not dry_run:
            return False
        return bool(plan["done"]) or dry_run or not plan["items"]

    if not with_companion(person, ask):
        if not asking and not as_json:
            raise BadInput(
                "Nothing was erased: there is nobody here to ask.",
                "With --yes I do it without asking.",
            )
        if asking:
            print("Then it stays as it is.")
        raise typer.Exit(_NO)


async def _print_closest(conversation: Conversation, what: str) -> None:
    """Where the very words were never said, something with other words may have been meant."""
    from oona.memory.forgetting import Saying, read_wish

    if isinstance(read_wish(what, datetime.now(UTC).date()), Saying):
        answer = await conversation.ask("search", text=what, limit=_CLOSEST)
        if found := _list(answer, "memories"):
            print("The closest I have (by its number it can be forgotten):")
            _print_memories(found, as_json=False, by_day=False)


def _print_memories(found: Iterable[dict[str, Any]], *, as_json: bool, by_day: bool = True) -> None:
    style = style_for(sys.stdout, colour=True)
    day = ""
    for memory in found:
        if as_json:
            print(json.dumps(memory, ensure_ascii=False))
            continue
        here = local(from_text(memory["at"]), memory["zone"])
        if by_day and (named := f"{here:%A} {here.day} {here:%B} {here.year}") != day:
            print(style.warm(named))
            day = named
        who = "" if memory["actor"] == "person" else f" ({_who(memory)})"
        at = f"{here:%H:%M}" if by_day else f"{here:%Y-%m-%d %H:%M}"
        if memory.get("dated") is False:
            at = "" if by_day else "no date"
        _print_line(memory["event"], at + who, memory["text"], style)


def _who(memory: dict[str, Any]) -> str:
    """Who said it, and of what came in from elsewhere with what."""
    if "source" not in memory:
        return _WHO.get(memory["actor"], "")
    by = {"person": "you", "note": "a note"}.get(memory["by"], memory["speaker"] or "another")
    return visible(f"{by}, {memory['source'].removeprefix('your ')}")


def _print_line(seq: int, head: str, text: str, style: Style) -> None:
    """One line: the number, something quiet, then as much of the text as fits."""
    room = max(24, (width() if sys.stdout.isatty() else 100) - len(head) - 10)
    flat = " ".join(visible(text).split())
    cut = flat[: room - 1].rsplit(" ", 1)[0].rstrip("…")
    shown = flat if len(flat) <= room else f"{cut}…"
    print(f"{style.quiet(f'{seq:>6}  {head}')}  {shown}")


def _print_one(found: dict[str, Any]) -> None:
    style = style_for(sys.stdout, colour=True)
    event = found["event"]
    body = event["body"]
    flow = Flow(sys.stdout, width() if sys.stdout.isatty() else 1 << 30)
    when = _when(event["at"], event["zone"])
    print(style.quiet(f"Event {event['seq']}, {when}: {_whose(event)}."))
    if origin := event["said"].get("origin"):
        title = f" in {_quoted(event['said']['title'])}" if event["said"]["title"] else ""
        print(style.quiet(visible(f"It is from {origin}{title}, said by {_by(event['said'])}.")))
    if body is None:
        print("It was erased; only that there was something is left.")
    else:
        text = body.get("text")
        flow.write(text if isinstance(text, str) else json.dumps(body, ensure_ascii=False))
        flow.end()
    for name, words in (("rests_on", "It rests on"), ("basis_of", "What rests on it")):
        if found[name]:
            print(style.warm(f"{words}:"))
            for memory in found[name]:
                text = memory["text"] or "(erased)"
                _print_line(memory["event"], _WHO.get(memory["actor"], ""), text, style)

    if found["facts"]:
        print(style.warm("What I noted from it:"))
        for fact in found["facts"]:
            _print_line(fact["fact"], fact["status"], fact["text"], style)


def _by(said: dict[str, Any]) -> str:
    named = {"person": "you, if it is right", "note": "nobody in particular: a note"}
    return named.get(said["by"], said["speaker"] or "somebody else")


def _whose(event: dict[str, Any]) -> str:
    if event["label"].startswith("person/"):
        return "your own word"
    if event["actor"] == "companion":
        return "said by me"
    if event["actor"] == "system":
        return f"an entry of the journal itself ({event['kind']})"
    return "a text from elsewhere, kept but not taken for your word"


def _print_plan(plan: dict[str, Any], whats: list[str]) -> None:
    style = style_for(sys.stdout, colour=True)
    named = " and ".join(_quoted(what) for what in whats)
    if not plan["items"]:
        print(f"I hold nothing of {named}; there is nothing to forget.")
    else:
        print(f"To forget {named}, I would erase for good:")
    for part, words in _PARTS.items():
        count = plan["counts"].get(part, 0)
        if not count:
            continue
        print(f"  {style.warm(_count(count, *words))}")
        items = [item for item in plan["items"] if item["part"] == part]
        for item in items[:_MOST_LINES]:
            _print_item(item, style)
        if count > _MOST_LINES:
            print(style.quiet(f"          … and {count - min(len(items), _MOST_LINES):,} more"))
    told = plan["counts"].get("told", 0)
    if told > 5 and told * 2 > plan["told"]:
        print(f"That is {told:,} of the {plan['told']:,} things you ever told me.")
    if plan["nearby"] and plan["items"]:
        print("These may belong to it, and would stay (`--also NUMBER` takes one, too):")
        for item in plan["nearby"]:
            _print_item(item, style)
    for key in plan["settings"]:
        print(f"Your setting {key} says it, too, and stays; `oona settings {key}` changes it.")


def _print_item(item: dict[str, Any], style: Style) -> None:
    here = local(from_text(item["at"]), item["zone"])
    tail = f"  (rests on {item['on']})" if item["on"] else ""
    tail = "  (repeats it)" if item["reason"] == "quotes" else tail
    text = item["text"] or "(no words)"
    _print_line(item["event"], f"{here:%Y-%m-%d %H:%M}", text + tail, style)


def _print_receipt(done: dict[str, Any]) -> None:
    counts = [
        _count(done["counts"][part], *_PARTS[part]) for part in _PARTS if part in done["counts"]
    ]
    flow = Flow(sys.stdout, width() if sys.stdout.isatty() else 1 << 30)
    flow.write(f"Forgotten: {_and(counts)}.\n")
    places = ["the journal", "its index, log and free pages"]
    if done["model"]:
        places.append("the language model that was running")
    flow.write(
        f"Of these nothing is left in {_and(places)}. The receipt is event "
        f"{done['receipt']['event']}: it says that and when you asked, and not what it was."
    )
    for line in done["notes"]:
        flow.write(f"\n{line}")
    flow.end()


def _quoted(text: str) -> str:
    flat = " ".join(visible(text).split())
    return f"“{flat if len(flat) <= 60 else flat[:59] + '…'}”"


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _count(number: int, one: str, many: str) -> str:
    return f"1 {one}" if number == 1 else f"{number:,} {many}"


def _when(at: str, zone: str) -> str:
    here = local(from_text(at), zone)
    return f"{here:%A} {here.day} {here:%B} {here.year}, {here:%H:%M}"


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _list(answer: dict[str, object], name: str) -> list[dict[str, Any]]:
    found = answer.get(name)
    return found if isinstance(found, list) else []
