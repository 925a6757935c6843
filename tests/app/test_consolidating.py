"""Idle work: what it learns, what it must not, and that a kill neither loses nor doubles it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from oona.app.consolidating import Consolidation, on_battery
from oona.app.idle import Idle
from oona.app.operations.remembering import Remembering
from oona.app.operations.request import Client, Request
from oona.app.operations.shared import Shared
from oona.app.paths import Paths
from oona.app.seat import Seat
from oona.app.settings import Settings
from oona.app.wiring import Companion, open_companion
from oona.core.clock import VirtualClock
from oona.core.events import Actor, Draft, Event, Kind
from oona.core.labels import COMPANION
from oona.core.language import BACKGROUND, ChatRequest, ModelState, Piece, Usage
from oona.memory.consolidated import unwritten
from oona.memory.forgetting import Forgetting, Saying
from oona.memory.timeline import Timeline
from oona.trust.lexicon import STOP_WORDS
from tests.app.conftest import until
from tests.conftest import Home
from tests.lives import START, heard

LISBON = "Lisbon has become home for me."
OSLO = "I live in Oslo."


@dataclass
class Reader:
    """A model that answers by the sentence it is asked about, and notes what it was asked."""

    answers: dict[str, str]
    asked: list[ChatRequest] = field(default_factory=list)
    slow: float = 0.0

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Piece | Usage]:
        self.asked.append(request)
        await asyncio.sleep(self.slow)
        said = request.messages[-1].content
        fallback = "[]" if request.schema is not None else ""
        yield Piece(self.answers.get(said, fallback))
        yield Usage()

    def state(self) -> ModelState:
        return ModelState("reader", ready=True, digest="ab" * 32)

    async def wait_ready(self, timeout: float) -> bool:
        return True

    async def stop(self) -> None:
        return None


@dataclass
class Mind:
    """A companion with a model that was told what to answer, and its idle work."""

    companion: Companion
    reader: Reader
    clock: VirtualClock
    idle: Idle = field(default_factory=lambda: Idle(quiet=0.0))
    work: Consolidation = field(init=False)

    def __post_init__(self) -> None:
        self.work = Consolidation(self.companion, self.idle)

    async def tell(self, *texts: str, **more: object) -> None:
        """The person says something, and the rules read it."""
        companion = self.companion
        for text in texts:
            self.clock.advance(timedelta(minutes=1))
            await companion.worker(companion.journal.append, heard(text, **more))
            await companion.worker(companion.facts.catch_up)

    async def rest(self) -> None:
        """All that awaits idle work is done and written down."""
        while await self.work.step():
            pass
        await self.work.write_down()

    async def events(self, kind: Kind) -> list[Event]:
        read = self.companion.journal.read
        return await self.companion.worker(lambda: [e for e in read(kinds=[kind]) if e.raw])

    async def facts(self) -> list[str]:
        facts = self.companion.facts
        all_ = await self.companion.worker(facts.all)
        return [f"{fact.status.value}: {facts.sentence(fact)}" for fact in all_]

    async def forget(self, text: str) -> None:
        companion = self.companion
        forgetting = Forgetting(companion.store, companion.journal, STOP_WORDS)
        plan = await companion.worker(forgetting.plan, [Saying(text)])
        await companion.worker(forgetting.carry_out, plan)


def row(who: str, relation: str, value: str) -> str:
    """A model's answer."""
    return json.dumps([[who, relation, value]])


@pytest.fixture
async def mind(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Mind]:
    """A mind that reads Lisbon out of its sentence."""
    runtime = tmp_path / "r"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    made = await _mind({LISBON: row("I", "lives_in", "Lisbon")}, 20, monkeypatch)
    yield made
    await made.companion.close()


async def _mind(answers: dict[str, str], minutes: int, monkeypatch: pytest.MonkeyPatch) -> Mind:
    clock = VirtualClock(START)
    monkeypatch.setattr(Settings, "clock", lambda _settings: clock)
    monkeypatch.setattr("oona.app.consolidating.on_battery", lambda: False)
    reader = Reader(answers)
    settings = Settings({"idle.minutes": minutes}, zone="Europe/Oslo")
    companion = await open_companion("me", Paths.find(), settings, Seat(lambda: reader))
    companion.model.refresh()
    return Mind(companion, reader, clock)


async def test_a_sentence_no_rule_reads_becomes_a_fact_with_where_it_is_from(mind: Mind) -> None:
    """It quotes its turn, rests on it, names the model, and is not the person's word."""
    await mind.tell(LISBON)
    await mind.rest()
    assert await mind.facts() == ["current: You live in Lisbon."]
    [noted] = await mind.events(Kind.FACT)
    [turn] = await mind.events(Kind.HEARD)
    assert noted.causes == (turn.id,)
    assert noted.word("quote") == LISBON
    assert str(noted.label) == "companion/private"
    assert noted.body is not None
    assert noted.body["model"] == {
        "name": "reader",
        "digest": "ab" * 32,
        "prompt": "facts-1",
        "seed": 1,
    }
    [entry] = await mind.events(Kind.CONSOLIDATED)
    assert entry.text() == "Read 1 turn: 1 fact."
    assert {request.slot for request in mind.reader.asked} == {BACKGROUND}


async def test_both_answers_have_to_agree(mind: Mind) -> None:
    """What the model says only once is not noted."""
    mind.reader.answers.clear()
    seen: list[int] = []

    async def wavering(request: ChatRequest) -> AsyncGenerator[Piece | Usage]:
        seen.append(len(request.messages))
        yield Piece(row("I", "lives_in", "Lisbon") if len(seen) % 2 else "[]")

    mind.reader.chat = wavering  # type: ignore[method-assign]
    await mind.tell(LISBON)
    await mind.rest()
    assert len(seen) == 2
    assert await mind.facts() == []


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (LISBON, row("I", "lives_in", "Porto")),
        (LISBON, row("Anna", "lives_in", "Lisbon")),
        (LISBON, row("I", "works_at", "Lisbon")),
        ("Utrecht has become home for Tom and for Mira.", row("Tom", "lives_in", "Utrecht")),
        ("Lisbon would be a lovely home for me.", row("I", "lives_in", "Lisbon")),
        ("Anna says Lisbon has become home for me.", row("I", "lives_in", "Lisbon")),
        ("Has Lisbon become home for me?", row("I", "lives_in", "Lisbon")),
    ],
)
async def test_what_does_not_stand_in_the_sentence_is_dropped(
    mind: Mind, text: str, answer: str
) -> None:
    """A value or a name from elsewhere, a relation without a word for it, a stranger, a wish."""
    mind.reader.answers = {text: answer}
    await mind.tell(text)
    await mind.rest()
    assert await mind.facts() == []


async def test_a_model_never_outdoes_the_persons_own_word(mind: Mind) -> None:
    """What rules read from the person stands; the model's reading is in doubt beside it."""
    await mind.tell(OSLO, LISBON)
    await mind.rest()
    found = await mind.facts()
    assert found == ["current: You live in Oslo.", "disputed: You live in Lisbon."]
    await mind.tell("I love opera.", "Opera bores me to tears these days.")
    mind.reader.answers["Opera bores me to tears these days."] = row("I", "dislikes", "Opera")
    await mind.rest()
    assert "current: You like opera." in await mind.facts()
    assert "disputed: You dislike Opera." in await mind.facts()


async def test_the_person_outdoes_a_model(mind: Mind) -> None:
    """What they say later themselves takes the place of what a model read."""
    await mind.tell(LISBON)
    await mind.rest()
    await mind.tell(OSLO)
    assert await mind.facts() == [
        "superseded: You lived in Lisbon.",
        "current: You live in Oslo.",
    ]


async def test_what_was_not_the_persons_word_is_not_read(mind: Mind) -> None:
    """A paste in which somebody says "me" tells nothing of the person; no model is asked."""
    await mind.tell(LISBON, pasted=True)
    await mind.rest()
    assert mind.reader.asked == []


async def test_nothing_is_lost_or_doubled_by_a_kill(mind: Mind) -> None:
    """Before it is written down the work is done again, after that never."""
    await mind.tell(LISBON)
    assert await mind.work.step()
    mind.work = Consolidation(mind.companion, mind.idle)  # as after kill -9
    assert await mind.facts() == []
    await mind.rest()
    asked = len(mind.reader.asked)
    mind.work = Consolidation(mind.companion, mind.idle)
    await mind.rest()
    assert len(mind.reader.asked) == asked
    assert await mind.facts() == ["current: You live in Lisbon."]
    assert len(await mind.events(Kind.FACT)) == 1


async def test_what_is_forgotten_meanwhile_is_not_concluded_from(mind: Mind) -> None:
    """A turn erased between its reading and the writing leaves no fact."""
    await mind.tell(LISBON)
    assert await mind.work.step()
    await mind.forget("Lisbon")
    await mind.work.write_down()
    assert await mind.events(Kind.FACT) == []


async def test_forgetting_takes_facts_and_gists_along(mind: Mind) -> None:
    """What was concluded from a forgotten turn goes with it; what idle work did stays told."""
    texts = (LISBON, "The tram to the office was late again and I was soaked.")
    mind.reader.answers["\n".join(f"- {text}" for text in texts)] = (
        "You feel that Lisbon has become home. The tram was late and you were soaked."
    )
    await mind.tell(*texts)
    mind.clock.advance(timedelta(hours=2))
    await mind.rest()
    assert [gist.text() for gist in await mind.events(Kind.GIST)]
    await mind.forget("Lisbon")
    assert await mind.events(Kind.GIST) == []
    assert await mind.events(Kind.FACT) == []
    asked = len(mind.reader.asked)
    await mind.rest()
    assert len(mind.reader.asked) == asked
    timeline = Timeline(mind.companion.store, mind.companion.journal)
    [stretch] = await mind.companion.worker(timeline.between)
    assert not stretch.gist
    assert stretch.text.startswith("The tram")


async def test_a_gist_says_nothing_that_was_not_told(mind: Mind) -> None:
    """A sentence with a name or a number from nowhere is cut, the other stays."""
    texts = ("The tram was late again and I was soaked.", "I told my boss Ines that I quit.")
    mind.reader.answers["\n".join(f"- {text}" for text in texts)] = (
        "You told your boss Ines that you quit. You waited 20 minutes for Pedro."
    )
    await mind.tell(*texts)
    mind.clock.advance(timedelta(hours=2))
    await mind.rest()
    [gist] = await mind.events(Kind.GIST)
    assert gist.text() == "You told your boss Ines that you quit."


async def test_the_days_budget_outlives_a_restart(mind: Mind) -> None:
    """What was spent today stands in the journal; tomorrow there is more."""
    body = {"text": "Read 9 turns: nothing new.", "milliseconds": 20 * 60_000, "read": 0}
    entry = Draft(Kind.CONSOLIDATED, Actor.COMPANION, body, COMPANION)
    await mind.companion.worker(mind.companion.journal.append, entry)
    await mind.tell(LISBON)
    await mind.rest()
    assert mind.reader.asked == []
    mind.clock.advance(timedelta(days=1))
    await mind.rest()
    assert await mind.facts() == ["current: You live in Lisbon."]


async def test_a_kill_loses_no_minute_of_the_days_account(mind: Mind) -> None:
    """What was spent and not written down counts in the next process, and once it is, only once."""
    mind.reader.slow = 0.02
    await mind.tell(LISBON)
    assert await mind.work.step()  # two askings, of which nothing is written down
    companion = mind.companion
    kept = await companion.worker(unwritten, companion.store, companion.journal, companion.clock)
    assert kept >= 40
    mind.work = Consolidation(companion, mind.idle)
    await mind.rest()
    [entry] = await mind.events(Kind.CONSOLIDATED)
    spent = (entry.body or {})["milliseconds"]
    assert isinstance(spent, int)
    assert spent >= 2 * kept - 20
    args = companion.store, companion.journal, companion.clock
    assert await companion.worker(unwritten, *args) == 0


async def test_it_is_done_at_once_when_asked_for(mind: Mind) -> None:
    """`oona memory reread` tells what is left, obeys the day's minutes, and passes them when told.

    Where they are used up it says so, and reads nothing.
    """
    await mind.tell(LISBON, "I share a flat in Leeds.", "I do my shifts at the fire station.")
    room = Remembering(Shared(mind.companion))
    room.consolidation = mind.work
    object.__setattr__(mind.companion.settings, "values", {"idle.minutes": 0})
    [refused] = [one async for one in room.op_reread(Request({}, Client()))]
    assert refused["refused"] == "Your setting idle.minutes is 0."
    assert mind.reader.asked == []
    told = [one async for one in room.op_reread(Request({"beyond": True}, Client()))]
    assert [one["turns"] for one in told[:-1]] == [2, 1, 0]
    assert told[-1]["done"]["facts"] == 1  # type: ignore[index]
    assert told[-1]["left"] == {"turns": 0, "sessions": 0}
    assert told[-1]["refused"] == ""


async def test_no_minutes_are_no_work(mind: Mind) -> None:
    """With `idle.minutes` at 0 nothing is asked."""
    object.__setattr__(mind.companion.settings, "values", {"idle.minutes": 0})
    await mind.tell(LISBON)
    await mind.rest()
    assert mind.reader.asked == []


async def test_nobody_is_asked_where_nothing_is_to_be_kept(mind: Mind) -> None:
    """With `memory.keep` at anything but everything no model reads the turns again."""
    from oona.agent.profile import settle

    companion = mind.companion
    await companion.worker(companion.journal.append, settle("memory.keep", "nothing"))
    await mind.tell(LISBON)
    await mind.rest()
    assert mind.reader.asked == []


async def test_a_turn_ends_the_reading_and_it_is_taken_up_again(mind: Mind) -> None:
    """A piece that gave way is done later, whole."""
    mind.reader.slow = 30.0
    await mind.tell(LISBON)
    step = asyncio.create_task(mind.work.step())
    await until(lambda: bool(mind.reader.asked))
    with mind.idle.turn():
        await asyncio.wait_for(step, 2.0)
    mind.reader.slow = 0.0
    await mind.rest()
    assert await mind.facts() == ["current: You live in Lisbon."]


async def test_it_sleeps_once_nothing_awaits_it(mind: Mind) -> None:
    """Its loop makes no further call until a turn has been taken."""
    await mind.tell(LISBON)
    running = asyncio.create_task(mind.work.run())
    await until(lambda: mind.idle.interrupted == 0 and bool(mind.reader.asked))
    await asyncio.sleep(0.2)
    asked = len(mind.reader.asked)
    await asyncio.sleep(0.1)
    assert len(mind.reader.asked) == asked
    await mind.tell("Utrecht has become home for me.")
    with mind.idle.turn():
        pass
    await until(lambda: len(mind.reader.asked) > asked)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def test_a_battery_is_seen(tmp_path: Path) -> None:
    """A machine that says it is discharging runs from its battery; silence means it does not."""
    assert not on_battery(tmp_path / "nowhere")
    (tmp_path / "BAT0").mkdir()
    (tmp_path / "BAT0" / "status").write_text("Discharging\n")
    assert on_battery(tmp_path)
