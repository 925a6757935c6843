"""Blind conversations and their judgements."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation import conversations
from evaluation.companion import whole_sentences
from evaluation.conversations import CRITERIA, Exchange, Talk, blind, oona_is
from evaluation.judgements import BadJudgement, read_verdicts, score, score_files

KEY = {"one": "A", "two": "B", "three": "A"}


def row(name: str, prefer: str | None, a: int = 0, b: int = 0) -> dict[str, object]:
    """A judgement with the same mark on every criterion."""
    marks = {"A": dict.fromkeys(CRITERIA, a), "B": dict.fromkeys(CRITERIA, b)}
    return {"id": name, **marks, "prefer": prefer, "why": ""}


def test_preference_is_read_through_the_key() -> None:
    """A letter means Oona or the bare model by the key of that conversation alone."""
    found: dict[str, Any] = score([row("one", "A"), row("two", "A"), row("three", "tie")], KEY)
    assert found["judged"] == 3
    assert found["ties"] == 1
    assert found["preferred"]["hits"] == 1
    assert found["preferred"]["of"] == 2
    assert found["preferred_ties_halved"] == 50.0


def test_marks_go_to_the_side_that_the_key_names() -> None:
    """Marks of A and B are turned into marks of Oona and of the bare model."""
    found: dict[str, Any] = score([row("one", "A", a=1, b=-1), row("two", "B", a=-1, b=1)], KEY)
    assert found["criteria"]["warm"] == {"oona": 1.0, "bare": -1.0}


def test_a_conversation_that_nobody_judged_does_not_count() -> None:
    """Lines left empty are neither won nor lost."""
    assert score([row("one", None)], KEY)["judged"] == 0


@pytest.mark.parametrize(
    "bad", [row("nobody", "A"), row("one", "C"), row("one", "A", a=5), {"id": "one", "prefer": "A"}]
)
def test_a_judgement_that_cannot_be_right_is_refused(bad: dict) -> None:
    """An unknown conversation, letter or mark is an error, never a silent zero."""
    with pytest.raises(BadJudgement):
        score([bad], KEY)


def test_the_blind_page_tells_the_sides_apart_by_letter_only() -> None:
    """Both replies stand there once, under the letter that the key gives, without rule or model."""
    talk = Talk("t", "Someone.", "Nothing.", ("Hi",) * 10)
    exchange = Exchange("Hi", "from us", "from it", "reflex.greeting", ("life: x",), 7, 9)
    first = "\n".join(blind(talk, [exchange], "A"))
    second = "\n".join(blind(talk, [exchange], "B"))
    assert "A: from us" in first
    assert "B: from it" in first
    assert "A: from it" in second
    assert "reflex" not in first
    assert "life" not in first


def test_the_coin_is_fair_and_the_seeds_own() -> None:
    """Each letter comes up, and the same seed throws the same."""
    thrown = [oona_is(f"talk {number}", 3) for number in range(200)]
    assert 60 < thrown.count("A") < 140
    assert thrown == [oona_is(f"talk {number}", 3) for number in range(200)]


def test_thirty_conversations_of_ten_turns_stand_ready() -> None:
    """The person's side is written, each with an end."""
    talks = conversations.load()
    assert len(talks) == 30
    assert len({talk.id for talk in talks}) == 30


def test_files_are_scored_with_the_key_beside_them(tmp_path: Path) -> None:
    """A judgement file finds its key in its own folder, and the result is kept there."""
    (tmp_path / "key.json").write_text(json.dumps(KEY))
    file = tmp_path / "judgements.jsonl"
    file.write_text(json.dumps(row("one", "A")) + "\n")
    score_files([file], lambda line: None)
    assert json.loads((tmp_path / "judged.json").read_text())["judged"] == 1


def test_several_judges_are_pooled(tmp_path: Path) -> None:
    """Each judge's line counts once; no file overwrites another's."""
    (tmp_path / "key.json").write_text(json.dumps(KEY))
    files = [tmp_path / "first.jsonl", tmp_path / "second.jsonl"]
    for file, prefer in zip(files, "AB", strict=True):
        file.write_text(json.dumps(row("one", prefer)) + "\n")
    found: dict[str, Any] = score_files(files, lambda line: None)
    assert found["preferred"]["of"] == 2
    assert found["preferred"]["hits"] == 1


def test_a_readers_verdicts_become_shares(tmp_path: Path) -> None:
    """Wrong cuts are counted against all clauses of the run, inventions against replies read."""
    figures = {"cases": {"to_read": {"questionable_cuts": {"of": 200}}}}
    (tmp_path / "summary.json").write_text(json.dumps(figures))
    rows: list[dict[str, Any]] = [{"type": "cut", "verdict": v} for v in ("wrong", "right")]
    rows += [{"type": "reply", "verdict": v} for v in ("fine", "invented", "poor", "fine", "")]
    found: dict[str, Any] = read_verdicts(rows, tmp_path)
    assert found["wrong_cuts"]["percent"] == 0.5
    assert found["inventions_read"]["percent"] == 25.0
    assert found["replies_unread"] == 1
    unread: dict[str, Any] = read_verdicts([*rows, {"type": "cut", "verdict": ""}], tmp_path)
    assert unread["wrong_cuts"]["percent"] is None
    with pytest.raises(BadJudgement):
        read_verdicts([{"type": "cut", "verdict": "fine"}], tmp_path)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("One. Two. And thr", "One. Two."),
        ("No end at all", "No end at all"),
        ("3.5 litres are eno", "3.5 litres are eno"),
        ("Done!", "Done!"),
    ],
)
def test_a_bare_reply_that_was_cut_off_ends_with_its_last_sentence(text: str, whole: str) -> None:
    """The bare model is not shown in half sentences either."""
    assert whole_sentences(text) == whole
