"""The two ways in which something can be wrong: the input is broken, or our own promise is.

A business "no" is neither: it is a value (``decisions.Refused``).
"""

from __future__ import annotations


class OmoError(Exception):
    """Base of every exception that omo raises on purpose."""


class Malformed(OmoError):
    """The input can't mean anything: nothing was written, and ``path`` names the field that is wrong."""

    def __init__(self, path: str, why: str) -> None:
        """Say which field is wrong, as a dotted path, and in what way."""
        super().__init__(f"{path}: {why}" if path else why)
        self.path = path
        self.why = why

    def under(self, prefix: str) -> Malformed:
        """Give the same complaint as seen from one level further out."""
        return Malformed(f"{prefix}.{self.path}" if self.path else prefix, self.why)

    def __reduce__(self) -> tuple[type[Malformed], tuple[str, str]]:
        """Survive a trip between processes."""
        return Malformed, (self.path, self.why)


class InvariantBroken(OmoError):
    """A promise that omo makes to itself does not hold; continuing would spread the damage."""


def ensure(promise: bool, what: str) -> None:
    """Raise when something that the previous lines guarantee is not so (also under ``python -O``)."""
    if not promise:
        raise InvariantBroken(what)
