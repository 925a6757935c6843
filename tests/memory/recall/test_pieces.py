"""What is given of the turns that were found."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oona.memory.fulltext import estimate_tokens
from oona.memory.pieces import excerpt
from tests.memory.recall.conftest import Recalling

CHATTER = ["The weather was dull.", "I cooked lentils.", "The train to Bergen was late."]
LETTER = (
    "We left the harbour early. The sea was calm all day. At noon the cook fell ill. "
    "Nobody knew why. My grandmother Solveig kept the lighthouse then. She wrote it all down. "
    + " ".join(f"On day {n} there was nothing but water and wind." for n in range(60))
)


def test_a_turn_longer_than_the_budget_is_given_by_what_bears(life: Recalling) -> None:
    """Of a long letter the sentence asked for is recalled, within the budget, with its event."""
    [letter] = life.tell(LETTER)
    life.clock.advance(timedelta(hours=3))
    life.tell(*CHATTER)
    life.think()
    found = life.recall.find("Who kept the lighthouse?", 60).turns
    [text] = [turn.text for turn in found if turn.event.id == letter.id]
    assert "My grandmother Solveig kept the lighthouse then." in text
    assert sum(estimate_tokens(turn.text) for turn in found) <= 60


def test_a_long_turn_leaves_room_for_others(life: Recalling) -> None:
    """One long turn does not take the whole budget: another that bears on the question is there."""
    [letter, dream, *_] = life.tell(LETTER, "I dreamt of a lighthouse.", *CHATTER)
    life.think()
    found = {turn.event.id: turn.text for turn in life.recall.find("lighthouse", 60).turns}
    assert found[dream.id] == "I dreamt of a lighthouse."
    assert "lighthouse" in found[letter.id]


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    text=st.text(alphabet="ab .!?\n\"'…é", max_size=400),
    room=st.integers(14, 120),
    stems=st.lists(st.sampled_from(["a", "b", "ab"]), unique=True),
)
def test_an_excerpt_is_verbatim_and_fits(
    life: Recalling, text: str, room: int, stems: list[str]
) -> None:
    """Whatever is cut, every word of it stands in the turn, in that order, and it fits."""
    given_text = excerpt(life.store, text, stems, room)
    assert estimate_tokens(given_text) <= room
    rest = iter(text.split())
    assert all(word in rest for word in given_text.split() if word != "…")


def test_a_sentence_without_an_end_is_cut_around_the_word_asked_for(life: Recalling) -> None:
    """A pasted list has no sentences: the words about the one that was asked for are given."""
    pasted = " ".join(f"w{n}" for n in range(500)) + " walrus " + " ".join(["x"] * 500)
    cut = excerpt(life.store, pasted, ["walru"], 20)
    assert "walrus" in cut
    assert cut.startswith("…")
    assert cut.endswith("…")


def test_what_says_the_same_is_given_once(life: Recalling) -> None:
    """Fillers and punctuation make no second piece of one thing."""
    life.tell("I really love the cello!", *CHATTER, "Oh yes, I love the cello.")
    assert len([text for text in life.find("cello") if "cello" in text]) == 1


def test_a_correction_is_no_repetition(life: Recalling) -> None:
    """A number, a denial, another order or another voice makes another piece."""
    told = [
        "The cello lesson with Tom is at 3.",
        "The cello lesson with Tom is at 4.",
        "The cello lesson with Tom is not at 4.",
        "Tom is at the cello lesson with 4.",
    ]
    life.tell(*told, *CHATTER)
    life.chat("Maria", told[0])
    found = life.find("cello lesson")
    assert sorted(text for text in found if "cello" in text) == sorted([*told, told[0]])
