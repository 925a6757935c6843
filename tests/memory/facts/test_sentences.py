"""How well the rules read: precision and recall over a list of sentences, and what fools no one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from benchmarks.listed import listed
from oona.memory.facts.fact import MET, Mention, Statement
from oona.memory.facts.rules import rules

SENTENCES = Path(__file__).with_name("data") / "sentences.txt"
ADVERSARIAL = SENTENCES.with_name("en-adversarial.toml")
TODAY = date(2026, 11, 23)


@dataclass
class Score:
    """What was found of a part of the list."""

    right: int = field(default=0, init=False)
    missed: list[str] = field(default_factory=list, init=False)
    wrong: list[str] = field(default_factory=list, init=False)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))


def _who(mention: Mention) -> str:
    if mention.is_person:
        return "me"
    if not mention.role:
        return mention.name + (f" ({mention.kind})" if mention.kind else "")
    owner = f"{_who(mention.of)}/" if mention.of else ""
    return f"{owner}{mention.role} {mention.name}".strip()


def _fact(statement: Statement) -> str:
    if statement.relation == "kin":
        of = _who(statement.subject.of) if statement.subject.of else "me"
        return f"{of} {statement.subject.role} {statement.value}"
    return f"{_who(statement.subject)} {statement.relation} {statement.value}"


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    """Every part of the list, read."""
    found: dict[str, Score] = {}
    for part, text, facts in listed(SENTENCES):
        score = found.setdefault(part, Score())
        told = rules().read(text, TODAY).statements
        read = {_fact(one) for one in told if one.relation != MET}
        score.right += len(read & facts)
        score.missed += [f"{text} -> {fact}" for fact in sorted(facts - read)]
        score.wrong += [f"{text} -> {fact}" for fact in sorted(read - facts)]
    return found


def test_known_wordings_are_read_whole(scores: dict[str, Score]) -> None:
    """Of sentences worded as the templates are, at least 98 of 100 facts are found, none wrong."""
    known = scores["rules"]
    assert known.recall >= 0.98, known.missed
    assert known.precision >= 0.98, known.wrong


def test_other_wordings_are_left_unsaid_rather_than_misread(scores: dict[str, Score]) -> None:
    """Of sentences worded otherwise little is found, and what is found is right."""
    other = scores["otherwise"]
    assert other.precision >= 0.95, other.wrong
    assert other.recall >= 0.1, other.missed


def test_what_tells_no_fact_gives_none(scores: dict[str, Score]) -> None:
    """Questions, suppositions, quotes, jokes, reports and plans are not taken for facts."""
    assert scores["nothing"].wrong == []


def test_nothing_that_only_looks_like_a_fact_is_learnt() -> None:
    """Jokes, sarcasm, fiction, quotes, role play, wishes and idioms tell no fact of a life."""
    listed = tomllib.loads(ADVERSARIAL.read_text("utf-8"))
    assert sum(len(texts) for texts in listed.values()) >= 140
    wrong = [
        f"{kind}: {text} -> {_fact(one)}"
        for kind, texts in listed.items()
        for text in texts
        for one in rules().read(text, TODAY).statements
        if one.relation not in ("kin", MET)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Anna and Leon live in Porto.", {"Anna lives_in Porto", "Leon lives_in Porto"}),
        ("My wife and I live in Oslo.", {"wife lives_in Oslo", "me lives_in Oslo"}),
        ("I met Anna and Leon lives in Porto.", {"Leon lives_in Porto"}),
        ("My brother Jon has finally moved to Oslo.", {"brother Jon lives_in Oslo"}),
        (
            "My sister, who lives in Oslo, works at Aker.",
            {"sister lives_in Oslo", "sister works_at Aker"},
        ),
        ("Leon was recently hired by Aker.", {"Leon works_at Aker"}),
        ("We're moving to Oslo in May.", set()),
        ("I'm afraid of heights, proper panic, knees and all.", {"me fears heights"}),
        ("I love jazz, opera and chess.", {"me likes jazz", "me likes opera", "me likes chess"}),
        ("My brother works at a snail's pace.", set()),
        ("Good news: I got a job at Aker.", {"me works_at Aker"}),
        ("The sign read: I live in Oslo.", set()),
    ],
)
def test_grammar_is_read_and_not_phrases(text: str, facts: set[str]) -> None:
    """Two subjects, adverbs within a verb, relative clauses and the passive; no strange colon."""
    told = rules().read(text, TODAY).statements
    assert {_fact(one) for one in told if one.relation not in ("kin", MET)} == facts


def test_the_list_is_long_and_mixed() -> None:
    """At least 120 sentences, a third of those that tell something worded otherwise."""
    parts = [part for part, _, _ in listed(SENTENCES)]
    assert len(parts) >= 120
    assert parts.count("otherwise") * 3 >= parts.count("otherwise") + parts.count("rules")


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("I've lived in Oslo since 2019.", "2019", ""),
        ("I've lived in Oslo since March 2019.", "2019-03", ""),
        ("We moved to Oslo two years ago.", "2024", ""),
        ("We moved to Oslo last month.", "2026-10", ""),
        ("We moved to Oslo yesterday.", "2026-11-22", ""),
        ("I've lived in Oslo for six years.", "2020", ""),
        ("In May I moved to Oslo.", "2026-05", ""),
        ("I lived in Oslo until 2019.", "", "2019"),
        ("I lived in Oslo from 2015 to 2019.", "2015", "2019"),
        ("I lived in Oslo for three years.", "", ""),
        ("I live in Oslo.", "", ""),
    ],
)
def test_a_time_is_read_as_far_as_it_was_told(text: str, since: str, until: str) -> None:
    """Since 2019 is a year and not a day; how long something lasted does not say since when."""
    [found] = rules().read(text, TODAY).statements
    assert (found.since, found.until) == (since, until)


def test_she_is_who_was_named_and_nobody_where_two_were() -> None:
    """A pronoun counts only where one person alone can be meant."""
    [*_, last] = rules().read("My sister Anna called. She lives in Oslo.", TODAY).statements
    assert (last.subject, last.value) == (Mention("Anna", "sister"), "Oslo")
    found = rules().read("My sister Anna met Eva. She lives in Oslo.", TODAY).statements
    assert [one.relation for one in found] == ["kin"]
    found = rules().read("My brother Jon called. She lives in Oslo.", TODAY).statements
    assert [one.relation for one in found] == ["kin"]


def test_a_long_paste_is_not_read_to_its_end() -> None:
    """What is far longer than talk costs no more than a page and gives no fact past it."""
    assert rules().read("word " * 200_000 + ". I live in Oslo.", TODAY).statements == ()
