"""Labels: what was said, when, and how, as JSON lines."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from oona.core.errors import BadInput


class Kind(StrEnum):
    """What an utterance is for."""

    PLAIN = "plain"
    """A turn without a pause worth the name."""

    HESITATING = "hesitating"
    """A turn with pauses in it."""

    OPENING = "opening"
    """A turn that is asked only so that there be a reply to fall into; it waits for one, too."""

    INTERRUPTION = "interruption"
    """Falls into a reply, and wants it to stop."""

    BACKCHANNEL = "backchannel"
    """Falls into a reply, and wants it to go on: "mm-hm", a cough."""


AWAITING = (Kind.PLAIN, Kind.HESITATING, Kind.OPENING)
"""Kinds after which a reply is awaited, and before whose end it comes too soon."""


@dataclass(frozen=True, slots=True)
class Label:
    """One utterance in a recording; its moments are seconds of `file`.

    `began` and `ended` are where it can first and last be heard, `pauses` the silences within,
    `source` names the voice. `noise_db` is how far speech stands above noise, None without any;
    `room` the room response it went through. `reply` is what is to be said to it unless somebody
    interrupts, where that is known beforehand.
    """

    file: str
    kind: Kind
    text: str
    began: float
    ended: float
    pauses: tuple[tuple[float, float], ...] = ()
    source: str = ""
    noise_db: float | None = None
    room: str = ""
    reply: str = ""

    def moved(self, by: float) -> Label:
        """The same, `by` seconds later."""
        pauses = tuple((a + by, b + by) for a, b in self.pauses)
        return dataclasses.replace(
            self, began=self.began + by, ended=self.ended + by, pauses=pauses
        )


def read(path: Path) -> list[Label]:
    """The labels in a file. Raises BadInput that names the line which is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as fault:
        raise BadInput(f"{path} cannot be read: {fault.strerror}.") from None
    return [
        _label(line, f"{path.name}, line {n}") for n, line in enumerate(lines, 1) if line.strip()
    ]


def write(path: Path, labels: Iterable[Label]) -> None:
    """Write `labels`, one a line."""
    lines = (json.dumps(_told(label), ensure_ascii=False) + "\n" for label in labels)
    path.write_text("".join(lines), encoding="utf-8")


def _told(label: Label) -> dict[str, object]:
    found = dataclasses.asdict(label)
    found |= {"began": round(label.began, 4), "ended": round(label.ended, 4)}
    found["pauses"] = [[round(a, 4), round(b, 4)] for a, b in label.pauses]
    return {name: value for name, value in found.items() if value not in ("", None, [])}


def _label(line: str, where: str) -> Label:
    try:
        told = json.loads(line)
        label = Label(
            file=str(told["file"]),
            kind=Kind(told["kind"]),
            text=str(told.get("text", "")),
            began=float(told["began"]),
            ended=float(told["ended"]),
            pauses=tuple((float(a), float(b)) for a, b in told.get("pauses", ())),
            source=str(told.get("source", "")),
            noise_db=None if told.get("noise_db") is None else float(told["noise_db"]),
            room=str(told.get("room", "")),
            reply=str(told.get("reply", "")),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise BadInput(
            f"{where} is no label: {fault}.",
            f"A label has file, kind ({', '.join(Kind)}), began and ended, in seconds, and text.",
        ) from None
    if not 0 <= label.began < label.ended:
        raise BadInput(f"{where} ends before it begins.")
    return label
