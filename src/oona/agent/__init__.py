"""The agent: the only turn loop.

`turn.py` is the loop, `words.py` what comes into it and `replies.py` what leaves it, `reflexes.py`
the answers that need no model, `plan.py` what a question asks for, `prompts.py` and `data/` the
prompts, `profile.py` what the person has settled, `clauses.py` the cutting of a stream into clauses.
"""
