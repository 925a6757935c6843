"""The chain: each event's hash covers its header and the hash before it.

The header holds a *commitment* to the body, SHA-256 over a random salt and the body's canonical
bytes, and not the body. An erased body leaves a commitment that can be neither opened nor guessed
(the salt goes with the body), and the chain still verifies.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from oona.core.clock import to_text
from oona.core.errors import BadInput
from oona.core.events import Body

SALT_BYTES = 32
GENESIS = hashlib.sha256(b"oona-journal-v1").digest()
_HEADER = b"oona-event-v1"
_COMMITMENT = b"oona-body-v1"


_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


def canonical(body: Body) -> bytes:
    """The one spelling of `body`: UTF-8 JSON, keys sorted, no spaces.

    Raises BadInput for what has no such spelling: fractions, lone surrogates, other types.
    """
    try:
        _refuse_fractions(body.values())
        return _encode(body).encode("utf-8")
    except (TypeError, ValueError, RecursionError) as fault:
        raise BadInput(f"That cannot be written to the journal: {fault}.") from fault


def _refuse_fractions(values: Iterable[object]) -> None:
    for value in values:
        if isinstance(value, float):
            raise TypeError("a fraction stands where whole numbers are kept")
        if isinstance(value, dict):
            _refuse_fractions(value.values())
        elif isinstance(value, list | tuple):
            _refuse_fractions(value)


def new_salt() -> bytes:
    """A salt of 32 random bytes."""
    return secrets.token_bytes(SALT_BYTES)


def commit(salt: bytes, body: bytes) -> bytes:
    """The commitment (32 bytes) to a body's canonical bytes."""
    return hashlib.sha256(_COMMITMENT + salt + body).digest()


def link(
    previous: bytes,
    *,
    seq: int,
    event_id: UUID,
    at: datetime,
    zone: str,
    kind: str,
    actor: str,
    label: str,
    causes: tuple[UUID, ...],
    commitment: bytes,
) -> bytes:
    """The hash (32 bytes) of an event that follows the one hashed `previous`.

    Fields of fixed size come first, then the counted causes, then the texts, none of which may
    hold a line break: no two headers share an encoding.
    """
    fixed = struct.pack(">Q16s32sI", seq, event_id.bytes, commitment, len(causes))
    texts = "\n".join((to_text(at), zone, kind, actor, label)).encode("utf-8")
    return hashlib.sha256(
        b"".join((_HEADER, previous, fixed, *(cause.bytes for cause in causes), texts))
    ).digest()
