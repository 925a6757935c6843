"""Trust: what may be said, and how each word of it can be accounted for.

`check.py` judges a clause before it is shown, against the `evidence.py` of the person's own words,
the `constraints.py` in them and the word lists of `lexicon.py`; `danger.py` answers despair and
danger with whom to call from `contacts.py`; `why.py` tells from the journal alone how a reply came
about.
"""
