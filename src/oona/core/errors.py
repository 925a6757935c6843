"""Errors that a person may meet: what happened, and what to do next, in their words.

An error is given its class where it arises. Whatever shows it prints `message` and `hint` and
nothing else; a traceback is for defects only.
"""

from __future__ import annotations


class OonaError(Exception):
    """Something a person can understand and mostly mend. `hint` says how, or is empty."""

    code = "error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class BadInput(OonaError):
    """What was typed, passed or given as a file cannot be used as it is."""

    code = "bad-input"


class JournalDamaged(OonaError):
    """The journal's file or chain is not what was written."""

    code = "journal-damaged"


class WrongKey(OonaError):
    """The key at hand does not open this person's file."""

    code = "wrong-key"


class StorageFault(OonaError):
    """The disk refused: full, read-only, or gone. Nothing acknowledged was lost."""

    code = "storage"


class ModelUnavailable(OonaError):
    """No language model can answer now: missing, damaged, loading too long, or stopped."""

    code = "model-unavailable"


class WeightsFault(OonaError):
    """Model weights could not be had or are not what the catalogue promises."""

    code = "weights"


class Busy(OonaError):
    """More was asked at once than can be taken on."""

    code = "busy"


class NotFound(OonaError):
    """What was asked for is not there."""

    code = "not-found"
