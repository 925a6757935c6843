"""The line to whatever is measured: sound in, sound out, and nothing that tells the time.

Any process can be measured that speaks this over its standard input and output (`ProcessLine`),
and anything else, a WebSocket for one, behind a `Line` of its own. A message is one byte, its kind,
then the length of what follows as four bytes (little-endian), then that.

To the process: `m` sound from the microphone, `h` how many samples of its own have been heard by
now (eight bytes). From it: `r` it is ready to listen, `s` sound to be heard after what it gave
before, `c` what has not been heard of that is to be dropped, `g` how loud it is to be from here on
(a float of four bytes, 1 as it is), `t` JSON, see `told.py`. Sound is mono, 16 bits, 24 kHz. The
end of its input is the end of the conversation.
"""

from __future__ import annotations

import json
import queue
import struct
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Protocol

import numpy as np

from oona.core.errors import BadInput, OonaError
from oona.core.speech import Samples

MICROPHONE, PLAYED = b"m", b"h"
READY, SOUND, CLEAR, GAIN, TOLD = b"r", b"s", b"c", b"g", b"t"

_HEADER = struct.Struct("<cI")
_COUNT = struct.Struct("<Q")
_LEVEL = struct.Struct("<f")
_LONGEST = 1 << 28
_CLOSING_S = 20.0


class LineBroken(OonaError):
    """What is measured has ended, or does not keep to the protocol."""

    code = "line-broken"


@dataclass(frozen=True, slots=True)
class Ready:
    """It listens."""


@dataclass(frozen=True, slots=True)
class Play:
    """To be heard after what it gave before."""

    samples: Samples


@dataclass(frozen=True, slots=True)
class Clear:
    """What has not been heard is to be dropped."""


@dataclass(frozen=True, slots=True)
class Gain:
    """How loud it is from here on; 1 as it is."""

    level: float


@dataclass(frozen=True, slots=True)
class Words:
    """What it tells of the words; see `told.py`."""

    told: Mapping[str, object]


Message = Ready | Play | Clear | Gain | Words


class Line(Protocol):
    """A two-way line. Nothing waits in it: whoever asks gets what is there."""

    def send(self, block: Samples, played: int) -> None:
        """Give a block of the microphone, and how many samples have been heard of what was sent."""
        ...

    def received(self) -> list[Message]:
        """What has come since this was last asked. Raises LineBroken when nothing will any more."""
        ...


def pack(kind: bytes, payload: bytes = b"") -> bytes:
    """One message."""
    return _HEADER.pack(kind, len(payload)) + payload


def pack_sound(kind: bytes, samples: Samples) -> bytes:
    """A message of sound, full scale ±1."""
    return pack(kind, (np.clip(samples, -1, 1) * 32767).round().astype("<i2").tobytes())


def pack_gain(level: float) -> bytes:
    """How loud it is from here on."""
    return pack(GAIN, _LEVEL.pack(level))


def sound_of(payload: bytes) -> Samples:
    """The sound of a message; half a sample at its end is left out."""
    whole = payload[: len(payload) // 2 * 2]
    return np.frombuffer(whole, "<i2").astype(np.float32) / np.float32(32767)


class Unpacker:
    """Takes bytes as they come and gives the messages that they complete."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """Raises BadInput for a length that no message has."""
        self._held += data
        found = []
        while len(self._held) >= _HEADER.size:
            kind, length = _HEADER.unpack_from(self._held)
            if length > _LONGEST:
                raise BadInput(f"A message of {length:,} bytes is none of this protocol.")
            end = _HEADER.size + length
            if len(self._held) < end:
                break
            found.append((kind, self._held[_HEADER.size : end]))
            self._held = self._held[end:]
        return found


def message(kind: bytes, payload: bytes) -> Message:
    """What a process said. Raises LineBroken for anything that it cannot have meant."""
    try:
        match kind:
            case b"r":
                return Ready()
            case b"s":
                return Play(sound_of(payload))
            case b"c":
                return Clear()
            case b"g":
                return Gain(float(_LEVEL.unpack(payload)[0]))
            case b"t" if isinstance(told := json.loads(payload), dict):
                return Words(told)
    except (struct.error, ValueError):
        pass
    raise LineBroken(
        f"The process that is measured said something that means nothing: {kind!r}.",
        "Whatever it prints has to go to its standard error.",
    )


class ProcessLine:
    """A line to a process of its own, through its standard input and output."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ
        )
        self._came: queue.SimpleQueue[Message | LineBroken] = queue.SimpleQueue()
        self._going: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._read, name="from-process", daemon=True),
            threading.Thread(target=self._write, name="to-process", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def send(self, block: Samples, played: int) -> None:
        self._going.put(pack_sound(MICROPHONE, block) + pack(PLAYED, _COUNT.pack(played)))

    def received(self) -> list[Message]:
        found = []
        while not self._came.empty():
            item = self._came.get()
            if isinstance(item, LineBroken):
                raise item
            found.append(item)
        return found

    def wait_ready(self, timeout: float) -> None:
        """Wait until it listens. Raises LineBroken when it ends before, or is not in time."""
        try:
            item = self._came.get(timeout=timeout)
        except queue.Empty:
            item = LineBroken(f"What is measured was not ready after {timeout:.0f} s.")
        if isinstance(item, LineBroken):
            raise item

    def close(self) -> list[Message]:
        """End the conversation, and the process; what it still said meanwhile."""
        self._going.put(None)
        try:
            self._process.wait(_CLOSING_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join(_CLOSING_S)
        found = []
        while not self._came.empty():
            item = self._came.get()
            if not isinstance(item, LineBroken):
                found.append(item)
        return found

    def _read(self) -> None:
        unpacker = Unpacker()
        out = _pipe(self._process.stdout)
        try:
            while data := out.read1(1 << 16):  # type: ignore[attr-defined]  # BufferedReader has it
                for kind, payload in unpacker.feed(data):
                    self._came.put(message(kind, payload))
        except OonaError as fault:
            self._came.put(LineBroken(fault.message, fault.hint))
        else:
            self._came.put(LineBroken("What is measured has ended; above is what it said."))
        finally:
            out.close()

    def _write(self) -> None:
        into = _pipe(self._process.stdin)
        try:
            while (data := self._going.get()) is not None:
                into.write(data)
                into.flush()
            into.close()
        except (BrokenPipeError, ValueError):
            return  # it has ended, which the reader tells


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # noqa: S101  # asked for above
    return stream
