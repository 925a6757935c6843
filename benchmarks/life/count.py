"""How the questions of some lives were answered, by class of question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.recall.measures import interval

TOLD = ("told once", "changed", "corrected", "ended", "contradicted")
"""The classes of what was told, which are apart from each other; all other classes overlap them."""

STANDING = TOLD[:3]
"""Of these something is so, and could be answered."""


@dataclass
class Count:
    """The answers of one life."""

    classes: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, name: str, worth: str) -> None:
        """One more answer of a class."""
        self.classes.setdefault(name, Counter())[worth] += 1

    def of(self, names: Sequence[str], worths: Sequence[str] = ()) -> int:
        """How many answers of these classes were worth one of `worths`, or anything."""
        found = [self.classes.get(name, Counter()) for name in names]
        return sum(
            count for one in found for worth, count in one.items() if not worths or worth in worths
        )


def total(counts: Sequence[Count]) -> Count:
    """All lives together."""
    found = Count()
    for count in counts:
        for name, worths in count.classes.items():
            found.classes.setdefault(name, Counter()).update(worths)
    return found


def figures(counts: Sequence[Count]) -> dict[str, object]:
    """The figures that are asked for, in percent with their intervals by life, and counts."""
    every = total(counts)

    def share(names: Sequence[str], worths: Sequence[str]) -> dict[str, object]:
        part, whole = every.of(names, worths), every.of(names)
        groups = [_ones(one.of(names, worths), one.of(names)) for one in counts]
        low, high = interval(groups)
        percent = round(100 * part / whole, 2) if whole else 0.0
        return {"percent": percent, "of": whole, "low": round(low, 2), "high": round(high, 2)}

    asked = (*TOLD, "never told", "forgotten")
    return {
        "right": share(STANDING, ["right"]),
        "right_or_quoted": share(STANDING, ["right", "quoted"]),
        "unsaid": share(STANDING, ["unsaid", "asked back", "quoted beside"]),
        "stale": share(TOLD, ["stale"]),
        "invented": share(asked, ["invented"]),
        "unanswerable_recognised": share(["never told"], ["recognised"]),
        "before_right": share(["what was so before"], ["right"]),
        "forgotten": every.of(["forgotten"]),
        "forgotten_resurfacing": every.of(["forgotten"], ["back"]),
        "classes": {name: dict(worths) for name, worths in every.classes.items()},
    }


def table(every: Count) -> str:
    """The answers by class, for people."""
    rows = []
    for name, worths in every.classes.items():
        whole = sum(worths.values())
        parts = ", ".join(f"{worth} {count}" for worth, count in worths.most_common())
        rows.append(f"  {name:<27} {whole:>5}  {parts}")
    return "\n".join(rows)


def _ones(part: int, whole: int) -> list[float]:
    return [1.0] * part + [0.0] * (whole - part)
