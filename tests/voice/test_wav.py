"""WAV files as they are found: every common encoding, damage, and what only claims to be one."""

from __future__ import annotations

import io
import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from oona.core.errors import BadInput, StorageFault
from oona.voice.wav import WavReader, write_wav

WAVE = (0.5 * np.sin(np.arange(4_000) / 20)).astype(np.float32)


def wav(code: int, bits: int, data: bytes, *, size: int | None = None, extra: bytes = b"") -> bytes:
    """A file at 8 kHz with one channel."""
    width = bits // 8
    header = struct.pack("<HHIIHH", code, 1, 8_000, 8_000 * width, width, bits) + extra
    chunks = b"fmt " + struct.pack("<I", len(header)) + header
    chunks += b"LIST\x03\x00\x00\x00abc\x00"  # of odd length, and of no interest
    chunks += b"data" + struct.pack("<I", len(data) if size is None else size) + data
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks


def read(data: bytes) -> np.ndarray:
    return np.concatenate([b[:, 0] for b in WavReader(io.BytesIO(data), "x.wav").blocks()])


def pcm24(samples: np.ndarray) -> bytes:
    whole = (samples * 2**23).astype("<i4")
    return whole.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()


EXTENSIBLE = struct.pack("<HHI", 22, 16, 4) + struct.pack("<H", 1) + bytes(14)
ENCODED = {
    "8 bits": (wav(1, 8, (WAVE * 127 + 128).astype(np.uint8).tobytes()), 0.012),
    "16 bits": (wav(1, 16, (WAVE * 32767).astype("<i2").tobytes()), 1e-4),
    "24 bits": (wav(1, 24, pcm24(WAVE)), 1e-6),
    "32 bits": (wav(1, 32, (WAVE.astype(float) * 2**31).astype("<i4").tobytes()), 1e-6),
    "float": (wav(3, 32, WAVE.tobytes()), 0),
    "double": (wav(3, 64, WAVE.astype("<f8").tobytes()), 0),
    "extensible": (wav(0xFFFE, 16, (WAVE * 32767).astype("<i2").tobytes(), extra=EXTENSIBLE), 1e-4),
}


@pytest.mark.parametrize("name", ENCODED)
def test_every_common_encoding_is_read(name: str) -> None:
    """The same wave comes out of each, to the precision that it was written with."""
    data, error = ENCODED[name]
    assert np.abs(read(data) - WAVE).max() <= error


# The values of ITU-T G.711's tables 1a and 2a, scaled from 13 and 14 bits to ±1.
@pytest.mark.parametrize(
    ("code", "byte", "value"),
    [
        (7, 0x80, 8031 / 8192),
        (7, 0x00, -8031 / 8192),
        (7, 0xFF, 0.0),
        (7, 0xF0, 30 / 8192),
        (6, 0xAA, 4032 / 4096),
        (6, 0x2A, -4032 / 4096),
        (6, 0xD5, 1 / 4096),
        (6, 0x55, -1 / 4096),
    ],
)
def test_the_telephones_encodings_are_read(code: int, byte: int, value: float) -> None:
    """µ-law and A-law give the standard's own values."""
    assert read(wav(code, 8, bytes([byte])))[0] == pytest.approx(value, abs=1e-6)


def test_what_was_cut_off_is_read_up_to_there() -> None:
    """A file that promises more than came, or nothing (a pipe's), is read to its end."""
    data = (WAVE * 32767).astype("<i2").tobytes()
    for size in (10**6, 0, 0xFFFFFFFF):
        assert len(read(wav(1, 16, data[:-1], size=size))) == len(WAVE) - 1


@pytest.mark.parametrize(
    "data", [b"", b"RIFF", b"ID3\x04 and so on", b"RIFF\x00\x00\x00\x00WAVE", wav(2, 4, b"abc")]
)
def test_what_is_no_sound_is_told(data: bytes) -> None:
    """Another format is named, with what to do."""
    with pytest.raises(BadInput) as told:
        read(data)
    assert "ffmpeg" in told.value.hint


def test_a_header_of_zeros_is_told() -> None:
    """No channels, or no rate, is a damaged header and not a division by zero."""
    broken = bytearray(wav(1, 16, b"abcd"))
    broken[24:28] = bytes(4)
    with pytest.raises(BadInput):
        read(bytes(broken))


def test_what_is_written_is_read_by_others(tmp_path: Path) -> None:
    """The standard library reads back what was written; what is too loud is cut, not wrapped."""
    file = tmp_path / "out.wav"
    write_wav(file, iter([WAVE, np.full(10, 3.0, np.float32)]), 24_000)
    with wave.open(str(file)) as sound:
        assert (sound.getframerate(), sound.getnchannels()) == (24_000, 1)
        found = np.frombuffer(sound.readframes(10**6), "<i2") / 32767
    assert np.abs(found[: len(WAVE)] - WAVE).max() < 1e-4
    assert (found[len(WAVE) :] == 1).all()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Nothing of a traceback, but which file it is about."""
    with pytest.raises(StorageFault, match=r"out\.wav"):
        write_wav(tmp_path / "none" / "out.wav", iter([WAVE]), 8_000)
