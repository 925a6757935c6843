"""The chain: each event's hash covers its header and the hash before it.

The header holds a *commitment* to the body, SHA-256 over a random salt and the body's canonical
bytes, and not the body. An erased body leaves a commitment that can be neither opened nor guessed
(the salt goes with the body), and the chain still verifies.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from oona.core.clock import to_text
from oona.core.errors import BadInput
from oona.core.events import Body

SALT_BYTES = 32
HASH_BYTES = 32
MOST_BODY_BYTES = 32 * 1024 * 1024
"""Far above anything said; a line of an export is bounded by it, and so is an importer's memory."""

MOST_DEPTH = 64
"""How deep a body may nest, well below what JSON readers bear."""

GENESIS = hashlib.sha256(b"oona-journal-v1").digest()
_HEADER = b"oona-event-v1"
_COMMITMENT = b"oona-body-v1"
_FIXED = struct.Struct(">Q16s32sI")
_NAMES = frozenset({str})
_PLAIN = frozenset({str, int, bool, type(None)})

_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


def canonical(body: Body) -> bytes:
    """The one spelling of `body`: UTF-8 JSON, keys sorted, no spaces.

    Raises BadInput for what has no such spelling (fractions, lone surrogates, keys that are not
    text, other types), nests more than 64 deep or takes more than 32 MiB.
    """
    try:
        if type(body) is not dict:
            raise TypeError("it is not an object")
        if not flat(body):
            _check(body, MOST_DEPTH)
        raw = _encode(body).encode("utf-8")
    except (TypeError, ValueError, RecursionError) as fault:
        raise BadInput(f"That cannot be written to the journal: {fault}.") from fault
    if len(raw) > MOST_BODY_BYTES:
        raise BadInput(
            f"That is too large for the journal ({len(raw)} bytes).",
            f"One entry holds at most {MOST_BODY_BYTES} bytes; give it in parts.",
        )
    return raw


def flat(body: Body) -> bool:
    """Whether `body` holds nothing but what parsing its canonical bytes gives back as it is."""
    return _NAMES.issuperset(map(type, body)) and _PLAIN.issuperset(map(type, body.values()))


def _check(values: Iterable[object], depth: int) -> None:
    if not depth:
        raise ValueError(f"it nests more than {MOST_DEPTH} deep")
    if isinstance(values, dict):
        for key in values:
            if not isinstance(key, str):
                # JSON would spell the key 1 and the key "1" alike.
                raise TypeError("a name in it is not text")
        values = values.values()
    for value in values:
        if isinstance(value, float):
            raise TypeError("a fraction stands where whole numbers are kept")
        if isinstance(value, dict | list | tuple):
            _check(value, depth - 1)


def new_salts(count: int) -> Iterator[bytes]:
    """`count` salts of 32 random bytes, asked of the system at once."""
    drawn = os.urandom(count * SALT_BYTES)
    return (drawn[start : start + SALT_BYTES] for start in range(0, len(drawn), SALT_BYTES))


def commit(salt: bytes, body: bytes) -> bytes:
    """The commitment (32 bytes) to a body's canonical bytes."""
    return hashlib.sha256(_COMMITMENT + salt + body).digest()


def link(
    previous: bytes,
    *,
    seq: int,
    event_id: UUID,
    at: datetime,
    texts: tuple[str, str, str, str],
    causes: tuple[UUID, ...],
    commitment: bytes,
) -> bytes:
    """The hash (32 bytes) of an event that follows the one hashed `previous`.

    Fields of fixed size come first, then the counted causes, then the time and the `texts` (zone,
    kind, actor, label), none of which may hold a line break: no two headers share an encoding.
    """
    fixed = _FIXED.pack(seq, event_id.bytes, commitment, len(causes))
    words = "\n".join((to_text(at), *texts)).encode()
    return hashlib.sha256(
        b"".join((_HEADER, previous, fixed, *[cause.bytes for cause in causes], words))
    ).digest()


def fit_zone(zone: str) -> bool:
    """Whether `zone` may stand in a header: printable ASCII, as every IANA name is."""
    return zone.isascii() and zone.isprintable() and bool(zone)
