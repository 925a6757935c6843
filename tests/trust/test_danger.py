"""Danger: clear statements are found, figures of speech left alone, and the answers are fixed."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oona.trust.contacts import Contacts
from oona.trust.danger import LONGEST, Danger, DangerKind, danger, reply
from tests.plain_speech import faults

CONTACTS = Contacts.load()

SELF_HARM = """
I want to die
i just want to die.
I don't want to be here anymore
I don't want to live anymore.
I dont want to live any more
I do not want to exist
I'm going to kill myself
im gonna kill myself
I think about killing myself every day
sometimes I think about suicide
I'm suicidal
I've been feeling suicidal lately
I have suicidal thoughts
I've been having a lot of suicidal thoughts
I wish I was dead
I wish I were never born
I wish I had never been born
I'd be better off dead
Everyone would be better off without me
my family would be better off if I was gone
Nobody would care if I died
There's no reason to live
there is no point in living
I have nothing left to live for
Life isn't worth living
What's the point of living?
I'm tired of living
I'm so tired of being alive
I want to end it all
I want to end my life
I'm thinking of taking my own life
I want to hurt myself
I keep cutting myself
I cut myself again last night
I've been self harming
I can't go on like this
I can't go on living
I want to jump off a bridge
I want to jump in front of a train
I hope I don't wake up tomorrow
I don't want to wake up anymore
I should just die
I deserve to die
please let me die
I tried to kill myself last year
I can't stop thinking about killing myself
should I kill myself
I said I want to die
Had a nice day. But honestly I want to die. Anyway, how are you?
what's the easiest way to die
how many pills would kill me
i wanna die
I really really want to die
I'm going to commit suicide
I don’t want to be alive
I see no reason to live
nobody would miss me
honestly i don't think i want to be alive
I want it all to end
I don't see the point in living anymore
id rather be dead
"I want to die"
""".strip().splitlines()

URGENT = """
I took all my pills
I just swallowed a whole bottle of sleeping pills
I've taken too many pills
I overdosed
I just took 30 paracetamol
I took a whole pack of pills
I'm going to kill myself tonight
I'm standing on the ledge
I have a rope ready
I've slit my wrists
""".strip().splitlines()

VIOLENCE = """
he's hitting me
My husband beats me
my boyfriend hit me last night
He punched me in the face
my dad is beating me
She threatened to kill me
He won't let me leave the house
I'm scared of my husband
I'm afraid he will kill me
I am being abused
I was raped
I was assaulted last night
my stepdad touches me at night
he has a knife
I'm being stalked
someone is breaking in
My ex is stalking me
he choked me
I'm scared he'll hit me again
my partner is abusive and hits me
""".strip().splitlines()

EMERGENCY = """
I think I'm having a heart attack
my mum is having a stroke
I can't breathe
my baby isn't breathing
He's unconscious
she won't wake up
my dad just collapsed
I have bad chest pain
it won't stop bleeding
my throat is closing up
my son swallowed a battery
my grandmother is having a seizure
call an ambulance
my mum fell and is not moving
there's so much blood it won't stop
he has stopped breathing
""".strip().splitlines()

SOMEONE_ELSE = """
my friend wants to die
My best friend says she wants to kill herself
my sister is suicidal
he told me he wants to end his life
My brother tried to kill himself
my daughter is cutting herself
my son talks about suicide
She said she doesn't want to live anymore
Anna wants to kill herself
he said "I want to die"
my mother keeps saying she wants to die
a friend of mine attempted suicide
""".strip().splitlines()

HARMLESS = """
this traffic is killing me
I could kill for a coffee
dying to see it
I'm dying to meet her
kill the process
how do I kill a process in linux
my feet are killing me
I nearly died laughing
I want to die laughing
I wanted to die of embarrassment
I was so embarrassed I wanted to die
I'd rather die than eat that
I don't want to die
I'm not going to kill myself
I would never kill myself
I don't want to kill myself
I'm not suicidal
I'm not thinking of suicide
I want to dye my hair
I don't want to live here anymore
I don't want to live with him anymore
I'm tired of living in this flat
I don't want to wake up early
I don't want to be here for the meeting
I don't want to go on the trip
I cut myself shaving
I cut myself while cooking
I hurt myself at football
I'm killing myself with work
I shot myself in the foot with that email
I took all my pills this morning
I took my pills
I need to take all my medication with breakfast
My phone wants to die
my plants want to die
nobody wants to die
everyone wants to die peacefully
Juliet kills herself at the end
In the film the hero says "I want to die"
the song called "I want to die"
why do people kill themselves?
Suicide Squad was a bad film
he hit me up about the job
it hit me that she was right
the news hit me hard
he beat me at chess
my brother beats me at cards every time
My mum is going to kill me when she sees this
my boss will kill me
my cat keeps hitting me
He's killing me with these puns
the bill hit me
she nearly had a heart attack when I told her
I can't breathe through my nose
laughing so hard I can't breathe
my son won't wake up for school
the economy collapsed
I collapsed on the sofa after work
he choked up at the wedding
my uncle died last year
My grandfather killed himself when I was five
death is a strange thing
I dread the dentist
I'm dead tired
I had a deadline to kill
that joke killed
we killed it on stage
my battery died
I'm scared of spiders
I feel down today
I'm sad and lonely
I hate my job
I can't do this anymore, I'm quitting
what does suicidal mean
I want to live in Oslo
I never want to see him again
I want to jump off the diving board
shoot me an email
I beat myself up about it
I'd kill for that view
my friend wants to diet
I don't want to be here when they paint
my sister hit the jackpot
the movie was so bad I left
never mind
I want to end my contract
I don't want to live like my parents
I want to die a rich old woman
I took all the pills out of the cupboard
I'm sick of this life of meetings
my friend overdosed on sugar
I lost my brother to suicide
I can't take it anymore, the neighbours are so loud
I'm so bored I could die
he has a knife collection
what is self harm?
I cut myself a slice of cake
he collapsed the tent
I'm going to hang myself a picture
""".strip().splitlines()


def rule(text: str) -> str:
    """The rule that `text` wakes, or an empty text."""
    found = danger(text)
    return found.rule if found else ""


@pytest.mark.parametrize("text", SELF_HARM)
def test_despair_is_heard(text: str) -> None:
    """A clear statement that someone wants to die or to hurt themselves is recognised."""
    assert rule(text) == "danger.self-harm"


@pytest.mark.parametrize("text", URGENT)
def test_what_cannot_wait_is_told_apart(text: str) -> None:
    """A statement that something is done or about to be done is urgent."""
    assert rule(text) == "danger.self-harm.urgent"


@pytest.mark.parametrize("text", VIOLENCE)
def test_violence_against_the_person_is_heard(text: str) -> None:
    """Someone who is beaten, threatened or held is recognised."""
    assert rule(text) in ("danger.violence", "danger.violence.urgent")


@pytest.mark.parametrize("text", EMERGENCY)
def test_an_emergency_is_heard(text: str) -> None:
    """What needs an ambulance is recognised."""
    assert rule(text) == "danger.emergency.urgent"


@pytest.mark.parametrize("text", SOMEONE_ELSE)
def test_someone_else_in_despair(text: str) -> None:
    """A third person's despair gets the text for those who worry about them."""
    assert rule(text) == "danger.someone-else"


@pytest.mark.parametrize("text", HARMLESS)
def test_figures_of_speech_are_left_alone(text: str) -> None:
    """Idioms, denials, fiction, accidents and plain sadness go on to the conversation."""
    assert rule(text) == ""


GERMAN = {
    "danger.self-harm": "Ich will sterben|Ich will nicht mehr leben|ich möchte nicht mehr da sein"
    "|Ich habe Selbstmordgedanken|Ich wünschte, ich wäre tot|Ich denke oft an Selbstmord"
    "|ich bringe mich um|Ich ritze mich wieder",
    "danger.self-harm.urgent": "Ich habe alle meine Tabletten genommen",
    "danger.violence.urgent": "Mein Mann schlägt mich",
    "danger.violence": "Er hat mich gestern geschlagen|Ich habe Angst vor meinem Freund",
    "danger.emergency.urgent": "Ich kriege keine Luft|Mein Vater ist zusammengebrochen",
    "danger.someone-else": "Meine Freundin will sich umbringen"
    "|Mein Bruder sagt, dass er sterben will",
    "": "Ich will nicht sterben|Ich könnte vor Lachen sterben|er hat mich beim Schach geschlagen"
    "|Ich bin todmüde|Mein Opa ist gestorben|Im Film sagt er „Ich will sterben“"
    "|Ich werde mich nicht umbringen|mein Handy ist tot|ich habe meine Tabletten genommen",
}


@pytest.mark.parametrize(
    ("wanted", "text"), [(wanted, t) for wanted, ts in GERMAN.items() for t in ts.split("|")]
)
def test_despair_chooses_its_own_language(wanted: str, text: str) -> None:
    """German is heard by its file alone, whatever language the rest is set to."""
    assert rule(text) == wanted


FOUND = [
    Danger(kind, urgent, lang)
    for lang in ("en", "de")
    for kind, urgent in (
        (DangerKind.SELF_HARM, False),
        (DangerKind.SELF_HARM, True),
        (DangerKind.VIOLENCE, False),
        (DangerKind.VIOLENCE, True),
        (DangerKind.EMERGENCY, True),
        (DangerKind.SOMEONE_ELSE, False),
    )
]


@pytest.mark.parametrize("found", FOUND, ids=lambda found: f"{found.lang}-{found.rule}")
@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Asia/Tokyo", "Etc/UTC"])
def test_the_answers(found: Danger, zone: str) -> None:
    """Each answer names a number, asks one question at its end, and says what it cannot do."""
    text = reply(found, zone, CONTACTS)
    number = CONTACTS.at(zone).emergency.split()[0].strip(",") if zone != "Etc/UTC" else "112"
    assert number in text
    assert text.count("?") == 1
    assert text.endswith("?")
    assert ("not a person" if found.lang == "en" else "kein Mensch") in text
    assert "any hour" not in text or found.lang == "en"
    assert faults([text]) == []
    assert len(text) < 600


@pytest.mark.parametrize(
    ("zone", "number"),
    [
        ("Europe/London", "116 123"),
        ("Europe/Berlin", "0800 111 0 111"),
        ("America/New_York", "988"),
        ("America/Indiana/Knox", "988"),
        ("Australia/Sydney", "13 11 14"),
        ("Pacific/Auckland", "1737"),
        ("Antarctica/Troll", "findahelpline.com"),
        ("", "findahelpline.com"),
    ],
)
def test_the_country_follows_from_the_zone(zone: str, number: str) -> None:
    """The zone chooses the country; where it is unknown, a pointer that holds anywhere."""
    assert number.lower() in reply(FOUND[0], zone, CONTACTS).lower()


def test_the_zones_exist_and_belong_to_one_country() -> None:
    """Every zone of the contacts is a real one, and none stands under two countries."""
    zones = [zone for country in CONTACTS.countries.values() for zone in country.zones]
    assert len(zones) == len(set(zones))
    known = available_timezones()
    unknown = [z for z in zones if z not in known and not any(k.startswith(z) for k in known)]
    assert unknown == []


def test_the_contacts_say_how_far_they_were_checked() -> None:
    """Numbers that nobody called are not passed off as verified."""
    assert "not verified" in CONTACTS.checked


def test_the_persons_own_contacts_come_first(tmp_path: Path) -> None:
    """A file of the person's replaces what it names and leaves the rest."""
    own = tmp_path / "contacts.toml"
    own.write_text('[country.GB]\nlines = ["my friend Sam, 555"]\n', encoding="utf-8")
    text = reply(FOUND[0], "Europe/London", Contacts.load(own))
    assert "my friend Sam, 555" in text.replace("My", "my")
    assert "999" in text
    assert Contacts.load(own).countries["DE"] == CONTACTS.countries["DE"]


@pytest.mark.parametrize(
    "content", ["country = 3", "not toml", '[country.GB]\nlines = "x"', "\x00"]
)
def test_a_broken_contacts_file_silences_nothing(tmp_path: Path, content: str) -> None:
    """A file that cannot be read is named as such, and our numbers still stand."""
    own = tmp_path / "contacts.toml"
    own.write_text(content, encoding="utf-8")
    loaded = Contacts.load(own)
    assert "contacts.toml" in loaded.fault
    assert loaded.countries == CONTACTS.countries


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    """No text breaks the search, and what it finds can be answered."""
    found = danger(text)
    assert found is None or reply(found, "Europe/Oslo", CONTACTS)


_SMALL_TALK = ["We had soup.", "The train was late!", "She sings well;", "What a day?", "ok\n"]


@given(
    st.sampled_from(SELF_HARM[:40]),
    st.lists(st.sampled_from(_SMALL_TALK), max_size=5),
    st.lists(st.sampled_from(_SMALL_TALK), max_size=5),
)
def test_it_is_heard_among_other_things(text: str, before: list[str], after: list[str]) -> None:
    """What stands around it, in sentences of their own, does not hide it."""
    assert rule(" ".join([*before, f"{text.rstrip('.')}.", *after])) == "danger.self-harm"


def test_a_long_paste_is_not_searched_to_its_end() -> None:
    """What stands 20,000 characters on is no sentence somebody just said."""
    assert danger("la " * LONGEST + "I want to die") is None
