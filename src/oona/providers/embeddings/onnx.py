"""Reads the tensors out of an ONNX file, and nothing else: enough to run a known model by hand.

The format is Protocol Buffers' (https://protobuf.dev/programming-guides/encoding), the numbers of
the fields are those of onnx.proto. What runs such files in general takes 200 MB for a model of 23,
since it spreads weights of one byte into four.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oona.core.errors import WeightsFault

_GRAPH = 7
_NODE, _TENSOR = 1, 5
_INPUT, _OPERATOR = 1, 4
_DIMENSION, _TYPE, _NAME, _BYTES = 1, 2, 8, 9
_TYPES = {1: np.float32, 3: np.int8, 7: np.int64, 9: np.bool_}

_WHOLE, _LONG, _RANGE, _SHORT = 0, 1, 2, 5
_WIDTH = {_LONG: 8, _SHORT: 4}


@dataclass(frozen=True, slots=True)
class Onnx:
    """`tensors` by name; `products` names the right side of each matrix product, in their order."""

    tensors: dict[str, NDArray[Any]]
    products: tuple[str, ...]


def read_onnx(path: Path) -> Onnx:
    """What a file holds. The tensors are views of its bytes, which stay in memory once.

    Raises WeightsFault when it cannot be read or is no such file.
    """
    try:
        data = memoryview(path.read_bytes())
        graph = next(value for number, value in _fields(data) if number == _GRAPH)
        tensors: dict[str, NDArray[Any]] = {}
        products = []
        for number, value in _fields(_view(graph)):
            if number == _TENSOR:
                name, tensor = _tensor(_view(value))
                tensors[name] = tensor
            elif number == _NODE and (product := _product(_view(value))):
                products.append(product)
    except OSError as fault:
        raise WeightsFault(f"{path} cannot be read: {fault.strerror}.") from None
    except (IndexError, KeyError, StopIteration, TypeError, ValueError):
        raise WeightsFault(f"{path} is not the model that it should be.") from None
    return Onnx(tensors, tuple(products))


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """The fields of one message: their numbers, with a number or the bytes that they hold."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == _WHOLE:
            value, at = _varint(data, at)
            yield number, value
            continue
        if kind == _RANGE:
            width, at = _varint(data, at)
        else:
            width = _WIDTH[kind]
        if at + width > len(data):
            raise ValueError("a field goes beyond the end")
        yield number, data[at : at + width]
        at += width


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _tensor(data: memoryview) -> tuple[str, NDArray[Any]]:
    name, kind = "", 0
    shape: list[int] = []
    raw = memoryview(b"")
    for number, value in _fields(data):
        if number == _DIMENSION:
            shape += [value] if isinstance(value, int) else _numbers(value)
        elif number == _TYPE and isinstance(value, int):
            kind = value
        elif number == _NAME:
            name = _text(value)
        elif number == _BYTES:
            raw = _view(value)
    return name, np.frombuffer(raw, np.dtype(_TYPES[kind]).newbyteorder("<")).reshape(shape)


def _product(data: memoryview) -> str:
    inputs: list[str] = []
    operator = ""
    for number, value in _fields(data):
        if number == _INPUT:
            inputs.append(_text(value))
        elif number == _OPERATOR:
            operator = _text(value)
    return inputs[1] if operator == "MatMul" else ""


def _numbers(data: memoryview) -> list[int]:
    at, found = 0, []
    while at < len(data):
        value, at = _varint(data, at)
        found.append(value)
    return found


def _text(value: int | memoryview) -> str:
    return bytes(_view(value)).decode("utf-8")


def _view(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise TypeError("a number where bytes should be")
    return value
