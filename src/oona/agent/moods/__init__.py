"""Moods: how what was told is received.

A small model meets a loss with "Good choice!" as easily as with kindness. What it begins with, it
goes on with: so the first words of a reply to a telling with a strong mood are ours, chosen by
code, and the model goes on from there. Which mood it is, is read from the point that the embedder
gives the person's words; where that is unsure, or no embedder is there yet, the model begins by
itself. Models of any size but the embedded one need no such help and get none.
"""

from __future__ import annotations

from oona.agent.moods.leads import Lead, lead
from oona.agent.moods.reading import CHEERFUL, Mood, Moods, by

__all__ = ["CHEERFUL", "Lead", "Mood", "Moods", "by", "lead"]
