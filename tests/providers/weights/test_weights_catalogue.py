"""The catalogue, the default by machine, and the arithmetic of byte ranges."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.core.errors import WeightsFault
from oona.providers.weights import Catalogue, Model, default_for, load, ranges
from oona.providers.weights.machine import free_memory
from oona.providers.weights.partial import Partial, arrived
from tests.providers.weights.conftest import model_of

GIB = 1 << 30
ENTRY = """
[[model]]
name = "small"
title = "A small model"
size = 10
sha256 = "{sha256}"
licence = "Apache-2.0"
parameters = 5
memory = 20
wants_free = 0
roles = ["chat"]
run_by_us = false
hash_seen = ["here"]

[[model.source]]
kind = "packages"
publisher = "us"

[[model.source.part]]
package = "small==1.0"
member = "small/data.bin"
size = 10
wheel_size = 12
sha256 = "{sha256}"
""".format(sha256="ab" * 32)


def test_shipped_catalogue_holds_together() -> None:
    """What ships is valid, can be had without any one host, and has a model of each role."""
    models = list(load())
    roles = {role for model in models for role in model.roles}
    assert roles == {"chat", "hearing", "plumbing", "recall"}
    assert any("chat" in model.roles and model.in_packages for model in models)
    assert len({model.sha256 for model in models}) == len(models)
    for model in models:
        assert model.licence in {"Apache-2.0", "MIT", "BSD-2-Clause"}
        assert len(model.hash_seen) >= (1 if model.run_by_us else 2)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('name = "small"', "", "name"),
        ("size = 10\nsha", "size = 0\nsha", "size"),
        ("size = 10\nsha", "size = 11\nsha", "part"),
        ("abab", "AB", "sha256"),
        ('roles = ["chat"]', 'roles = ["poet"]', "roles"),
        ("run_by_us = false", "run_by_us = 0", "run_by_us"),
        ('kind = "packages"', 'kind = "pigeon"', "kind"),
        ('package = "small==1.0"', 'package = "small"', "package"),
        ('package = "small==1.0"', 'package = "--index-url==1.0"', "package"),
        ("parameters = 5", "parameters = true", "parameters"),
        ("[[model]]", "[[modell]]", "model"),
        ("[[model]]", "[[model", "TOML"),
    ],
)
def test_faulty_entry_is_named(old: str, new: str, field: str) -> None:
    """A catalogue that does not hold together is refused with the field at fault."""
    assert [model.name for model in load(ENTRY)] == ["small"]
    with pytest.raises(WeightsFault, match=field):
        load(ENTRY.replace(old, new, 1))


def test_two_models_of_one_name_are_refused() -> None:
    """A name means one model."""
    with pytest.raises(WeightsFault, match="twice"):
        load(ENTRY + ENTRY)


def _model(name: str, parameters: int, wants_free: int, packaged: bool) -> Model:
    whole = load(ENTRY).get("small")
    plain = model_of(name.encode(), *(whole.sources if packaged else ()), name=name)
    fields = {field: getattr(plain, field) for field in Model.__dataclass_fields__}
    return Model(**(fields | {"parameters": parameters, "wants_free": wants_free}))


THREE = Catalogue(
    (
        _model("medium", 2, 4 * GIB, packaged=True),
        _model("large", 3, 8 * GIB, packaged=False),
        _model("small", 1, 0, packaged=True),
    )
)


@pytest.mark.parametrize(
    ("memory", "reachable", "installed", "expected"),
    [
        (8 * GIB, True, (), "large"),
        (8 * GIB, False, (), "medium"),
        (8 * GIB, False, ("large",), "large"),
        (8 * GIB - 1, True, (), "medium"),
        (4 * GIB, True, (), "medium"),
        (4 * GIB - 1, True, (), "small"),
        (1, False, (), "small"),
        (0, True, (), "medium"),
    ],
)
def test_default_fits_the_machine(
    memory: int, reachable: bool, installed: tuple[str, ...], expected: str
) -> None:
    """The largest model that fits in free memory and can be had; the middle one if unsure."""
    chosen = default_for(THREE, memory, lambda model: reachable, installed)
    assert chosen.name == expected


def test_publisher_is_not_asked_when_memory_is_short() -> None:
    """No one is called for a model that would not fit anyway."""

    def fail(model: Model) -> bool:
        raise AssertionError(model.name)

    assert default_for(THREE, 4 * GIB, fail).name == "medium"


def test_free_memory_heeds_a_containers_limit(tmp_path: Path) -> None:
    """A container's own limit counts, where it is lower than what the machine has."""
    (tmp_path / "meminfo").write_text("MemTotal: 9000 kB\nMemAvailable: 8000 kB\n")
    assert free_memory(tmp_path, tmp_path / "none") == 8000 * 1024
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("1000\n")
    assert free_memory(tmp_path, tmp_path) == 8000 * 1024
    (tmp_path / "memory.max").write_text("5000\n")
    assert free_memory(tmp_path, tmp_path) == 4000


SIZE = 40
RANGES = st.lists(st.tuples(st.integers(0, SIZE), st.integers(0, SIZE)), max_size=8)


@given(RANGES)
def test_ranges_and_gaps_share_out_every_byte(some: list[ranges.Range]) -> None:
    """Each byte lies in the merged ranges or in the gaps, and in just one of them."""
    inside = {byte for start, end in some for byte in range(start, end)}
    merged, gaps = ranges.merged(some), ranges.gaps(some, SIZE)
    assert [byte for start, end in merged for byte in range(start, end)] == sorted(inside)
    outside = sorted(set(range(SIZE)) - inside)
    assert [byte for start, end in gaps for byte in range(start, end)] == outside
    assert ranges.length(some) == len(inside)


@given(st.data())
def test_torn_ledger_never_claims_too_much(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever end of the ledger a crash cut off, what it still claims was written."""
    folder = tmp_path_factory.mktemp("partial")
    partial = Partial(folder, SIZE)
    with partial.writing(0) as writer:
        for _ in range(4):
            writer.write(b"0123456789")
            writer.keep()
    ledger = (folder / "ledger").read_bytes()
    (folder / "ledger").write_bytes(ledger[: data.draw(st.integers(0, len(ledger)))])
    again = Partial(folder, SIZE)
    assert again.recheck(lambda done: None) == 0
    assert again.done == arrived(folder, SIZE) <= SIZE
    assert again.done % 10 == 0
