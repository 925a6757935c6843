"""What the benchmark of recall counts."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import pytest

from benchmarks.recall.conversations import beam, locomo
from benchmarks.recall.measures import interval, measured

SESSIONS = {f"t{n}": f"s{n // 4}" for n in range(40)}


def test_a_perfect_ranking_measures_one() -> None:
    """Every measure is 1 when the gold turns come first."""
    gold = frozenset({"t1", "t2"})
    assert set(measured(["t2", "t1", "t9"], gold, SESSIONS).values()) == {1.0}


def test_recall_is_the_share_of_the_gold_that_was_found() -> None:
    """Recall counts shares, hit any, all every one; gain falls with the place."""
    ranking = [f"t{n}" for n in range(30)]
    scores = measured(ranking, frozenset({"t0", "t6", "t15", "t35"}), SESSIONS)
    assert (scores["r@5"], scores["r@10"], scores["r@20"]) == (0.25, 0.5, 0.75)
    assert (scores["hit@5"], scores["all@10"], scores["session hit@5"]) == (1, 0, 1)
    ideal = sum(1 / math.log2(place + 2) for place in range(4))
    assert scores["ndcg@10"] == pytest.approx((1 + 1 / 3) / ideal)


def test_nothing_found_measures_nothing() -> None:
    """An empty ranking is zero in every measure."""
    assert set(measured([], frozenset({"t1"}), SESSIONS).values()) == {0.0}


def test_intervals_hold_the_mean_and_widen_with_what_differs() -> None:
    """Like conversations give an interval of a point, unlike ones a wide one around the mean."""
    assert interval([[0.5, 0.5], [0.5]]) == (50, 50)
    low, high = interval([[0.0] * 5, [1.0] * 5, [0.5] * 5, [0.2] * 5])
    assert low < 42.5 < high
    assert high - low > 20


def test_conversations_are_read(tmp_path: Path) -> None:
    """LoCoMo's gold is by turn, BEAM's by exchange; questions without gold are left out."""
    talk = {
        "speaker_a": "Ada",
        "speaker_b": "Bo",
        "session_1_date_time": "1:56 pm on 8 May, 2023",
        "session_1": [
            {"speaker": "Ada", "dia_id": "D1:1", "text": "Look!", "blip_caption": "a hill"},
            {"speaker": "Bo", "dia_id": "D1:2", "text": "Nice."},
        ],
    }
    asked = [
        {"question": "Where?", "category": 4, "evidence": ["D1:01; D9:9"]},
        {"question": "Why?", "category": 4, "evidence": ["D"]},
    ]
    (tmp_path / "l.json").write_text(
        json.dumps([{"sample_id": "c", "conversation": talk, "qa": asked}]), encoding="utf-8"
    )
    [read] = locomo(tmp_path / "l.json")
    assert [turn.text for turn in read.turns] == ["Look! [shares a hill]", "Nice."]
    assert [question.gold for question in read.questions] == [{"D1:1"}]
    turns = [
        {"id": n, "role": role, "batch": 1, "turn": n, "date": None, "text": "x"}
        for n, role in enumerate(["user", "assistant", "user", "assistant"])
    ]
    chat = {"size": "100K", "turns": turns, "questions": [{"cat": "a", "q": "?", "ev": [3]}]}
    packed = gzip.compress(json.dumps(chat).encode())
    (tmp_path / "b.json.gz").write_bytes(packed)
    read = beam(tmp_path / "b.json.gz")
    assert [turn.unit for turn in read.turns] == ["0", "0", "2", "2"]
    assert [question.gold for question in read.questions] == [{"2"}]
