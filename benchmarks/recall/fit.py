"""`python -m benchmarks.recall.fit [--beam FILE…] [--made N] [--cache FOLDER]`: weights, fitted.

Tries settings drawn at random around those in force and asks what the best of them on all but one
conversation reaches on the one left out. What is in force stays unless that is clearly better:
many settings are equally good, and the one that happens to win carries the noise of its data.
LoCoMo is never given to this.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.recall import conversations, made
from benchmarks.recall.cached import Cached
from benchmarks.recall.conversations import Conversation, Question
from benchmarks.recall.lives import lived, recall
from benchmarks.recall.measures import interval, measured
from oona.app.embedders import embedders
from oona.app.paths import models_dir
from oona.core.embedding import Embedder
from oona.memory.fusion import Channels, Weights, fuse
from oona.memory.table import Table

_SPANS = {
    "around": (0.0, 1.5),
    "meaning": (0.5, 5.0),
    "near": (0.0, 1.0),
    "own": (0.0, 1.0),
    "session": (0.0, 0.5),
}
"""Only what BEAM can tell, too: nobody in it is called by name. What a neighbour adds is for it to
tell alone, since in made-up lives one turn says nothing of the next."""

_RANKED = 40


@dataclasses.dataclass(frozen=True)
class _Case:
    conversation: str
    question: Question
    table: Table
    channels: Channels
    units: list[str]
    session_of: dict[str, str]


def main(arguments: list[str]) -> int:
    """Print what is in force, what would win, and what it gains where it was not fitted."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recall.fit", description=__doc__)
    parser.add_argument("--beam", type=Path, nargs="*", default=[], metavar="FILE")
    parser.add_argument("--made", type=int, default=0, metavar="N", help="made-up lives")
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="keep embeddings here")
    parser.add_argument("--embedders", nargs="*", metavar="NAME", help="only these")
    parser.add_argument("--tries", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    known: list[Embedder] = [
        Cached(embedder, given.cache) if given.cache else embedder
        for embedder in embedders(models_dir(), large=True)
        if given.embedders is None or embedder.name in given.embedders
    ]
    lives = [*map(conversations.beam, given.beam), *made.conversations(given.made)]
    if not lives:
        parser.error("name a file, or a number of made-up lives")
    cases = [case for life in lives for case in _cases(life, known)]
    settings = [Weights(), *_drawn(given.tries, random.Random(given.seed))]
    scores = np.array([[_score(case, weights) for case in cases] for weights in settings])
    _tell(settings, scores, [case.conversation for case in cases])
    return 0


def _cases(conversation: Conversation, known: Sequence[Embedder]) -> list[_Case]:
    session_of = {turn.unit: turn.session for turn in conversation.turns}
    with tempfile.TemporaryDirectory() as folder, lived(conversation, Path(folder)) as life:
        ours = recall(life, known)
        units = list(life.units.values())
        return [
            _Case(conversation.name, question, *ours.channels(question.text), units, session_of)
            for question in conversation.questions
        ]


def _drawn(count: int, chance: random.Random) -> list[Weights]:
    return [
        dataclasses.replace(
            Weights(), **{name: round(chance.uniform(*span), 2) for name, span in _SPANS.items()}
        )
        for _ in range(count)
    ]


def _score(case: _Case, weights: Weights) -> float:
    """Recall at 10 and discounted gain, which tells apart what recall does not, in equal parts."""
    best = (-fuse(case.table, case.channels, weights)).argsort(kind="stable")[:_RANKED]
    ranking = list(dict.fromkeys(case.units[place] for place in best))
    found = measured(ranking, case.question.gold, case.session_of)
    return (found["r@10"] + found["ndcg@10"]) / 2


def _tell(settings: list[Weights], scores: NDArray[np.float64], names: list[str]) -> None:
    held_out = np.zeros(scores.shape[1])
    for name in sorted(set(names)):
        here = np.array([other == name for other in names])
        held_out[here] = scores[int(np.argmax(scores[:, ~here].mean(axis=1)))][here]
    gains: dict[str, list[float]] = {name: [] for name in names}
    for name, gain in zip(names, held_out - scores[0], strict=True):
        gains[name].append(float(gain))
    low, high = interval(list(gains.values()))
    means = 100 * scores.mean(axis=1)
    print(f"in force {settings[0]}: {means[0]:.2f}")
    print(f"best of {len(settings)} {settings[int(np.argmax(means))]}: {float(np.max(means)):.2f}")
    print(f"half of all settings reach {np.quantile(means, 0.5):.2f} or more")
    print(
        f"fitted without the conversation asked about: {100 * held_out.mean():.2f}, "
        f"gain {100 * (held_out - scores[0]).mean():.2f} (95 % {low:.2f} to {high:.2f})"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
