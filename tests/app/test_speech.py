"""What hearing needs: whole, damaged or missing, and told."""

from __future__ import annotations

import pytest

from oona.app import speech
from oona.app.doctor import Finding, State, examine
from oona.app.paths import Paths
from oona.core.errors import ModelUnavailable
from oona.providers.weights import Weights, load
from tests.conftest import Home
from tests.needs import weights


def found(home: Home) -> Finding:
    """What the doctor says of hearing."""
    [finding] = [f for f in examine(Paths.find(home.environment), "me") if f.part == "hearing"]
    return finding


def test_the_catalogue_marks_what_hearing_needs() -> None:
    """`oona models fetch hearing` brings just what is loaded."""
    assert {m.name for m in load() if "hearing" in m.roles} == set(speech.hearing())


def test_without_ears_it_is_told_how_to_get_them(home: Home) -> None:
    """Missing models are no illness: text still works, and one command brings them."""
    finding = found(home)
    assert finding.state is State.NOTE
    assert "oona models fetch hearing" in finding.mend
    with pytest.raises(ModelUnavailable, match="Silero"):
        speech.ears(Paths.find(home.environment).models)


@pytest.mark.model
def test_whole_ears_are_well_and_damaged_ones_are_named(home: Home) -> None:
    """One wrong byte is found and named."""
    real = {name: weights(name) for name in speech.hearing()}
    own = Home(home.root, home.keys, home.root / "models")
    folder = Weights(own.models)
    own.models.mkdir(parents=True)
    for name, file in real.items():
        folder.path(name).write_bytes(file.read_bytes())
    assert found(own).state is State.WELL
    damaged = folder.path("smart-turn")
    data = bytearray(damaged.read_bytes())
    data[1_000] ^= 1
    damaged.write_bytes(data)
    finding = found(own)
    assert finding.state is State.ILL
    assert "smart-turn" in finding.text
