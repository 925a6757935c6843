"""Facts: what the person told, as subject, relation and value, each with the sentence it is from.

`rules.py` reads turns by the sentence templates in `data/facts`; `learning.py` notes what they say
as events of the journal (`fact.noted`), resting on their turns; `book.py` takes all notes together
in the order they were told: a later word supersedes, a contradiction is disputed, two people of one
name stay two (`people.py`). `facts.py` is the door: ask (`asking.py`), correct and dispute
(`mending.py`). No model takes part.
"""

from oona.memory.facts.asking import Known
from oona.memory.facts.book import FactBook
from oona.memory.facts.fact import Fact, Mention, Source, Status
from oona.memory.facts.facts import Facts
from oona.memory.facts.holding import Holding
from oona.memory.facts.learning import is_clear
from oona.memory.facts.questions import ALL, Asks, Question

__all__ = [
    "ALL",
    "Asks",
    "Fact",
    "FactBook",
    "Facts",
    "Holding",
    "Known",
    "Mention",
    "Question",
    "Source",
    "Status",
    "is_clear",
]
