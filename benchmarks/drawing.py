"""Plain pictures of figures, as SVG, in the colours of the house. No package is needed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

PAPER, INK, QUIET, GRID = "#fbf6ee", "#3a3533", "#75695f", "#e6dccb"
COLOURS = ("#b3261e", "#e06c56", "#8a6d4b", "#d3a678")
"""Red, coral, wood and sand."""

_WIDTH, _HEIGHT = 760, 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 40, 64, 60
_FONT = "Nunito, Quicksand, 'DejaVu Sans', 'Liberation Sans', sans-serif"


@dataclass(frozen=True, slots=True)
class Line:
    """Values by where they stand; `dashed` for what is less to be looked at."""

    name: str
    points: Mapping[float, float]
    dashed: bool = False


def lines(title: str, under: str, axes: tuple[str, str], drawn: Sequence[Line]) -> str:
    """Lines over two logarithmic axes."""
    across = [math.log10(x) for line in drawn for x in line.points]
    up = [math.log10(y) for line in drawn for y in line.points.values()]
    left, right = min(across), max(across)
    low, high = math.floor(min(up)), math.ceil(max(up))

    def at(x: float, y: float) -> tuple[float, float]:
        wide, tall = _WIDTH - _LEFT - _RIGHT - 150, _HEIGHT - _TOP - _BOTTOM
        return (
            _LEFT + wide * (math.log10(x) - left) / max(1e-9, right - left),
            _TOP + tall * (high - math.log10(y)) / max(1e-9, high - low),
        )

    parts = [_head(title, under, _HEIGHT)]
    for power in range(low, high + 1):
        (x1, y), (x2, _) = at(10**left, 10**power), at(10**right, 10**power)
        parts += [
            _stroke([(x1, y), (x2, y)], GRID, 1),
            _text(x1 - 8, y + 4, f"{10.0**power:g}", "end"),
        ]
    for power in range(math.ceil(left), math.floor(right) + 1):
        x, y = at(10**power, 10**low)
        parts.append(_text(x, y + 20, f"{10**power:,}", "middle"))
    parts.append(_text(_LEFT, _HEIGHT - 14, f"{axes[0]}, across; {axes[1]}, upwards"))
    ends: list[float] = []
    for number, line in enumerate(drawn):
        colour = COLOURS[number // 2 % len(COLOURS)]
        points = [at(x, y) for x, y in sorted(line.points.items())]
        parts.append(_stroke(points, colour, 2.5, line.dashed))
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
        x, y = points[-1]
        while any(abs(y - other) < 15 for other in ends):
            y += 15
        ends.append(y)
        parts.append(_text(x + 10, y + 4, line.name, colour=colour))
    return "\n".join([*parts, "</svg>\n"])


def bars(title: str, under: str, values: Mapping[str, float]) -> str:
    """One bar a value, in the order given, the first of them ours."""
    height = _TOP + 34 * len(values) + 24
    longest = max(values.values())
    parts = [_head(title, under, height)]
    for number, (name, value) in enumerate(values.items()):
        y = _TOP + 34 * number
        wide = 430 * value / longest
        colour = COLOURS[0] if not number else COLOURS[1] if name.startswith("oona") else COLOURS[3]
        parts.append(_text(232, y + 17, name, "end", INK))
        parts.append(
            f'<rect x="244" y="{y}" width="{wide:.1f}" height="24" rx="5" fill="{colour}"/>'
        )
        parts.append(_text(252 + wide, y + 17, f"{value:.1f}", colour=INK))
    return "\n".join([*parts, "</svg>\n"])


def _head(title: str, under: str, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" font-family="{_FONT}" font-size="13">\n'
        f'<rect width="{_WIDTH}" height="{height}" rx="14" fill="{PAPER}"/>\n'
        f'<text x="26" y="28" font-size="17" fill="{INK}">{escape(title)}</text>\n'
        f"{_text(26, 46, under)}"
    )


def _text(x: float, y: float, text: str, anchor: str = "start", colour: str = QUIET) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">'
        f"{escape(text)}</text>"
    )


def _stroke(
    points: Sequence[tuple[float, float]], colour: str, width: float, dashed: bool = False
) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dash = ' stroke-dasharray="5 5"' if dashed else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dash}/>'
