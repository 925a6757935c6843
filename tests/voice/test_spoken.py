"""A text as it is said: what a person would read aloud, with no digit and no mark-up left."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.voice.numbers import cardinal, decimal, ordinal, year
from oona.voice.spoken import spoken

SAID = [
    # dates
    ("on 2026-03-12", "on March twelfth, twenty twenty-six"),
    ("12 March", "the twelfth of March"),
    ("the 3rd of May 1905", "the third of May, nineteen oh five"),
    ("The 3 May party", "The third of May party"),
    ("Mar 12th, 2008", "March twelfth, two thousand eight"),
    ("March 2025", "March twenty twenty-five"),
    ("in 1984", "in nineteen eighty-four"),
    ("since 2000", "since two thousand"),
    ("1984 people", "one thousand nine hundred eighty-four people"),
    ("3/4/2026", "three, four, twenty twenty-six"),
    ("I may 5 times", "I may five times"),
    # times
    ("at 15:30", "at three thirty P M"),
    ("9:00", "nine o'clock"),
    ("7 am", "seven A M"),
    ("00:15", "twelve fifteen A M"),
    ("at 3:05 p.m. And", "at three oh five P M. And"),
    ("3:05 p.m. today", "three oh five P M today"),
    ("10:30-11:30", "ten thirty to eleven thirty"),
    # money and measures
    ("$5.50", "five dollars and fifty cents"),
    ("$1", "one dollar"),
    ("€0.99", "ninety-nine cents"),
    ("20 €", "twenty euros"),
    ("£2.5 million", "two point five million pounds"),
    ("12.5%", "twelve point five percent"),
    ("-5°C", "minus five degrees Celsius"),
    ("3 km/h", "three kilometers an hour"),
    ("1 kg, 2 kg", "one kilogram, two kilograms"),
    # numbers
    ("1,250", "one thousand two hundred fifty"),
    ("3.14", "three point one four"),
    ("v3.11.7", "v three point eleven point seven"),
    ("007", "zero zero seven"),
    ("21st, 100th", "twenty-first, one hundredth"),
    ("1/2 cup and ¾ of it", "one half cup and three quarters of it"),
    ("2½", "two and one half"),
    ("5–7 days", "five to seven days"),
    ("A4", "A four"),
    ("Call 555-0134", "Call five five five, zero one three four"),
    ("+47 22 33 44 55", "plus four seven, two two, three three, four four, five five"),
    ("No. 5, #3", "number five, number three"),
    ("Say no. I will.", "Say no. I will."),
    # abbreviations
    ("Dr. Berg vs. Mrs. Li", "Doctor Berg versus Missus Li"),
    ("nuts, e.g. walnuts, etc.", "nuts, for example walnuts, and so on."),
    # addresses
    ("anna.berg@example.org", "anna dot berg at example dot org"),
    ("https://www.example.com/docs/a-b.", "example dot com slash docs slash a dash b."),
    ("https://example.com/x?id=1 now", "a page at example dot com now"),
    ("see example.com", "see example dot com"),
    # mark-up and signs
    ("**Bold**, `code`", "Bold, code"),
    ("Buy:\n- milk\n- eggs", "Buy: milk. eggs"),
    ("See [the docs](https://x.com/a).", "See the docs."),
    ("Nice \U0001f600 & warm", "Nice and warm"),
    ("Walnuts — again", "Walnuts, again"),
]


@pytest.mark.parametrize(("written", "said"), SAID)
def test_it_is_said_as_people_say_it(written: str, said: str) -> None:
    """Each kind of thing that is not written as it sounds."""
    assert spoken(written) == said


@given(st.text(max_size=120))
def test_no_digit_is_left(text: str) -> None:
    """Whatever comes, a voice gets words: nothing raises, and no digit of any script is left."""
    assert not re.search(r"\d", spoken(text))


@given(
    st.lists(st.sampled_from(["Well", "you", "told", "me", "so", "don't", "I", "see"]), min_size=1)
)
def test_words_stay_as_they_are(words: list[str]) -> None:
    """A text of plain words is not touched."""
    text = " ".join(words) + "."
    assert spoken(text) == text


@given(st.sampled_from(SAID), st.sampled_from(SAID))
def test_what_was_written_out_is_not_written_out_again(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    """Words that were made are left alone when they pass through once more."""
    made = spoken(f"{one[0]} and {other[0]}")
    assert spoken(made) == made


@given(st.integers(0, 10**15 - 1))
def test_numbers_in_words_mean_the_number(number: int) -> None:
    """Read back word by word, the words add up to the number."""
    assert value(cardinal(number)) == number


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "first"),
        (12, "twelfth"),
        (20, "twentieth"),
        (32, "thirty-second"),
        (101, "one hundred first"),
    ],
)
def test_ordinals(number: int, words: str) -> None:
    """The irregular ones, and the last word of long ones."""
    assert ordinal(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1066, "ten sixty-six"),
        (1900, "nineteen hundred"),
        (2010, "twenty ten"),
        (800, "eight hundred"),
    ],
)
def test_years(number: int, words: str) -> None:
    """Years are read in pairs, where they are."""
    assert year(number) == words


def test_more_digits_than_anyone_counts() -> None:
    """A number beyond the trillions is read digit by digit."""
    assert decimal("1" * 20) == " ".join(["one"] * 20)


_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORTH = {word: number for number, word in enumerate(_ONES.split())} | {
    word: 10 * number for number, word in enumerate(_TENS.split(), start=2)
}
_SCALE = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


def value(words: str) -> int:
    """A number in words, read the plain way round."""
    total = part = 0
    for word in words.replace("-", " ").split():
        if word == "hundred":
            part *= 100
        elif word in _SCALE:
            total, part = total + part * _SCALE[word], 0
        else:
            part += _WORTH[word]
    return total + part
