"""The first conversation: a few short questions, one real one, and a name.

`script.py` reads the questions and their texts from `data/firstrun/`, `answers.py` understands what
the person says to them, `run.py` is the state machine. It shows nothing and waits for nothing:
whoever drives it (a terminal, a voice, a page) shows `prompt()`, passes the answer to `answer()`,
writes its drafts and says its text. The state is what the journal has, so that an interruption at
any point loses nothing and nothing is asked twice.
"""

from oona.agent.firstrun.run import FirstRun, Prompt, Step
from oona.agent.firstrun.script import Script

__all__ = ["FirstRun", "Prompt", "Script", "Step"]
