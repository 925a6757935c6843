"""Choosing a name: by code, with reasons that are true.

`sounds.py` says how a word sounds and how far two are apart, `choice.py` compares the names and
proposes one, `verdict.py` understands what the person says to it. Nothing is heard yet, so the
figures speak of sounds as written and promise no more.
"""

from oona.agent.naming.choice import Naming, Proposal
from oona.agent.naming.verdict import Verdict, VerdictKind, understand

__all__ = ["Naming", "Proposal", "Verdict", "VerdictKind", "understand"]
