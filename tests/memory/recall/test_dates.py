"""The days that a question speaks of."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.memory.dates import Period, periods

TODAY = date(2026, 11, 23)  # a Monday


def day(year: int, month: int, number: int) -> Period:
    """One day as a period."""
    return Period(date(year, month, number), date(year, month, number))


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What did I say on 8 May 2023?", [day(2023, 5, 8)]),
        ("on May 8, 2023?", [day(2023, 5, 8)]),
        ("on the 3rd of june", [day(2026, 6, 3)]),
        ("on Dec 24", [day(2025, 12, 24)]),
        ("in June 2024", [Period(date(2024, 6, 1), date(2024, 6, 30))]),
        ("in december", [Period(date(2025, 12, 1), date(2025, 12, 31))]),
        ("in May", [Period(date(2026, 5, 1), date(2026, 5, 31))]),
        ("on 2026-01-31", [day(2026, 1, 31)]),
        ("in 2024", [Period(date(2024, 1, 1), date(2024, 12, 31))]),
        ("yesterday", [day(2026, 11, 22)]),
        ("last week", [Period(date(2026, 11, 16), date(2026, 11, 22))]),
        ("last month", [Period(date(2026, 10, 1), date(2026, 10, 31))]),
        ("last Friday", [day(2026, 11, 20)]),
        ("last monday", [day(2026, 11, 16)]),
        ("last year", [Period(date(2025, 1, 1), date(2025, 12, 31))]),
        ("three days ago", [Period(date(2026, 11, 20), date(2026, 11, 20))]),
        ("2 weeks ago", [Period(date(2026, 11, 6), date(2026, 11, 12))]),
    ],
)
def test_dates_are_read(question: str, wanted: list[Period]) -> None:
    """Each way of naming a day or a period gives its days, seen from today."""
    assert periods(question, TODAY) == wanted


@pytest.mark.parametrize(
    "question",
    ["May I ask?", "It may rain", "They march on", "31 June 2024", "call 5551234", "in room 12"],
)
def test_other_words_and_numbers_are_no_dates(question: str) -> None:
    """What merely looks like a date, or is on no calendar, names no single day."""
    assert not [p for p in periods(question, TODAY) if (p.last - p.first).days < 300]


@given(st.text(max_size=80), st.dates(date(1971, 1, 1), date(2200, 1, 1)))
def test_no_question_breaks_the_reading(question: str, today: date) -> None:
    """Whatever is asked, periods are whole: none ends before it begins."""
    assert all(period.first <= period.last for period in periods(question, today))
