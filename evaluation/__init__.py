"""The evaluation: what a real model, behind our check, says to people, and how good that is.

`python -m evaluation` (`make eval`) runs three things and keeps every transcript:
    cases           single situations with rules of passing (`cases/*.toml`), and a third of them
                    made up as it runs (`generated.py`), so that nothing can have been written for
                    them; judged by `scoring.py` as RULES.md says
    conversations   thirty of ten turns (`conversations/*.toml`), once with Oona and once with the
                    bare model, written side by side and blind for `rubric.md`; `judgements.py`
                    joins key and judgements
    reality         docs/reality.md, row by row the film's operating system and ours (`reality.py`)

`python -m evaluation.week` lives a week with the commands as they are installed, and writes
docs/memory-week.md for people to read.

`companion.py` builds a companion on a fresh journal around a real model, `summary.py` counts,
`transcripts.py` writes what people read.
"""
