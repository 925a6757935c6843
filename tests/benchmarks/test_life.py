"""The made year: the same life for the same seed, and nothing back in it that was forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.life.asking import Worth, ask_everything, judged
from benchmarks.life.count import Count, figures
from benchmarks.life.wording import Wordings, filled, with_pronoun
from benchmarks.life.world import ME, PEOPLE, VALUES, How, Truth
from benchmarks.life.year import KNOWN, lived
from oona.core.events import Kind
from oona.core.labels import Integrity

ANNA = PEOPLE[1]


def _count(folder: Path, seed: int, days: int) -> Count:
    year = lived(folder, seed, days)
    try:
        return ask_everything(year)
    finally:
        year.journal.close()


def test_a_life_is_made_by_its_seed_alone(tmp_path: Path) -> None:
    """Two lives of one seed come to the same answers, those of another seed do not."""
    first, again, other = (_count(tmp_path, seed, 40) for seed in (3, 3, 5))
    assert first.classes == again.classes != other.classes
    assert first.of(["told once", "changed"]) > 5


def test_nothing_is_invented_and_nothing_comes_back(tmp_path: Path) -> None:
    """Jokes, wishes, mail and reports give no answers, and what was forgotten has none."""
    count = _count(tmp_path, 4, 100)
    assert count.of(["forgotten"], ["gone"]) == count.of(["forgotten"]) > 0
    assert count.of(["told once", "changed", "never told"], ["invented"]) == 0
    assert count.of(["never told"], ["recognised"]) == count.of(["never told"]) > 0


def test_mail_and_calendar_are_nobodys_word_here(tmp_path: Path) -> None:
    """They lie in the journal with an outside label, and no fact rests on one of them."""
    year = lived(tmp_path, 6, 60)
    outside = {
        event.id
        for event in year.journal.read(kinds=[Kind.HEARD])
        if event.label.integrity is Integrity.OUTSIDE
    }
    assert {event.word("origin") for event in year.journal.get(list(outside))} == {
        "mail", "calendar"
    }  # fmt: skip
    rests_on = {source.event for fact in year.facts.all() for source in fact.sources}
    year.journal.close()
    assert rests_on
    assert not rests_on & outside


def test_an_answer_is_worth_what_is_so(tmp_path: Path) -> None:
    """The old value is stale, what was never told is invented, what is over has no right answer."""
    year = lived(tmp_path, 7, 0)
    year._say("My sister Anna lives in Oslo.")
    known = year.facts.ask("Where does my sister Anna live?")
    worth = {
        Worth.RIGHT: Truth(["Molde", "Oslo"]),
        Worth.STALE: Truth(["Oslo", "Molde"], How.CHANGED),
        Worth.INVENTED: Truth(["Molde"]),
    }
    assert {judged(year, known, "lives_in", truth): truth for truth in worth.values()} == worth
    assert judged(year, known, "lives_in", Truth(["Oslo"], How.ENDED)) is Worth.STALE
    assert judged(year, None, "lives_in", Truth(["Oslo"])) is Worth.SILENT
    year.journal.close()


def test_shares_are_of_their_own_classes() -> None:
    """What is stale counts among what was told, what is invented among all that was asked."""
    count = Count()
    for name, worth in [("changed", "right"), ("changed", "stale"), ("never told", "recognised")]:
        count.add(name, worth)
    found = figures([count])
    assert found["stale"] == {"percent": 50.0, "of": 2, "low": 50.0, "high": 50.0}
    assert found["invented"] == {"percent": 0.0, "of": 3, "low": 0.0, "high": 0.0}


@pytest.mark.parametrize("name", ["worded", "held_out", "otherwise"])
def test_every_wording_can_be_said_of_everybody(name: str) -> None:
    """No blank is left in any sentence, and each holds its value."""
    words = Wordings(name)
    for relation, values in VALUES.items():
        for who in (ME, ANNA):
            forms = words.forms(relation, "told", who)
            assert forms
            for form in forms:
                for one in filter(None, (form, with_pronoun(form, who))):
                    text = filled(one, who, values[0])
                    assert values[0].lower() in text.lower()
                    assert not set("{}") & set(text)


def test_the_other_wordings_are_other_ones() -> None:
    """No sentence that is held out is among those which the rules were written against."""
    for relation in VALUES:
        for who in (ME, ANNA):
            known = set(KNOWN.forms(relation, "told", who))
            assert not known & set(Wordings("held_out").forms(relation, "told", who))
