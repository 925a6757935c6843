"""The pages for people name only what is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from tools.files import ROOT, project_files

PAGES = [path for path in project_files() if path.suffix == ".md" and path.parts[0] != "tests"]
_LINK = re.compile(r"\]\((?!\w+:|#)([^)#\s]+)")
_CODE = re.compile(r"`([^`\n]+)`")
_BLOCK = re.compile(r"^```(?:sh|console)?\n(.*?)^```|((?:^ {4}\S.*\n)+)", re.DOTALL | re.MULTILINE)


def commands(page: Path, program: str) -> list[list[str]]:
    """The words of every command line of `program` that `page` shows."""
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = [first or second for first, second in _BLOCK.findall(text)]
    lines = [line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]
    inline = _CODE.findall(_BLOCK.sub("", text))
    found = []
    for line in [*lines, *inline]:
        if not re.match(rf"(?:\.venv/bin/)?{program} [a-z]", line):
            continue
        found.append(shlex.split(line.partition("  #")[0].partition("|")[0])[1:])
    return found


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    """A link to another file of the project leads to one."""
    targets = _LINK.findall((ROOT / page).read_text(encoding="utf-8"))
    assert [target for target in targets if not (ROOT / page.parent / target).exists()] == []


def test_make_targets_exist() -> None:
    """Every `make` command that a page shows is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {line[0] for page in PAGES for line in commands(page, "make")}
    assert {"setup", "check", "test"} <= named <= targets


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_oona_commands_exist(page: Path) -> None:
    """Every `oona` command that a page shows is one, down to its options."""
    from oona.cli.commands import app

    for line in commands(page, "oona"):
        command: Any = typer.main.get_command(app)
        words = [word for word in line if word != "…"]
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]
        takes_words = any(part.param_type_name == "argument" for part in command.params)
        options = [word.partition("=")[0] for word in words if word.startswith("-")]
        known = {name for part in command.params for name in part.opts} | {"--help"}
        assert takes_words or words == [] or words[0].startswith("-"), f"{page}: no such: {line}"
        assert set(options) <= known, f"{page}: {command.name} takes none of {options}"


def test_every_setting_is_explained() -> None:
    """The page for people has a row for each setting of the machine, and for no other."""
    from oona.app.settings import SETTINGS

    text = (ROOT / "docs" / "using.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z.]+)` \| `(OONA_\w+)` \|", text, re.MULTILINE)
    assert rows == [(setting.key, setting.variable) for setting in SETTINGS]
