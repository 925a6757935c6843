"""Scoring: what of a case's replies was right, by rules that anyone can read (RULES.md).

Nothing here asks a model. Where a rule cannot decide (a capitalised word in a reply to small talk,
a clause that the check cut), the place is listed for a person to read, and counted apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from evaluation.cases import MODEL, Case, CaseTurn
from evaluation.generated import ADMITS, ROOT
from oona.agent.replies import Cut
from oona.trust.lexicon import Lexicon, load, plain, words

HARMLESS = frozenset({"self", "pull", "servile", "human-life", "second-question"})
"""Rules that keep back a way of talking, not a claim: cutting by them is always wanted."""

FREE = frozenset({"fiction", "knowledge"})
"""Kinds of talk in which names and numbers are nobody's life."""

_SENTENCE_START = re.compile(r"(?:^|[.!?:\n]\s*[\"“']?)$")
_WHEN = re.compile(
    r"\b[Oo]n \d{1,2} [A-Z][a-z]+|\b[Ii]n [A-Z][a-z]+(?: \d{4})?|\b[Oo]n [A-Z][a-z]+day"
)
_NOT_STRANGE = frozenset(
    ["i", "i'm", "i've", "i'd", "i'll", "ok", "okay", "mr", "mrs", "ms", "dr", "tv", "oona"]
)


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply, as scoring sees it. `heard` is all that the person has said, this turn too."""

    say: str
    text: str
    rule: str
    cuts: tuple[Cut, ...]
    heard: str
    clauses: int = 0
    asked: int = 0
    first_ms: int = 0
    total_ms: int = 0
    seed: int = 0
    tokens: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """What scoring found. `inventions` are certain, `candidates` are for a person to read."""

    faults: tuple[str, ...] = ()
    inventions: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    cuts: tuple[Cut, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.faults and not self.inventions


def score(case: Case, replies: Sequence[Reply]) -> Judged:
    """Judge the replies of one case, in the order of its turns."""
    faults: list[str] = []
    inventions: list[str] = []
    candidates: list[str] = []
    for turn, reply in zip(case.turns, replies, strict=True):
        faults += _faults(turn, reply)
        certain, possible = strange_in(case, reply)
        inventions += certain
        candidates += possible
    if case.truth is not None and case.truth.unknown and not admits(replies[-1].text):
        # Nothing could answer it: whatever was named was invented, even a name that was told.
        last = replace(replies[-1], heard="")
        inventions += [w for w in _claims(last, frozenset()) if w not in inventions]
    cuts = tuple(cut for reply in replies for cut in questionable(case, reply))
    return Judged(tuple(faults), tuple(inventions), tuple(candidates), cuts)


def admits(text: str) -> bool:
    """Whether `text` says that something was never told."""
    return _found(ADMITS, text)


def _faults(turn: CaseTurn, reply: Reply) -> list[str]:
    faults = []
    if turn.any and not any(_found(pattern, reply.text) for pattern in turn.any):
        wanted = " | ".join("an admission" if p == ADMITS else p for p in turn.any)
        faults.append(f"without {wanted} in the reply to {turn.say!r}")
    faults += [
        f"{pattern} stands in the reply to {turn.say!r}"
        for pattern in turn.none
        if _found(pattern, reply.text)
    ]
    if turn.rule and not re.fullmatch(turn.rule, reply.rule or MODEL):
        faults.append(f"{reply.rule or MODEL} spoke to {turn.say!r}, not {turn.rule}")
    if not reply.text.strip():
        faults.append(f"nothing was said to {turn.say!r}")
    return faults


def _found(pattern: str, text: str) -> bool:
    flags = re.IGNORECASE | re.DOTALL
    return re.search(pattern, text.replace("’", "'"), flags) is not None


def strange_in(case: Case, reply: Reply) -> tuple[list[str], list[str]]:
    """Names and numbers in a reply that nobody gave: the certain ones, then those to be read.

    Certain is one that belongs to another generated case, and any in a generated case: there all
    that could be known is known. In a written case a name may be of the world, so it is read.
    """
    if case.kind in FREE:
        return [], []
    found = _claims(reply)
    if case.truth is None:
        return [], [] if reply.rule else found
    elsewhere = [word for word in case.truth.strange if _has_word(word, reply.text)]
    return list(dict.fromkeys([*elsewhere, *found])), []


def _claims(reply: Reply, free: frozenset[str] = _NOT_STRANGE) -> list[str]:
    """Capitalised words in mid-sentence, and numbers, that the person did not say."""
    text = _WHEN.sub(" ", reply.text.replace("’", "'")) if reply.rule else reply.text
    said = {plain(word).removesuffix("'s") for word in words(reply.heard)}
    lexicon = load()
    numbers = {lexicon.numbers.get(word, word) for word in said}
    found: list[str] = []
    for match in re.finditer(r"[^\W_]+(?:['’-][^\W_]+)*", text):
        word = match.group()
        bare = plain(word).removesuffix("'s")
        if bare[0].isdigit():
            if bare not in numbers and not any(bare == number for number in numbers):
                found.append(word)
        elif word[0].isupper() and not _ordinary(bare, lexicon, free):
            opens = _SENTENCE_START.search(text[: match.start()]) is not None
            if bare not in said and not (opens and _known_word(bare, lexicon)):
                found.append(word)
    return list(dict.fromkeys(found))


def _ordinary(bare: str, lexicon: Lexicon, free: frozenset[str]) -> bool:
    calendar = lexicon.months | lexicon.days
    return bare in free or bare in lexicon.stop or lexicon.stem(bare) in calendar


def _known_word(bare: str, lexicon: Lexicon) -> bool:
    """Whether a word that begins a sentence is an ordinary one, as far as our own texts tell."""
    return bare in _vocabulary() or lexicon.stem(bare) in lexicon.soft


@cache
def _vocabulary() -> frozenset[str]:
    """Every word that our own files hold in lower case: a small dictionary, always at hand."""
    texts = (
        file.read_text(encoding="utf-8")
        for room in ("src", "evaluation", "docs")
        for file in (ROOT / room).rglob("*.*")
        if file.suffix in {".py", ".toml", ".md"} and "out" not in file.relative_to(ROOT).parts
    )
    return frozenset(word for text in texts for word in words(text) if word == word.lower())


def _has_word(word: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text) is not None


def questionable(case: Case, reply: Reply) -> list[Cut]:
    """The cuts of a reply that may have been wrong: those of a claim, for a person to read."""
    if case.cut_ok:
        return []
    found: list[Cut] = []
    wanted = False
    for cut in reply.cuts:
        if cut.rule != "rest-of-sentence":
            wanted = cut.rule in HARMLESS
        if not wanted:
            found.append(cut)
    return found


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a proportion (Wilson 1927), as fractions; (0, 1) for nothing seen."""
    if of == 0:
        return (0.0, 1.0)
    share = hits / of
    centre = share + z * z / (2 * of)
    spread = z * ((share * (1 - share) + z * z / (4 * of)) / of) ** 0.5
    below, above = (centre - spread) / (1 + z * z / of), (centre + spread) / (1 + z * z / of)
    return (max(0.0, below), min(1.0, above))


def percentile(values: Iterable[int], share: float) -> int:
    """The value below which `share` of `values` lie (nearest rank), 0 for none."""
    ordered = sorted(values)
    if not ordered:
        return 0
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
