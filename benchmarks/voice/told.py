"""What the measured process told of its conversation: words, never how long anything took.

Its moments serve to find the place in the recording, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.voice.labels import Label
from oona.core.errors import BadInput

HEARD, KEPT = "heard", "kept"
FILE = "told.jsonl"


@dataclass(frozen=True, slots=True)
class Told:
    """`text` that it heard the person say, or keeps as what it said itself, from when to when.

    `split` is what it believes its delay was made of, in milliseconds: for reading beside what was
    measured.
    """

    file: str
    kind: str
    text: str
    began: float
    ended: float
    split: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, file: str, told: Mapping[str, object]) -> Told:
        """From a JSON object. Raises BadInput where that is none of it."""
        kind, text, began, ended = (told.get(key) for key in ("kind", "text", "began", "ended"))
        numbers = isinstance(began, int | float) and isinstance(ended, int | float)
        if kind not in (HEARD, KEPT) or not isinstance(text, str) or not numbers:
            raise BadInput(f"What was told of {file} cannot be read: {told}.")
        return cls(file, str(kind), text, float(str(began)), float(str(ended)), _split(told))


def _split(told: Mapping[str, object]) -> dict[str, int]:
    parts = told.get("split")
    if not isinstance(parts, dict):
        return {}
    return {str(name): part for name, part in parts.items() if isinstance(part, int)}


def read(folder: Path) -> list[Told]:
    """What was told of the recordings in `folder`; nothing where nobody wrote it down."""
    path = folder / FILE
    if not path.exists():
        return []
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [Told.of(str(line.get("file", "")), line) for line in lines]


def write(folder: Path, told: Iterable[Told]) -> None:
    """Write it beside its recordings."""
    lines = (json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in told)
    (folder / FILE).write_text("".join(lines), encoding="utf-8")


def understood(labels: Sequence[Label], told: Sequence[Told]) -> list[str]:
    """For each of one recording's labels, what was heard of it; of two, the one more within."""
    texts: list[list[str]] = [[] for _ in labels]
    for one in told:
        shared = [min(label.ended, one.ended) - max(label.began, one.began) for label in labels]
        if one.kind == HEARD and shared and max(shared) > 0:
            texts[shared.index(max(shared))].append(one.text)
    return [" ".join(found) for found in texts]
