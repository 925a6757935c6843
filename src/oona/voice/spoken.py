"""Writing a text as it is said: numbers, dates, times, money, units, abbreviations, addresses.

Any voice can then read it: what comes out holds no digit and no mark-up. English. The rules are
tried in their order, each on what the ones before have left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from re import Match

from oona.voice.numbers import cardinal, decimal, digits, ordinal, year

_YEARS_COURSE = (
    "January February March April May June July August September October November December"
)
_MONTHS = _YEARS_COURSE.split()
_BY_NAME = {name[:n]: name for name in _MONTHS for n in (3, len(name))} | {"Sept": "September"}
_MONTH = r"(?P<month>" + "|".join(sorted(_BY_NAME, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[12]\d{3})"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"

_ABBREVIATIONS = {
    "dr": "Doctor",
    "mr": "Mister",
    "mrs": "Missus",
    "ms": "Miz",
    "prof": "Professor",
    "st": "Saint",
    "jr": "Junior",
    "sr": "Senior",
    "vs": "versus",
    "approx": "approximately",
    "dept": "department",
    "no": "number",
    "tel": "telephone",
    "e.g": "for example",
    "i.e": "that is",
    "etc": "and so on",
    "a.m": "A M",
    "p.m": "P M",
}
_MID_SENTENCE = ("dr", "mr", "mrs", "ms", "prof", "st", "no", "e.g", "i.e", "vs", "approx", "tel")
_UNITS = {
    "km/h": ("kilometer an hour", "kilometers an hour"),
    "mph": ("mile an hour", "miles an hour"),
    "km": ("kilometer", "kilometers"),
    "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"),
    "m": ("meter", "meters"),
    "mi": ("mile", "miles"),
    "ft": ("foot", "feet"),
    "kg": ("kilogram", "kilograms"),
    "g": ("gram", "grams"),
    "mg": ("milligram", "milligrams"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "l": ("liter", "liters"),
    "ml": ("milliliter", "milliliters"),
    "kB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"),
    "TB": ("terabyte", "terabytes"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "kW": ("kilowatt", "kilowatts"),
    "W": ("watt", "watts"),
    "Hz": ("hertz", "hertz"),
    "kHz": ("kilohertz", "kilohertz"),
    "ms": ("millisecond", "milliseconds"),
    "s": ("second", "seconds"),
    "min": ("minute", "minutes"),
    "h": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"),
    "%": ("percent", "percent"),
}
_MONEY = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "€": ("euro", "euros", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
}
_FRACTIONS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}
_TOP = (
    "com|org|net|edu|gov|io|dev|app|ai|info|eu|uk|us|ca|au|de|fr|es|it|nl|no|se|dk|fi|ie|nz|example"
)
_MARKS = {".": "dot", "-": "dash", "_": "underscore", "/": "slash", "+": "plus", "~": "tilde"}
_LONG_PATH = 40
_ENDS_SENTENCE = re.compile(r"\s*$|\s+[A-Z]")


def spoken(text: str) -> str:
    """`text` as it is said. A text of words alone stays as it is, but for its white space."""
    text = unicodedata.normalize("NFC", text)
    for sign, fraction in _FRACTIONS.items():
        text = re.sub(rf"(?<=\d){sign}", f" and {fraction}", text).replace(sign, fraction)
    text = "".join(_ascii_digit(character) for character in text)
    for pattern, said in _RULES:
        text = pattern.sub(said, text)
    text = "".join(c for c in text if unicodedata.category(c) not in ("So", "Cs", "Co", "Cf"))
    return re.sub(r"[ \t]+", " ", text).strip()


def _ascii_digit(character: str) -> str:
    if character.isascii() or not character.isdigit():
        return character
    return str(unicodedata.digit(character))


def _email(found: Match[str]) -> str:
    name, domain = found[0].split("@")
    return f"{_letters(name)} at {_letters(domain)}"


def _link(found: Match[str]) -> str:
    host, path = found["host"].removeprefix("www."), (found["path"] or "").rstrip("/.,;:!?)")
    if len(path) > _LONG_PATH or re.search(r"[?#=%&]", path):
        return f"a page at {_letters(host)}"
    return _letters(host + path) + (found[0][-1] if found[0][-1] in ".,;:!?)" else "")


def _letters(address: str) -> str:
    words = (_MARKS.get(part, part) for part in re.split(r"([._/+~-])", address) if part)
    return " ".join(re.sub(r"\d+", lambda n: f" {digits(n[0])} ", word) for word in words)


def _date(found: Match[str]) -> str:
    groups = found.groupdict()
    month = _BY_NAME.get(groups.get("month") or "")
    if month is None:
        number = int(groups["number"])
        if not 1 <= number <= 12:
            return found[0]
        month = _MONTHS[number - 1]
    day = int(groups["day"])
    if not 1 <= day <= 31:
        return found[0]
    said = f"{month} {ordinal(day)}"
    if "of" in groups:
        said = f"{groups['first'] or 'the '}{ordinal(day)} of {month}"
    return f"{said}, {year(int(groups['year']))}" if groups.get("year") else said


def _date_of_some_country(found: Match[str]) -> str:
    """3/4/2026 is a day in March or in April: the numbers alone are certain."""
    return f"{cardinal(int(found[1]))}, {cardinal(int(found[2]))}, {year(int(found[3]))}"


def _month_year(found: Match[str]) -> str:
    return f"{_BY_NAME[found['month']]} {year(int(found['year']))}"


def _time(found: Match[str]) -> str:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or "").replace(".", "").replace(" ", "").upper()
    if hour > 24 or minute > 59 or (half and not 1 <= hour <= 12):
        return found[0]
    if not half and (hour > 12 or hour == 0):
        half = "PM" if 12 <= hour < 24 else "AM"
    hour = hour % 12 or 12
    words = cardinal(hour)
    if minute:
        words += f" {'oh ' if minute < 10 else ''}{cardinal(minute)}"
    elif not half:
        words += " o'clock"
    ends = (found["half"] or "").endswith(".") and _ENDS_SENTENCE.match(found.string, found.end())
    return (f"{words} {' '.join(half)}" if half else words) + ("." if ends else "")


def _money(found: Match[str]) -> str:
    amount, scale = found["amount"] or found["after"], found["scale"]
    one, many, cent, cents = _MONEY[found["sign"] or found["behind"]]
    if scale:
        return f"{decimal(amount)} {scale} {many}"
    whole, _, rest = amount.replace(",", "").partition(".")
    said = f"{cardinal(int(whole))} {one if int(whole) == 1 else many}"
    if len(rest) == 2 and int(rest):
        pence = f"{cardinal(int(rest))} {cent if int(rest) == 1 else cents}"
        return f"{said} and {pence}" if int(whole) else pence
    return said if not rest.strip("0") else f"{decimal(amount)} {many}"


def _unit(found: Match[str]) -> str:
    one, many = _UNITS[found["unit"]]
    return f"{decimal(found['number'])} {one if found['number'] == '1' else many}"


def _fraction(found: Match[str]) -> str:
    over, under = int(found["over"]), int(found["under"])
    if under < 2 or over >= under:
        return f"{cardinal(over)} over {cardinal(under)}"
    part = {2: "half", 4: "quarter"}.get(under, ordinal(under))
    return f"{cardinal(over)} {part if over == 1 else 'halves' if under == 2 else part + 's'}"


def _phone(found: Match[str]) -> str:
    plus = "plus " if found[0].startswith("+") else ""
    groups = re.findall(r"\d+", found[0])
    return plus + ", ".join(digits(group) for group in groups)


def _abbreviation(found: Match[str]) -> str:
    short = found["short"].casefold()
    said = _ABBREVIATIONS[short]
    ends = short not in _MID_SENTENCE and _ENDS_SENTENCE.match(found.string, found.end())
    return f"{said}." if ends else said


def _range(found: Match[str]) -> str:
    return f"{found[1]} to "


def _plain(found: Match[str]) -> str:
    """A number of no kind, set apart from the letters that it stands among ("A4", "3rd")."""
    number, end = found[0], ""
    if number.endswith(","):
        number, end = number.rstrip(","), ","
    before = " " if found.start() and found.string[found.start() - 1].isalpha() else ""
    after = found.string[found.end() : found.end() + 1]
    return before + decimal(number) + end + (" " if after.isalpha() else "")


_Said = str | Callable[[Match[str]], str]

_RULES: tuple[tuple[re.Pattern[str], _Said], ...] = tuple(
    (re.compile(pattern, flags), said)
    for pattern, said, flags in (
        (r"!?\[([^\]\n]+)\]\([^)\s]+\)", r"\1", 0),  # a link in Markdown: its text
        (r"(?m)^\s*(?:#{1,6}|[-*•]|\d+\.)\s+(?=\S)", "", 0),
        (r"(\*\*|__|\*|`+)(?=\S)(.+?)(?<=\S)\1", r"\2", 0),
        (r"(?<=[^\s.!?…:;,])\s*\n+\s*", ". ", 0),
        (r"\s*\n+\s*", " ", 0),
        (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", _email, 0),
        (r"\bhttps?://(?P<host>[\w.-]*\w)(?P<path>/\S*)?", _link, re.IGNORECASE),
        (rf"\b(?P<host>(?:[\w-]+\.)+(?:{_TOP}))\b(?P<path>/\S*)?", _link, 0),
        (rf"\b{_YEAR}-(?P<number>[01]\d)-(?P<day>[0-3]\d)\b", _date, 0),
        (
            rf"(?P<first>\b[Tt]he )?\b{_DAY}(?P<of> of)? {_MONTH}(?:,? {_YEAR}\b)?",
            _date,
            0,
        ),
        (rf"\b{_MONTH} {_DAY}\b(?![:.]\d)(?:,? {_YEAR}\b)?", _date, 0),
        (rf"\b{_MONTH} {_YEAR}\b", _month_year, 0),
        (r"\b(\d\d?)/(\d\d?)/([12]\d{3})\b", _date_of_some_country, 0),
        (r"(?<=:\d\d)\s?[-\u2013]\s?(?=\d\d?:\d\d)", " to ", 0),
        (
            r"\b(?P<hour>[0-2]?\d):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?:\s?(?P<half>[ap]\.?m\b\.?))?",
            _time,
            re.IGNORECASE,
        ),
        (r"\b(?P<hour>\d{1,2})(?P<minute>)\s?(?P<half>[ap]\.?m\b\.?)", _time, re.IGNORECASE),
        (
            rf"(?:(?P<sign>[$€£])\s?(?P<amount>{_NUMBER})|(?P<after>{_NUMBER})\s?(?P<behind>[€£]))"
            r"(?:\s(?P<scale>thousand|million|billion|trillion))?",
            _money,
            0,
        ),
        (r"(?<![\w.])\+?\d{1,4}(?:[ -]\d{2,4}){2,}(?![\w-])|(?<![\w.-])\d{3}-\d{4}\b", _phone, 0),
        (r"(?<![\w/])(?P<over>\d{1,2})/(?P<under>\d{1,2})(?![\w/])", _fraction, 0),
        (rf"(?<![\w.-])({_NUMBER})\s?[-\u2013]\s?(?=\d)", _range, 0),
        (
            rf"(?P<number>(?<![\w.])[-\u2212]?(?:{_NUMBER}))\s?"
            rf"(?P<unit>{'|'.join(sorted(map(re.escape, _UNITS), key=len, reverse=True))})(?!\w)",
            _unit,
            0,
        ),
        (r"\b(\d+)(?:st|nd|rd|th)\b", lambda found: ordinal(int(found[1])), re.IGNORECASE),
        (
            rf"\b(?P<when>in|since|until|from|before|after|by|of|year|to) {_YEAR}\b(?![.,]\d|%)",
            lambda found: f"{found['when']} {year(int(found['year']))}",
            re.IGNORECASE,
        ),
        (
            r"(?<![\w.])(?P<short>(?i:e\.g|i\.e|a\.m|p\.m|vs|approx|dept|etc|tel|no(?=\. \d))"
            r"|(?:Dr|Mr|Mrs|Ms|Prof|St)(?=\. [A-Z])|Jr|Sr)\.",
            _abbreviation,
            0,
        ),
        (r"#(?=\d)", "number ", 0),
        (r"~(?=\d)", "about ", 0),
        (r"\s*&\s*", " and ", 0),
        (r"(?<=[\w)])\s*[×*]\s*(?=\d)", " times ", 0),
        (r"\s*=\s*", " equals ", 0),
        (r"(?<=\d)\s*\+\s*(?=\d)", " plus ", 0),
        (r"\s*(?:→|->|=>)\s*", " to ", 0),
        (r"\s+[\u2013\u2014-]\s+|\s*\u2014\s*", ", ", 0),
        (
            r"(?:(?<![\w.])[-\u2212])?\d[\d,]*(?:\.\d+)*",
            _plain,
            0,
        ),
        (r"[*_`|<>\\^~{}]+", " ", 0),
    )
)
