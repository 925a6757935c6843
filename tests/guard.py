"""What a unit test cannot reach: the network, and a language model.

The guard is an audit hook, so that it sees every socket and every child process that Python code
starts, whichever library does it. It lets a test through to this machine's own loopback address,
and to the embedded model, when the test is marked for that; nothing goes further than loopback.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

MODEL_CHILD = "oona.providers.llama"  # part of the command line of the embedded model's process


@dataclass
class Guard:
    """What the test that runs now may reach, and what it tried to reach all the same."""

    on: bool = False
    loopback: bool = False
    model: bool = False
    broken: list[str] = field(default_factory=list)

    @contextmanager
    def watching(self, *, loopback: bool, model: bool) -> Iterator[list[str]]:
        """Watch until the block ends; gives the list that attempts are noted in."""
        before = (self.on, self.loopback, self.model, self.broken)
        self.on, self.loopback, self.model, self.broken = True, loopback, model, []
        try:
            yield self.broken
        finally:
            self.on, self.loopback, self.model, self.broken = before

    def hook(self, event: str, arguments: tuple[object, ...]) -> None:
        """Look at one audit event. Raises pytest's Failed, which product code cannot catch."""
        check = _CHECKS.get(event) if self.on else None
        complaint = check(self, arguments) if check else ""
        if complaint:
            self.broken.append(complaint)
            pytest.fail(complaint)

    def _address(self, host: object) -> str:
        if not isinstance(host, str):
            return ""
        if not is_loopback(host):
            return f"A test tried to reach {host}. No test may use the network."
        if not self.loopback:
            return f"A unit test tried to reach {host}. Mark it `server` or `model`, or use a fake."
        return ""

    def connect(self, arguments: tuple[object, ...]) -> str:
        """`socket.connect` and `socket.sendto`: a socket and an address."""
        address = arguments[1]
        return self._address(address[0]) if isinstance(address, tuple) else ""

    def resolve(self, arguments: tuple[object, ...]) -> str:
        """`socket.getaddrinfo`: asking for a name is already telling the network."""
        host = arguments[0]
        text = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if not isinstance(text, str) or text in ("", "localhost") or _parsed(text):
            return ""
        return f"A test tried to look up {text}. No test may use the network."

    def start(self, arguments: tuple[object, ...]) -> str:
        """`subprocess.Popen`: a program and its arguments."""
        words = arguments[1]
        line = words if isinstance(words, str) else " ".join(map(str, _items(words)))
        if MODEL_CHILD in line and not self.model:
            return "A unit test tried to start a language model. Mark it `model`, or use a fake."
        return ""


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _parsed(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine, without asking anybody."""
    address = _parsed(host)
    return host == "localhost" or (address is not None and address.is_loopback)


_CHECKS: dict[str, Callable[[Guard, tuple[object, ...]], str]] = {
    "socket.connect": Guard.connect,
    "socket.sendto": Guard.connect,
    "socket.getaddrinfo": Guard.resolve,
    "subprocess.Popen": Guard.start,
}

guard = Guard()
sys.addaudithook(guard.hook)
