"""Finding documents and their format; damage, bombs and cut files end nothing."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oona.integrations.elements
from oona.core.errors import BadInput, OonaError
from oona.core.importing import NotUnderstood
from oona.integrations import documents, importer_for, importers
from oona.integrations.elements import elements
from tests.integrations.conftest import chatgpt, document, faults, message, texts

AT = 1714730000.0


def _export(*words: str) -> str:
    talks = [
        chatgpt(message("user", text, AT), title=f"Talk {number}", number=number)
        for number, text in enumerate(words)
    ]
    return json.dumps(talks)


def _archive(path: Path, name: str, content: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("chat.html", "<html>")
        archive.writestr(name, content)
    return path


def test_the_conversations_in_an_archive_are_found_and_told_by_their_content(
    tmp_path: Path,
) -> None:
    """The archive that ChatGPT sends is read as it came; so is one in several parts."""
    for name in ("conversations.json", "data/conversations-003.json"):
        [found] = documents(_archive(tmp_path / "a.zip", name, _export("One", "Two")))
        importer = importer_for(found)
        assert importer.name == "chatgpt"
        assert [one.text for one in texts(importer.read(found))] == ["One", "Two"]


def test_a_bomb_is_left_where_it_grows_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member may not grow to more than a hundred times its packed size."""
    monkeypatch.setattr("oona.integrations.sources.FREE_GROWTH", 1 << 16)
    bomb = '[{"mapping": {}, "title": "' + "0" * (1 << 24)
    [found] = documents(_archive(tmp_path / "a.zip", "conversations.json", bomb))
    [fault] = importer_for(found).read(found)
    assert isinstance(fault, NotUnderstood)
    assert "unpacks to far more" in fault.why


def test_a_damaged_archive_gives_what_stands_before_the_damage(tmp_path: Path) -> None:
    """A download that was spoilt in its middle is no reason to lose its beginning, or to crash."""
    path = _archive(tmp_path / "a.zip", "conversations.json", _export(*map(str, range(9_000))))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 64] = bytes(64)
    path.write_bytes(bytes(data))
    [found] = documents(path)
    taken = list(importer_for(found).read(found))
    assert texts(taken)
    assert faults(taken)


def test_what_is_nothing_is_said_to_be_nothing(tmp_path: Path) -> None:
    """An empty folder, an archive without conversations, a picture: a kind word and no crash."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x00\x00")
    archive = _archive(tmp_path / "b.zip", "photos.json", "[]")
    for path in (tmp_path / "empty", tmp_path / "a.png", archive, tmp_path / "missing"):
        with pytest.raises(OonaError):
            [importer_for(found) for found in documents(path)]


def test_an_export_of_our_own_is_sent_to_its_own_command(tmp_path: Path) -> None:
    """`oona import` is lossless; here it would become a text from elsewhere."""
    path = tmp_path / "life.oona"
    path.write_text('{"format":"oona-journal","version":1}\n')
    with pytest.raises(BadInput, match="export of Oona's own"):
        importer_for(next(iter(documents(path))))


def test_a_workspace_is_its_three_kinds_of_notes(tmp_path: Path) -> None:
    """USER.md, MEMORY.md and memory/*.md; SOUL.md is about the agent."""
    (tmp_path / "memory").mkdir()
    for name in ("USER.md", "MEMORY.md", "SOUL.md", "memory/2026-02-20.md"):
        (tmp_path / name).write_text("- a note\n")
    found = list(documents(tmp_path))
    assert [one.name for one in found] == ["USER.md", "MEMORY.md", "memory/2026-02-20.md"]
    assert {importer_for(one).name for one in found} == {"workspace"}


def test_every_module_of_formats_is_an_importer() -> None:
    """One file adds an importer: nothing else lists them."""
    assert list(importers()) == ["chatgpt", "claude", "jsonl", "markdown", "text", "workspace"]
    with pytest.raises(BadInput, match="no format"):
        importer_for(document("a.md", "x"), "papyrus")


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner)
    | st.dictionaries(st.text(), inner), max_leaves=12,
)  # fmt: skip


@given(
    st.lists(st.lists(_VALUES) | st.dictionaries(st.text(), _VALUES)),
    st.integers(min_value=1, max_value=40),
    st.booleans(),
)
def test_an_array_in_pieces_is_the_array(values: list[object], size: int, spaced: bool) -> None:
    """However a file falls into pieces, its elements are those that the stdlib reads at once."""
    spelt = json.dumps(values, indent=2 if spaced else None, ensure_ascii=spaced)
    pieces = [spelt[start : start + size] for start in range(0, len(spelt), size)]
    assert [one.value for one in elements(pieces)] == values


@given(st.text(alphabet='[]{}",:\\ab1 \n', max_size=80), st.integers(1, 9))
def test_no_damage_ends_in_a_crash(spelt: str, size: int) -> None:
    """Whatever stands in a file, reading it comes to an end, with elements or with faults."""
    for one in elements(spelt[start : start + size] for start in range(0, len(spelt), size)):
        assert one.number > 0


def test_a_cut_file_gives_all_conversations_before_the_cut() -> None:
    """Of the one in which it ends it is told that it was lost."""
    spelt = _export("One", "Two", "Three")
    cut = document("conversations.json", spelt[: spelt.index("Three")])
    found = list(importers()["chatgpt"].read(cut))
    assert [one.text for one in texts(found)] == ["One", "Two"]
    assert [one.place for one in faults(found)] == ["conversation 3 of conversations.json"]


def test_after_a_hole_reading_goes_on_at_the_next_conversation() -> None:
    """Bytes lost in the middle cost the conversation they were in, and not what comes after."""
    spelt = _export("One", "Two", "Three", "Four")
    hole = spelt.index("Two")
    found = list(importers()["chatgpt"].read(document("c.json", spelt[:hole] + spelt[hole + 60 :])))
    assert [one.text for one in texts(found)] == ["One", "Three", "Four"]
    assert len(faults(found)) == 1


def test_an_element_without_an_end_is_given_up_at_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is one endless string takes no more memory than the largest conversation."""
    monkeypatch.setattr(oona.integrations.elements, "MOST_ELEMENT", 1_000)
    pieces = ['[{"title": "', *("x" * 500 for _ in range(9)), '"}, {"id": 7}]']
    found = list(elements(pieces))
    assert "never ends" in found[0].fault
    assert found[-1].value == {"id": 7}
