"""The protocol: every message survives the line, and every line is a message or a refusal."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.app.protocol import decode, encode, raised, refusal
from oona.core import errors
from oona.core.errors import BadInput, Busy, OonaError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_a_message_is_one_line_and_comes_back(message: dict[str, object]) -> None:
    """What is encoded is a single line, and decodes to itself wherever it is valid text."""
    line = encode(message)
    assert line.count(b"\n") == 1
    with contextlib.suppress(UnicodeEncodeError):
        str(message).encode()
        assert decode(line) == message


@given(st.binary(max_size=200))
def test_junk_is_refused_in_words(line: bytes) -> None:
    """Whatever bytes come, they are an object or a BadInput, never another error."""
    try:
        message = decode(line)
    except BadInput:
        return
    assert isinstance(message, dict)


@pytest.mark.parametrize("kind", [c for c in vars(errors).values() if isinstance(c, type)])
def test_errors_keep_their_class(kind: type[OonaError]) -> None:
    """An error crosses the socket with its class, message and hint."""
    error = raised(refusal(1, kind("what", "how")))
    assert (type(error), error.message, error.hint, error.code) == (kind, "what", "how", kind.code)


def test_an_unknown_error_keeps_its_code() -> None:
    """An error of a class that only the other end knows is still told, with its code."""
    error = raised({"type": "error", "code": "new", "message": "m"})
    assert (type(error), error.code, error.message) == (OonaError, "new", "m")
    assert Busy.code == "busy"
