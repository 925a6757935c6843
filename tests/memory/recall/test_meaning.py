"""Vectors: made in the background, resumed, kept small, gone with their turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from oona.core.events import Actor, Draft, Kind
from oona.core.labels import PERSON
from oona.memory.meaning import Meanings, to_bytes
from oona.memory.passages import WORDS, passages
from oona.testing.embedder import WordEmbedder
from tests.memory.recall.conftest import Recalling

Seqs = Callable[[], Sequence[int]]


def test_work_goes_on_where_it_stopped(life: Recalling, vector_seqs: Seqs) -> None:
    """After an end in the middle, what has its vector is not thought over again."""
    told = life.tell(*(f"Sentence number {n} of the day." for n in range(20)))
    Meanings(life.store, life.embedder).advance(8)
    life.reopen()
    assert vector_seqs() == [event.seq for event in told[:8]]
    asked = life.embedder.asked
    life.think()
    assert vector_seqs() == [event.seq for event in told]
    assert life.embedder.asked - asked == 12


def test_a_crash_between_thinking_and_writing_loses_no_turn(
    life: Recalling, vector_seqs: Seqs
) -> None:
    """A batch that was made and never kept is made again."""
    told = life.tell("One thing.", "Another thing.")
    meanings = Meanings(life.store, life.embedder)
    batch = meanings.take()
    assert batch is not None
    meanings.made(batch)
    life.cut_power()
    life.think()
    assert vector_seqs() == [event.seq for event in told]


def test_a_turn_forgotten_while_it_was_thought_over_gets_no_vector(
    life: Recalling, vector_seqs: Seqs
) -> None:
    """What is erased between reading and writing does not come back as a vector."""
    [secret, other] = life.tell("The secret garden.", "Something else.")
    meanings = Meanings(life.store, life.embedder)
    batch = meanings.take()
    assert batch is not None
    rows = meanings.made(batch)
    life.journal.erase([secret.id], "asked")
    meanings.keep(batch, rows)
    assert vector_seqs() == [other.seq]


def test_forgetting_takes_rows_and_vectors_and_what_runs(
    life: Recalling, vector_seqs: Seqs
) -> None:
    """An erased turn has no row, no vector, no bytes in the file, and is recalled by nothing."""
    [secret, _other] = life.tell("A beagle named Ferdinand.", "A walk by the sea.")
    life.think()
    assert life.find("puppy Ferdinand")
    [vector, *_] = [
        row.data for row in life.store.vectors(life.embedder.name) if row.seq == secret.seq
    ]
    assert vector in life.pages()
    life.journal.erase([secret.id], "asked")
    assert secret.seq not in vector_seqs()
    assert secret.seq not in {row.seq for row in life.store.turns()}
    assert vector not in life.pages()
    assert life.find("puppy Ferdinand") == []


def test_a_rebuild_makes_rows_at_once_and_vectors_again(life: Recalling, vector_seqs: Seqs) -> None:
    """A replay needs no embedder: words find at once, meaning when it was thought over again."""
    told = life.tell("We bought a beagle.", "I like the sea.")
    life.think()
    life.journal.rebuild()
    assert len(life.store.turns()) == len(told)
    assert vector_seqs() == []
    assert life.find("beagle")[0] == "We bought a beagle."
    life.think()
    assert life.find("puppy")[0] == "We bought a beagle."


def test_two_embedders_keep_their_own_vectors(life: Recalling) -> None:
    """A second embedder begins at the first turn and leaves the other's vectors alone."""
    life.tell("One thing.", "Another thing.")
    life.think()
    other = WordEmbedder(name="other")
    while Meanings(life.store, other).advance():
        pass
    assert len(life.store.vectors("other")) == len(life.store.vectors(life.embedder.name)) == 2
    assert Meanings(life.store, life.embedder).take() is None


def test_bytes_keep_the_direction(life: Recalling) -> None:
    """One byte a dimension: every vector's cosine with itself before stays above 0.999."""
    vectors = np.random.default_rng(1).standard_normal((50, 384)).astype(np.float32)
    packed = to_bytes(vectors).astype(np.float32)
    cosines = (vectors * packed).sum(axis=1)
    cosines /= np.linalg.norm(vectors, axis=1) * np.linalg.norm(packed, axis=1)
    assert float(np.min(cosines)) > 0.999


@pytest.mark.parametrize("words", [1, WORDS, WORDS + 1, WORDS * 2, WORDS * 9])
def test_a_long_turn_is_cut_into_passages(life: Recalling, words: int) -> None:
    """Passages hold the turn's words in order, each led by the name and not too long to read."""
    text = " ".join(f"w{n}" for n in range(words))
    body = {"text": text, "speaker": "Ada"}
    [event] = life.journal.append(Draft(Kind.IMPORTED, Actor.OUTSIDE, body, PERSON))
    cut = passages(event)
    assert all(part.startswith("Ada: ") for part in cut)
    assert text.startswith(" ".join(part.removeprefix("Ada: ") for part in cut))
    assert all(len(part.split()) <= WORDS * 3 // 2 + 1 for part in cut)
    assert 1 <= len(cut) <= 4


def test_blank_turns_are_passed_over(life: Recalling, vector_seqs: Seqs) -> None:
    """A turn without words gets no vector and does not hold up those after it."""
    life.journal.append(Draft(Kind.HEARD, Actor.PERSON, {"text": "  \n"}, PERSON))
    [told] = life.tell("Words.")
    life.think()
    assert vector_seqs() == [told.seq]
