"""What passes through the socket: lines of JSON, in version 1 of our own small protocol.

    client  {"oona": "hello", "protocol": 1, "token": ""}
    owner   {"oona": "hello", "protocol": 1, "version": "0.1.0", "person": "me", …}
    client  {"id": 1, "op": "say", "args": {"text": "Good morning."}}
    owner   {"id": 1, "type": "clause", "text": "Good morning. "}
    owner   {"id": 1, "type": "done", …}
    owner   {"id": 1, "type": "error", "code": "busy", "message": "…", "hint": "…"}

A reply that the client speaks (`say` with "paced") is written as far as it was heard:

    client  {"id": 2, "op": "say", "args": {"text": "And Leon?", "via": "spoken", "paced": true}}
    owner   {"id": 2, "type": "clause", "text": "In Tartu, since May."}
    owner   {"id": 2, "type": "composed"}
    client  {"id": 3, "op": "heard", "args": {"characters": 8, "over": true}}
    owner   {"id": 2, "type": "done", "reply": "In Tartu", "stopped": true, …}

Every request ends with one "done" or one "error". Requests of one client may overlap ("stop" is
only of use while "say" runs); answers carry the request's id.
"""

from __future__ import annotations

import json

from oona.core import errors
from oona.core.errors import BadInput, OonaError

PROTOCOL = 1
MOST_LINE = 8 << 20
"""Bytes of one line: a million characters, each escaped, fit in."""

MOST_PENDING = 16
"""Requests of one client that may be in the works at once."""

Message = dict[str, object]

_CLASSES = {
    cls.code: cls
    for cls in vars(errors).values()
    if isinstance(cls, type) and issubclass(cls, OonaError)
}


class OwnerGone(OonaError):
    """The process that holds the journal ended while we were talking to it."""

    code = "owner-gone"


class OtherVersion(OonaError):
    """The process that holds the journal is of another version of Oona."""

    code = "other-version"


def encode(message: Message) -> bytes:
    """One line. Lone surrogates, which no UTF-8 has, become U+FFFD."""
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        readable = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        return readable.encode("utf-8") + b"\n"


def decode(line: bytes) -> Message:
    """The object on a line. Raises BadInput when there is none."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        raise BadInput("That line is no request of mine.")
    return message


def refusal(request: object, error: OonaError) -> Message:
    """The answer that carries an error."""
    return {
        "id": request,
        "type": "error",
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
    }


def raised(message: Message) -> OonaError:
    """The error that a "error" answer carries, of the class it had at the other end."""
    code = str(message.get("code", ""))
    error = _CLASSES.get(code, OonaError)(
        str(message.get("message", "Something went wrong.")), str(message.get("hint", ""))
    )
    error.code = code or error.code
    return error
