"""The app: joins the rooms below into something that runs, and gives it a life of its own.

`paths.py` says where things lie and `settings.py` what was chosen: the only readers of the
environment. `wiring.py` builds a companion out of both. `owner.py` is the one process that holds a
person's file and the model; `attach.py` is how commands reach it, through the private socket of
`transport.py` in the language of `protocol.py`. `doctor.py` checks every part.
"""
