"""The first conversation: short, skippable, honest, resumable, and understood by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oona.agent.firstrun import FirstRun, Script, Step
from oona.agent.firstrun.answers import choose, person_name
from oona.agent.naming import Naming
from oona.agent.naming import choice as inside
from oona.agent.profile import Profile
from oona.agent.reflexes import Reflexes
from oona.core.clock import SystemClock
from oona.core.events import Actor, Draft, Kind
from tests.plain_speech import faults

SCRIPT = Script.load()
REFLEXES = Reflexes.load()
ANSWERS = ["Jo", "brief", "any", "everything", "My sister moves to Lisbon.", "yes"]


@pytest.fixture(autouse=True)
def few_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare a handful of names only: which one wins is not the matter here."""
    monkeypatch.setattr(inside, "_names", lambda: ("Rufus", "Davi", "Kenji", "Petra", "Zahra"))


def first_run(values: Mapping[str, str] | None = None, **more: str) -> FirstRun:
    def naming(spoken: Sequence[str]) -> Naming:
        return Naming(spoken, 3, SystemClock())

    return FirstRun(Profile(values or {}), SCRIPT, naming, reflexes=REFLEXES, seed=3, **more)


def settled(drafts: Sequence[Draft]) -> dict[str, str]:
    """The settings that `drafts` leave in force."""
    return {
        str(draft.body["key"]): str(draft.body["value"])
        for draft in drafts
        if draft.kind is Kind.SETTING
    }


def play(run: FirstRun, answers: Sequence[str]) -> list[Step]:
    return [run.answer(text) for text in answers]


def drafts_of(steps: Sequence[Step]) -> list[Draft]:
    return [draft for step in steps for draft in step.drafts]


def test_it_begins_by_saying_what_it_is() -> None:
    """Unasked, it says that it is software, that all stays here, and whom else it talks with."""
    intro = first_run().intro()
    assert "software" in intro
    assert "stays on it" in intro
    assert "nobody but you" in intro
    assert "share nothing" in intro


def test_a_remote_model_is_said_too() -> None:
    """Where the model runs elsewhere, it does not claim that everything stays here."""
    for values in ({}, {"person.name": "Jo"}):
        intro = first_run(values, model_place="example.org").intro()
        assert "example.org" in intro
        assert "software" in intro


def test_four_closed_questions_and_one_open() -> None:
    """It asks no more than promised, and its prompts name options and the default."""
    run = first_run()
    prompts = []
    for text in ANSWERS:
        prompt = run.prompt()
        assert prompt is not None
        assert prompt == run.prompt()
        prompts.append(prompt)
        run.answer(text)
    assert [p.id for p in prompts] == [
        "person.name",
        "talk.length",
        "voice.style",
        "memory.keep",
        "open",
        "companion.name",
    ]
    assert prompts[3].default == "everything"
    assert run.done
    assert run.prompt() is None


def test_what_is_settled() -> None:
    """The answers stand in the journal as settings, the open one goes to the turn loop."""
    steps = play(first_run(), ANSWERS)
    values = settled(drafts_of(steps))
    assert values.pop("companion.name") in ("Rufus", "Davi", "Kenji", "Petra", "Zahra")
    assert values == {
        "person.name": "Jo",
        "talk.length": "brief",
        "voice.style": "any",
        "memory.keep": "everything",
        "first-run": "done",
    }
    assert [step.turn for step in steps if step.turn] == ["My sister moves to Lisbon."]


@pytest.mark.parametrize("nothing", ["", "   ", "skip", "Skip this please", "rather not say"])
def test_everything_can_be_skipped(nothing: str) -> None:
    """An empty answer takes the default, which is named, and is kept as nobody's own choice."""
    run = first_run()
    steps = play(run, [nothing] * 6)
    assert run.done
    assert settled(drafts_of(steps)) == {
        "person.name": "",
        "talk.length": "normal",
        "voice.style": "any",
        "memory.keep": "everything",
        "companion.name": "",
        "first-run": "done",
    }
    assert all(draft.actor is Actor.SYSTEM for step in steps[:4] for draft in step.drafts)
    for step, named in zip(steps[1:4], ("Normal", "Any", "Everything"), strict=True):
        assert named in step.say


@pytest.mark.parametrize("stop", range(len(ANSWERS)))
def test_an_interrupted_run_goes_on_where_it_was(stop: int) -> None:
    """From the journal's settings alone it continues with the next question, and repeats none."""
    whole, broken = first_run(), first_run()
    play(whole, ANSWERS[:stop])
    values = settled(drafts_of(play(broken, ANSWERS[:stop])))
    resumed = first_run(values)
    before, after = whole.prompt(), resumed.prompt()
    assert before is not None
    assert after is not None
    assert before.id == after.id
    assert ("Where were we" in resumed.intro()) == (stop > 0)
    assert "software" in resumed.intro()
    play(resumed, ANSWERS[stop:])
    assert resumed.done


def test_what_was_settled_before_is_not_asked() -> None:
    """A name given by a command beforehand is neither asked for nor replaced."""
    run = first_run({"person.name": "Jo", "companion.name": "Luz"})
    steps = play(run, ["brief", "any", "all", "nothing much"])
    assert run.done
    assert steps[-1].turn == "nothing much"
    assert "companion.name" not in settled(drafts_of(steps))


def test_somebody_known_is_not_asked_again() -> None:
    """Once it is over, there is nothing to ask or to say."""
    run = first_run({"first-run": "done"})
    assert (run.intro(), run.prompt(), run.answer("x")) == ("", None, Step())


def test_it_asks_again_once_and_then_takes_the_default() -> None:
    """What is not understood is asked once more; after that the default is taken and named."""
    run = first_run({"person.name": "Jo"})
    first, second = play(run, ["purple", "green"])
    assert first.drafts == ()
    assert settled(second.drafts) == {"talk.length": "normal"}
    assert "normal" in second.say
    assert run.answer("purple").drafts == ()


@pytest.mark.parametrize("text", ["why?", "why do you ask", "What for?"])
def test_it_says_why_it_asks(text: str) -> None:
    """Asked why, it says why, and the question still stands."""
    run = first_run({"person.name": "Jo"})
    for _ in range(3):
        assert run.answer(text).say
    prompt = run.prompt()
    assert prompt is not None
    assert prompt.id == "talk.length"


@pytest.mark.parametrize("text", ["Who are you?", "are you real?", "what do you share?", "bye"])
@pytest.mark.parametrize("answered", range(len(ANSWERS)))
def test_other_questions_may_come_in_between(text: str, answered: int) -> None:
    """A reflex is for the turn loop; the question that stood still stands."""
    run = first_run()
    play(run, ANSWERS[:answered])
    before = run.prompt()
    assert run.answer(text) == Step(turn=text)
    assert run.prompt() == before


@pytest.mark.parametrize("answered", range(len(ANSWERS)))
def test_danger_is_answered_first(answered: int) -> None:
    """Despair in place of an answer goes to the turn loop and is no answer to a question."""
    run = first_run()
    play(run, ANSWERS[:answered])
    assert run.answer("I want to die").turn == "I want to die"
    assert not run.done


@pytest.mark.parametrize("text", ["skip all", "just let's start", "use the defaults", "stop"])
def test_all_that_is_left_can_be_skipped(text: str) -> None:
    """One sentence ends the questions; what was answered stays as it was answered."""
    run = first_run()
    steps = play(run, ["Jo", text])
    assert run.done
    assert settled(drafts_of(steps))["person.name"] == "Jo"
    assert "talk" in steps[-1].say


def test_the_defaults_ask_nothing() -> None:
    """For scripts: every setting at its default, at once."""
    run = first_run()
    values = settled(run.take_defaults().drafts)
    assert values["first-run"] == "done"
    assert values["memory.keep"] == "everything"
    assert run.prompt() is None


CHOICES = {
    "talk.length": {
        "brief": "brief|Brief.|1|not much|short please|keep it short|as little as possible"
        "|not too chatty"
        "|the first one|just a little",
        "normal": "normal|2|in between|medium I guess|number two|Normal is fine",
        "chatty": "chatty|3|a lot|talk a lot|very chatty please|the third|not brief",
    },
    "voice.style": {
        "lower": "lower|a deep one|1|low please|not too high",
        "brighter": "brighter|2|bright|something lighter|the second one",
        "any": "any|3|either|surprise me|doesn't matter|up to you",
    },
    "memory.keep": {
        "everything": "everything|yes everything|all of it|1|sure|Yes.|you can remember everything",
        "asked": "only when I say remember|2|only some things|not everything|when I ask"
        "|only turns with 'remember'",
        "nothing": "nothing|3|no|don't keep anything|please don't"
        "|nothing once we part|don't remember anything|Nope"
        "|forget everything",
    },
}


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [(k, v, t) for k, vs in CHOICES.items() for v, ts in vs.items() for t in ts.split("|")],
)
def test_free_answers_are_understood(key: str, value: str, text: str) -> None:
    """A closed question takes words of one's own, a number, or an ordinal."""
    question = next(q for q in SCRIPT.questions if q.key == key)
    found = choose(text, question.options)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("text", ["", "purple", "4", "brief or chatty", "12", "what do you mean"])
def test_unclear_answers_are_not_guessed(text: str) -> None:
    """What names no option, or two, is no answer."""
    question = next(q for q in SCRIPT.questions if q.key == "talk.length")
    assert choose(text, question.options) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jo", "Jo"),
        ("call me Jo please", "Jo"),
        ("My name is mary jane", "Mary Jane"),
        ("I'm Søren", "Søren"),
        ("Hi, I'm Tariq.", "Tariq"),
        ("you can call me Dr. Strange", "Dr. Strange"),
        ("jean-luc", "Jean-Luc"),
        ("McKay is fine", "McKay"),
        ("people call me Bo", "Bo"),
        ("Anna", "Anna"),
        ("joy", "Joy"),
        ("美咲", "美咲"),
        ("my name is Anna but call me Anni", "Anni"),
        ("Jo, short for Johanna", "Jo"),
        ("My friends call me Beth, you can too", "Beth"),
        ("nothing", ""),
        ("don't call me anything", ""),
        ("no", ""),
        ("yes", None),
        ("2", None),
        ("what?", None),
        ("not sure yet", None),
        ("I am so very tired of all these forms", None),
        ("…", None),
    ],
)
def test_a_name_is_found_in_an_answer(text: str, name: str | None) -> None:
    """A name is taken out of the words around it; a refusal is one; the rest is neither."""
    assert person_name(text, SCRIPT.name) == name


def test_a_name_can_be_refused_and_replaced() -> None:
    """Another, something shorter, then one of their own: each step is kept with its answer."""
    run = first_run()
    play(run, ANSWERS[:-1])
    steps = play(run, ["another", "something shorter", "call yourself Luz"])
    answers = [d.body["answer"] for d in drafts_of(steps) if d.kind is Kind.NAMED]
    assert answers == ["declined", "declined", "replaced"]
    assert settled(drafts_of(steps))["companion.name"] == "Luz"
    assert run.done


def test_names_that_run_out() -> None:
    """When every name was refused, it says so and asks for one, and can still be skipped."""
    run = first_run()
    play(run, ANSWERS[:-1])
    play(run, ["another"] * 6)
    prompt = run.prompt()
    assert prompt is not None
    assert "run out" in prompt.text
    play(run, ["hmm", "hmm"])
    assert run.done


def test_a_command_is_no_name() -> None:
    """A word that means something to it is declined with the reason."""
    run = first_run()
    play(run, ANSWERS[:-1])
    step = run.answer("call yourself Pause")
    assert step.drafts == ()
    assert "already means something" in step.say


@given(st.lists(st.text(st.characters(exclude_characters="{}"), max_size=60), max_size=14))
@settings(max_examples=60, deadline=None)
def test_any_answers_are_taken(answers: list[str]) -> None:
    """No text breaks it, and whatever it settles is one of the possible values."""
    run = first_run()
    for text in answers:
        if run.prompt() is None:
            break
        step = run.answer(text)
        assert not set("{}") & set(step.say.replace(text, ""))
        for draft in step.drafts:
            assert draft.kind in (Kind.SETTING, Kind.NAMED)


def test_the_tone() -> None:
    """No text flatters, shouts, or claims to speak already."""
    texts = [*SCRIPT.texts.values(), *SCRIPT.open_question.values()]
    for q in SCRIPT.questions:
        texts += [q.ask, q.why, q.skipped, q.missed, *q.heard]
        texts += [text for option in q.options for text in option.heard]
    assert faults(texts) == []
    voice = next(q for q in SCRIPT.questions if q.key == "voice.style")
    assert "can't speak yet" in voice.ask
