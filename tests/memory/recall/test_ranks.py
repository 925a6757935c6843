"""Places by counting bits are those of a search."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from oona.memory.ranks import Ranks


@given(
    numbers=st.sets(st.integers(0, 700)),
    asked=st.lists(st.integers(-70, 900)),
    cuts=st.lists(st.integers(0, 700), max_size=4),
)
def test_a_place_is_where_a_search_finds_it(
    numbers: set[int], asked: list[int], cuts: list[int]
) -> None:
    """However the numbers came in, those that are there have the places of a sorted list."""
    ranks, wanted = Ranks(), sorted(numbers)
    bounds = [-1, *sorted(cuts), 700]
    for low, high in pairwise(bounds):
        ranks.extend(np.array([n for n in wanted if low < n <= high], np.int64))
    expected = [wanted.index(number) for number in asked if number in numbers]
    assert ranks.places(np.array(asked, np.int64)).tolist() == expected
