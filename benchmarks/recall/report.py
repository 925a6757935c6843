"""The table for people and the JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.figures import quantile
from benchmarks.recall.measures import MEASURES, interval, mean

OURS = "oona"
BASELINE = "baseline"
_APART = "adversarial"
"""Its questions ask what was never said so; the literature reports the others without it."""


@dataclass
class Asked:
    """One question's measures under one method."""

    conversation: str
    category: str
    scores: Mapping[str, float]
    seconds: float


@dataclass
class Result:
    """Everything that was measured on one corpus."""

    asked: dict[str, list[Asked]] = field(default_factory=dict)
    written: list[float] = field(default_factory=list)
    embedded: list[float] = field(default_factory=list)
    """Seconds for each turn of a conversation, by conversation."""

    def counted(self, method: str, category: str = "") -> list[Asked]:
        """The questions of one category, or of all but the adversarial ones."""
        return [
            entry
            for entry in self.asked[method]
            if (entry.category == category if category else entry.category != _APART)
        ]

    @property
    def categories(self) -> list[str]:
        """In alphabetical order."""
        return sorted({entry.category for entry in next(iter(self.asked.values()))})


def as_json(result: Result) -> dict[str, object]:
    """The figures of one corpus, rounded to what means something."""
    methods = {}
    for method, entries in result.asked.items():
        counted = result.counted(method)
        milliseconds = [1_000 * entry.seconds for entry in entries]
        methods[method] = {
            "questions": len(counted),
            **{m: round(mean([e.scores for e in counted], m), 2) for m in MEASURES},
            "interval r@10": _rounded(interval(_by_conversation(counted, "r@10"))),
            "by category": {
                category: {
                    m: round(mean([e.scores for e in result.counted(method, category)], m), 2)
                    for m in MEASURES
                }
                for category in result.categories
            },
            "query ms": {
                "p50": round(quantile(milliseconds, 0.5), 3),
                "p95": round(quantile(milliseconds, 0.95), 3),
            },
        }
    written = [1_000 * seconds for seconds in result.written]
    found: dict[str, object] = {
        "methods": methods,
        "index ms": {
            "p50": round(quantile(written, 0.5), 3),
            "p95": round(quantile(written, 0.95), 3),
        },
    }
    if result.embedded:
        found["embedding ms a turn"] = round(1_000 * quantile(result.embedded, 0.5), 2)
    if BASELINE in result.asked:
        found["gain over the baseline"] = dict(_told_gains(result))
    return found


def table(name: str, result: Result) -> str:
    """One corpus for people: measures by method, then r@10 by category."""
    width = max(len(method) for method in result.asked) + 1
    counted = result.counted(next(iter(result.asked)))
    conversations = len({entry.conversation for entry in counted})
    lines = [f"{name}: {conversations} conversations, {len(counted)} questions", ""]
    lines.append(" " * width + "".join(f"{m:>9}" for m in _short(MEASURES)) + "   r@10 95 %")
    for method in result.asked:
        entries = result.counted(method)
        low, high = interval(_by_conversation(entries, "r@10"))
        figures = "".join(f"{mean([e.scores for e in entries], m):9.1f}" for m in MEASURES)
        lines.append(f"{method:<{width}}{figures}   {low:.1f}–{high:.1f}")
    lines += [
        "",
        "r@10 by category",
        " " * width + "".join(f"{c[:12]:>14}" for c in result.categories),
    ]
    for method in result.asked:
        figures = "".join(
            f"{mean([e.scores for e in result.counted(method, c)], 'r@10'):14.1f}"
            for c in result.categories
        )
        lines.append(f"{method:<{width}}{figures}")
    if BASELINE in result.asked:
        gain, (low, high) = _gain(result, "r@10")
        lines += [
            "",
            f"gain over the baseline, r@10: {gain} (95 % {low} to {high}, paired, by conversation)",
        ]
    milliseconds = [1_000 * entry.seconds for entry in result.asked[OURS]]
    written = [1_000 * seconds for seconds in result.written]
    lines.append(
        f"a turn written: p50 {quantile(written, 0.5):.2f} ms, "
        f"p95 {quantile(written, 0.95):.2f} ms; "
        f"a question: p50 {quantile(milliseconds, 0.5):.1f} ms, "
        f"p95 {quantile(milliseconds, 0.95):.1f} ms"
    )
    return "\n".join(lines)


def _short(names: Sequence[str]) -> list[str]:
    return [name.replace("session hit", "s-hit") for name in names]


def _by_conversation(entries: Sequence[Asked], measure: str) -> list[list[float]]:
    groups: dict[str, list[float]] = {}
    for entry in entries:
        groups.setdefault(entry.conversation, []).append(entry.scores[measure])
    return list(groups.values())


def _told_gains(result: Result) -> Iterator[tuple[str, dict[str, object]]]:
    for measure in MEASURES:
        gain, bounds = _gain(result, measure)
        yield measure, {"mean": gain, "interval": bounds}


def _gain(result: Result, measure: str) -> tuple[float, tuple[float, float]]:
    ours, theirs = result.counted(OURS), result.counted(BASELINE)
    groups: dict[str, list[float]] = {}
    for a, b in zip(ours, theirs, strict=True):
        groups.setdefault(a.conversation, []).append(a.scores[measure] - b.scores[measure])
    values = [value for group in groups.values() for value in group]
    return round(100 * sum(values) / len(values), 2), _rounded(interval(list(groups.values())))


def _rounded(bounds: tuple[float, float]) -> tuple[float, float]:
    return round(bounds[0], 2), round(bounds[1], 2)
