"""Bringing in what others wrote, at the owner's end: batches of texts, as a client reads them."""

from __future__ import annotations

from collections.abc import Mapping

from oona.app.protocol import Message
from oona.app.wiring import Companion
from oona.core.errors import BadInput
from oona.core.importing import MOST_CHARACTERS, ImportedText, Role
from oona.memory import Incoming, Intake, Source

MOST_AT_ONCE = 1_000
_FIELDS = ("speaker", "said", "thread", "title")
_MOST_OF_A_FIELD = 500


async def take_in(companion: Companion, args: Mapping[str, object]) -> Message:
    """Write a batch: what of it was new, what was here already, and what had been forgotten.

    Raises BadInput for what is no batch, StorageFault when the disk refuses.
    """
    listed = args.get("texts")
    if not isinstance(listed, list) or len(listed) > MOST_AT_ONCE:
        raise BadInput(f"A batch is a list of at most {MOST_AT_ONCE} texts.")
    texts = [_incoming(one) for one in listed]
    source = Source(*(_field(args, name) for name in ("importer", "origin", "document", "mark")))
    intake = Intake(companion.store, companion.journal, companion.clock)
    dry_run = args.get("dry_run") is True
    taken = await companion.worker(intake.take, texts, source, dry_run=dry_run)
    return {
        "new": taken.new,
        "known": taken.known,
        "forgotten": taken.forgotten,
        "event": taken.run,
    }


def pack(one: Incoming) -> Message:
    """A text as it goes through the socket; what is empty is left out."""
    text = one.text
    fields: dict[str, object] = {name: getattr(text, name) for name in _FIELDS}
    packed = {name: value for name, value in fields.items() if value}
    return packed | {"text": text.text, "by": text.role.value, "again": one.again}


def _incoming(value: object) -> Incoming:
    if not isinstance(value, dict):
        raise BadInput("That is no text.")
    text, again = value.get("text"), value.get("again", 0)
    if not isinstance(text, str) or not text.strip() or len(text) > MOST_CHARACTERS:
        raise BadInput(f"A text has at least one word and at most {MOST_CHARACTERS:,} characters.")
    if type(again) is not int:
        raise BadInput("How often a text came before is a number.")
    try:
        role = Role(_field(value, "by"))
    except ValueError:
        raise BadInput("A text is the person's, somebody else's, or a note.") from None
    speaker, said, thread, title = (_field(value, name) for name in _FIELDS)
    return Incoming(ImportedText(text, role, speaker, said, thread, title), again)


def _field(args: Mapping[str, object], name: str) -> str:
    value = args.get(name, "")
    return value[:_MOST_OF_A_FIELD] if isinstance(value, str) else ""
