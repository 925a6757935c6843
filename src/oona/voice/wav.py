"""WAV files (RIFF, Microsoft and IBM, 1991), read as they are found in the wild.

The standard library's reader takes whole numbers alone, and refuses a file whose header promises
more than came.
"""

from __future__ import annotations

import struct
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from oona.core.errors import BadInput, StorageFault
from oona.core.speech import Samples

_PCM, _FLOAT, _A_LAW, _MU_LAW, _EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
_BLOCK_S = 1.0
_HINT = "Any program for sound can write one; ffmpeg, say: ffmpeg -i RECORDING IN.wav"


@dataclass(frozen=True, slots=True)
class Format:
    """How the samples of a file are written. `rate` in Hz, `bits` for one sample."""

    code: int
    channels: int
    rate: int
    bits: int

    @property
    def width(self) -> int:
        """Bytes of one moment, in all channels."""
        return self.channels * self.bits // 8


class WavReader:
    """An open file. Raises BadInput when it is none, or of a kind that is not known here.

    Its data ends where the file does, whatever the header promises.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file, self._name = file, name
        if (head := file.read(12))[:4] not in (b"RIFF", b"RF64") or head[8:] != b"WAVE":
            raise BadInput(f"{name} is no WAV file.", _HINT)
        found: Format | None = None
        while len(header := file.read(8)) == 8:
            kind, size = header[:4], int.from_bytes(header[4:], "little")
            if kind == b"data" and found is not None:
                self._left = size if 0 < size < 0xFFFFFFFF else -1  # written to a pipe: to its end
                self.format = found
                return
            content = file.read(size + size % 2)
            if kind == b"fmt ":
                found = self._format(content)
        raise BadInput(f"{name} holds no sound.", _HINT)

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """Its sound in blocks of a second: shape (n, channels), full scale ±1."""
        width = self.format.width
        while self._left:
            wanted = int(_BLOCK_S * self.format.rate) * width
            data = self._file.read(wanted if self._left < 0 else min(wanted, self._left))
            self._left = max(0, self._left - len(data)) if self._left > 0 else self._left
            whole = len(data) // width * width
            if not whole:
                return
            yield self._decoded(data[:whole]).reshape(-1, self.format.channels)

    def _format(self, content: bytes) -> Format:
        try:
            code, channels, rate, _, _, bits = struct.unpack("<HHIIHH", content[:16])
        except struct.error:
            raise BadInput(f"The header of {self._name} is damaged.", _HINT) from None
        if code == _EXTENSIBLE and len(content) >= 26:
            code = int.from_bytes(content[24:26], "little")
        known = {_PCM: (8, 16, 24, 32), _FLOAT: (32, 64), _A_LAW: (8,), _MU_LAW: (8,)}
        if bits not in known.get(code, ()) or not channels or not rate:
            raise BadInput(
                f"I cannot read how {self._name} is written (format {code}, {bits} bits).",
                "Plain WAV files with 16 bits work: ffmpeg -i RECORDING -c:a pcm_s16le IN.wav",
            )
        return Format(code, channels, rate, bits)

    def _decoded(self, data: bytes) -> NDArray[np.float32]:
        code, bits = self.format.code, self.format.bits
        if code in (_A_LAW, _MU_LAW):
            table = _a_law() if code == _A_LAW else _mu_law()
            return table[np.frombuffer(data, np.uint8)]
        if code == _FLOAT:
            return np.frombuffer(data, f"<f{bits // 8}").astype(np.float32)
        if bits == 8:
            return np.frombuffer(data, np.uint8).astype(np.float32) / np.float32(128) - np.float32(
                1
            )
        if bits == 24:
            padded = np.zeros((len(data) // 3, 4), np.uint8)
            padded[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
            whole = padded.view("<i4")[:, 0]
            bits = 32
        else:
            whole = np.frombuffer(data, f"<i{bits // 8}")
        return whole.astype(np.float32) / np.float32(2 ** (bits - 1))


def write_wav(path: Path, blocks: Iterator[Samples], rate: int) -> None:
    """Write mono `blocks` at `rate` Hz as 16 bits. Raises StorageFault when the disk refuses."""
    try:
        with path.open("wb") as file, wave.open(file, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(rate)
            for block in blocks:
                sound.writeframes((np.clip(block, -1, 1) * 32767).astype("<i2").tobytes())
    except OSError as fault:
        raise StorageFault(
            f"{path} cannot be written: {fault.strerror}.", "Is its folder there, and yours?"
        ) from None


def _mu_law() -> NDArray[np.float32]:
    """ITU-T G.711 (1988): all 256 values."""
    code = ~np.arange(256, dtype=np.uint8)
    magnitude = ((((code & 0x0F).astype(np.int32) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84
    return (np.where(code & 0x80, -magnitude, magnitude) / 32768).astype(np.float32)


def _a_law() -> NDArray[np.float32]:
    code = np.arange(256, dtype=np.uint8) ^ 0x55
    step = (code & 0x70).astype(np.int32) >> 4
    low = ((code & 0x0F).astype(np.int32) << 4) + 8
    magnitude = np.where(step > 0, (low + 0x100) << np.maximum(step - 1, 0), low)
    return (np.where(code & 0x80, magnitude, -magnitude) / 32768).astype(np.float32)
