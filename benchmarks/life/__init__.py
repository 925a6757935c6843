"""A made year: is a fact ever stale, invented, or back after it was forgotten?

`python -m benchmarks.life [--seed N] [--lives N] [--days N] [--other held_out] [--json FILE]`. A
seeded generator tells of a dozen people in chat, with mail and calendar beside it: moves, new jobs,
endings, contradictions, corrections, jokes, plans, two Daniels, and deletions by the real
forgetting. A third of what is told is worded in ways that the extractor's rules were not written
against (`held_out.toml`, frozen before they were looked at). Every fact is then asked for, also
what was so before, what was never told and what was forgotten. No language model takes part.

`world.py` is who there is and what is true of them, `wording.py` how it is said, `year.py` lives
it, `asking.py` asks and judges, `count.py` counts, `__main__.py` prints; the last line is JSON.
"""
