"""The settings: what is in force, what is refused, and what is never shown."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.app import settings
from oona.app.settings import Secret
from oona.core.errors import BadInput

PLAIN: dict[str, str] = {"TZ": "Europe/Oslo"}


def write(folder: Path, text: str) -> Path:
    config = folder / "config.toml"
    config.write_text(text, encoding="utf-8")
    return config


def test_everything_has_a_default(tmp_path: Path) -> None:
    """Without a file and without variables, every setting has its default."""
    found = settings.load(tmp_path / "config.toml", PLAIN)
    assert found.text("model.name") == "auto"
    assert found.number("owner.linger") == 0
    assert found.zone == "Europe/Oslo"
    assert not found.model_key


def test_a_variable_outranks_the_file(tmp_path: Path) -> None:
    """What a variable says holds, over the file, and is known to come from there."""
    config = write(tmp_path, '[model]\nname = "a"\nthreads = 3\n')
    found = settings.load(config, PLAIN | {"OONA_MODEL_NAME": "b"})
    assert (found.text("model.name"), found.number("model.threads")) == ("b", 3)
    assert found.from_variables == {"model.name"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[model]\nname = 'a'\nnmae = 'b'\n", "line 3"),
        ("colour = 'blue'\n", "line 1"),
        ("\n\n[models]\nname = 'a'\n", "line 4"),
        ("model.treads = 2\n", "line 1"),
        ("[model]\nthreads = 'many'\n", "line 2"),
        ("[model]\nthreads = -1\n", "line 2"),
        ("[model]\nthreads = true\n", "line 2"),
        ("[model]\nurl = 'example'\n", "line 2"),
        ("[model]\nurl = 'http://['\n", "line 2"),
        ("zone = 'Mars/Olympus'\n", "line 1"),
        ("[model\nname = 'a'\n", "line 1"),
        ("[model.name]\nx = 1\n", "line 1"),
        ("model = 3\n", "line 1"),
        ("[[model]]\nname = 'a'\n", "line 1"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, text: str, line: str) -> None:
    """A setting that is unknown or cannot be is refused, naming the file and the line."""
    config = write(tmp_path, text)
    with pytest.raises(BadInput, match=line) as fault:
        settings.load(config, PLAIN)
    assert str(config) in fault.value.message


def test_a_bad_variable_is_told_by_name() -> None:
    """A variable that cannot be is refused by its name."""
    with pytest.raises(BadInput, match="OONA_LINGER"):
        settings.load(Path("none"), PLAIN | {"OONA_LINGER": "long"})
    with pytest.raises(BadInput, match="OONA_NOW"):
        settings.load(Path("none"), PLAIN | {"OONA_NOW": "soon"})
    with pytest.raises(BadInput, match="OONA_LLM"):
        settings.load(Path("none"), PLAIN | {"OONA_LLM": "loud"})


def test_a_key_is_never_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The endpoint's key is in no repr, no display and no log of the settings."""
    config = tmp_path / "config.toml"
    settings.save(config, "model.key", "sk-very-secret")
    found = settings.load(config, PLAIN)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger().warning("%s %r", found, found)
    shown = f"{found} {found!r} {found.shown()} {found.model_key} {found.model_key!r} {caplog.text}"
    assert "very-secret" not in shown
    assert found.model_key.reveal() == "sk-very-secret"


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Settings are written readable by nobody else, since they may hold a key."""
    config = tmp_path / "home" / "config.toml"
    settings.save(config, "model.key", "sk")
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert stat.S_IMODE(config.parent.stat().st_mode) == 0o700


def test_saving_leaves_the_rest_alone(tmp_path: Path) -> None:
    """Writing one setting keeps the comments and every other setting of the file."""
    config = write(tmp_path, '# mine\n[model]\nname = "a"  # fast\n')
    settings.save(config, "owner.linger", "60")
    settings.save(config, "model.threads", "2")
    text = config.read_text("utf-8")
    assert "# mine" in text
    assert "# fast" in text
    found = settings.load(config, PLAIN)
    assert (found.text("model.name"), found.number("owner.linger")) == ("a", 60)


def test_saving_never_writes_over_a_broken_file(tmp_path: Path) -> None:
    """A file that cannot be read is left for the person to mend."""
    config = write(tmp_path, "[model\n")
    with pytest.raises(BadInput):
        settings.save(config, "model.name", "a")
    assert config.read_text("utf-8") == "[model\n"


@given(st.text(max_size=60))
def test_any_text_is_taken_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """Whatever is given as a value is kept exactly, or refused with a sentence."""
    config = tmp_path_factory.mktemp("s") / "config.toml"
    try:
        settings.save(config, "model.name", text)
    except BadInput:
        assert not config.exists()
    else:
        assert settings.load(config, PLAIN).text("model.name") == text


@given(st.text())
def test_secrets_compare_and_hide(text: str) -> None:
    """A secret is equal to itself, true when set, and the same to look at whatever it is."""
    assert Secret(text) == Secret(text)
    assert bool(Secret(text)) == bool(text)
    assert repr(Secret(text)) in ("Secret(set)", "Secret(not set)")


def test_variables_that_nothing_reads_are_found() -> None:
    """A slip in a variable's name is noticed."""
    assert settings.unknown_variables({"OONA_HOEM": "x", "OONA_HOME": "y", "HOME": "z"}) == [
        "OONA_HOEM"
    ]
