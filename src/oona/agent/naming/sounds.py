"""How a word sounds to an English ear, and how far two sounds are apart.

Letters become sounds by a short list of rules of our own; the distance is an edit distance whose
costs follow phonetic features (the idea of Kondrak, "A New Algorithm for the Alignment of Phonetic
Sequences", NAACL 2000; features and costs are ours). A unit is about one clearly different
consonant.

The sounds, one letter each: i see, I sit, e bed, E day, a cat, A far, O law, o go, U good, u food,
V cup, @ about, Y my, W now, Q boy; T thin, D this, S she, Z vision, C chair, J jam, N sing, j yes;
the rest as written.
"""

from __future__ import annotations

import heapq
import re
import unicodedata
from collections.abc import Iterable
from functools import cache

VOWELS = frozenset("iIeEaAOoUuV@YWQ")

_RULES: tuple[tuple[str, str], ...] = (
    ("^kn", "n"), ("^wr", "r"), ("^ps", "s"), ("^x", "z"), ("^wh", "w"), ("^y", "j"),
    ("^eu", "ju"), ("^rh", "r"), ("^hj", "j"), ("^bj", "bj"), ("^mc", "mk"), ("tion$", "S@n"),
    ("sion$", "Z@n"), ("ture$", "C@r"), ("ough", "O"), ("augh", "O"), ("eigh", "E"), ("igh", "Y"),
    ("tch", "C"), ("dge", "J"), ("sch", "S"), ("ch", "C"), ("sh", "S"), ("th", "T"), ("ph", "f"),
    ("gh", "g"), ("ck", "k"), ("qu", "kw"), ("ng$", "N"), ("nk", "Nk"), ("wh", "w"), ("rh", "r"),
    ("zh", "Z"), ("kh", "k"), ("xi", "Si"), ("le$", "@l"), ("les$", "@lz"), ("ey$", "i"),
    ("ie$", "i"), ("ee", "i"), ("ea", "i"), ("^ai", "Y"), ("ai$", "Y"), ("ai", "E"), ("ay", "E"),
    ("ei", "E"), ("oo", "u"), ("oa$", "o@"), ("oa", "o"), ("ou", "W"), ("ow", "W"), ("oi", "Q"),
    ("oy", "Q"), ("au", "O"), ("aw", "O"), ("ew", "u"), ("ue$", "u"), ("ui", "u"), ("aa", "A"),
    ("ii", "i"), ("uu", "u"), ("eu", "u"), ("oe$", "oi"), ("a([bdgklmnptvz])e$", "E*"),
    ("i([bdgklmnptvz])e$", "Y*"), ("o([bdgklmnptvz])e$", "o*"), ("u([bdgklmnptvz])e$", "u*"),
    ("a(c)e$", "Es"), ("i(c)e$", "Ys"), ("are$", "Er"), ("ire$", "Y@r"), ("ore$", "Or"),
    ("ure$", "ur"), ("ere$", "Ir"), ("ise$", "Yz"), ("ose$", "oz"), ("ase$", "Es"),
    ("use$", "uz"), ("ese$", "iz"), ("air", "Er"), ("ar", "Ar"), ("er$", "@r"),
    ("er(?=[^aeiouy])", "@r"), ("ir(?=[^aeiouy]|$)", "@r"), ("ur(?=[^aeiouy]|$)", "@r"),
    ("or(?=[^aeiouy]|$)", "Or"), ("c(?=[eiy])", "s"), ("c", "k"), ("g(?=[ei])", "g"), ("x", "ks"),
    ("j", "J"), ("q", "k"), ("y$", "i"), ("y(?=[aeou])", "j"), ("y", "i"), ("e$", ""),
    ("a$", "@"), ("i$", "i"), ("o$", "o"), ("u$", "u"), ("i(?=[aou])", "i"), ("a(?=[eou])", "A"),
    ("u(?=[ai])", "w"), ("a(?=[^aeiouy][aeiouy])", "A"), ("e(?=[^aeiouy][aeiouy])", "e"),
    ("i(?=[^aeiouy][aeiouy])", "i"), ("o(?=[^aeiouy][aeiouy])", "o"),
    ("u(?=[^aeiouy][aeiouy])", "u"), ("a", "a"), ("e", "e"), ("i", "I"), ("o", "O"), ("u", "V"),
)  # fmt: skip
_BY_LETTER: dict[str, list[tuple[re.Pattern[str], bool, str]]] = {}
for _letters, _sound in _RULES:
    _bare = _letters.lstrip("^")
    _BY_LETTER.setdefault(_bare[0], []).append((re.compile(_bare), _bare != _letters, _sound))
_AS_WRITTEN = frozenset("bdfghklmnprstvwz")

# Height 0 (closed) to 3 (open) and place 0 (front) to 2 (back) of each vowel; for the gliding
# ones, of where they begin.
_VOWEL = {
    "i": (0, 0), "I": (0.6, 0.3), "e": (1.6, 0), "E": (1, 0), "a": (2.6, 0.4), "A": (3, 1.6),
    "O": (2.2, 2), "o": (1.2, 2), "U": (0.6, 1.7), "u": (0, 2), "V": (2.2, 1.2), "@": (1.6, 1),
    "Y": (3, 0.8), "W": (3, 1.2), "Q": (2, 1.8),
}  # fmt: skip
_GLIDING = frozenset("YWQ")

# Manner, place (lips 0 to throat 6) and voice of each consonant.
_CONSONANT = {
    "p": ("stop", 0, 0), "b": ("stop", 0, 1), "t": ("stop", 3, 0), "d": ("stop", 3, 1),
    "k": ("stop", 5, 0), "g": ("stop", 5, 1), "f": ("hiss", 1, 0), "v": ("hiss", 1, 1),
    "T": ("hiss", 2, 0), "D": ("hiss", 2, 1), "s": ("hiss", 3, 0), "z": ("hiss", 3, 1),
    "S": ("hiss", 4, 0), "Z": ("hiss", 4, 1), "h": ("hiss", 6, 0), "C": ("burst", 4, 0),
    "J": ("burst", 4, 1), "m": ("hum", 0, 1), "n": ("hum", 3, 1), "N": ("hum", 5, 1),
    "l": ("flow", 3, 1), "r": ("flow", 4, 1), "w": ("flow", 0, 1), "j": ("flow", 4, 1),
}  # fmt: skip
_NEAR_MANNERS = frozenset({frozenset({"stop", "burst"}), frozenset({"hiss", "burst"})})


@cache
def sounds(word: str) -> str:
    """The sounds of one written word, a letter each; empty for a word without letters."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    letters = "".join(c for c in letters if "a" <= c <= "z")
    letters = re.sub(r"([b-df-hj-np-tv-z])\1", r"\1", letters)
    heard, at = "", 0
    while at < len(letters):
        found, step = _read(letters, at, heard)
        heard += found
        at += step
    return heard


def _read(letters: str, at: int, heard: str) -> tuple[str, int]:
    """The sound of the letters at `at`, and how many of them it takes."""
    for pattern, first, sound in _BY_LETTER.get(letters[at], ()):
        if first and at:
            continue
        match = pattern.match(letters, at)
        if match is None:
            continue
        if sound == "" and not VOWELS & set(heard):
            continue  # "me", "she": the only vowel is never silent
        if "*" in sound:
            return sound.replace("*", match[1]), len(match[0])
        return sound, len(match[0])
    letter = letters[at]
    return (letter if letter in _AS_WRITTEN else "i" if letter == "e" else ""), 1


def syllables(heard: str) -> int:
    """How many vowels are heard, each with the glide in it."""
    return sum(sound in VOWELS for sound in heard)


@cache
def gap(one: str, other: str) -> float:
    """What it costs to take one sound for the other, or ("") for none: 0 to 1.2."""
    if one == other:
        return 0.0
    if not one or not other:
        sound = one or other
        return {"@": 0.4, "h": 0.5, "I": 0.5}.get(sound, 0.6 if sound in VOWELS else 0.8)
    if one in VOWELS and other in VOWELS:
        (high, back), (high2, back2) = _VOWEL[one], _VOWEL[other]
        glide = 0.25 if (one in _GLIDING) != (other in _GLIDING) else 0.0
        return min(0.9, 0.1 + 0.2 * abs(high - high2) + 0.2 * abs(back - back2) + glide)
    if one in VOWELS or other in VOWELS:
        return 0.5 if {one, other} in ({"i", "j"}, {"I", "j"}, {"u", "w"}, {"U", "w"}) else 1.2
    (manner, place, voiced), (manner2, place2, voiced2) = _CONSONANT[one], _CONSONANT[other]
    cost = 0.1 * abs(place - place2) + 0.25 * abs(voiced - voiced2) + 0.1
    if manner != manner2:
        cost += 0.3 if frozenset({manner, manner2}) in _NEAR_MANNERS else 0.5
    return min(1.0, cost)


class Lexicon:
    """Words kept by their sounds in a tree, so that the nearest is found without trying each."""

    def __init__(self, words: Iterable[tuple[str, str]]) -> None:
        """`words` are pairs of a word and its sounds."""
        self._root = _Node()
        self.size = 0
        for word, heard in words:
            node = self._root
            for sound in heard:
                node = node.after.setdefault(sound, _Node())
            if heard and not node.word:
                node.word = word
                self.size += 1

    def nearest(self, heard: str, at_most: float = 3.0, enough: float = 0.0) -> tuple[float, str]:
        """The distance of the nearest word, and that word; (`at_most`, "") if none is nearer.

        A word nearer than `enough` ends the search, though a nearer one may exist.
        """
        table = _Table(heard)
        best, word = at_most, ""
        count = 0  # a tie must not compare nodes
        waiting = [(0.0, count, self._root, table.first)]
        while waiting and waiting[0][0] < best >= enough:
            _, _, node, row = heapq.heappop(waiting)
            for sound, child in node.after.items():
                below = table.below(row, sound)
                if child.word and below[-1] < best:
                    best, word = below[-1], child.word
                if (least := min(below)) < best:
                    count += 1
                    heapq.heappush(waiting, (least, count, child, below))
        return best, word


class _Node:
    """One sound of the tree: which may follow, and the word that ends here."""

    __slots__ = ("after", "word")

    def __init__(self) -> None:
        self.after: dict[str, _Node] = {}
        self.word = ""


class _Table:
    """The edit table of one word, row by row, against any other."""

    def __init__(self, heard: str) -> None:
        self._heard = heard
        self._alone = [gap(sound, "") for sound in heard]
        self._costs: dict[str, tuple[float, list[float]]] = {}
        self.first = [0.0]
        for cost in self._alone:
            self.first.append(self.first[-1] + cost)

    def below(self, row: list[float], sound: str) -> list[float]:
        """The row under `row`, for one more `sound` of the other word."""
        if sound not in self._costs:
            self._costs[sound] = (gap(sound, ""), [gap(own, sound) for own in self._heard])
        left_out, costs = self._costs[sound]
        last = row[0] + left_out
        below = [last]
        for before, above, cost, alone in zip(row, row[1:], costs, self._alone, strict=False):
            last = min(before + cost, above + left_out, last + alone)
            below.append(last)
        return below


def distance(one: str, other: str) -> float:
    """How far the sounds `one` are from the sounds `other`."""
    table = _Table(one)
    row = table.first
    for sound in other:
        row = table.below(row, sound)
    return row[-1]
