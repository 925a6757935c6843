"""The vocabulary every other room shares: ids, clock, errors, labels, events, and the Protocols.

Nothing in here does I/O or imports another room. What a room needs from an adapter (a language
model, a store) is described here as a Protocol; `oona.app` joins the two.
"""
