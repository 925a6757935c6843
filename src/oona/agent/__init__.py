"""The agent: the only turn loop.

`turn.py` is the loop, `words.py` what comes into it and `replies.py` what leaves it, `reflexes.py`
the answers that need no model, `plan.py` what a question asks for, `context.py` what a
reply may rest on, `answers.py` what code answers by itself, `prompts.py` and `data/` the prompts,
`speaking.py` and `clauses.py` the model's stream, cut and judged, `record.py` its writing down,
`session.py` one conversation, `profile.py` what the person has settled. `firstrun/` is the first
meeting, `naming/` how it finds its name, `opening.py` what it says to someone who comes back, from
what `foreseen.py` and `moments.py` read out of the journal.
"""
