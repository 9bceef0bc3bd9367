"""The command ``omo``."""
