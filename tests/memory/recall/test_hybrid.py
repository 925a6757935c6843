"""Recall by words and by meaning together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from oona.memory.hybrid import HybridRecall
from oona.memory.table import Floats
from oona.trust.lexicon import STOP_WORDS
from tests.memory.recall.conftest import Recalling

CHATTER = [
    "The weather was dull all morning.",
    "I cooked lentils with cumin.",
    "The train to Bergen was late.",
    "My sister plays the cello.",
]


def test_what_was_just_said_is_found_by_its_words_at_once(life: Recalling) -> None:
    """A turn is findable by its words as soon as it is written, before any vector is made."""
    life.tell(*CHATTER)
    assert life.find("Who plays the cello?")[0] == "My sister plays the cello."


def test_words_that_mean_the_same_find_a_turn_without_its_words(life: Recalling) -> None:
    """Once vectors are made, a turn is found that shares no word with the question."""
    life.tell(*CHATTER, "We bought a beagle.")
    assert "We bought a beagle." not in life.find("puppy?")
    life.think()
    assert life.find("puppy?")[0] == "We bought a beagle."


def test_without_an_embedder_recall_goes_by_words(life: Recalling) -> None:
    """No embedder: words still find, nothing fails, and it is told."""
    life.tell(*CHATTER)
    life.think()
    bare = HybridRecall(life.store, life.spoken, STOP_WORDS)
    assert bare.embedders == ()
    [best, *_] = bare.find("cello", 100).turns
    assert best.event.text() == "My sister plays the cello."


def test_nothing_is_recalled_that_has_nothing_to_do_with_the_question(life: Recalling) -> None:
    """A question about what was never spoken of finds nothing: ignorance is to be seen as such."""
    life.tell(*CHATTER)
    life.think()
    assert life.find("zeppelin") == []


def test_yesterday_is_the_day_before_the_question(life: Recalling) -> None:
    """Who asks in the morning means the evening before, though nothing else was said today."""
    life.at(datetime(2026, 11, 20, 19, tzinfo=UTC))
    life.tell("We walked to the harbour.")
    life.at(datetime(2026, 11, 21, 19, tzinfo=UTC))
    life.tell("We walked to the castle.")
    life.at(datetime(2026, 11, 22, 8, tzinfo=UTC))
    [asked] = life.tell("Where did we walk yesterday?")
    assert life.find("Where did we walk yesterday?", before=asked.seq)[0] == (
        "We walked to the castle."
    )


def test_a_question_that_was_expected_is_embedded_once(
    life: Recalling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was expected is found as ever, embedded ahead; another question is embedded itself."""
    life.tell(*CHATTER, "We bought a beagle.")
    life.think()
    [wanted, other] = life.find("puppy?"), life.find("the cello?")
    embedded: list[str] = []
    embed = life.embedder.embed

    def noted(texts: Sequence[str], *, question: bool = False) -> Floats:
        embedded.extend(texts)
        return embed(texts, question=question)

    monkeypatch.setattr(life.embedder, "embed", noted)
    life.recall.expect("puppy?")
    assert life.find("puppy?") == wanted
    assert embedded == ["puppy?"]
    life.recall.expect("puppy?")
    assert life.find("the cello?") == other
    assert embedded == ["puppy?", "puppy?", "the cello?"]
    assert life.find("puppy?") == wanted


def test_pieces_fit_the_budget(life: Recalling) -> None:
    """All pieces together take no more tokens than allowed, and a budget of none gives none."""
    life.tell(*(f"The cello lesson number {n} went well." for n in range(30)))
    life.think()
    for budget in (0, 10, 25, 100):
        found = life.find("cello", budget)
        assert sum(len(text.split()) for text in found) <= budget
    assert life.find("cello", 0) == []


def test_one_wording_is_given_once(life: Recalling) -> None:
    """What was said twice in the same words takes the budget once."""
    life.tell("I like cello music.", *CHATTER, "i like  CELLO music.")
    assert len([text for text in life.find("cello music") if "music" in text.lower()]) == 1


def test_what_is_being_said_is_no_memory_of_itself(life: Recalling) -> None:
    """With `before`, neither that turn nor later ones are found, nor do they lend scores."""
    life.tell(*CHATTER)
    life.clock.advance(timedelta(hours=3))
    [aside, asked] = life.tell("Good evening.", "Who plays the zither?")
    life.think()
    found = life.recall.find(asked.text(), 1_000, asked.seq)
    assert asked.seq not in {turn.event.seq for turn in found.turns}
    assert aside.seq not in {turn.event.seq for turn in found.turns}


def test_the_named_speaker_outranks_who_addresses_them(life: Recalling) -> None:
    """Asked what somebody did, their own turn comes before one that greets them by name."""
    life.chat("Tom", "Hey Maria, how was the pottery?")
    life.chat("Maria", "I made a pottery bowl.")
    life.chat("Tom", "Pottery is lovely, Maria.")
    life.chat("Maria", "It rained all day.")
    life.think()
    assert life.find("What pottery did Maria make?")[0] == "I made a pottery bowl."


def test_a_date_in_the_question_lifts_what_was_said_then(life: Recalling) -> None:
    """Of two like turns, the one of the month asked for comes first; the other is still there."""
    life.at(datetime(2027, 3, 2, 12, tzinfo=UTC))
    life.tell("We went hiking with friends.")
    life.at(datetime(2027, 5, 8, 12, tzinfo=UTC))
    life.tell("We went hiking with Anna.")
    life.at(datetime(2027, 9, 1, 12, tzinfo=UTC))
    life.tell(*CHATTER)
    assert life.find("Where did we go hiking in March?")[0] == "We went hiking with friends."
    assert life.find("Where did we go hiking in May 2027?")[0] == "We went hiking with Anna."
    assert len(life.find("hiking in May 2027")) >= 2


def test_a_short_answer_is_found_by_the_question_before_it(life: Recalling) -> None:
    """A turn that shares no word with the question is found by its neighbour's words."""
    life.chat("Tom", "Which instrument do you play?")
    life.chat("Maria", "Oh, the oboe!")
    life.clock.advance(timedelta(hours=5))
    life.tell(*CHATTER)
    assert "Oh, the oboe!" in life.find("instrument")


def test_a_pasted_megabyte_is_read_at_its_beginning(life: Recalling) -> None:
    """What is asked first finds; what was pasted after it is not looked up word for word."""
    life.tell(*CHATTER)
    pasted = " ".join(f"word{n}" for n in range(150_000))
    found = life.recall.find(f"Who plays the cello? {pasted}", 100)
    assert found.turns[0].event.text() == "My sister plays the cello."
    assert life.find(f"{pasted} cello") == []


@pytest.mark.parametrize("question", ["", "   ", "?", "\0", "the of and", "'\" OR *", "é" * 2_000])
def test_no_question_breaks_recall(life: Recalling, question: str) -> None:
    """Whatever is typed, recall answers."""
    life.tell(*CHATTER)
    life.think()
    life.find(question)
    assert HybridRecall(life.store, life.spoken, STOP_WORDS).find(question, 100).turns is not None


def test_an_empty_life_recalls_nothing(life: Recalling) -> None:
    """Before anything was said there is nothing to find."""
    assert life.find("anything?") == []
    assert life.recall.find("anything?", 100).terms == ()


def test_what_is_like_what_was_asked_comes_along(life: Recalling) -> None:
    """Beside a turn that bears on the question, others that are unusually near are given, too.

    Where nothing bears on it, none is: ignorance is still to be seen.
    """
    told = [f"Word{n} thing{n} matter{n}." for n in range(12)]
    life.tell("We bought a beagle for Anna.", *told)
    life.clock.advance(timedelta(hours=3))
    life.tell("That puppy ate shoes plants chairs books lamps cables plugs socks hats.", *CHATTER)
    life.think()
    assert len([t for t in life.find("Anna puppy?") if "beagle" in t or "shoes" in t]) == 2
    assert life.find("zeppelin motor") == []
