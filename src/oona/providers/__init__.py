"""Adapters to models: where their weights come from, and how a language model is run and asked."""
