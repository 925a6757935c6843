"""The embedded language model: llama.cpp's own server in a supervised child process.

`child.py` is that process, `process.py` starts, watches and restarts it, `embedded.py` is the
LanguageModel made of it: prefix warmed, slots pinned, a turn retried once. Import from those files:
this one stays empty so that the child loads nothing it does not need.
"""
