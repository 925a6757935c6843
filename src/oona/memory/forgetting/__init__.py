"""Forgetting for good: what is asked (`wish.py`), what it touches (`plan.py`), and its end.

A wish becomes a plan, which erases nothing and can be shown; only an agreed plan is carried out.
`words.py` finds words and quotations in events, `hearsay.py` replies that draw on what the model
still had before it. What keeps the erased from coming back with an import is beside this room's
other views, in `memory/tombstones.py`.
"""

from oona.memory.forgetting.forgetting import Forgetting, Receipt
from oona.memory.forgetting.plan import Item, Part, Plan, Reason, Walk
from oona.memory.forgetting.wish import Days, LastSaid, OneEvent, Saying, Wish, read_wish

__all__ = [
    "Days",
    "Forgetting",
    "Item",
    "LastSaid",
    "OneEvent",
    "Part",
    "Plan",
    "Reason",
    "Receipt",
    "Saying",
    "Walk",
    "Wish",
    "read_wish",
]
