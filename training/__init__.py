"""Fitting what the product reads moods by; never needed to run it."""
