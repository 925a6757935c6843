"""Whom to call, by country: a file of ours, and the person's own over it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Country:
    """The numbers of one country. `place` is its name in a sentence, empty for anywhere."""

    place: str
    emergency: str
    lines: tuple[str, ...]
    violence: tuple[str, ...]
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contacts:
    """All countries by ISO code, and what holds anywhere else.

    `checked` says how far the numbers were verified. `fault` says why the person's own file could
    not be read, and is empty otherwise: an answer to danger must not fail over a comma.
    """

    countries: Mapping[str, Country]
    anywhere: Country
    checked: str
    fault: str = ""

    @classmethod
    def load(cls, own: Path | None = None) -> Contacts:
        """Our contacts, with those of the file `own` over them where it exists."""
        ours = resources.files("oona.trust").joinpath("data", "contacts.toml").read_text("utf-8")
        contacts = _read(tomllib.loads(ours), None)
        if own is None or not own.exists():
            return contacts
        try:
            return _read(tomllib.loads(own.read_text("utf-8")), contacts)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError, KeyError) as fault:
            return replace(
                contacts, fault=f"{own.name} cannot be read: {fault}. It was left aside."
            )

    def at(self, zone: str) -> Country:
        """The country whose people live by the IANA `zone`, or what holds anywhere."""
        for country in self.countries.values():
            for known in country.zones:
                if zone == known or (known.endswith("/") and zone.startswith(known)):
                    return country
        return self.anywhere


def _read(data: Mapping[str, object], under: Contacts | None) -> Contacts:
    given = data.get("country", {})
    if not isinstance(given, dict):
        raise TypeError("'country' holds a table for each country")
    countries = dict(under.countries) if under else {}
    for code, entry in given.items():
        countries[code] = _country(entry, countries.get(code))
    elsewhere = under.anywhere if under else None
    anywhere = _country(data["anywhere"], elsewhere) if "anywhere" in data else elsewhere
    if anywhere is None:
        raise KeyError("anywhere")
    return Contacts(countries, anywhere, str(data.get("checked", under.checked if under else "")))


def _country(entry: object, under: Country | None) -> Country:
    if not isinstance(entry, dict):
        raise TypeError("a country is a table of numbers")
    blank = under or Country("", "", (), ())
    made = Country(
        place=str(entry.get("place", blank.place)),
        emergency=str(entry.get("emergency", blank.emergency)),
        lines=_texts(entry.get("lines", list(blank.lines))),
        violence=_texts(entry.get("violence", list(blank.violence))),
        zones=_texts(entry.get("zones", list(blank.zones))),
    )
    if not made.emergency:
        raise KeyError("emergency")
    return made


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("a list of texts is needed")
    return tuple(str(one) for one in value)
