"""Memory: what was said, found again at the right moment, within a budget of tokens."""

from oona.memory.fulltext import FullTextRecall
from oona.memory.imported import ImportedTexts, Incoming, Intake, Source, Taken
from oona.memory.recall import Recall, Recalled, RecalledTurn
from oona.memory.spoken import SpokenTurns
from oona.memory.tombstones import Tombstones
from oona.memory.turns import TurnTexts

__all__ = [
    "FullTextRecall",
    "ImportedTexts",
    "Incoming",
    "Intake",
    "Recall",
    "Recalled",
    "RecalledTurn",
    "Source",
    "SpokenTurns",
    "Taken",
    "Tombstones",
    "TurnTexts",
]
