"""What a test needs from the machine: skipped by name where it is missing, never in CI."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest

IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
ELSEWHERE = "only "  # a reason that starts so names another kind of machine, not a missing piece


def missing(what: str, command: str) -> NoReturn:
    """Skip the test, naming the command that adds `what`; in CI, where nothing may lack, fail."""
    sentence = f"{what} is missing; to add it: {command}"
    if IN_CI:
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def program(name: str, command: str) -> str:
    """The path of a program, which `command` installs."""
    found = shutil.which(name)
    return found or missing(name, command)


def weights(name: str) -> Path:
    """The file of a catalogued model, from the models folder that the person's settings name."""
    from oona.app.paths import models_dir
    from oona.providers.weights import Weights

    path = Weights(models_dir()).installed(name)
    return path or missing(f"The model {name}", f".venv/bin/oona models fetch {name}")


def package(name: str, extra: str) -> None:
    """Skip the test where the package `name`, which the extra `extra` brings, is not installed."""
    if find_spec(name) is None:
        missing(f"The package {name} (extra {extra!r})", "make setup")
