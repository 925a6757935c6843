"""One size, from beginning to end, so that it can be measured in a process of its own."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from benchmarks.figures import note
from benchmarks.scale.asked import asked
from benchmarks.scale.embedder import WordSums
from benchmarks.scale.lives import Told, made
from benchmarks.scale.world import World, spoken_words
from oona.app.embedders import embedders
from oona.app.paths import models_dir
from oona.providers.embeddings import MODEL, VOCABULARY
from oona.providers.weights import Weights

_FIRST_WORD = 1_996
"""The line of MiniLM's vocabulary from which on words follow, the commonest first."""


def size(folder: Path, turns: int) -> Told:
    """The figures of a life of `turns` turns, which is made in `folder` if it is not there."""
    world = World(words())
    meaning = _embedder(folder, world)
    told = made(folder / str(turns), turns, World(words()), meaning)
    note(f"{turns:,} turns: asked")
    return told | asked(folder / str(turns), world, meaning)


def words() -> list[str]:
    """The words of a made-up life, the commonest first."""
    vocabulary = Weights(models_dir()).installed(VOCABULARY)
    pieces = vocabulary.read_text(encoding="utf-8").split("\n") if vocabulary else []
    return spoken_words(pieces[_FIRST_WORD:])


def _embedder(folder: Path, world: World) -> WordSums:
    """What MiniLM says of each word is kept beside the lives, for it takes a minute."""
    kept = folder / "words.npy"
    if not kept.exists():
        inner = [one for one in embedders(models_dir()) if one.name == MODEL]
        if not inner:
            return WordSums(world, None)
        note("every word read by MiniLM")
        np.save(kept, inner[0].embed(world.words))
    return WordSums(world, np.load(kept))


def reading(world: World) -> float:
    """Turns that MiniLM reads in a second of one core, 0 where it is missing."""
    inner = [one for one in embedders(models_dir()) if one.name == MODEL]
    texts = [text for sitting in world.sittings(300) for text in sitting.texts]
    started = time.thread_time()
    for one in inner:
        one.embed(texts)
    return len(texts) / (time.thread_time() - started) if inner else 0.0
