"""The mood of a telling: sentences of ours by mood, and the fit from them.

`tellings/` holds what the fit learns from, `held-out/` what it is measured on and never sees; one
file a mood, one telling a line. All are invented, about nobody, under CC BY 4.0; `README.md` says
what they are and what they lack.
"""
