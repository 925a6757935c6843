"""Numbers in English words, as America says them: "one hundred five", "twenty twenty-six"."""

from __future__ import annotations

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES, _TENS = _SMALL.split(), _ROUND.split()
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_LARGEST = 10**15


def cardinal(number: int) -> str:
    """How many; beyond the trillions, digit by digit."""
    if number < 0:
        return f"minus {cardinal(-number)}"
    if number >= _LARGEST:
        return digits(str(number))
    for size, name in _SCALES:
        if number >= size:
            return _joined(f"{cardinal(number // size)} {name}", number % size)
    if number >= 100:
        return _joined(f"{_ONES[number // 100]} hundred", number % 100)
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")


def ordinal(number: int) -> str:
    """Which one in a row."""
    words = cardinal(number)
    start = max(words.rfind(" "), words.rfind("-")) + 1
    last = words[start:]
    if last in _ORDINALS:
        return words[:start] + _ORDINALS[last]
    return words[:start] + (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")


def year(number: int) -> str:
    """A year of our calendar: "nineteen oh five", "two thousand eight", "twenty twenty-six"."""
    century, rest = divmod(number, 100)
    if not 1000 <= number < 10_000 or (century % 10 == 0 and rest < 10):
        return cardinal(number)
    if rest == 0:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"


def decimal(text: str) -> str:
    """A number as it is written: "1,250", "-3.05", "3.11.7"."""
    if text.startswith(("-", "\u2212")):
        return f"minus {decimal(text[1:])}"
    whole, *parts = text.replace(",", "").split(".")
    words = [_whole(whole)]
    for place, part in enumerate(parts):
        # 3.14 is "three point one four", the version 3.11.7 "three point eleven point seven".
        words.append(_whole(part) if len(parts) > 1 or place else digits(part))
    return " point ".join(words)


def digits(text: str) -> str:
    """One digit after the other; all else in `text` is left out."""
    return " ".join(_ONES[int(digit)] for digit in text if digit.isdecimal())


def _whole(text: str) -> str:
    if (len(text) > 1 and text.startswith("0")) or len(text) > 15:
        return digits(text)
    return cardinal(int(text))


def _joined(words: str, rest: int) -> str:
    return f"{words} {cardinal(rest)}" if rest else words
