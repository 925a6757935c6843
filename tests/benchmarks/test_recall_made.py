"""The made-up lives that recall's weights are fitted on."""

from __future__ import annotations

from benchmarks.recall.made import conversations


def test_made_lives_are_the_same_for_one_seed_and_ask_only_for_what_was_told() -> None:
    """A seed tells one story; every question's answer stands in it, and no blank is left open."""
    chat, diary = conversations(2, seed=3)
    assert [chat, diary] == conversations(2, seed=3)
    assert conversations(1, seed=4) != [chat]
    for life in (chat, diary):
        units = {turn.unit for turn in life.turns}
        assert all(question.gold and question.gold <= units for question in life.questions)
        texts = [q.text for q in life.questions] + [turn.text for turn in life.turns]
        assert not any("{" in text or "  " in text for text in texts)
    assert {"multi-hop", "temporal", "inference"} <= {q.category for q in chat.questions}
    assert all(turn.own or not turn.speaker for turn in diary.turns)


def test_made_questions_ask_what_a_friend_did_not_tell_as_adversarial() -> None:
    """An adversarial question names one friend, and its answer was told by the other."""
    [chat] = conversations(1)
    speaker = {turn.unit: turn.speaker for turn in chat.turns}
    asked = [question for question in chat.questions if question.category == "adversarial"]
    assert asked
    for question in asked:
        assert not any(speaker[unit] in question.text for unit in question.gold)
