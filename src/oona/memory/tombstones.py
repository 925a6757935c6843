"""Tombstones: what was erased is known again when an import brings it back, and not let in.

The person's file keeps keyed hashes (BLAKE2b, RFC 7693) of the id of each erased event and, where
the person asked for the forgetting, of its text and of its longer sentences, normalised. Where they
only let nothing be kept (`memory.keep`), no trace of a text is left. The key is drawn at random,
stands in the same encrypted file and is in no export; without it a hash confirms no guess.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from oona.core.events import Event, Kind
from oona.core.sentences import plain
from oona.core.storage import UnitOfWork
from oona.memory.turns import SPOKEN

DIGEST_BYTES = 16
_KEY = "tombstone-key"
_KEY_BYTES = 32
_FEWEST_WORDS = 3
"""A shorter text ("good morning") is said by everyone and would keep too much out."""

FEWEST_IN_SENTENCE = 4
"""Words that make a sentence one to be known again; fewer everyone says ("I don't know")."""

_SENTENCE = re.compile(r"[^.!?;\n]+")


class Tombstones:
    """Keeps a hash of the id of whatever is erased, written with the erasure itself.

    A projection by form: its hashes cannot be replayed from the journal, which no longer holds what
    they were made of, so a rebuild leaves them as they are.
    """

    name = "tombstones"
    version = 1

    def reset(self, work: UnitOfWork) -> None:
        pass

    def apply(self, work: UnitOfWork, events: Sequence[Event]) -> None:
        pass

    def forget(self, work: UnitOfWork, event: Event) -> None:
        key = _key(work)
        work.tombstones.add([_digest(key, "id", event.id.bytes)])
        if event.kind is Kind.IMPORTED and (known_by := event.word("key")):
            work.tombstones.add([_digest(key, "import", known_by.encode())])


def keep_out(work: UnitOfWork, events: Iterable[Event]) -> None:
    """Have the texts of `events`, which are about to be erased, known again by `is_forgotten`."""
    key = _key(work)
    spoken = (event.text() for event in events if event.kind in SPOKEN)
    work.tombstones.add(_digest(key, "text", part) for text in spoken for part in _known_by(text))


def forgotten_ids(work: UnitOfWork, ids: Iterable[UUID]) -> set[UUID]:
    """Those of `ids` whose events were erased here."""
    key = bytes.fromhex(work.get_mark(_KEY))
    if not key:
        return set()
    digests = {_digest(key, "id", event_id.bytes): event_id for event_id in ids}
    return {digests[digest] for digest in work.tombstones.known(digests)}


def forgotten_keys(work: UnitOfWork, keys: Iterable[bytes]) -> set[bytes]:
    """Those of `keys` by which texts were known that were imported once, and erased here."""
    key = bytes.fromhex(work.get_mark(_KEY))
    if not key:
        return set()
    digests = {_digest(key, "import", one.hex().encode()): one for one in keys}
    return {digests[digest] for digest in work.tombstones.known(digests)}


def is_forgotten(work: UnitOfWork, text: str) -> bool:
    """Whether `text` as a whole, or a longer sentence of it, was erased here.

    Importers of texts ask this before they write one. What a person says anew is never asked.
    """
    key = bytes.fromhex(work.get_mark(_KEY))
    if not key:
        return False
    return bool(work.tombstones.known([_digest(key, "text", part) for part in _known_by(text)]))


def long_sentences(text: str) -> list[list[str]]:
    """The plain words of every sentence in `text` that is long enough to be known again."""
    found = (plain(sentence).split() for sentence in _SENTENCE.findall(text))
    return [words for words in found if len(words) >= FEWEST_IN_SENTENCE]


def _key(work: UnitOfWork) -> bytes:
    key = bytes.fromhex(work.get_mark(_KEY))
    if not key:
        key = secrets.token_bytes(_KEY_BYTES)
        work.set_mark(_KEY, key.hex())
    return key


def _known_by(text: str) -> Iterator[bytes]:
    whole = plain(text).split()
    if len(whole) >= _FEWEST_WORDS:
        yield " ".join(whole).encode()
    for words in long_sentences(text):
        yield " ".join(words).encode()


def _digest(key: bytes, kind: str, value: bytes) -> bytes:
    return hashlib.blake2b(
        value, digest_size=DIGEST_BYTES, key=key, person=f"oona-{kind}".encode()
    ).digest()
