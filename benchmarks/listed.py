"""Lists of sentences with the facts they tell, as tests and measurements read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def listed(file: Path) -> Iterator[tuple[str, str, frozenset[str]]]:
    """The part, the sentence and the facts of every line.

    "[part]" begins a part; a line is `sentence => fact; fact`, without any fact where it tells
    none; "#" begins a remark.
    """
    part = ""
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("["):
            part = line.strip("[]")
        elif "=>" in line and not line.startswith("#"):
            text, facts = line.split("=>")
            told = frozenset(fact.strip() for fact in facts.split(";") if fact.strip())
            yield part, text.strip(), told
