"""The made year: the same life for the same seed, and nothing invented or back in it."""

from __future__ import annotations

from pathlib import Path

from benchmarks.life import KNOWN, OTHERWISE, filled, live


def test_a_life_is_made_by_its_seed_alone(tmp_path: Path) -> None:
    """Two lives of one seed come to the same figures."""
    first, again = live(tmp_path, 3, 40), live(tmp_path, 3, 40)
    assert first.figures() == again.figures()
    assert first.asked > 5


def test_nothing_is_invented_and_nothing_comes_back(tmp_path: Path) -> None:
    """Jokes, wishes and reports give no answers, and what was forgotten has none."""
    lived = live(tmp_path, 4, 100)
    assert lived.forgotten > 0
    assert (lived.invented, lived.resurfaced) == (0, 0)
    assert lived.recognised == lived.unanswerable > 0


def test_wordings_fit_whoever_they_are_of() -> None:
    """The generator speaks of the person and of others in correct English."""
    form = KNOWN["lives_in"][0]
    assert filled(form, "me", "Oslo") == "I live in Oslo."
    assert filled(form, "my wife Eva", "Oslo") == "My wife Eva lives in Oslo."
    assert filled(OTHERWISE["works_at"][0], "me", "Yara") == "Yara pays my wages now."
