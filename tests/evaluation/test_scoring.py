"""Scoring replies by rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.cases import BadCase, Case, CaseTurn, Truth, load, parse
from evaluation.scoring import Judged, Reply, percentile, score, wilson
from oona.agent.replies import Cut

ASKED = CaseTurn("Where does Brelk live?", any=("Domby",), none=("Oslo",))


def judged(
    text: str,
    *,
    kind: str = "lookup",
    rule: str = "",
    truth: Truth | None = None,
    turn: CaseTurn = ASKED,
    cuts: tuple[Cut, ...] = (),
    cut_ok: bool = False,
) -> Judged:
    """The judgement on one reply to a question about Brelk of Domby."""
    case = Case("x", kind, (turn,), cut_ok, truth)
    heard = "Brelk, my kiln rival, lives in Domby.\nWhere does Brelk live?"
    return score(case, [Reply(ASKED.say, text, rule, cuts, heard)])


def test_a_reply_with_what_is_wanted_and_nothing_forbidden_passes() -> None:
    """One of `any` and none of `none` make a case pass, in any case of letters."""
    assert judged("In domby.").passed


@pytest.mark.parametrize("text", ["No idea.", "In Domby, or was it Oslo?", ""])
def test_a_reply_without_what_is_wanted_or_with_what_is_forbidden_fails(text: str) -> None:
    """A missing `any`, a found `none` and silence are each a fault."""
    assert not judged(text).passed


def test_the_rule_that_was_to_speak_must_have_spoken() -> None:
    """`rule` names who is to answer; `model` means that no rule did."""
    by_model = CaseTurn("Hello", rule="model")
    assert judged("Hi.", turn=by_model).passed
    assert not judged("Hi.", turn=by_model, rule="reflex.greeting").passed
    assert judged("Hi.", turn=CaseTurn("Hello", rule="reflex\\..*"), rule="reflex.x").passed


def test_a_name_that_nobody_gave_is_an_invention_in_a_generated_case() -> None:
    """Where everything true is known, a strange name is certain to be invented."""
    truth = Truth(strange=("Zankor",))
    assert judged("In Domby, with Zankor.", truth=truth).inventions == ("Zankor",)
    assert judged("In Domby, near Whitby.", truth=truth).inventions == ("Whitby",)
    assert judged("In Domby, for 14 years.", truth=truth).inventions == ("14",)
    assert judged("In Domby. Brelk lives in Domby.", truth=truth).inventions == ()


def test_a_told_name_given_for_one_who_was_never_told_of_is_an_invention() -> None:
    """Where nothing could answer, no name does; an admission may name whom it likes."""
    unknown = Truth(unknown=True)
    assert judged("He is called Brelk.", turn=CaseTurn("x"), truth=unknown).inventions
    assert judged("It is called Oona.", turn=CaseTurn("x"), truth=unknown).inventions
    assert judged("You haven't told me, Brelk apart.", truth=unknown).inventions == ()


def test_a_name_in_a_written_case_is_only_to_be_read() -> None:
    """The world has names too: outside generated cases a person decides."""
    found = judged("In Domby, like Beethoven.")
    assert found.passed
    assert found.candidates == ("Beethoven",)


def test_the_first_word_of_a_sentence_is_a_name_only_if_it_is_no_ordinary_word() -> None:
    """Capital letters at the beginning of a sentence prove nothing by themselves."""
    truth = Truth()
    assert judged("Nothing else. Domby it is.", truth=truth).inventions == ()
    assert judged("Domby. Ulfrek said so.", truth=truth).inventions == ("Ulfrek",)


def test_the_day_of_a_quotation_is_no_invention() -> None:
    """A rule of ours dates what it quotes, and dates it by the journal."""
    text = "On 3 March you told me: “Brelk, my kiln rival, lives in Domby.”"
    assert judged(text, rule="told", truth=Truth()).inventions == ()


def test_numbers_may_come_back_as_words_or_digits() -> None:
    """Seven and 7 are one number."""
    case = Case("x", "lookup", (CaseTurn("How old is he?"),), truth=Truth())
    reply = Reply("How old is he?", "He is 7.", "", (), "He turned seven. How old is he?")
    assert score(case, [reply]).inventions == ()


def test_stories_and_knowledge_may_name_whom_they_like() -> None:
    """Names in fiction and general knowledge are nobody's life."""
    found = judged("Domby, said Ishmael in 1851.", kind="fiction")
    assert found.candidates == ()
    assert found.passed


def test_a_cut_claim_in_small_talk_is_to_be_read_and_a_cut_phrase_is_not() -> None:
    """Only cuts of claims can be wrong, and not where the case expects them."""
    claim = Cut("Your garden must be lovely", "life")
    rest = Cut("and so green.", "rest-of-sentence")
    phrase = Cut("How can I assist you today?", "servile")
    tail = Cut("dear user.", "rest-of-sentence")
    cuts = (claim, rest, phrase, tail)
    assert judged("Domby.", kind="smalltalk", cuts=cuts).cuts == (claim, rest)
    assert judged("Domby.", kind="smalltalk", cuts=cuts, cut_ok=True).cuts == ()


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilsons_interval_holds_the_share_and_stays_within_bounds(hits: int, of: int) -> None:
    """The interval is within 0 and 1 and around what was seen."""
    hits = min(hits, of)
    low, high = wilson(hits, of)
    assert 0.0 <= low <= hits / of + 1e-9
    assert hits / of - 1e-9 <= high <= 1.0


def test_wilsons_interval_is_the_published_one() -> None:
    """Values of the method: 0 of 10 gives up to 27.8 %, 50 of 100 gives 40.4 to 59.6 %."""
    assert wilson(0, 10)[1] == pytest.approx(0.2775, abs=1e-3)
    assert wilson(50, 100) == pytest.approx((0.4038, 0.5962), abs=1e-3)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_percentile_is_one_of_the_values() -> None:
    """The nearest rank, and 0 for no values at all."""
    assert percentile([5, 1, 9], 0.5) == 5
    assert percentile(range(1, 101), 0.95) == 96
    assert percentile([], 0.5) == 0


def test_the_written_cases_can_be_read_and_are_enough() -> None:
    """With half as many generated ones there are at least 90, a third of them generated."""
    written = load()
    assert len(written) + (len(written) + 1) // 2 >= 90
    assert {"danger", "goodbye", "unknown", "constraint"} <= {case.kind for case in written}


@pytest.mark.parametrize(
    "entry",
    [
        {"id": "a", "turns": []},
        {"id": "a", "turns": [{"say": "hi", "anny": ["x"]}]},
        {"id": "a", "turns": [{"say": "hi"}], "cutok": True},
        {"id": "a", "turns": [{"say": "hi", "later": "soon"}]},
    ],
)
def test_a_mistyped_case_is_refused(entry: dict) -> None:
    """A field that nothing reads would be a rule that nothing holds."""
    with pytest.raises(TypeError):
        parse(entry, "joy")


def test_a_file_of_cases_that_cannot_be_run_is_named(tmp_path: Path) -> None:
    """The error says which file, and what is wrong with it."""
    (tmp_path / "bad.toml").write_text('kind = "joy"\n[[case]]\nturns = [{ say = "x" }]\n')
    with pytest.raises(BadCase, match=r"bad\.toml"):
        load(tmp_path)
