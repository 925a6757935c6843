"""What a conversation knows of facts: questions answered from them, and answers contested.

`answering.py` says what is known, `listing.py` all of it, `ellipsis.py` makes "And Leon?" a whole
question, `contesting.py` takes a "no" for what it is. All by code; no model takes part.
"""

from oona.agent.knowing.knowing import Knowing

__all__ = ["Knowing"]
