"""What a part is told and what it gives back."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MODEL = "qwen2.5-coder-1.5b"
"""The language model that is measured."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to measure. `folder` is an empty folder of the part's own, removed afterwards."""

    folder: Path
    kills: int
    events: int
    seed: int

    def within(self, folder: Path) -> Options:
        """The same, in another folder."""
        return dataclasses.replace(self, folder=folder)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `target` is what it should reach, in words; `met` whether it did, if it has one.

    `spread` holds quantiles or samples behind the value, for the JSON.
    """

    name: str
    value: float
    unit: str
    target: str = ""
    met: bool | None = None
    spread: tuple[float, ...] = ()


def note(text: str) -> None:
    """Tell whoever waits what is being measured now, beside the figures."""
    print(f"  ({text})", file=sys.stderr, flush=True)


def at_most(
    name: str, value: float, limit: float, unit: str, spread: Sequence[float] = ()
) -> Figure:
    """A figure that should stay under `limit`."""
    return Figure(name, value, unit, f"< {limit:g}", value < limit, tuple(spread))


def at_least(
    name: str, value: float, limit: float, unit: str, spread: Sequence[float] = ()
) -> Figure:
    """A figure that should reach `limit`."""
    return Figure(name, value, unit, f"≥ {limit:g}", value >= limit, tuple(spread))


def quantile(values: Sequence[float], q: float) -> float:
    """The sample at the `q`-quantile (0 to 1) of `values`; at 1 the largest."""
    return sorted(values)[round(q * (len(values) - 1))]


def table(figures: Sequence[Figure]) -> str:
    """The figures in columns, for people."""
    rows = [
        (
            figure.name,
            f"{figure.value:,.0f}" if figure.value >= 100 else f"{figure.value:.3g}",
            figure.unit,
            figure.target,
            {True: "met", False: "missed", None: ""}[figure.met],
        )
        for figure in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        f"  {name:<{widths[0]}}  {value:>{widths[1]}} {unit:<{widths[2]}}  "
        f"{target:<{widths[3]}}  {met}".rstrip()
        for name, value, unit, target, met in rows
    )


def as_json(figures: Sequence[Figure]) -> list[dict[str, object]]:
    """The figures as JSON holds them, rounded to what was measured."""
    return [
        dataclasses.asdict(figure)
        | {
            "value": _rounded(figure.value),
            "spread": [_rounded(sample) for sample in figure.spread],
        }
        for figure in figures
    ]


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
