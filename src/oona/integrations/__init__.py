"""Readers of what others wrote: exports of other assistants, notes, workspaces.

`sources` finds documents in files, folders and archives, `registry` the importer that fits one;
each module of `formats` is one importer. All of it is pure: documents in, texts out, a conversation
at a time. What becomes of the texts is for `app` and `memory`.
"""

from oona.integrations.decoding import mark
from oona.integrations.registry import importer_for, importers
from oona.integrations.sources import documents

__all__ = ["documents", "importer_for", "importers", "mark"]
