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


def shares(
    title: str, under: str, drawn: Mapping[str, Sequence[float]], marks: Sequence[float]
) -> str:
    """Of each series, the share of its values that stay under so much, over milliseconds.

    `marks` are values to be looked at: targets.
    """
    most = max([*marks, *(max(values) for values in drawn.values())]) * 1.05
    wide, tall = _WIDTH - _LEFT - _RIGHT - 110, _HEIGHT - _TOP - _BOTTOM

    def at(x: float, share: float) -> tuple[float, float]:
        return _LEFT + wide * x / most, _TOP + tall * (1 - share)

    parts = [_head(title, under, _HEIGHT)]
    for percent in (0, 25, 50, 75, 95, 100):
        (x1, y), (x2, _) = at(0, percent / 100), at(most, 0)
        parts += [
            _stroke([(x1, y), (x2, y)], GRID, 1),
            _text(x1 - 8, y + 4, f"{percent} %", "end"),
        ]
    step = _round_step(most)
    for tick in range(0, int(most) + 1, step):
        x, y = at(tick, 0)
        parts.append(_text(x, y + 20, f"{tick:,}", "middle"))
    parts += [_stroke([at(mark, 0), at(mark, 1)], QUIET, 1, dashed=True) for mark in marks]
    parts.append(_text(_LEFT, _HEIGHT - 14, "milliseconds, across; share of trials, upwards"))
    for number, (name, values) in enumerate(drawn.items()):
        colour, points = COLOURS[number % len(COLOURS)], [at(0, 0)]
        for place, value in enumerate(sorted(values)):
            points += [at(value, place / len(values)), at(value, (place + 1) / len(values))]
        parts.append(_stroke(points, colour, 2.5))
        parts.append(_text(_WIDTH - 130, _TOP + 20 + 18 * number, name, colour=colour))
    return "\n".join([*parts, "</svg>\n"])


@dataclass(frozen=True, slots=True)
class Row:
    """One side of a conversation: how loud it was, 0 to 1, at even steps, and in what words."""

    name: str
    loud: Sequence[float]
    words: str = ""


def timeline(
    title: str,
    under: str,
    seconds: tuple[float, float],
    rows: Sequence[Row],
    gap: tuple[float, float],
) -> str:
    """Two sides over one time line, with the gap between them measured out."""
    height, each = _TOP + 110 * len(rows) + _BOTTOM, 110
    wide = _WIDTH - _LEFT - _RIGHT
    began, ended = seconds

    def across(moment: float) -> float:
        return _LEFT + wide * (moment - began) / (ended - began)

    parts = [_head(title, under, height)]
    for moment in range(math.ceil(began), math.floor(ended) + 1):
        parts.append(_stroke([(across(moment), _TOP), (across(moment), height - 48)], GRID, 1))
        parts.append(_text(across(moment), height - 32, f"{moment - math.ceil(began)} s", "middle"))
    for number, row in enumerate(rows):
        middle, colour = _TOP + each * number + 62, COLOURS[(number + 1) % 2]
        upper = [
            (_LEFT + wide * n / max(1, len(row.loud) - 1), 34 * loud)
            for n, loud in enumerate(row.loud)
        ]
        outline = [(x, middle - up) for x, up in upper]
        outline += [(x, middle + up) for x, up in reversed(upper)]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in outline)
        parts.append(f'<polygon points="{points}" fill="{colour}"/>')
        parts.append(_text(_LEFT, middle - 46, f"{row.name}: {row.words}", colour=INK))
    for edge in gap:
        place = across(edge)
        parts.append(_stroke([(place, _TOP + 24), (place, height - 48)], QUIET, 1, dashed=True))
    found = f"{1000 * (gap[1] - gap[0]):.0f} ms"
    parts.append(_text(across(sum(gap) / 2), _TOP + each + 8, found, "middle", INK))
    return "\n".join([*parts, "</svg>\n"])


def _round_step(most: float) -> int:
    power = int(10 ** max(0, math.floor(math.log10(most)) - 1))
    return next(step for step in (power, 2 * power, 5 * power, 10 * power) if most / step <= 10)


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
