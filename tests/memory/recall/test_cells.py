"""The index of cells: complete, resumed, found by, and gone with what was forgotten."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.core.storage import Store
from oona.memory import cells, filing, hybrid, shortlist
from oona.memory.codes import nearness, signs
from oona.memory.filing import Filing
from oona.memory.hybrid import HybridRecall
from oona.memory.meaning import Vectors, to_bytes
from oona.trust.lexicon import STOP_WORDS
from tests.memory.recall.conftest import Recalling

_WORDS = [f"{a}{b}{c}" for a in "bdfgklm" for b in "aeiou" for c in ("nto", "lka", "rmi", "sto")]
_ABOVE = 60


@pytest.fixture
def long(life: Recalling, monkeypatch: pytest.MonkeyPatch) -> Recalling:
    """A life of 150 turns with vectors, which counts as long."""
    monkeypatch.setattr(filing, "_FILED", 16)
    monkeypatch.setattr(hybrid, "MOST", _ABOVE)
    _talk(life, 150)
    return life


def _talk(life: Recalling, turns: int, seed: int = 1) -> None:
    chance = random.Random(seed)
    life.tell(*(" ".join(chance.choices(_WORDS, k=6)) for _ in range(turns)))
    life.think()


def _filing(life: Recalling) -> Filing:
    return Filing(life.store, life.embedder.name, life.embedder.dimension, _ABOVE)


def _file(life: Recalling) -> None:
    work = _filing(life)
    while work.advance():
        pass


def _filed(life: Recalling) -> Counter[int]:
    """How often each turn stands in a block of the newest epoch."""
    [*_, epoch] = life.store.epochs(life.embedder.name)
    blocks = life.store.cells(epoch.number, range(1_000))
    told = b"".join(seqs for _cell, seqs, _codes in blocks)
    return Counter(np.frombuffer(told, np.int64).tolist())


def _turns(store: Store) -> list[int]:
    return [row.seq for row in store.turns()]


def test_every_vector_is_filed_once(long: Recalling) -> None:
    """Once idle work is done, each turn stands in one cell, and nothing is held in memory."""
    _file(long)
    filed = _filed(long)
    assert sorted(filed) == _turns(long.store)[: len(filed)]
    assert len(_turns(long.store)) - len(filed) < filing._FILED
    assert set(filed.values()) == {1}
    vectors = Vectors(long.embedder)
    vectors.refresh(long.store)
    assert len(vectors._seq) == len(_turns(long.store)) - len(filed)


def test_few_vectors_are_not_filed(life: Recalling) -> None:
    """Below the size from which it pays there is no index."""
    _talk(life, _ABOVE)
    _file(life)
    assert life.store.epochs(life.embedder.name) == []


def test_filing_goes_on_after_a_crash(long: Recalling) -> None:
    """A power cut in the midst of filing loses no vector and files none twice."""
    work = _filing(long)
    while not (epochs := long.store.epochs(long.embedder.name)) or epochs[-1].filed < 40:
        assert work.advance()
    long.cut_power()
    assert 40 <= long.store.epochs(long.embedder.name)[-1].filed < 100
    _file(long)
    assert set(_filed(long).values()) == {1}
    assert len(long.store.epochs(long.embedder.name)) == 1


def test_a_shortlist_of_all_is_ranked_as_a_short_life(
    long: Recalling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the shortlist holds every turn, a long life finds what a short one would."""
    _file(long)
    chance = random.Random(3)
    questions = [" ".join(chance.sample(_WORDS, 3)) for _ in range(10)]
    as_long = [long.find(question) for question in questions]
    monkeypatch.setattr(hybrid, "MOST", 10_000)
    with long.store.begin() as work:
        work.cells.clear()
    long.recall.understand([long.embedder])
    assert [long.find(question) for question in questions] == as_long


def test_a_long_life_finds_the_turn_asked_for(
    long: Recalling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shortlist of a few turns holds the right one: found first by words, and by meaning."""
    for name in ("BY_WORDS", "BY_MEANING"):
        monkeypatch.setattr(shortlist, name, 4)
    monkeypatch.setattr(shortlist, "_STRETCHES", 2)
    long.tell("We bought a beagle.", "The motor stuttered.")
    long.think()
    _talk(long, 80, seed=2)
    _file(long)
    assert long.find("beagle")[0] == "We bought a beagle."
    assert "We bought a beagle." in long.find("puppy")
    assert "The motor stuttered." in long.find("car")


def test_words_alone_find_in_a_long_life(long: Recalling) -> None:
    """Without an embedder the best turn by words is found, as in a short life."""
    long.tell("We bought a beagle.")
    recall = HybridRecall(long.store, long.spoken, STOP_WORDS)
    found = recall.find("a beagle from bantosto?", 100).turns
    assert found[0].event.text() == "We bought a beagle."


def test_what_is_held_of_cells_is_bounded_and_finds_the_same(
    long: Recalling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With room for a cell or two every question has the candidates that it has with room for all.

    And no question leaves more behind than there is room for.
    """
    _file(long)
    chance = random.Random(6)
    questions = [" ".join(chance.sample(_WORDS, 3)) for _ in range(10)]
    monkeypatch.setattr(cells, "PROBED", 3)
    roomy, narrow = Vectors(long.embedder), Vectors(long.embedder)
    roomy.refresh(long.store)
    narrow.refresh(long.store)
    for question in questions:
        asked = roomy.asked(question)
        monkeypatch.setattr(cells, "HELD", 1_000_000)
        wanted = roomy.candidates(long.store, asked, 20)
        monkeypatch.setattr(cells, "HELD", 1_000)
        assert np.array_equal(narrow.candidates(long.store, asked, 20), wanted)
        held = narrow.cells._held.values()
        assert 0 < sum(seqs.nbytes + codes.nbytes for seqs, codes in held) <= 1_000


def test_what_was_filed_since_is_found_in_a_cell_that_is_held(
    long: Recalling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question sees the turns that came into a cell after it was read."""
    monkeypatch.setattr(shortlist, "_STRETCHES", 2)
    _file(long)
    assert "We bought a beagle." not in long.find("puppy")
    long.tell("We bought a beagle.")
    long.think()
    _talk(long, 40, seed=7)
    _file(long)
    assert "We bought a beagle." in long.find("puppy")


def test_what_is_held_is_let_go_with_what_was_forgotten(long: Recalling) -> None:
    """At the first question after an erasure no cell in memory knows of the turn."""
    [secret] = long.tell("We bought a beagle.")
    long.think()
    _talk(long, 40, seed=8)
    _file(long)

    def known() -> list[int]:
        held = long.recall._vectors[0].cells._held.values()
        return np.concatenate([seqs for seqs, _codes in held]).tolist()

    long.find("puppy")
    assert secret.seq in known()
    long.journal.erase([secret.id], "asked")
    long.find("puppy")
    assert secret.seq not in known()


def test_a_forgotten_turn_leaves_its_cell(long: Recalling) -> None:
    """Neither its seq nor its signs are left in a block or a page, in whichever epoch."""
    [secret] = long.tell("The secret garden of Ferdinand.")
    long.think()
    _talk(long, 40, seed=4)
    _file(long)
    [(_, data), *_] = long.store.vectors_of(long.embedder.name, [secret.seq])
    code = signs(np.frombuffer(data, np.int8)[None, :]).tobytes()
    assert secret.seq in _filed(long)
    assert code in long.pages()
    long.journal.erase([secret.id], "asked")
    assert secret.seq not in _filed(long)
    assert code not in long.pages()
    assert long.sql("SELECT count(*) FROM cell_member WHERE seq = ?", secret.seq) == [(0,)]


def test_what_was_learned_from_a_forgotten_turn_is_learned_anew(long: Recalling) -> None:
    """Centres that a forgotten turn took part in are replaced in the next idle time."""
    _file(long)
    [epoch] = long.store.epochs(long.embedder.name)
    learned = [event for event in long.store.read() if event.seq % epoch.stride == 0]
    long.journal.erase([learned[0].id], "asked")
    _file(long)
    [anew] = long.store.epochs(long.embedder.name)
    assert anew.number > epoch.number
    assert not anew.stale
    assert learned[0].seq not in _filed(long)


def test_a_turn_forgotten_while_it_is_filed_stays_out(long: Recalling) -> None:
    """What is erased between reading and writing comes into no cell."""
    work = _filing(long)
    while not long.store.epochs(long.embedder.name):
        assert work.advance()
    portion = work.take()
    assert portion is not None
    filed = work.made(portion)
    [event] = long.store.by_seq([portion.rows[0].seq])
    long.journal.erase([event.id], "asked")
    work.keep(portion, filed)
    assert event.seq not in _filed(long)


def test_an_index_that_was_outgrown_is_made_anew(long: Recalling) -> None:
    """At more than four times the vectors there are more cells, and the old ones are dropped."""
    _file(long)
    [before] = long.store.epochs(long.embedder.name)
    _talk(long, 550, seed=5)
    _file(long)
    [after] = long.store.epochs(long.embedder.name)
    assert after.number > before.number
    assert len(long.store.centres(after.number)) > len(long.store.centres(before.number))
    assert long.sql("SELECT DISTINCT epoch FROM cell_block") == [(after.number,)]


def test_a_rebuild_drops_the_cells(long: Recalling) -> None:
    """A replay begins without vectors, so without cells, and both come again."""
    _file(long)
    long.journal.rebuild()
    assert long.store.epochs(long.embedder.name) == []
    assert long.sql("SELECT count(*) FROM cell_member") == [(0,)]
    long.think()
    _file(long)
    assert set(_filed(long).values()) == {1}


@given(seed=st.integers(0, 2**32), dimension=st.sampled_from((8, 20, 64, 384, 3_000)))
def test_signs_rank_as_products_with_them_do(seed: int, dimension: int) -> None:
    """Counting bits gives the order of the products of signs with the question in four bits."""
    chance = np.random.default_rng(seed)
    vectors = to_bytes(chance.standard_normal((30, dimension)).astype(np.float32))
    asked = chance.standard_normal(dimension).astype(np.float32)
    low, high = asked.min(), asked.max()
    coarse = low + np.rint((asked - low) / (high - low) * 15) * (high - low) / 15
    wanted = (vectors > 0) @ coarse
    assert np.allclose(nearness(signs(vectors), asked), wanted, rtol=1e-3, atol=1e-2)
