"""Recall by words alone: BM25 over the turns, on the rarest words of the question.

A question's common words cost most of a full-text search and say least (an OR over one million
turns: 350 ms; over its four rarest words: 43 ms), so only the rarest are looked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from oona.core.events import Actor, Event, Kind
from oona.core.storage import Store
from oona.memory.recall import Recalled, RecalledTurn

MOST_TERMS = 6
MOST_MATCHES = 2_000
"""About how many turns one search may score; a median search of 100,000 then takes about 2 ms."""

CANDIDATES = 24
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_TOKENS_PER_WORD = 1.4
"""An estimate for English, meant to be on the high side; no tokenizer is asked."""


def estimate_tokens(text: str) -> int:
    """About how many tokens `text` takes in a prompt."""
    return int(len(text.split()) * _TOKENS_PER_WORD) + 1


class FullTextRecall:
    """The Recall of a fresh house. The person's own words outrank what the companion said."""

    def __init__(self, store: Store, stop_words: frozenset[str]) -> None:
        self._store = store
        self._stop_words = stop_words

    def find(self, question: str, budget: int, before: int = 0, imported: int = 0) -> Recalled:
        terms = self._terms(question)
        hits = self._store.search_text(terms, CANDIDATES)
        scores = {hit.seq: hit.score for hit in hits if not before or hit.seq < before}
        events = self._store.by_seq(list(scores)) if scores else []
        ranked = sorted(
            (event for event in events if event.text()),
            key=lambda event: _rank(event, scores[event.seq]),
            reverse=True,
        )
        apart = [event for event in ranked if imported and event.kind is Kind.IMPORTED]
        chosen = _within([e for e in ranked if e not in apart], budget, estimate_tokens)
        aside = _within(apart, imported, estimate_tokens)
        return Recalled(_given(chosen, scores), tuple(terms), imported=_given(aside, scores))

    def expect(self, question: str) -> None:
        """Nothing can be prepared."""

    def _terms(self, question: str) -> list[str]:
        words = {word.lower() for word in _WORD.findall(question)}
        content = sorted(words - self._stop_words)
        if not content:
            return []
        known = self._store.document_frequency(content)
        terms: list[str] = []
        matches = 0
        for count, stem in sorted((count, stem) for stem, count in known.items() if count):
            matches += count
            if terms and (matches > MOST_MATCHES or len(terms) == MOST_TERMS):
                break
            terms.append(stem)
        return terms


def _given(events: list[Event], scores: dict[int, float]) -> tuple[RecalledTurn, ...]:
    return tuple(RecalledTurn(event, scores[event.seq], event.text()) for event in events)


def _rank(event: Event, score: float) -> float:
    return score * (1.0 if event.actor is Actor.PERSON else 0.6)


def _within(ranked: list[Event], budget: int, cost: Callable[[str], int]) -> list[Event]:
    chosen: list[Event] = []
    seen: set[str] = set()
    for event in ranked:
        text = event.text()
        folded = " ".join(text.lower().split())
        if folded in seen:
            continue
        price = cost(text)
        if price > budget:
            continue
        seen.add(folded)
        budget -= price
        chosen.append(event)
    return chosen
