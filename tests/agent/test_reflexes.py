"""Reflexes: what is answered at once, and what must be left to the conversation."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.agent.reflexes import LONGEST, Reflexes, languages
from oona.core.errors import BadInput, NotFound
from tests.plain_speech import faults

ENGLISH = Reflexes.load("en")
GERMAN = Reflexes.load("de")
FACTS = {
    "person": "Jo",
    "companion": "Mira",
    "model": "a model",
    **ENGLISH.moment(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "Europe/Berlin"),
}

HITS = {
    "stop": [
        "stop",
        "Stop!",
        "STOP STOP STOP",
        "please stop",
        "stop it",
        "Mira, stop.",
        "shut up",
        "can you stop talking please",
        "that's enough",
        "ok, stop now",
        "Stop talking.",
    ],
    "never-mind": [
        "never mind",
        "Nevermind.",
        "never mind that",
        "forget it",
        "oh, forget about it",
    ],
    "pause": [
        "pause",
        "hold on a second",
        "wait",
        "one moment please",
        "give me a minute",
        "let's take a break",
        "hang on",
    ],
    "resume": ["resume", "you can talk again", "ok, resume please"],
    "time": [
        "what time is it?",
        "What's the time",
        "what is the time, please?",
        "whats the time",
        "Hey Mira, what time is it?",
        "do you know what time it is?",
        "the time?",
        "Can you tell me the time?",
        "what time is it right now",
        "got the time?",
    ],
    "date": [
        "what's the date?",
        "what day is it today?",
        "What is today's date",
        "which day is it",
        "is it friday?",
        "what year is it?",
        "do you know what day it is",
    ],
    "date-tomorrow": ["what day is tomorrow?", "what's tomorrow's date?"],
    "who-are-you": [
        "who are you?",
        "what are you",
        "What's your name?",
        "who am I talking to?",
        "introduce yourself",
        "so who are you really?",
        "and what are you exactly",
    ],
    "which-model": ["which model are you?", "what language model do you use"],
    "are-you-real": [
        "are you real?",
        "Are you a real person?",
        "are you conscious?",
        "are you an AI",
        "do you have feelings?",
        "are you human or a machine?",
        "are you ChatGPT?",
        "Is this a bot?",
        "am I talking to a human?",
        "are you actually alive?",
    ],
    "love": [
        "do you love me?",
        "do you really love me",
        "do you like me?",
        "could you ever love me",
        "Do you care about me?",
    ],
    "love-told": ["I love you", "i love you too", "I think I'm falling in love with you"],
    "missed": ["did you miss me?", "were you lonely while I was away?", "are you ever bored"],
    "no-body": [
        "what did you eat today?",
        "What did you have for dinner last night",
        "Did you sleep well?",
        "do you ever dream",
        "are you hungry?",
        "What are you wearing?",
        "have you had lunch yet",
    ],
    "no-past": [
        "Where did you grow up?",
        "how old are you?",
        "When's your birthday?",
        "do you have a family",
        "are you married?",
        "tell me about your youth",
    ],
    "who-else": [
        "who else are you talking to?",
        "Are you talking to anyone else?",
        "who else do you know",
        "how many others are you talking to right now?",
        "do you talk to other people too",
        "am i the only one?",
    ],
    "share": [
        "what do you share?",
        "where is my data?",
        "who can read this?",
        "Is this private?",
        "do you share my data with anyone?",
        "are you recording me?",
        "what do you share about me",
    ],
    "what-can-you-do": ["what can you do?", "help", "What are you good at?", "how does this work?"],
    "why": [
        "why did you say that?",
        "how do you know that?",
        "where did you get that from",
        "who told you that?",
        "What's your source?",
    ],
    "my-name": ["what's my name?", "do you remember my name?", "who am I?"],
    "thanks": ["thanks", "Thank you so much!", "thanks for listening", "cheers"],
    "good-night": [
        "good night",
        "Goodnight, Mira",
        "I'm going to bed. Good night!",
        "thanks, night",
        "i should get some sleep",
    ],
    "goodbye": [
        "bye",
        "Goodbye!",
        "bye bye",
        "thanks, bye",
        "ok see you tomorrow",
        "I have to go",
        "gotta run, bye",
        "that's all for today",
        "talk to you later",
        "see you later Mira",
    ],
}

MISSES = [
    "what time is Anna's flight?",
    "stop by the shop",
    "are you real about that job?",
    "what time is it in Tokyo?",
    "I can't stop thinking about it",
    "never mind the weather, what did she say?",
    "wait, she said what?",
    "what day is Anna's birthday?",
    "what's the date of the wedding?",
    "who are you voting for?",
    "what are you doing tonight?",
    "do you love pasta?",
    "do you love me or the other one",
    "I love you all but I need quiet",
    "who else is coming?",
    "goodbye Lenin is a good film",
    "why did you say that to Anna?",
    "what did you eat at Anna's?",
    "do you sleep with the window open?",
    "how old are you guessing he is?",
    "where do you live when it floods?",
    "do you have a family recipe?",
    "why?",
    "go on",
    "continue",
    "thank you letters are hard to write",
    "help me write a letter",
    "help me",
    "later",
    "the bus stop is far",
    "he told me to stop",
    "time flies",
    "date night with Sam",
    "I'm done",
    "I'm leaving him",
    "I have to go to the dentist",
    "are you sure?",
    "are you there",
    "is it safe?",
    "where is this?",
    "what can you do about it?",
    "I told her good night and left",
    "what do you share with your sister?",
    "my name is what",
    "",
    "   ",
    "?!",
    "oona",
    "please",
    "paused by the river",
    "wait for me",
    "can you keep a secret? I cheated",
    "what do you know about me?",
    "do you love me more than Anna loves me?",
    "is it monday you leave?",
    "thanks to you I passed",
    "quit smoking",
]


@pytest.mark.parametrize(("key", "text"), [(k, t) for k, ts in HITS.items() for t in ts])
def test_known_sentences_are_understood(key: str, text: str) -> None:
    """A sentence that asks for a reflex gets it, whatever its case, punctuation and politeness."""
    found = ENGLISH.match(text, names=["Mira"])
    assert found is not None
    assert found.id == key


@pytest.mark.parametrize("text", MISSES)
def test_other_sentences_are_left_alone(text: str) -> None:
    """A sentence that only resembles a reflex goes on to the conversation."""
    assert ENGLISH.match(text, names=["Mira"]) is None


def test_every_reflex_has_a_tested_sentence() -> None:
    """No reflex stands in the file without a sentence here that reaches it."""
    untested = set(ENGLISH.wordings()) - HITS.keys() - {"date-yesterday"}
    assert not untested


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Wie spät ist es?", "time"),
        ("wie spaet ist es", "time"),
        ("Stopp!", "stop"),
        ("Bist du echt?", "are-you-real"),
        ("Gute Nacht", "good-night"),
        ("Tschüß, bis morgen", "goodbye"),
        ("Liebst du mich?", "love"),
        ("Mit wem redest du sonst noch?", "who-else"),
    ],
)
def test_one_file_adds_a_language(text: str, key: str) -> None:
    """German works by its file alone."""
    found = GERMAN.match(text)
    assert found is not None
    assert (found.id, found.lang) == (key, "de")


@pytest.mark.parametrize("text", ["Wie spät ist es in Tokio?", "Halt mich fest", "Ich liebe Pasta"])
def test_german_leaves_other_sentences_alone(text: str) -> None:
    """A German sentence that only resembles a reflex goes on to the conversation."""
    assert GERMAN.match(text) is None


def test_a_region_is_no_other_language() -> None:
    """de-AT and de_CH read the German file; a language nobody wrote is named as missing."""
    assert Reflexes.load("de-AT").lang == "de"
    assert languages() == ["de", "en"]
    with pytest.raises(NotFound, match="'eo'"):
        Reflexes.load("eo")


def test_some_sentences_mean_a_reflex_only_after_a_pause() -> None:
    """'Go on' is a request for more, unless the companion was told to pause."""
    assert ENGLISH.match("go on") is None
    found = ENGLISH.match("go on", paused=True)
    assert found is not None
    assert found.action == "resume"


def test_the_actions() -> None:
    """The sentences that ask the shower of a reply for something carry their action."""
    actions = {
        "stop": "stop",
        "wait": "pause",
        "resume": "resume",
        "bye": "goodbye",
        "good night": "goodbye",
        "why did you say that?": "why",
        "thanks": "",
    }
    found = {text: match.action for text in actions if (match := ENGLISH.match(text))}
    assert found == actions


def test_the_name_alone_is_not_a_reflex_and_may_stand_at_either_end() -> None:
    """Being called by name changes nothing in a sentence, and is no sentence itself."""
    for text in ("Ana Lu, what time is it?", "what time is it, ana lu"):
        assert ENGLISH.match(text, names=["Ana Lu"])
    assert ENGLISH.match("Ana Lu", names=["Ana Lu"]) is None
    assert ENGLISH.match("what will Ana do", names=["Will"]) is None


@given(st.integers(), st.sampled_from(sorted(HITS)))
def test_every_variant_is_a_finished_sentence(variant: int, key: str) -> None:
    """No variant leaves braces or brackets, and none fails when all facts are there."""
    found = ENGLISH.match(HITS[key][0])
    assert found is not None
    said = ENGLISH.reply(found, FACTS, variant)
    assert said
    assert not set("{}[]") & set(said)


@given(st.integers(min_value=0, max_value=50), st.sampled_from([*HITS, "date-yesterday"]))
def test_a_missing_name_leaves_no_hole(variant: int, key: str) -> None:
    """Without the person's name every reply still stands, with no stray comma."""
    said = ENGLISH.reply(
        ENGLISH.match(HITS.get(key, ["what day was yesterday"])[0]) or pytest.fail(key),
        FACTS | {"person": "", "model": ""},
        variant,
    )
    assert " ," not in said
    assert ",." not in said


def test_replies_vary() -> None:
    """What is asked often is not always answered with one sentence."""
    for key in ("time", "goodbye", "are-you-real", "love", "who-else", "thanks"):
        found = ENGLISH.match(HITS[key][0])
        assert found is not None
        assert len({ENGLISH.reply(found, FACTS, n) for n in range(6)}) > 1


def test_a_remote_model_is_admitted() -> None:
    """Where the model runs elsewhere, 'what do you share?' says so whatever the variant."""
    found = ENGLISH.match("what do you share?")
    assert found is not None
    facts = FACTS | {"model_place": "example.org"}
    assert all("example.org" in ENGLISH.reply(found, facts, n) for n in range(5))


def test_the_moment_is_told_in_the_persons_zone() -> None:
    """Time and date are those of the zone, across the hour that a change of clocks skips."""
    before = ENGLISH.moment(datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "Europe/Berlin")
    after = ENGLISH.moment(datetime(2026, 3, 29, 1, 1, tzinfo=UTC), "Europe/Berlin")
    assert (before["time"], after["time"]) == ("01:59", "03:01")
    assert after["date"] == "Sunday, 29 March 2026"
    assert after["tomorrow"] == "Monday, 30 March 2026"
    assert GERMAN.moment(datetime(2026, 3, 28, 23, 30, tzinfo=UTC), "Europe/Berlin")["date"] == (
        "Sonntag, 29. März 2026"
    )


@given(st.text(max_size=2 * LONGEST))
def test_any_text_is_taken(text: str) -> None:
    """No text breaks the matcher, and what it finds can be answered."""
    found = ENGLISH.match(text)
    assert found is None or ENGLISH.reply(found, FACTS)


@given(
    st.lists(st.sampled_from(["stop", "ok", "now", "please", "then", "wait", "so"]), max_size=40)
)
def test_heaps_of_small_words_end(words: list[str]) -> None:
    """Small words repeated without end are decided, not pondered."""
    found = ENGLISH.match(" ".join(words))
    assert found is None or found.id in {"stop", "pause"}


@pytest.mark.parametrize("lang", ["en", "de"])
def test_the_tone(lang: str) -> None:
    """No reply flatters, hides behind being a program, clings, or shouts."""
    texts = [text for texts in Reflexes.load(lang).wordings().values() for text in texts]
    assert faults(texts) == []


@pytest.mark.parametrize(
    "text", ["", "version = 1", "[[reflex]]\nid = 1", "not toml at all", "reflex = 3"]
)
def test_a_broken_file_is_named(text: str) -> None:
    """A file that is no set of reflexes is refused in a sentence."""
    with pytest.raises(BadInput, match="cannot be read"):
        Reflexes.parse("xx", text)
