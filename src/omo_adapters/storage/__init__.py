"""Journals: in memory (the model) and in SQLite."""
