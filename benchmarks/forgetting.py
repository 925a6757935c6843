"""Forgetting: what a byte scan finds of a name before and after, and how long a person waits."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure, Options, note
from benchmarks.words import Speaker
from oona.core.clock import SystemClock
from oona.core.events import Actor, Draft, Event, Kind
from oona.core.labels import COMPANION, PERSON
from oona.journal import Journal, Projection, audit, export_journal
from oona.journal.heads import Heads
from oona.memory import FullTextRecall, Tombstones, TurnTexts
from oona.memory.forgetting import Forgetting, Saying
from oona.store import SqliteStore
from oona.store.connection import connect
from oona.trust.lexicon import STOP_WORDS

_KEY = b"k" * 32
_NAME = "Xylquarb"
_SECRETS = 50
_BATCH = 500
_BUDGET = 1_500


def run(options: Options) -> list[Figure]:
    """Every figure of forgetting, in a journal of `options.events` entries."""
    place = options.folder / "forgetting"
    place.mkdir()
    store = SqliteStore(place / "life.db", _KEY)
    views: list[Projection] = [TurnTexts(), Tombstones()]
    journal = Journal(store, Heads(place / "heads"), SystemClock(), "Europe/Oslo", views)
    note(f"a life of {options.events:,} entries in which {_SECRETS} turns name {_NAME}")
    told = _lived(journal, options)
    store.scrub()  # the log is in the file now, and what is counted before is all there is
    before = _scan(journal, store, place, told)
    forgetting = Forgetting(store, journal, STOP_WORDS)
    began = time.monotonic()
    plan = forgetting.plan([Saying(_NAME)])
    planned = time.monotonic()
    forgetting.carry_out(plan)
    erased = time.monotonic()
    after = _scan(journal, store, place, told)
    sound = audit(journal).sound
    journal.close()
    return [
        Figure("entries that named it, with their replies", float(len(plan.items)), "entries"),
        Figure("preview", planned - began, "s"),
        Figure("erased for good, file rewritten", erased - planned, "s"),
        *(Figure(f"before: {name}", float(count), "found") for name, count in before.items()),
        *(
            Figure(f"after: {name}", float(count), "found", "0", count == 0)
            for name, count in after.items()
        ),
        Figure("the chain verifies", float(sound), "", "1", sound),
    ]


def _lived(journal: Journal, options: Options) -> list[Event]:
    """Fill the journal with turns and replies; gives the turns that hold the name."""
    speaker = Speaker(options.seed, sorted(STOP_WORDS, key=lambda word: (len(word), word)))
    chance = random.Random(options.seed)
    pairs = options.events // 2
    secret = set(chance.sample(range(pairs), min(pairs, _SECRETS)))
    told: list[Event] = []
    for start in range(0, pairs, _BATCH):
        numbers = range(start, min(pairs, start + _BATCH))
        texts = [
            speaker.turn() + (f" {_NAME}s mark{n:06x}z." if n in secret else "") for n in numbers
        ]
        heard = journal.append(
            *(Draft(Kind.HEARD, Actor.PERSON, {"text": text}, PERSON) for text in texts)
        )
        told += [event for event in heard if _NAME in event.text()]
        journal.append(*_replies(heard, speaker))
    return told


def _replies(heard: list[Event], speaker: Speaker) -> Iterator[Draft]:
    for event in heard:
        quoted = f"You said: “{event.text()}”" if _NAME in event.text() else speaker.turn()
        body = {"text": quoted, "rule": "told"}
        yield Draft(Kind.SAID, Actor.COMPANION, body, COMPANION, (event.id,))


def _scan(journal: Journal, store: SqliteStore, place: Path, told: list[Event]) -> dict[str, int]:
    """How often each form of the secret stands in the decrypted pages, and is found otherwise."""
    marks = [event.text().rsplit(" ", 1)[1].rstrip(".") for event in told]
    recall = FullTextRecall(store, STOP_WORDS)
    found = sum(bool(recall.find(mark, _BUDGET).turns) for mark in marks)
    export = place / "export"
    export_journal(journal, export)
    exported = export.read_bytes().count(_NAME.encode())
    export.unlink()
    pages = _pages(place)
    return {
        "its text in the pages": pages.count(_NAME.encode()),
        "its stem in the pages": pages.count(_NAME.lower()[1:].encode()),
        "salts in the pages": sum((event.salt or b"-" * 32) in pages for event in told),
        "turns that recall finds": found,
        "its text in an export": exported,
    }


def _pages(place: Path) -> bytes:
    copy = place / "copy.db"
    copy.write_bytes((place / "life.db").read_bytes())
    db = connect(copy, _KEY)
    try:
        return bytes(db.serialize("main"))
    finally:
        db.close()
        copy.unlink()
