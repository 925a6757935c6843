"""Proposing a name: with true figures, nothing forbidden, and open to a veto."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oona.agent.naming import Naming, Verdict, VerdictKind, understand
from oona.agent.naming import choice as inside
from oona.agent.naming.choice import FROM_COMMANDS, FROM_NEVER, FROM_PEOPLE, FROM_WORDS
from oona.agent.naming.sounds import distance, sounds
from oona.core.clock import SystemClock, VirtualClock
from oona.core.events import Kind

SPOKEN = ["My sister Anna lives in Oslo with Tariq.", "I'm Jo."]
ASSISTANTS = ["Oona", "Samantha", "Alexa", "Siri", "Cortana", "Bixby", "Claude", "Gemini"]


def all_names(naming: Naming) -> list[str]:
    """Every name, in the order in which it would be proposed."""
    found = []
    while proposal := naming.propose():
        found.append(proposal.name)
        naming.decline(proposal.name)
    return found


@pytest.fixture(scope="module")
def names() -> list[str]:
    return all_names(Naming(SPOKEN, 7, SystemClock()))


def test_there_are_many_names() -> None:
    """At least 400 different names stand in the file, none of an assistant among them."""
    known = inside._names()
    assert len(set(known)) >= 400
    assert not set(known) & set(ASSISTANTS)


def test_nothing_near_a_forbidden_or_a_known_name(names: list[str]) -> None:
    """No proposal sounds like itself, the film's, an assistant, a command, or somebody's name."""
    assert len(names) > 50
    for name in names:
        heard = sounds(name)
        assert min(distance(heard, sounds(one)) for one in ASSISTANTS) >= FROM_NEVER
        assert min(distance(heard, sounds(w)) for w in ("stop", "pause", "remember", "wait")) >= (
            FROM_COMMANDS
        )
        assert min(distance(heard, sounds(one)) for one in ("Anna", "Tariq", "Oslo", "Jo")) >= (
            FROM_PEOPLE
        )
        assert min(distance(heard, word) for word in inside._written().values()) >= FROM_WORDS


def test_the_figures_are_counted() -> None:
    """The counts are the comparison's, the time the clock's, the nearest word the nearest."""
    clock = VirtualClock(datetime(2026, 1, 1, tzinfo=UTC))
    proposal = Naming(SPOKEN, 7, clock).propose()
    assert proposal is not None
    assert proposal.ms == 0
    assert proposal.compared == len(
        [n for n in inside._names() if inside._right_size(n) and n != "Tariq"]
    )
    gaps = {word: distance(sounds(proposal.name), h) for word, h in inside._written().items()}
    assert gaps[proposal.nearest] == pytest.approx(min(gaps.values()))
    assert proposal.gap == round(min(gaps.values()) * 100)
    assert proposal.unused


def test_not_everyone_gets_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seed decides among the good ones; the same seed gives the same name."""
    few = inside._names()[::3]
    monkeypatch.setattr(inside, "_names", lambda: few)
    first = [Naming([], seed, SystemClock()).propose() for seed in (1, 2, 3, 4, 5, 1)]
    found = [proposal.name for proposal in first if proposal]
    assert len(set(found)) >= 4
    assert found[0] == found[-1]


def test_a_name_in_use_is_not_proposed(names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that stands in any text, in whatever case, is left out, and so is a declined one."""
    few = tuple(names[:30])
    monkeypatch.setattr(inside, "_names", lambda: few)
    found = all_names(Naming([names[0].lower()], 7, SystemClock(), declined=[names[1]]))
    assert names[0] not in found
    assert names[1] not in found
    assert found


def test_something_shorter_is_shorter(names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for a shorter name, it gives one of fewer letters or says that there is none."""
    few = tuple(names[:40])
    monkeypatch.setattr(inside, "_names", lambda: few)
    naming = Naming([], 7, SystemClock())
    shorter = naming.propose("Taraneh")
    assert shorter is not None
    assert len(shorter.name) < 7
    assert naming.propose("Al") is None


def test_the_proposal_is_kept() -> None:
    """The event holds the name, the figures and the answer, and no float."""
    proposal = Naming([], 1, SystemClock()).propose()
    assert proposal is not None
    draft = proposal.draft("accepted")
    assert draft.kind is Kind.NAMED
    assert draft.body["answer"] == "accepted"
    assert not any(isinstance(value, float) for value in draft.body.values())


VERDICTS = {
    VerdictKind.YES: "yes|Yes please|ok|sure, why not|Kenji it is|kenji is nice|love it"
    "|perfect, thanks"
    "|that's lovely|I like it|hello Kenji|Yes, Kenji|go with that|kenji|sounds good",
    VerdictKind.ANOTHER: "no|No thanks|another|another one please|next|not that one|I don't like it"
    "|no, something else|try again|not Kenji|nope|that's awful|hate it",
    VerdictKind.SHORTER: "shorter|something shorter|no, something shorter please|too long"
    "|it's too long"
    "|a shorter one",
    VerdictKind.SKIP: "|skip|later|not now|no name|stay Oona|I don't care|  ",
    VerdictKind.WHY: "why?|why that one|why Kenji?|what does it mean?|how did you choose",
    VerdictKind.UNCLEAR: "hmm|what|purple|stop|lol|the name is weird don't you think|42|?"
    "|maybe tomorrow",
}


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, t) for kind, texts in VERDICTS.items() for t in texts.split("|")]
)
def test_an_answer_is_understood(kind: VerdictKind, text: str) -> None:
    """Yes, no, shorter, later and why are told apart; what is none of them is not guessed at."""
    assert understand(text, "Kenji") == Verdict(kind)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("call yourself Luz", "Luz"),
        ("no, call yourself luz please", "Luz"),
        ("Luz", "Luz"),
        ("luz", "Luz"),
        ("No, Luz", "Luz"),
        ("I'll call you Mira Bell", "Mira Bell"),
        ("how about Sol?", "Sol"),
        ("you're Robin then", "Robin"),
        ("I'd prefer Anne-Marie", "Anne-Marie"),
        ("can I call you Zoë?", "Zoë"),
        ("what about O'Neill", "O'Neill"),
        ("Samantha", "Samantha"),
    ],
)
def test_a_name_of_their_own(text: str, name: str) -> None:
    """The person may name it as they like, in their own spelling."""
    assert understand(text, "Kenji") == Verdict(VerdictKind.OWN, name)


@given(st.text(max_size=100))
@settings(max_examples=200)
def test_any_answer_is_taken(text: str) -> None:
    """No text breaks the understanding, and a name it finds stands in the text."""
    found = understand(text, "Kenji")
    assert found.name.casefold() in text.casefold()
