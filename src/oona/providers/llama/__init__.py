"""The embedded language model: llama.cpp's own server in a supervised child process.

`child.py` is that process, `process.py` starts, watches and restarts it, `embedded.py` is the
LanguageModel made of it: prefix warmed, slots pinned, a turn retried once.
"""

from oona.providers.llama.embedded import EmbeddedModel
from oona.providers.llama.process import ChildConfig

__all__ = ["ChildConfig", "EmbeddedModel"]
