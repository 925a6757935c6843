"""The watch for danger, with the contacts of the place the person lives in."""

from __future__ import annotations

from pathlib import Path

from oona.trust.contacts import Contacts
from oona.trust.danger import Danger, danger, reply


class DangerWatch:
    """Finds danger in words, and answers it with whom to call."""

    def __init__(self, own_contacts: Path, zone: str) -> None:
        self._zone = zone
        self.contacts = Contacts.load(own_contacts)

    def find(self, text: str) -> Danger | None:
        """The danger that `text` speaks of, if it clearly does."""
        return danger(text)

    def reply(self, found: Danger) -> str:
        """The fixed, kind answer."""
        return reply(found, self._zone, self.contacts)
