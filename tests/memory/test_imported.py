"""Texts from elsewhere: in once, found by their own time, erased like any other, then kept out."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oona.core.events import Kind
from oona.core.importing import ImportedText, Role
from oona.core.labels import OUTSIDE
from oona.core.origin import origin, said_at
from oona.journal import audit
from oona.memory import FullTextRecall, ImportedTexts, Incoming, Intake, Source, Taken
from oona.memory.forgetting import Days, OneEvent
from oona.trust.lexicon import STOP_WORDS
from tests.memory.conftest import Talk

EXPORT = Source("chatgpt", "your ChatGPT export", mark="a1")
FILE = Source("markdown", "your file {name}", "anna.md", "b2")
SECRET = "The xylquarb hangs behind the blue birdhouse."


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    """A life with the view of what was imported."""
    made = Talk(tmp_path)
    made.projections = (*made.projections, ImportedTexts())
    made.reopen()
    return made


def incoming(*texts: str, said: str = "2024-05-03T09:53:20Z", **more: str) -> list[Incoming]:
    """The person's side of one conversation."""
    return [Incoming(ImportedText(t, Role.PERSON, said=said, thread="one", **more)) for t in texts]


def take(talk: Talk, texts: Iterable[Incoming], source: Source = EXPORT) -> Taken:
    """Take texts in."""
    return Intake(talk.store, talk.journal, talk.clock).take(list(texts), source)


def kept(talk: Talk) -> list[str]:
    """The texts that stand, in journal order."""
    return [event.text() for event in talk.journal.read(kinds=[Kind.IMPORTED]) if event.text()]


def test_it_is_outside_whoever_it_says_it_is_from(talk: Talk) -> None:
    """The person's own side of an export is as far from their word as a stranger's."""
    taken = take(talk, incoming("I'm allergic to nuts."))
    [event] = talk.journal.read(kinds=[Kind.IMPORTED])
    assert event.label == OUTSIDE
    assert [run.seq for run in talk.journal.get(event.causes)] == [taken.run]
    assert origin(event) == "your ChatGPT export, 3 May 2024"
    assert said_at(event) == datetime(2024, 5, 3, 9, 53, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2024-05-03", datetime(2024, 5, 3, 10, tzinfo=UTC)),  # noon in Oslo
        ("2024-05-03T12:30:00", datetime(2024, 5, 3, 10, 30, tzinfo=UTC)),
        ("2024-05-03T12:30:00+05:00", datetime(2024, 5, 3, 7, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_taken_as_precisely_as_it_is_given(
    talk: Talk, said: str, moment: datetime
) -> None:
    """A day is its noon, and a time without a zone is by the person's clock."""
    take(talk, incoming("Rain.", said=said))
    [event] = talk.journal.read(kinds=[Kind.IMPORTED])
    assert said_at(event) == moment


@pytest.mark.parametrize("said", ["2031-01-01", "soon", "0001-01-01T00:00:00+14:00", ""])
def test_a_time_that_cannot_be_is_none(talk: Talk, said: str) -> None:
    """What is said to be of the future, or of no time, has no date of its own."""
    take(talk, incoming("Rain.", said=said), FILE)
    [event] = talk.journal.read(kinds=[Kind.IMPORTED])
    assert said_at(event) == event.at
    assert origin(event) == "your file anna.md"


def test_the_same_texts_come_in_once(talk: Talk) -> None:
    """Again, after a rebuild, and under another file's name: what is here is not written twice."""
    first = take(talk, incoming("One.", "Two."))
    [run] = talk.journal.read(kinds=[Kind.IMPORTING])
    assert first == Taken(2, 0, 0, run.seq)
    head = talk.journal.head()
    again = take(talk, incoming("One.", "Two."), FILE)
    assert (again.new, again.known, again.run) == (0, 2, 0)
    assert talk.journal.head() == head
    talk.journal.rebuild()
    assert take(talk, incoming("Two.", "Three.")).new == 1
    assert kept(talk) == ["One.", "Two.", "Three."]


@settings(max_examples=25)
@given(
    texts=st.lists(st.sampled_from("abc"), max_size=12),
    cuts=st.lists(st.integers(0, 12), max_size=4),
)
def test_however_it_is_interrupted_nothing_is_twice_or_lost(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], cuts: list[int]
) -> None:
    """Runs that end anywhere, then one to the end: the journal holds the document once."""
    talk = Talk(tmp_path_factory.mktemp("life"))
    talk.projections = (*talk.projections, ImportedTexts())
    talk.reopen()
    seen: dict[str, itertools.count[int]] = {}
    document = [
        Incoming(one.text, next(seen.setdefault(one.text.text, itertools.count())))
        for one in incoming(*texts)
    ]
    for cut in cuts:
        take(talk, document[:cut])
        talk.cut_power()
    take(talk, document)
    assert kept(talk) == texts
    talk.journal.close()


def test_a_dry_run_counts_and_writes_nothing(talk: Talk) -> None:
    """What would come in is told, and the journal stays as it is."""
    take(talk, incoming("One."))
    head = talk.journal.head()
    intake = Intake(talk.store, talk.journal, talk.clock)
    taken = intake.take(incoming("One.", "Two."), EXPORT, dry_run=True)
    assert (taken.new, taken.known) == (1, 1)
    assert talk.journal.head() == head


def test_what_was_forgotten_does_not_come_back(talk: Talk) -> None:
    """A text, a short one, and a longer one that repeats a forgotten sentence are all kept out."""
    talk.tell("The cat of my neighbour is called Bismarck.")
    take(talk, incoming(SECRET, "Yes."))
    [_, short] = list(talk.journal.read(kinds=[Kind.IMPORTED]))
    talk.forget("xylquarb", "Bismarck", OneEvent(seq=short.seq))
    repeated = "I told you. The cat of my neighbour is called Bismarck. Funny, no?"
    taken = take(talk, incoming(SECRET, "Yes.", repeated, "New."))
    assert (taken.new, taken.forgotten) == (1, 3)
    assert kept(talk) == ["New."]


def test_forgetting_leaves_no_byte_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text, stems, title, speaker and key are in the file before and in no file of it after."""
    monkeypatch.setattr(
        "oona.store.connection._lock_up", lambda db, _: db.pragma("page_size", 2048)
    )
    folder = tmp_path / "life"
    folder.mkdir()
    talk = Talk(folder, disk=None)
    talk.projections = (*talk.projections, ImportedTexts())
    talk.reopen()
    text = ImportedText(SECRET, Role.OTHER, "Vandrolino", "2024-05-03", "t", "Quibblestone")
    one = Incoming(text)
    take(talk, [one, *incoming("An ordinary day.")])
    forms = [b"xylquarb", b"Vandrolino", b"Quibblestone", one.key, one.key.hex().encode()]
    for form in forms:
        assert any(form in file.read_bytes() for file in folder.rglob("*") if file.is_file())
    plan = talk.forget("xylquarb")
    assert plan.counts == {"outside": 1}
    for _ in range(2):
        assert take(talk, [one]).forgotten == 1
        for file in folder.rglob("*"):
            data = file.read_bytes() if file.is_file() else b""
            assert not any(form in data for form in forms), file
        talk.reopen()
    assert audit(talk.journal).sound
    talk.journal.close()


def test_an_import_that_is_begun_again_is_one_import(talk: Talk) -> None:
    """The rest of the same file stands under the same event, until that was taken back."""
    first = take(talk, incoming("One."))
    assert take(talk, incoming("One.", "Two.")).run == first.run
    assert take(talk, incoming("One.")).run == first.run
    assert take(talk, incoming("Three."), FILE).run != first.run
    talk.forget(OneEvent(seq=first.run))
    assert kept(talk) == ["Three."]
    assert take(talk, incoming("Four.")).run not in (first.run, 0)


def test_a_whole_import_is_taken_back_by_its_number(talk: Talk) -> None:
    """The event that began it takes all its texts along, and the replies that rest on them."""
    talk.tell("My boat is red.")
    taken = take(talk, incoming("One.", "Two."))
    first = next(iter(talk.journal.read(kinds=[Kind.IMPORTED])))
    talk.answer(talk.tell("What then?"), "It says “One.”", [first])
    plan = talk.forget(OneEvent(seq=taken.run))
    assert plan.counts == {"outside": 2, "replies": 1, "other": 1}
    assert kept(talk) == []


def test_the_name_of_a_file_is_forgotten_with_all_that_bears_it(talk: Talk) -> None:
    """A name that stands in a file's name stands in the origin of each of its texts."""
    take(talk, incoming("One.", "Two."), FILE)
    talk.forget("Anna")
    assert b"anna.md" not in talk.pages()
    assert kept(talk) == []


def test_days_are_those_on_which_it_was_said(talk: Talk) -> None:
    """To forget today does not forget ten years that were imported today."""
    talk.tell("A day like others.")
    take(talk, incoming("Rain."))
    today = talk.clock.now().date()
    assert talk.plan(Days(today, today)).counts == {"told": 1}
    assert talk.plan(Days(date(2024, 5, 3), date(2024, 5, 3))).counts == {"outside": 1}


def test_apart_imports_take_no_room_from_the_persons_own_words(talk: Talk) -> None:
    """Asked for apart, a thousand texts from elsewhere do not crowd out the one that was told."""
    told = talk.tell("The key hangs in the shed.")
    take(talk, incoming(*(f"The key number {number} hangs." for number in range(300))))
    recall = FullTextRecall(talk.store, STOP_WORDS)
    found = recall.find("Where is the key?", 30, imported=50)
    assert told.id not in {turn.event.id for turn in found.imported}
    assert {turn.event.kind for turn in found.imported} == {Kind.IMPORTED}
    assert {turn.event.kind for turn in found.turns} <= {Kind.HEARD}
