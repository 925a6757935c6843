"""What a wish to forget touches: along causes and quotations, and no further."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from oona.core.clock import VirtualClock
from oona.core.errors import BadInput, NotFound
from oona.core.events import Actor, Draft, Kind
from oona.core.labels import COMPANION, OUTSIDE, PERSON
from oona.journal import audit
from oona.memory.forgetting import Days, LastSaid, OneEvent, Part, Reason, Saying, read_wish
from tests.lives import CREATED
from tests.memory.conftest import Talk, seqs

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Anna", Saying("Anna")),
        ("my sister Anna", Saying("my sister Anna")),
        ("'12'", Saying("12")),
        ("“last”", Saying("last")),
        ("12", OneEvent(seq=12)),
        ("#12", OneEvent(seq=12)),
        ("last", LastSaid()),
        ("That", LastSaid()),
        ("today", Days(TODAY, TODAY)),
        ("Yesterday", Days(date(2026, 11, 22), date(2026, 11, 22))),
        ("last 3 days", Days(date(2026, 11, 21), TODAY)),
        ("2026-11-03", Days(date(2026, 11, 3), date(2026, 11, 3))),
        ("2026-11-03..2026-11-07", Days(date(2026, 11, 3), date(2026, 11, 7))),
        ("from 2026-11-03 to 2026-11-07", Days(date(2026, 11, 3), date(2026, 11, 7))),
        ("2026-02", Days(date(2026, 2, 1), date(2026, 2, 28))),
    ],
)
def test_a_wish_is_read_as_it_is_meant(typed: str, meant: object) -> None:
    """Numbers are events, dates are days, quotation marks make a text, the rest is a text."""
    assert read_wish(typed, TODAY) == meant


@pytest.mark.parametrize("typed", ["", "  ", "2026-02-30", "2026-11-07..2026-11-03"])
def test_a_wish_that_means_nothing_is_told(typed: str) -> None:
    """Nothing, a day that does not exist, and a span that ends before it begins are refused."""
    with pytest.raises(BadInput):
        read_wish(typed, TODAY)


def test_a_name_takes_what_was_told_and_what_rests_on_it(talk: Talk) -> None:
    """The person's turn, the reply to it, a later reply that noted it, and its look-up go."""
    anna = talk.tell("My sister Anna lives in Oslo.")
    first = talk.answer(anna, "Noted.")
    walnuts = talk.tell("Walnuts make me ill.")
    second = talk.answer(walnuts, "I'll remember.")
    asked = talk.tell("Where does my sister live?")
    found = talk.look_up(asked, [anna], ["sister", "live"])
    third = talk.answer(asked, "In Oslo.", [anna, found])
    plan = talk.plan("anna")
    assert seqs(plan) == [anna.seq, first.seq, found.seq, third.seq]
    assert plan.counts == {"told": 1, "replies": 2, "lookups": 1}
    assert [item.on for item in plan.items] == [0, anna.seq, anna.seq, anna.seq]
    assert talk.standing() >= {anna.id, first.id}  # a plan erases nothing
    talk.forget("anna")
    assert talk.standing() >= {walnuts.id, second.id, asked.id}
    assert talk.standing().isdisjoint({anna.id, first.id, found.id, third.id})
    assert talk.plan("anna").items == ()


def test_forgetting_follows_causes_to_their_end(talk: Talk) -> None:
    """What was derived from what was derived goes, too, however long the chain."""
    told = talk.tell("I was born in Bergen.")
    last = told
    chain = []
    for number in range(5):
        last = talk.answer(last, f"derived {number}")
        chain.append(last.seq)
    assert seqs(talk.plan(OneEvent(seq=told.seq))) == [told.seq, *chain]


def test_a_candidate_of_a_look_up_takes_no_reply_with_it(talk: Talk) -> None:
    """A reply that was not given the forgotten turn stays, though memory had found it."""
    anna = talk.tell("Anna likes soup.")
    asked = talk.tell("What shall I cook?")
    found = talk.look_up(asked, [anna], ["cook"])
    reply = talk.answer(asked, "Pancakes?", [found])
    assert seqs(talk.plan(OneEvent(seq=anna.seq))) == [anna.seq, found.seq]
    assert reply.id in talk.standing()


def test_a_clause_that_rests_on_it_takes_its_reply(talk: Talk) -> None:
    """What the check found a clause to rest on counts as a cause."""
    anna = talk.tell("Anna is ill.")
    asked = talk.tell("I can't sleep.")
    rests = [{"clause": "You worry about her.", "sources": [str(anna.id)]}]
    reply = talk.answer(asked, "You worry about her.", rests=rests)
    assert seqs(talk.plan(OneEvent(seq=anna.seq))) == [anna.seq, reply.seq]


MODEL = {"name": "told", "seed": 1}


def test_a_reply_of_the_same_talk_that_takes_up_its_words_goes(talk: Talk) -> None:
    """A model had the forgotten turn before it: what repeats its words without a cause goes."""
    bees = talk.tell("My friend Zeb keeps bees behind the old mill.")
    talk.answer(bees, "Nice.", model=MODEL)
    echo = talk.answer(talk.tell("I am bored."), "Visit the bees at the mill?", model=MODEL)
    one = talk.answer(talk.tell("And now?"), "Bees are fine insects.", model=MODEL)
    own = talk.tell("The mill has bees, a friend says.")
    asked = talk.answer(own, "Bees at the mill, how nice of your friend.", model=MODEL)
    rule = talk.answer(talk.tell("Hm."), "A friend, bees, a mill.", rule="told")
    gone = seqs(talk.plan(OneEvent(seq=bees.seq)))
    assert echo.seq in gone
    assert {one.seq, asked.seq, rule.seq}.isdisjoint(gone)


@pytest.mark.parametrize(
    ("pause", "opened", "goes"),
    [(5, True, True), (30, True, False), (5, False, False)],
    ids=["carried on", "opened later", "a single turn"],
)
def test_another_talk_did_not_have_it_before_it(
    talk: Talk, pause: int, opened: bool, goes: bool
) -> None:
    """Only a conversation that is opened again at once begins with the last turns of the other."""
    clock = talk.clock
    assert isinstance(clock, VirtualClock)
    bees = talk.tell("My friend Zeb keeps bees behind the old mill.")
    talk.journal.append(Draft(Kind.CLOSED, Actor.SYSTEM, {"turns": 1}, COMPANION))
    clock.advance(timedelta(minutes=pause))
    if opened:
        talk.journal.append(Draft(Kind.OPENED, Actor.SYSTEM, {"client": "talk"}, COMPANION))
    reply = talk.answer(talk.tell("I am bored."), "Visit the bees at the mill?", model=MODEL)
    assert (reply.seq in seqs(talk.plan(OneEvent(seq=bees.seq)))) is goes


def test_the_persons_own_answers_stay(talk: Talk) -> None:
    """A turn of the person's that answers a forgotten reply is theirs, and stays unless asked."""
    anna = talk.tell("Anna called.")
    reply = talk.answer(anna, "What about?")
    body = {"text": "The boat."}
    [mine] = talk.journal.append(Draft(Kind.HEARD, Actor.PERSON, body, PERSON, (reply.id,)))
    assert mine.seq not in seqs(talk.plan("Anna"))


def test_a_why_that_quotes_it_goes(talk: Talk) -> None:
    """An account that repeats a forgotten sentence goes, though no cause leads to it."""
    told = talk.tell("My PIN is 4471, don't tell. And the weather is fine.")
    short = talk.tell("PIN 4471")
    talk.answer(told, "I won't.")
    asked = talk.tell("Why?")
    why = talk.answer(asked, "You had said: “my pin is 4471, don't tell.” That is why.")
    quote = talk.answer(talk.tell("And?"), "You said: “PIN 4471”")
    plan = talk.plan(OneEvent(seq=told.seq), OneEvent(seq=short.seq))
    by = {item.seq: item.reason for item in plan.items}
    assert by[why.seq] == by[quote.seq] == Reason.QUOTES
    assert asked.seq not in by


def test_words_kept_back_by_the_check_count(talk: Talk) -> None:
    """A reply whose cut clauses name Anna goes, though what was shown of it does not."""
    reply = talk.answer(talk.tell("Hi."), "Hello.", cuts=[{"text": "How is Anna?", "rule": "life"}])
    assert seqs(talk.plan("Anna")) == [reply.seq]


@pytest.mark.parametrize(
    ("wish", "text", "found"),
    [
        ("Anna", "ANNA's birthday", True),
        ("anna", "for Anna.", True),
        ("Anna", "Annabel came", False),
        ("Anna", "Joanna came", False),
        ("Anna", "Änna", False),
        ("Jose", "José rang", True),
        ("walnut", "I hate walnuts", True),
        ("walnuts", "one walnut", True),
        ("my sister Anna", "My sister, Anna!", True),
        ("my sister Anna", "Anna is my sister", False),
        ("Will", "Will is my brother", True),
        ("Will", "I saw Will", True),
        ("Will", "I will go", False),
        ("安娜", "昨天我见了安娜。", True),
        ("🙂", "ok 🙂", True),
        ("O'Brien", "Mr O’Brien", True),
        ("lübeck", "LÜBECK", True),
        ("dead", "6ba7b810-dead-11d1-80b4-00c04fd430c8 is no word", True),
    ],
)
def test_words_are_found_as_a_person_means_them(
    talk: Talk, wish: str, text: str, found: bool
) -> None:
    """Case, accents, plurals and possessives do not matter; parts of other words do not count."""
    event = talk.tell(text)
    assert seqs(talk.plan(wish)) == ([event.seq] if found else [])


def test_ids_and_our_own_words_are_no_content(talk: Talk) -> None:
    """A wish never hits the name of a rule, of a model, or an id that happens to spell a word."""
    model = {"name": "opening"}
    rests = [{"clause": "x", "sources": ["opening"]}]
    talk.answer(talk.tell("Hi."), "Hello.", rule="opening", model=model, rests=rests)
    assert talk.plan("opening").items == ()


@pytest.mark.parametrize("wish", ["the", "i am", "  ", "and"])
def test_words_that_fit_everything_are_refused(talk: Talk, wish: str) -> None:
    """A wish for words that stand in nearly every turn is not taken at its word."""
    talk.tell("I am the one.")
    with pytest.raises(BadInput):
        talk.plan(wish)


def test_days_are_those_of_the_person(talk: Talk) -> None:
    """A day runs from midnight to midnight where the person was; settings of that day stay."""
    clock = talk.clock
    assert isinstance(clock, VirtualClock)
    clock.advance(timedelta(hours=16, minutes=30))  # 22:30 UTC, 23:30 in Oslo
    late = talk.tell("late")
    [setting] = talk.journal.append(
        Draft(Kind.SETTING, Actor.PERSON, {"key": "a", "value": "b"}, PERSON)
    )
    clock.advance(timedelta(hours=1))  # 00:30 in Oslo
    early = talk.tell("early")
    derived = talk.answer(late, "derived the day after")
    assert seqs(talk.plan(Days(date(2026, 11, 23), date(2026, 11, 23)))) == [late.seq, derived.seq]
    assert seqs(talk.plan(Days(date(2026, 11, 24), date(2026, 11, 25)))) == [
        early.seq,
        derived.seq,
    ]
    assert setting.id in talk.standing()


def test_the_last_thing_said_is_that_before_the_wish(talk: Talk) -> None:
    """What "forget that" means is the turn before it, with its reply."""
    talk.tell("first")
    told = talk.tell("second")
    reply = talk.answer(told, "ok")
    wish = talk.tell("forget that")
    plan = talk.forgetting.plan([LastSaid()], before=wish.seq)
    assert seqs(plan) == [told.seq, reply.seq]
    receipt = talk.forgetting.carry_out(plan, asked_by=[wish.id])
    assert receipt.event.causes == (wish.id,)
    assert (receipt.event.word("reason"), receipt.counts) == ("asked", {"told": 1, "replies": 1})


def test_what_may_belong_to_it_is_shown_and_stays(talk: Talk) -> None:
    """A turn right after that points back, or one that says the same, is shown to the person."""
    anna = talk.tell("Anna came by.")
    talk.answer(anna, "How was it?")
    she = talk.tell("She is pregnant.")
    other = talk.tell("I had soup.")
    plan = talk.plan("Anna")
    assert [item.seq for item in plan.nearby] == [she.seq]
    assert plan.nearby[0].reason is Reason.NEAR
    same = talk.tell("I had soup with a lot of salt.")
    again = talk.tell("Again: i had soup with a lot of salt")
    assert [item.seq for item in talk.plan(OneEvent(seq=same.seq)).nearby] == [again.seq]
    assert she.seq in seqs(talk.plan("Anna", OneEvent(seq=she.seq)))
    assert other.seq not in seqs(talk.plan("Anna"))


def test_a_setting_in_force_stays_and_is_told(talk: Talk) -> None:
    """The name someone goes by is not forgotten from under them; a former one is."""
    drafts = [
        Draft(Kind.SETTING, Actor.PERSON, {"key": "person.name", "value": name}, PERSON)
        for name in ("Anna", "Anna Lind")
    ]
    former, current = talk.journal.append(*drafts)
    plan = talk.plan("Anna")
    assert (seqs(plan), plan.settings) == ([former.seq], ("person.name",))
    with pytest.raises(BadInput, match="setting"):
        talk.plan(OneEvent(seq=current.seq))


def test_texts_from_elsewhere_are_counted_apart(talk: Talk) -> None:
    """A paste that names Anna goes, and is told apart from the person's own words."""
    talk.journal.append(Draft(Kind.HEARD, Actor.OUTSIDE, {"text": "Anna wrote"}, OUTSIDE))
    talk.journal.append(Draft(Kind.FAULT, Actor.SYSTEM, {"message": "Anna"}, COMPANION))
    assert [item.part for item in talk.plan("Anna").items] == [Part.OUTSIDE, Part.OTHER]


def test_what_holds_up_the_journal_is_no_memory(talk: Talk) -> None:
    """The founding event and receipts cannot be asked away, and no text finds them."""
    [created] = talk.journal.append(CREATED)
    talk.tell("ada")
    talk.forget("ada")
    with pytest.raises(BadInput, match="stays"):
        talk.plan(OneEvent(seq=created.seq))
    with pytest.raises(NotFound):
        talk.plan(OneEvent(seq=99))
    assert talk.plan("ada").items == ()


def test_what_was_erased_before_still_leads_to_what_rests_on_it(talk: Talk) -> None:
    """Asked for again, an erased turn takes along a reply that had been left standing."""
    told = talk.tell("Anna")
    reply = talk.answer(told, "ok")
    talk.journal.erase([told.id], "setting memory.keep")
    assert seqs(talk.forget(OneEvent(seq=told.seq))) == [reply.seq]
    assert audit(talk.journal).sound


def test_an_agreement_holds_for_what_was_shown(talk: Talk) -> None:
    """The digest of a plan changes when it would erase something else."""
    talk.tell("Anna one")
    before = talk.plan("Anna").digest
    assert talk.plan("anna").digest == before
    talk.tell("Anna two")
    assert talk.plan("Anna").digest != before


def test_a_receipt_names_nothing(talk: Talk) -> None:
    """The receipt says when, at whose word and which numbers, and no word of what it was."""
    talk.tell("Anna has the key")
    receipt = talk.forgetting.carry_out(talk.plan("Anna"))
    raw = receipt.event.raw or b""
    assert b"nna" not in raw
    assert b"key" not in raw
    assert receipt.event.word("reason") == "asked by command"
