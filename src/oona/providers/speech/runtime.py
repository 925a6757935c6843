"""ONNX Runtime as small models on a busy machine want it: one thread, asleep while it waits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from oona.core.errors import ModelUnavailable, WeightsFault

T = TypeVar("T")


def brought(load: Callable[[], T]) -> T:
    """What `load` imports. Raises ModelUnavailable, with the way to it, where it is missing."""
    try:
        return load()
    except ImportError as missing:
        raise ModelUnavailable(
            f"I cannot hear or speak yet: {missing.name or 'a package'} is not installed.",
            "`make run` brings it, and so does `pip install 'oona[voice]'`. I can still be "
            "written to.",
        ) from None


def session(path: Path) -> Any:  # the library has no types
    """An inference session on the file `path`, on one thread.

    Spinning, its habit between two runs, would take the core from whoever computes meanwhile.
    Raises ModelUnavailable without the library, WeightsFault for a file that it cannot run.
    """
    ort = brought(_onnxruntime)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # 3: errors; it warns of its own optimisations otherwise
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except _faults() as fault:
        raise WeightsFault(
            f"{path} cannot be run: {_first_line(fault)}",
            "`oona models verify` says which files are damaged, and deletes them; `oona models "
            "fetch hearing` brings them again.",
        ) from None


def _onnxruntime() -> Any:
    import onnxruntime

    return onnxruntime


def _faults() -> tuple[type[Exception], ...]:
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    return (state.Fail, state.InvalidArgument, state.InvalidProtobuf, state.NoSuchFile)


def _first_line(fault: Exception) -> str:
    return str(fault).partition("\n")[0][:200]
