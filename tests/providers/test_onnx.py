"""Reading tensors out of an ONNX file."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oona.core.errors import WeightsFault
from oona.providers.embeddings.bert import Bert
from oona.providers.embeddings.onnx import read_onnx


def _varint(value: int) -> bytes:
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])


def _field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _file() -> bytes:
    """A graph of one product, with a matrix of bytes and, shape packed, its scales."""
    matrix = b"".join((_field(1, 2), _field(1, 3), _field(2, 3), _field(8, b"m_q")))
    matrix += _field(9, bytes([1, 2, 3, 255, 254, 253]))
    scale = _field(1, bytes([1, 3])) + _field(2, 1) + _field(8, b"m_scale")
    scale += _field(9, struct.pack("<3f", 0.5, 1.0, 2.0))
    product = _field(1, b"x") + _field(1, b"m") + _field(2, b"y") + _field(4, b"MatMul")
    other = _field(1, b"y") + _field(4, b"Erf")
    graph = _field(1, product) + _field(1, other) + _field(5, matrix) + _field(5, scale)
    return _field(1, 8) + _field(2, b"pytorch") + _field(7, graph)


def test_tensors_come_with_their_names_and_shapes(tmp_path: Path) -> None:
    """Bytes are signed, floats little-endian, and products are told in the order of the work."""
    path = tmp_path / "m.onnx"
    path.write_bytes(_file())
    found = read_onnx(path)
    assert found.products == ("m",)
    assert found.tensors["m_q"].tolist() == [[1, 2, 3], [-1, -2, -3]]
    assert found.tensors["m_scale"].tolist() == [[0.5, 1.0, 2.0]]
    assert found.tensors["m_scale"].dtype == np.float32


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(_file()) - 1), new=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_file_is_a_fault_or_another_model(
    at: int, new: int, cut: bool, tmp_path: Path
) -> None:
    """Whatever byte is wrong, and wherever the file ends, nothing but WeightsFault is raised."""
    path = tmp_path / "m.onnx"
    data = bytearray(_file())
    data[at] = new
    path.write_bytes(data[:at] if cut else data)
    with pytest.raises(WeightsFault):
        Bert(read_onnx(path))
