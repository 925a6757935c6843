"""What is answered to danger: fixed texts, with the people to call in the person's country."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import available_timezones

import pytest

from oona.trust.contacts import Contacts
from oona.trust.danger import Danger, DangerKind, reply
from tests.plain_speech import faults

CONTACTS = Contacts.load()

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
