"""`python -m training.moods`: fits what reads moods, and counts how often it is right.

Prints the figures as JSON: by fivefold cross-validation on the tellings, and on the
held-out ones. Writes what the product reads by.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oona.agent.moods.reading import BY_POINTS, BY_WORDS, HARD, JOY, PLAIN, WORD, Sure, stems_of
from oona.app.embedders import embedders
from oona.app.paths import Paths
from oona.core.embedding import Embedder
from oona.trust.lexicon import load
from training.moods.fitting import Floats, Places, Reader, fit

_HERE = Path(__file__).parent
_WRITTEN = _HERE.parent.parent / "src/oona/agent/data/moods"
_SEEN = 3
"""Tellings that must have a word for it to count."""

_FOLDS = 5
_RIDGES = {"": 3e-5, "points": 1e-4}
"""For words alone, and with points."""


@dataclass(frozen=True)
class Tellings:
    """Texts and, for each, the place of its mood in `names`."""

    names: tuple[str, ...]
    texts: tuple[str, ...]
    moods: Places


def main() -> None:
    """Fit with and without an embedder, write both, and print the figures."""
    told = _read(_HERE / "tellings", ())
    held = _read(_HERE / "held-out", told.names)
    figures: dict[str, object] = {"tellings": len(told.texts), "held_out": len(held.texts)}
    stems = _vocabulary(told)
    found = embedders(Paths.find().models)
    for embedder in (None, *found):
        name, sure = (embedder.name, BY_POINTS) if embedder else ("words", BY_WORDS)
        ridge = _RIDGES["points" if embedder else ""]
        inputs, others = _inputs(told, stems, embedder), _inputs(held, stems, embedder)
        folds = np.random.default_rng(0).permutation(len(told.texts)) % _FOLDS
        guessed = np.zeros((len(told.texts), len(told.names)), np.float32)
        for fold in range(_FOLDS):
            rest = folds != fold
            reader = fit(inputs[rest], told.moods[rest], len(told.names), ridge)
            guessed[~rest] = reader.likely(inputs[~rest])
        reader = fit(inputs, told.moods, len(told.names), ridge)
        _write(name, told.names, stems, reader)
        figures[name] = {
            "crossed": _count(told, guessed, sure),
            "held_out": _count(held, reader.likely(others), sure),
        }
    print(json.dumps(figures))


def _read(folder: Path, names: tuple[str, ...]) -> Tellings:
    names = names or tuple(sorted(file.stem for file in folder.glob("*.txt")))
    texts: list[str] = []
    moods: list[int] = []
    for place, name in enumerate(names):
        lines = (folder / f"{name}.txt").read_text(encoding="utf-8").split("\n")
        told = [line for line in lines if line]
        texts += told
        moods += [place] * len(told)
    return Tellings(names, tuple(texts), np.array(moods))


def _vocabulary(told: Tellings) -> tuple[str, ...]:
    lexicon = load()
    seen = Counter(stem for text in told.texts for stem in stems_of(text, lexicon))
    return tuple(sorted(stem for stem, times in seen.items() if times >= _SEEN))


def _inputs(told: Tellings, stems: Sequence[str], embedder: Embedder | None) -> Floats:
    lexicon = load()
    places = {stem: place for place, stem in enumerate(stems)}
    said = np.zeros((len(told.texts), len(stems)), np.float32)
    for row, text in enumerate(told.texts):
        for stem in stems_of(text, lexicon) & places.keys():
            said[row, places[stem]] = WORD
    if embedder is None:
        return said
    points = embedder.embed(told.texts, question=True)
    return np.hstack([points, said])


def _count(told: Tellings, likely: Floats, sure: Sure) -> dict[str, object]:
    """How often a mood was read, how often rightly, and how often a plain telling was given one.

    `tone` counts a heavy mood read as another heavy one as right: the words are a little off then,
    but not cheerful. `opposite` are joys read as heavy and heavy ones read as joy.
    """
    read = [sure.decide(dict(zip(told.names, row, strict=True))) for row in likely.tolist()]
    true = [told.names[place] for place in told.moods]
    pairs = list(zip(read, true, strict=True))
    spoke = [(one, other) for one, other in pairs if one != PLAIN]
    named = [(one, other) for one, other in spoke if one != HARD]
    moved = [one for one, other in pairs if other != PLAIN]
    return {
        "read": len(spoke),
        "of_moods": _share(sum(one != PLAIN for one in moved), len(moved)),
        "mood_right": _share(sum(one == other for one, other in named), len(named)),
        "tone_right": _share(sum(_tone(one) == _tone(other) for one, other in spoke), len(spoke)),
        "plain_read_as_mood": _share(
            sum(other == PLAIN for _one, other in spoke), true.count(PLAIN)
        ),
        "opposite": sum({_tone(one), _tone(other)} == {"joy", "heavy"} for one, other in pairs),
    }


def _tone(name: str) -> str:
    return name if name in (PLAIN, JOY) else "heavy"


def _share(some: int, all_: int) -> str:
    return f"{some} of {all_} ({100 * some / max(1, all_):.1f} %)"


def _write(name: str, names: Sequence[str], stems: Sequence[str], reader: Reader) -> None:
    rows = np.rint(reader.weights.T * 1000).astype(int).tolist()
    moods = [{"name": mood, "weights_milli": row} for mood, row in zip(names, rows, strict=True)]
    text = json.dumps({"stems": list(stems), "moods": moods}, ensure_ascii=False, indent=None)
    (_WRITTEN / f"{name}.json").write_text(
        text.replace('{"name"', '\n{"name"') + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
