"""Oona: a private companion that lives on its person's own machine.

The rooms, from the ground up: `core` (vocabulary), `journal` (the one truth), `memory` and `trust`,
`agent` (the one turn loop), `store` and `providers` (adapters), `app` (wiring), `cli` (commands).
`docs/architecture.md` is the map.
"""

__version__ = "0.1.0"
